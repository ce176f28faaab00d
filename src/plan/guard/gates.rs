//! How a gate is put on a step, and how what cannot go holds what comes after it.

use crate::model::Evidence;
use crate::plan::step::{Gate, Step, StepId, Until, Verdict};
use crate::plan::tenant_plan::Plan;
use std::collections::BTreeSet;

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

/// Holds steps behind others that do not go: an ungated step waits behind any that is not free to go, a gated one behind
/// what no approval of this run lets go. A gated step behind gated ones, or behind steps that wait for those alone, stays
/// gated: one approval can name them all, and none of them goes along without one (S7.3).
pub fn hold(plan: &mut Plan) {
    let known: BTreeSet<StepId> = plan.steps.iter().map(|s| s.id).collect();
    // steps that go in this run, at most with approvals; steps are in order, so one pass is enough
    let mut may: BTreeSet<StepId> = BTreeSet::new();
    for step in &plan.steps {
        let stuck = step.after.iter().find(|e| known.contains(&e.step) && !may.contains(&e.step));
        let gated = step.after.iter().find(|e| plan.verdicts.get(&e.step).is_some_and(|v| *v != Verdict::Go));
        let (behind, open) = match plan.verdicts.get(&step.id) {
            Some(Verdict::Go) => (stuck.or(gated), true),
            Some(Verdict::Gated { .. }) => (stuck, true),
            Some(Verdict::Waiting(Until::Edge { at: None, .. })) => (None, true),
            Some(Verdict::Waiting(_) | Verdict::Blocked(_)) | None => (None, false),
        };
        if open && stuck.is_none() {
            may.insert(step.id);
        }
        if let Some(edge) = behind {
            let until = Until::Edge { step: edge.step, why: edge.why.clone(), at: None };
            plan.verdicts.insert(step.id, Verdict::Waiting(until));
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::step::{Edge, Stage};
    use crate::plan::testing_plans::{create, plan, relay_check, set};

    #[test]
    fn a_gated_step_behind_one_that_waits_for_an_approval_stays_gated() {
        let first = create("acme", "a@acme.example");
        let mut second = create("acme", "b@acme.example");
        let mut third = relay_check("acme", "acme.example");
        let edge = |step| Edge { step, stage: Stage::Accepted, why: "first".into() };
        second.after = vec![edge(first.id)];
        third.after = vec![edge(second.id)];
        let ids = [first.id, second.id, third.id];
        let mut p = plan("acme", vec![first, second, third]);
        let gates = vec![Gate::Always { what: "looked at".into() }];
        set(&mut p, 0, Verdict::Gated { gates: gates.clone() });
        set(&mut p, 2, Verdict::Gated { gates });
        hold(&mut p);
        assert!(matches!(p.verdict(ids[1]), Verdict::Waiting(Until::Edge { step, .. }) if step == ids[0]));
        assert!(matches!(p.verdict(ids[2]), Verdict::Gated { .. }), "else it would go without its own approval");
        set(&mut p, 0, Verdict::Blocked(crate::model::Reason::NoProof));
        hold(&mut p);
        assert!(matches!(p.verdict(ids[2]), Verdict::Waiting(_)), "no approval lets it go");
    }
}
