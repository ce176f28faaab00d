//! Batches cut to what goes: order and bulk stay, a bulk call may become smaller.

use crate::plan::approved::Refusal;
use crate::plan::step::{Action, Batch, StepId};
use crate::plan::tenant_plan::Plan;
use std::collections::{BTreeMap, BTreeSet};

/// The batches of what goes. A step that was in no batch gets one of its own after all others.
///
/// # Errors
/// [`Refusal::Bug`] where a step would go with or before one that must come first.
pub fn cut(plan: &Plan, goes: &BTreeSet<StepId>) -> Result<Vec<Batch>, Refusal> {
    let mut batches: Vec<Batch> = plan.batched();
    for batch in &mut batches {
        batch.steps.retain(|s| goes.contains(&s.id));
    }
    let listed: BTreeSet<StepId> = plan.batches.iter().flat_map(|(_, ids)| ids).copied().collect();
    let alone = plan.steps.iter().filter(|s| goes.contains(&s.id) && !listed.contains(&s.id));
    batches.extend(alone.map(|s| Batch { bulk: false, steps: vec![s.clone()] }));
    batches.retain(|b| !b.steps.is_empty());
    for batch in batches.iter_mut().filter(|b| b.replaces()) {
        // a list is replaced for the sake of its deletions; where none goes, single calls act at once
        batch.bulk = batch.steps.iter().any(|s| s.action == Action::Delete);
    }
    let place: BTreeMap<StepId, usize> = batches.iter().enumerate().flat_map(|(n, b)| b.steps.iter().map(move |s| (s.id, n))).collect();
    for step in batches.iter().flat_map(|b| &b.steps) {
        if let Some(edge) = step.after.iter().find(|e| place.get(&e.step).is_some_and(|first| *first >= place[&step.id])) {
            return Err(Refusal::Bug(format!("{} would not go after what must come first: {}", step.key, edge.why)));
        }
    }
    Ok(batches)
}
