//! A batch carried out step by step: what every driver does that has no call for many.
//!
//! Deliberately absent: repeating and waiting, which are the engine's.

use crate::base::BoxFuture;
use crate::model::credential::Credential;
use crate::model::{Answer, Fault, OpId, StepOutcome};
use crate::plan::{Batch, Step};

/// What became of a step, the id of what it created, and the credential that it minted.
pub(super) type Minted = (StepOutcome, Option<String>, Option<Credential>);

/// A writer that carries out one step.
pub(super) trait Stepwise: Send + Sync {
    /// Carries it out.
    fn one<'a>(&'a self, step: &'a Step, op: &'a OpId) -> BoxFuture<'a, Result<Minted, Fault>>;
}

/// Carries steps out one after the other. A fault after which the next call would fare no better ends it: the steps behind
/// it were not tried.
///
/// # Errors
/// Where nothing of the batch was carried out, the whole call may be made again.
pub(super) async fn one_by_one(writer: &dyn Stepwise, steps: Vec<&Step>, op: &OpId, answer: &mut Answer) -> Result<(), Fault> {
    let mut stopped: Option<Fault> = None;
    for step in steps {
        if let Some(fault) = &stopped {
            answer.outcomes.push((step.id, StepOutcome::Failed(Fault::Retry { reason: fault.reason() })));
            continue;
        }
        match writer.one(step, op).await {
            Ok((outcome, created, minted)) => {
                answer.outcomes.push((step.id, outcome));
                answer.created.extend(created.map(|id| (step.id, id)));
                answer.minted.extend(minted.map(|credential| (step.id, credential)));
            }
            Err(fault) if answer.outcomes.is_empty() && ends_batch(&fault) => return Err(fault),
            Err(fault) => {
                stopped = Some(fault.clone()).filter(ends_batch);
                answer.outcomes.push((step.id, StepOutcome::Failed(fault)));
            }
        }
    }
    Ok(())
}

/// Faults after which the next call would fare no better.
fn ends_batch(fault: &Fault) -> bool {
    match fault {
        Fault::Retry { .. }
        | Fault::Throttled { .. }
        | Fault::Denied { .. }
        | Fault::OutcomeUnknown { .. }
        | Fault::Fenced { .. }
        | Fault::Local { .. } => true,
        Fault::Conflict { .. } | Fault::Missing { .. } | Fault::Rejected { .. } => false,
    }
}

/// Outcomes in the order of the batch.
pub(super) fn in_order(batch: &Batch, answer: &mut Answer) {
    let at: std::collections::BTreeMap<_, _> = batch.steps.iter().enumerate().map(|(i, s)| (s.id, i)).collect();
    answer.outcomes.sort_by_key(|(id, _)| at.get(id).copied());
}
