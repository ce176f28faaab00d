//! Base verdicts: what is blocked by something unread, what waits for another step or its window (S5.3, S6.4).

use crate::base::Timestamp;
use crate::model::{Kind, Reason};
use crate::plan::build::draft::Draft;
use crate::plan::build::ground::Ground;
use crate::plan::build::imports::rule;
use crate::plan::{Plan, Stage, StepId, Until, Verdict};
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet};

/// Blocks everything, where the tenant itself or its files could not be read whole.
pub(super) fn block_all(drafts: &mut [Draft], reason: Option<&Reason>) {
    if let Some(reason) = reason {
        for draft in drafts {
            draft.block(Some(reason.clone()));
        }
    }
}

/// A step that needs another one visible or effective waits where that takes time: until the end of the window.
/// `imported`: steps that go as an import, which has a window of its own.
pub(super) fn wait_for_windows(ground: &Ground<'_>, drafts: &mut [Draft], imported: &BTreeSet<StepId>) {
    let import = rule(ground).map(|r| r.window);
    let kinds: BTreeMap<StepId, Kind> = drafts.iter().map(|d| (d.step.id, d.step.key.kind)).collect();
    for draft in drafts.iter_mut().filter(|d| d.verdict == Verdict::Go) {
        let late = draft.step.after.iter().filter(|e| e.stage != Stage::Accepted).filter_map(|edge| {
            let by_import = import.filter(|_| imported.contains(&edge.step));
            let window = by_import.or_else(|| kinds.get(&edge.step).and_then(|kind| ground.window(*kind)))?;
            Some((in_seconds(ground.now, window.latest_seconds), edge))
        });
        if let Some((at, edge)) = late.max_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1))) {
            draft.verdict = Verdict::Waiting(Until::Edge { step: edge.step, why: edge.why.clone(), at: Some(at) });
        }
    }
}

fn in_seconds(now: Timestamp, seconds: u64) -> Timestamp {
    let span = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
    now.checked_add(span).unwrap_or(Timestamp::MAX)
}

/// Lets every step wait whose edge leads to a step that does not go now. To be called again after the guard has gated
/// steps: a step never goes before one that it needs. Steps are in order, so one pass is enough.
pub fn hold_dependents(plan: &mut Plan) {
    for i in 0..plan.steps.len() {
        let step = &plan.steps[i];
        if plan.verdict(step.id) != Verdict::Go {
            continue;
        }
        let held = step.after.iter().find(|e| plan.verdicts.get(&e.step).is_some_and(|v| *v != Verdict::Go));
        if let Some(edge) = held {
            let until = Until::Edge { step: edge.step, why: edge.why.clone(), at: None };
            plan.verdicts.insert(step.id, Verdict::Waiting(until));
        }
    }
}
