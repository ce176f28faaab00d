//! A job: one call of the batch in hand, from queue to answer.

use crate::model::{Credential, EntryKind, Fault, OpId, StepOutcome};
use crate::plan::run::ops::Ops;
use crate::plan::step::{Action, Batch, Step, StepId};
use std::collections::{BTreeMap, BTreeSet};

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Not begun.
    Queued,
    /// Its objects are read again before it deletes them.
    Rereading {
        /// Steps whose read is in hand or waits for its turn again.
        left: BTreeSet<StepId>,
    },
    /// Its sink is proven writable before anything is minted (S10.3).
    Proving,
    /// To be called: intent first.
    Ready,
    /// The call is out.
    Calling,
    /// It took effect, and what it minted is on its way to its sink (S10.4).
    Keeping {
        /// What became of the step, once the sink holds it.
        outcome: StepOutcome,
        /// What was minted.
        credential: Credential,
    },
    /// It waits before it is called again.
    Resting,
    /// To be called again, under the same id.
    Due,
    /// Over.
    Over,
}

/// One call.
#[derive(Debug)]
pub struct Job {
    /// Its operation id.
    pub op: OpId,
    /// Whether an earlier run made that id: its call may have taken effect.
    pub again: bool,
    /// What it carries out.
    pub batch: Batch,
    /// Whether it is an import of the whole list.
    pub replaces: bool,
    /// How far it is.
    pub stage: Stage,
    /// Attempts made.
    pub attempts: u32,
    /// Reads again that failed.
    pub failed_reads: u32,
    /// Whether an attempt, of this run or an earlier one, ended without our knowing whether it took effect.
    pub maybe: bool,
}

impl Job {
    /// The jobs of a batch: one bulk call, or one call for each step.
    pub fn of(batch: &Batch, ops: &Ops) -> Vec<Job> {
        let cut = |steps: Vec<Step>| Batch { bulk: batch.bulk, steps };
        let batches = if batch.bulk { vec![batch.clone()] } else { batch.steps.iter().map(|s| cut(vec![s.clone()])).collect() };
        let job = |batch: Batch| {
            let (op, again) = ops.of(&batch);
            Job { op, again, replaces: batch.replaces(), batch, stage: Stage::Queued, attempts: 0, failed_reads: 0, maybe: again }
        };
        batches.into_iter().map(job).collect()
    }
    /// What must be durable before its first call: what was there, and the intent.
    pub fn intent(&self) -> Vec<EntryKind> {
        let steps = &self.batch.steps;
        let action = steps.first().map_or("", |s| s.action.word());
        let intent = EntryKind::Intent {
            op: self.op.clone(),
            steps: steps.iter().map(|s| s.id).collect(),
            keys: steps.iter().map(|s| s.key.clone()).collect(),
            action: if self.batch.bulk { format!("bulk {action}") } else { action.to_owned() },
        };
        steps.iter().filter_map(backup).chain([intent]).collect()
    }
    /// The outcome of each step as it shall be remembered: one for each, whatever the panel answered.
    #[must_use]
    pub fn outcomes(&self, said: &[(StepId, StepOutcome)]) -> Vec<(StepId, StepOutcome)> {
        let missing = || StepOutcome::Failed(Fault::OutcomeUnknown { text: "the panel's answer does not name this step".into() });
        // the first word on a step holds
        let told: BTreeMap<StepId, &StepOutcome> = said.iter().rev().map(|(id, outcome)| (*id, outcome)).collect();
        let of = |s: &Step| told.get(&s.id).map_or_else(missing, |o| (*o).clone());
        self.batch.steps.iter().map(|s| (s.id, if is_gone(s, &of(s)) { StepOutcome::AlreadyDone } else { of(s) })).collect()
    }
    /// Whether a step that is in effect may be so by our own call.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.again || self.attempts > 1
    }
}

/// "Not there" is what a delete wants.
fn is_gone(step: &Step, outcome: &StepOutcome) -> bool {
    step.action == Action::Delete && matches!(outcome, StepOutcome::Failed(Fault::Missing { .. }))
}

/// What is there before a step that replaces or deletes (S11.3). Secrets have no before.
fn backup(step: &Step) -> Option<EntryKind> {
    let shown = step.changes.iter().filter(|c| !c.field.is_secret());
    let changed = shown.filter_map(|c| c.before.as_ref().map(|v| (c.field.name().to_owned(), v.to_string())));
    let was = step.facts.was.iter().map(|(field, value)| (field.name().to_owned(), value.to_string()));
    let from = step.renamed_from().filter(|_| step.action == Action::Rename).map(|from| ("renamed_from".to_owned(), from.to_owned()));
    let giver = step.moved_from().map(|giver| ("moved_from".to_owned(), giver.to_string()));
    let attrs: Vec<(String, String)> = changed.chain(was).chain(from).chain(giver).collect();
    let keeps = !attrs.is_empty() || step.action == Action::Delete;
    keeps.then(|| EntryKind::Backup { key: step.key.clone(), attrs })
}
