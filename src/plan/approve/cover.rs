//! Which gated steps of a plan are covered by approvals, and until when; for the others, why not (S8.2, S8.4).
//!
//! An approval from a plan file covers a run whose gated steps are all covered: one step more, and the run is wider than
//! what was looked at, so none of it goes. Several such approvals add up. An approval by hand covers its one step.

use crate::base::Timestamp;
use crate::model::approval::ByHand;
use crate::model::{Approval, Approvals, Evidence, Remembered};
use crate::plan::approve::validity::{refusal, refusal_for};
use crate::plan::guard::gates::evidence;
use crate::plan::step::{Step, StepId, Verdict};
use crate::plan::tenant_plan::Plan;
use std::collections::{BTreeMap, BTreeSet};

/// Why a gated step is not covered where no approval names it.
pub const NOBODY: &str = "nobody approved it";

/// What approvals say of one plan.
#[derive(Debug, Default)]
pub struct Cover {
    /// Covered steps, and until when.
    pub until: BTreeMap<StepId, Timestamp>,
    /// Gated steps that are not covered, and why.
    pub refused: BTreeMap<StepId, String>,
}

/// Covers the gated steps of a plan but those of `free`, which need no approval any more.
pub fn cover(plan: &Plan, all: &[Plan], free: &BTreeSet<StepId>, a: &Approvals, r: &Remembered, now: Timestamp) -> Cover {
    let mut cover = Cover::default();
    let mut by_file = BTreeMap::new();
    for step in gated(plan).filter(|s| !free.contains(&s.id)) {
        let need = evidence(step, &plan.verdict(step.id));
        let judge = |approval: &Approval| judge(approval, step, &need, all, r, now);
        let (hand, file): (Vec<&Approval>, Vec<&Approval>) = a.all.iter().partition(|a| a.by_hand.is_some());
        let (by_hand, why_hand) = best(hand.into_iter(), judge);
        if let Some(until) = by_hand {
            cover.until.insert(step.id, until);
            continue;
        }
        let (until, why_file) = best(file.into_iter(), judge);
        let why = why_file.or(why_hand).unwrap_or_else(|| NOBODY.into());
        by_file.insert(step.id, until.ok_or(why));
    }
    let wider = by_file.values().filter(|v| v.is_err()).count();
    for (id, verdict) in by_file {
        match verdict {
            Ok(until) if wider == 0 => drop(cover.until.insert(id, until)),
            Ok(_) => drop(cover.refused.insert(id, format!("this run is wider than the approval: {wider} more gated steps"))),
            Err(why) => drop(cover.refused.insert(id, why)),
        }
    }
    cover
}

/// Gated steps of a plan.
pub fn gated(plan: &Plan) -> impl Iterator<Item = &Step> {
    plan.steps.iter().filter(|s| matches!(plan.verdict(s.id), Verdict::Gated { .. }))
}

/// The longest that an approval covers the step, and the first reason of those that name it and do not cover it.
fn best<'a>(
    all: impl Iterator<Item = &'a Approval>,
    judge: impl Fn(&Approval) -> Option<Result<Timestamp, String>>,
) -> (Option<Timestamp>, Option<String>) {
    let (mut until, mut why) = (None, None);
    for verdict in all.filter_map(judge) {
        match verdict {
            Ok(at) => until = until.max(Some(at)),
            Err(reason) => why = why.or(Some(reason)),
        }
    }
    (until, why)
}

/// What one approval says to one gated step; `None`: it does not name it.
fn judge(
    a: &Approval,
    step: &Step,
    need: &BTreeSet<Evidence>,
    all: &[Plan],
    r: &Remembered,
    now: Timestamp,
) -> Option<Result<Timestamp, String>> {
    let named = match &a.by_hand {
        Some(hand) => by_hand(hand, step, all)?,
        None if a.steps.contains(&step.id) => Ok(()),
        None => return None,
    };
    let missing =
        || need.difference(&a.evidence).next().map(|e| format!("the approval of {} does not name the evidence `{e}`", a.approver));
    let why = named.err().or_else(|| refusal(a, now)).or_else(|| refusal_for(a, step, r)).or_else(missing);
    Some(why.map_or(Ok(a.expires), Err))
}

/// Whether an approval by hand names the step; an error where it names it wrongly.
fn by_hand(hand: &ByHand, step: &Step, all: &[Plan]) -> Option<Result<(), String>> {
    if !names(hand, step) {
        return None;
    }
    if step.action == crate::plan::step::Action::Buy {
        return Some(Err("a purchase is approved with its plan, whose digest names the term and its first day".into()));
    }
    let others = all.iter().flat_map(gated).filter(|s| names(hand, s)).count();
    if others > 1 {
        return Some(Err(format!("an approval by hand covers one step, this one names {others}; write `tenant` or `incarnation`")));
    }
    let is = match (&step.only_if.incarnation, &hand.incarnation) {
        (Some(live), None) => Err(format!("an approval by hand must name it: incarnation = \"{live}\"")),
        (live, Some(said)) if live.as_ref() != Some(said) => Err(format!("the approval names another incarnation, `{said}`")),
        (Some(_) | None, Some(_)) | (None, None) => Ok(()),
    };
    Some(is)
}

fn names(hand: &ByHand, step: &Step) -> bool {
    let tenant = hand.tenant.as_ref().is_none_or(|t| t == step.key.tenant.as_str());
    tenant && hand.kind == step.key.kind && hand.key == step.key.name && hand.action == step.action.word()
}
