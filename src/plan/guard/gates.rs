//! How a gate is put on a step, and how what cannot go holds what comes after it.

use crate::model::Evidence;
use crate::plan::step::{Gate, Step, StepId, Until, Verdict};
use crate::plan::tenant_plan::Plan;
use std::collections::{BTreeMap, BTreeSet};

/// Whether the step could go, at most with an approval.
#[must_use]
pub fn is_open(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Go | Verdict::Gated { .. })
}

/// Puts a gate on a step that is open; any other verdict is stronger and stays.
pub fn add(plan: &mut Plan, step: StepId, gate: Gate) {
    match plan.verdicts.get_mut(&step) {
        Some(verdict @ Verdict::Go) => *verdict = Verdict::Gated { gates: vec![gate] },
        Some(Verdict::Gated { gates }) => {
            if let Err(at) = gates.binary_search(&gate) {
                gates.insert(at, gate);
            }
        }
        Some(Verdict::Waiting(_) | Verdict::Blocked(_)) | None => {}
    }
}

/// Holds steps behind others that do not go: an ungated step behind a gated one waits, every open step waits behind one
/// that waits or is blocked. A gated step behind a gated one stays gated, so that one approval can name both.
pub fn hold(plan: &mut Plan) {
    let mut changed = true;
    // steps are in order, so one pass is enough for a sound plan; the second finds nothing
    while std::mem::take(&mut changed) {
        for step in &plan.steps {
            if let Some(until) = held(step, &plan.verdicts) {
                plan.verdicts.insert(step.id, Verdict::Waiting(until));
                changed = true;
            }
        }
    }
}

fn held(step: &Step, verdicts: &BTreeMap<StepId, Verdict>) -> Option<Until> {
    let mine = verdicts.get(&step.id).filter(|v| is_open(v))?;
    let edge = step.after.iter().find(|e| match verdicts.get(&e.step) {
        Some(Verdict::Gated { .. }) => matches!(mine, Verdict::Go),
        Some(Verdict::Waiting(_) | Verdict::Blocked(_)) => true,
        Some(Verdict::Go) | None => false,
    })?;
    Some(Until::Edge { step: edge.step, why: edge.why.clone(), at: None })
}

/// The evidence that an approval of the step must name: its own and that of its gates (S8.1).
#[must_use]
pub fn evidence(step: &Step, verdict: &Verdict) -> BTreeSet<Evidence> {
    let own = step.evidence.iter().map(|(name, _)| *name);
    let gates = match verdict {
        Verdict::Gated { gates } => gates.as_slice(),
        Verdict::Go | Verdict::Waiting(_) | Verdict::Blocked(_) => &[],
    };
    let guards = gates.iter().filter_map(|gate| match gate {
        Gate::Guard { evidence, .. } => Some(*evidence),
        Gate::Always { .. } => None,
    });
    own.chain(guards).collect()
}

/// A gate in words, one line.
#[must_use]
pub fn words(gate: &Gate) -> String {
    match gate {
        Gate::Always { what } => what.clone(),
        Gate::Guard { reason, .. } => reason.to_string(),
    }
}
