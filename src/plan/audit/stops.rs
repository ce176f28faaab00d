//! Every address that stops is named, and what always needs an approval is gated (S7.1–S7.4).

use crate::plan::audit::auditing::Case;
use crate::plan::audit::bug::Bug;
use crate::plan::step::{Action, Risk, Until, Verdict};
use std::collections::BTreeSet;

pub(super) fn every_stop_is_named_and_graver(c: &Case<'_>) -> Result<(), Bug> {
    let named: BTreeSet<(&str, String)> = c.plan.ledger.stops.iter().map(|s| (s.address.as_str(), s.by.to_string())).collect();
    for step in &c.plan.steps {
        if let Some(lost) = step.stops.iter().find(|a| !named.contains(&(a.as_str(), step.key.to_string()))) {
            return Err(Bug::of("ledger", step, &format!("{lost} stops and is not named")));
        }
        let grave = !step.stops.is_empty() || step.action == Action::Delete;
        if grave && step.risk < Risk::R3 {
            return Err(Bug::of("risk", step, "it deletes or stops mail and is not R3"));
        }
        if step.action == Action::Delete && step.counted.is_empty() && !step.always_approved && step.risk < Risk::R4 {
            return Err(Bug::of("risk", step, "a deletion that no budget counts"));
        }
    }
    Ok(())
}

pub(super) fn what_needs_approval_is_gated(c: &Case<'_>) -> Result<(), Bug> {
    let needs = |s: &&crate::plan::step::Step| s.risk == Risk::R4 || s.always_approved || !s.evidence.is_empty();
    // what waits for another step's call alone goes along with that step
    let rides = |s: &&crate::plan::step::Step| {
        let mut at = s.id;
        while let Some(Verdict::Waiting(Until::Edge { step, at: None, .. })) = c.plan.verdicts.get(&at) {
            at = *step;
        }
        at != s.id && matches!(c.plan.verdicts.get(&at), Some(Verdict::Go | Verdict::Gated { .. }))
    };
    let riding = c.plan.steps.iter().filter(rides);
    match c.going().chain(riding).find(needs) {
        Some(step) => Err(Bug::of("gate", step, "it would go without the approval that it always needs")),
        None => Ok(()),
    }
}
