//! The way of a minted credential (S10.4): sink proven, intent, call, sink durable and read back, receipt.
//!
//! Invariant: nothing is minted before its sink was proven, and a receipt says "done" only after the sink was read back.
//! What was minted and could not be kept is told as a failure of a step that took effect; the next run finds it by its
//! operation tag and resets it.

use crate::base::Timestamp;
use crate::model::{Answer, Fault, LastConnection, StepOutcome};
use crate::plan::effect::Effect;
use crate::plan::run::brain::Run;
use crate::plan::run::job::Stage;
use crate::plan::step::StepId;

impl Run {
    /// A sink was tried, before the call that mints.
    pub(super) fn proven(&mut self, step: StepId, result: Result<(), Fault>) -> Vec<Effect> {
        let Some(at) = self.jobs.position(|j| j.stage == Stage::Proving && j.batch.steps.iter().any(|s| s.id == step)) else {
            return Vec::new();
        };
        match result {
            Ok(()) => self.jobs[at].stage = Stage::Ready,
            Err(fault) => {
                self.end_uncalled(at, 0, StepOutcome::Failed(fault));
                self.jobs[at].stage = Stage::Over;
            }
        }
        Vec::new()
    }

    /// A call was answered: what it minted goes into its sink before anything is written down.
    pub(super) fn kept_first(&mut self, at: usize, answer: Answer) -> Vec<Effect> {
        let outcomes = self.jobs[at].outcomes(&answer.outcomes);
        let wanted = self.jobs[at].batch.steps.first().and_then(|s| s.sink.clone().map(|sink| (s.id, sink)));
        let (Some((step, sink)), [(_, outcome @ (StepOutcome::Done | StepOutcome::AlreadyDone))]) = (wanted, outcomes.as_slice()) else {
            self.settle(at, outcomes);
            return Vec::new();
        };
        match answer.minted.into_iter().find(|(id, _)| *id == step) {
            Some((_, credential)) => {
                self.jobs[at].stage = Stage::Keeping { outcome: outcome.clone(), credential: credential.clone() };
                vec![Effect::Store { step, sink, credential }]
            }
            None => {
                let text = "it took effect, and the panel did not show its credential; run again".to_owned();
                self.settle(at, vec![(step, StepOutcome::Failed(Fault::Local { text }))]);
                Vec::new()
            }
        }
    }

    /// A credential is in its sink, as far as the one who wrote it knows.
    pub(super) fn stored(&mut self, step: StepId, result: Result<(), Fault>) -> Vec<Effect> {
        let Some(at) = self.keeping(step) else { return Vec::new() };
        let sink = self.jobs[at].batch.steps.first().and_then(|s| s.sink.clone());
        match (result, &self.jobs[at].stage, sink) {
            (Ok(()), Stage::Keeping { credential, .. }, Some(sink)) => {
                vec![Effect::ReadBack { step, sink, credential: credential.clone() }]
            }
            (Err(fault), ..) => self.not_kept(at, step, &fault.to_string()),
            (Ok(()), ..) => Vec::new(),
        }
    }

    /// The sink was read anew.
    pub(super) fn read_back(&mut self, step: StepId, result: Result<bool, Fault>) -> Vec<Effect> {
        let Some(at) = self.keeping(step) else { return Vec::new() };
        match result {
            Ok(true) => {
                if let Stage::Keeping { outcome, .. } = &self.jobs[at].stage {
                    let outcome = outcome.clone();
                    self.settle(at, vec![(step, outcome)]);
                }
                Vec::new()
            }
            Ok(false) => self.not_kept(at, step, "the sink was read back and holds something else"),
            Err(fault) => self.not_kept(at, step, &fault.to_string()),
        }
    }

    fn keeping(&self, step: StepId) -> Option<usize> {
        self.jobs.position(|j| matches!(j.stage, Stage::Keeping { .. }) && j.batch.steps.iter().any(|s| s.id == step))
    }
    fn not_kept(&mut self, at: usize, step: StepId, why: &str) -> Vec<Effect> {
        let text = format!("it took effect, and its credential could not be kept: {why}; mend the sink and run again");
        self.settle(at, vec![(step, StepOutcome::Failed(Fault::Local { text }))]);
        Vec::new()
    }
}

/// Why a login that was to be quiet since a moment is in use, or may be (S9.3: unknown blocks).
pub(super) fn is_in_use(since: Timestamp, last: LastConnection) -> Option<String> {
    match last {
        LastConnection::Never => None,
        LastConnection::At(at) if at <= since => None,
        LastConnection::At(at) => Some(format!("it signed in at {at}: an application uses it")),
        LastConnection::Unknown => Some("the panel does not tell when it last signed in".into()),
    }
}

#[cfg(test)]
#[path = "sinks_tests.rs"]
mod tests;
