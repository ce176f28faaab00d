//! The book of a run: what was done, what failed, what is left, and what must be written down about it.

use crate::base::{Digest, Timestamp};
use crate::model::{EntryKind, Fault, Field, Key, Kind, PasswordTold, StepOutcome, Value};
use crate::plan::approved::ApprovedPlan;
use crate::plan::effect::{Outcome, Unfinished};
use crate::plan::run::job::Job;
use crate::plan::step::{Action, Step, StepId};
use std::collections::{BTreeMap, BTreeSet};

/// What became of the steps.
#[derive(Debug, Default)]
pub struct Book {
    /// In order of completion.
    pub done: Vec<(StepId, StepOutcome)>,
    /// Not sent, and why.
    pub left: Vec<(StepId, String)>,
    /// Steps that are not in effect, with their names: what needs them is not sent.
    not_done: BTreeMap<StepId, String>,
    /// Steps that were done, for those that come after them.
    took_effect: BTreeSet<StepId>,
    /// Objects that this run changed: their version is another now.
    changed: BTreeSet<Key>,
    failures: Vec<String>,
    expired: Option<String>,
    wrote: bool,
}

impl Book {
    /// Writes down the outcomes of a job and says what the journal must hold.
    pub fn record(&mut self, job: &Job, outcomes: Vec<(StepId, StepOutcome)>, plan: &ApprovedPlan) -> Vec<EntryKind> {
        let (mut deleted, mut passwords) = (Vec::new(), Vec::new());
        let mut spent = Vec::new();
        for (step, (id, outcome)) in job.batch.steps.iter().zip(&outcomes) {
            let in_effect = self.note(step, outcome, job);
            let ours = matches!(outcome, StepOutcome::Done | StepOutcome::Accepted { .. }) || job.is_ours();
            if in_effect && ours {
                deleted.extend(counted(step));
                // what is accepted to act later proves nothing yet
                passwords.extend(password(step).filter(|_| !matches!(outcome, StepOutcome::Accepted { .. })));
            }
            if in_effect && plan.approved_until(*id).is_some() {
                spent.push(EntryKind::Spent { step: *id });
            }
        }
        self.done.extend(outcomes.iter().cloned());
        let mut entries = vec![EntryKind::Receipt { op: job.op.clone(), outcomes, deleted, passwords }];
        entries.append(&mut spent);
        entries
    }
    /// Writes down a step that ended without a call.
    pub fn record_uncalled(&mut self, job: &Job, step: &Step, outcome: StepOutcome) {
        self.note(step, &outcome, job);
        self.done.push((step.id, outcome));
    }
    /// Leaves a step.
    pub fn leave(&mut self, step: &Step, why: String) {
        self.not_done.insert(step.id, step.key.to_string());
        self.left.push((step.id, why));
    }
    /// Leaves a step whose approval ended (S8.4).
    pub fn leave_expired(&mut self, step: &Step, until: Timestamp) {
        let why = format!("the approval of {} ended at {until}", step.key);
        self.leave(step, why.clone());
        self.expired.get_or_insert(why);
    }
    /// The name of a predecessor that did not happen.
    #[must_use]
    pub fn lacks(&self, step: &Step) -> Option<&str> {
        step.after.iter().find_map(|e| self.not_done.get(&e.step)).map(String::as_str)
    }
    /// Whether an object's version may be another by our own doing: it, or what the step came after, was changed.
    #[must_use]
    pub fn changed_before(&self, step: &Step) -> bool {
        self.changed.contains(&step.key) || step.after.iter().any(|e| self.took_effect.contains(&e.step))
    }
    /// Whether nothing failed and nothing is left.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failures.is_empty() && self.left.is_empty()
    }
    /// The end, as it is told.
    #[must_use]
    pub fn outcome(&mut self, plan: Digest, stop: Option<Unfinished>, at: Timestamp) -> Outcome {
        let failed = || self.failures.first().map(|first| Unfinished::Failed(format!("{} failed, first: {first}", self.failures.len())));
        let expired = || self.expired.clone().map(Unfinished::Expired);
        let unfinished = stop.or_else(failed).or_else(expired).unwrap_or(Unfinished::No);
        Outcome { plan, done: std::mem::take(&mut self.done), left: std::mem::take(&mut self.left), wrote: self.wrote, unfinished, at }
    }

    /// Whether the step is in effect.
    fn note(&mut self, step: &Step, outcome: &StepOutcome, job: &Job) -> bool {
        let failed = match outcome {
            StepOutcome::Done | StepOutcome::Accepted { .. } => {
                self.wrote = true;
                self.changed.insert(step.key.clone());
                self.took_effect.insert(step.id);
                return true;
            }
            StepOutcome::AlreadyDone => {
                self.wrote |= job.attempts > 1;
                return true;
            }
            StepOutcome::Ignored(text) => format!("ignored by the panel: {text}"),
            StepOutcome::Failed(fault) => {
                // one that may have taken effect is counted as written: the code must not promise "nothing" (S18.2)
                // so is one that minted something which could not be kept
                let minted = step.sink.is_some() && job.attempts > 0 && matches!(fault, Fault::Local { .. });
                self.wrote |= minted || matches!(fault, Fault::OutcomeUnknown { .. });
                fault.to_string()
            }
        };
        self.failures.push(format!("{} {}: {failed}", step.action.word(), step.key));
        self.not_done.insert(step.id, step.key.to_string());
        false
    }
}

/// What a step deletes for the rolling budget (S7.5): itself, or each counted address.
fn counted(step: &Step) -> Vec<Key> {
    if step.action == Action::Delete {
        return vec![step.key.clone()];
    }
    let key = |name: &String| Key::new(&step.key.tenant, if name.contains('@') { Kind::User } else { step.key.kind }, name);
    step.counted.iter().map(key).collect()
}

/// What a step that took effect says of its user's password (S10.2).
fn password(step: &Step) -> Option<PasswordTold> {
    if let Some(from) = step.renamed_from().filter(|_| step.action == Action::Rename) {
        return Some(PasswordTold::Renamed { key: step.key.clone(), from: from.to_owned() });
    }
    let set = step.changes.iter().find(|c| c.field == Field::UserPassword)?;
    let Some(Value::Token(token)) = &set.after else { return None };
    Some(PasswordTold::Set { key: step.key.clone(), token: token.clone(), incarnation: step.only_if.incarnation.clone() })
}
