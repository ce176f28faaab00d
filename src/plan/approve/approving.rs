//! The stage itself: cover gated steps, lift what only the run as a whole held, take what can go, cut it into batches.

use crate::base::{TenantName, Timestamp};
use crate::model::{Approvals, Kind, Look, Reason, Remembered};
use crate::plan::addresses::{taker, takers};
use crate::plan::approve::cover::{Cover, cover};
use crate::plan::approve::cut::cut;
use crate::plan::approve::fleet::lifted;
use crate::plan::approved::{ApprovedPlan, Consent, Refusal};
use crate::plan::guard::always;
use crate::plan::guard::gates::words;
use crate::plan::step::{Action, Step, StepId, Until, Verdict};
use crate::plan::tenant_plan::Plan;
use std::collections::{BTreeMap, BTreeSet};

/// What may go of each plan, with its approvals and a person's yes, in the order of the plans.
///
/// A gated step goes by an approval that holds at `now` (S8.2); a step that waited for such a step only, goes with it.
/// Deletions that only the run's budget or the brake held go when, without the approved ones, both are kept (S7.7).
#[must_use]
pub fn approve(
    plans: Vec<Plan>,
    a: &Approvals,
    c: Option<Consent>,
    r: &Remembered,
    now: Timestamp,
) -> Vec<(TenantName, Result<ApprovedPlan, Refusal>)> {
    let first: Vec<Cover> = plans.iter().map(|plan| cover(plan, &plans, &BTreeSet::new(), a, r, now)).collect();
    let free = lifted(&plans, &first);
    let one = |(plan, mine): (&Plan, &BTreeSet<StepId>)| {
        let cover = cover(plan, &plans, mine, a, r, now);
        (plan.tenant.clone(), of_one(plan, &cover, mine, c.as_ref()))
    };
    plans.iter().zip(&free).map(one).collect()
}

fn of_one(plan: &Plan, cover: &Cover, lifted: &BTreeSet<StepId>, consent: Option<&Consent>) -> Result<ApprovedPlan, Refusal> {
    if plan.is_empty() {
        return Err(Refusal::Nothing);
    }
    let mut stays: BTreeMap<StepId, String> = BTreeMap::new();
    let mut goes: BTreeSet<StepId> = BTreeSet::new();
    for step in &plan.steps {
        match may_go(plan, step.id, cover, lifted, &goes) {
            Ok(()) => drop(goes.insert(step.id)),
            Err(why) => drop(stays.insert(step.id, why)),
        }
    }
    whole_only(plan, &mut goes, &mut stays);
    let stays: Vec<(StepId, String)> = plan.steps.iter().filter_map(|s| stays.remove(&s.id).map(|why| (s.id, why))).collect();
    let looks = looks(plan);
    // a look changes nothing that is declared, so nobody is asked for leave
    if goes.is_empty() && looks.is_empty() {
        return Err(Refusal::NothingMayGo { stays });
    }
    if consent.is_none() && !goes.is_empty() {
        return Err(Refusal::NoConsent);
    }
    let by_approval = cover.until.iter().filter(|(id, _)| goes.contains(id)).map(|(id, until)| (*id, *until)).collect();
    Ok(ApprovedPlan {
        tenant: plan.tenant.clone(),
        provider: plan.provider.clone(),
        remote: plan.remote.clone(),
        plan: plan.id,
        change_mark: plan.change_mark.clone(),
        batches: cut(plan, &goes)?,
        by_approval,
        stays,
        waits: plan.steps.iter().filter(|s| s.action == Action::HandOff).map(|s| s.id).collect(),
        looks,
        outbound: plan.outbound.clone(),
    })
}

/// Sending domains that wait for their records, where nobody left them out (S6.5).
fn looks(plan: &Plan) -> Vec<Look> {
    let waits = |s: &&Step| {
        let left_out = matches!(plan.verdict(s.id), Verdict::Blocked(Reason::LeftOut { .. }));
        s.key.kind == Kind::SendingDomain && s.action == Action::HandOff && !left_out
    };
    let look = |s: &Step| s.only_if.incarnation.clone().map(|incarnation| Look { step: s.id, key: s.key.clone(), incarnation });
    plan.steps.iter().filter(waits).filter_map(look).collect()
}

/// Whether a step may go by its verdict, its approval, and, where it waited for a step that now goes, by that.
fn may_go(plan: &Plan, id: StepId, cover: &Cover, lifted: &BTreeSet<StepId>, goes: &BTreeSet<StepId>) -> Result<(), String> {
    match plan.verdict(id) {
        Verdict::Go => Ok(()),
        Verdict::Gated { .. } if lifted.contains(&id) || cover.until.contains_key(&id) => Ok(()),
        Verdict::Gated { gates } => {
            let gates: Vec<String> = gates.iter().map(words).collect();
            let refused = cover.refused.get(&id).map_or_else(String::new, |why| format!(" ({why})"));
            Err(format!("needs approval: {}{refused}", gates.join("; ")))
        }
        // `at` is none where it waits for the other step's call alone, not for a window
        Verdict::Waiting(Until::Edge { step, at: None, .. }) if goes.contains(&step) => match plan.step(id).and_then(always::gate) {
            // nothing goes along that would need an approval of its own (S7.3)
            Some(gate) => Err(format!("needs approval: {}", words(&gate))),
            None => Ok(()),
        },
        Verdict::Waiting(until) => Err(waiting(plan, &until)),
        Verdict::Blocked(reason) => Err(reason.to_string()),
    }
}

fn waiting(plan: &Plan, until: &Until) -> String {
    match until {
        Until::Edge { step, why, at } => {
            let first = plan.step(*step).map_or_else(|| step.short(), |s| s.key.to_string());
            at.map_or_else(|| format!("waits for {first}: {why}"), |at| format!("waits for {first} until {at}: {why}"))
        }
        Until::Moment { at } => format!("waits until {at}"),
        Until::Person { who, .. } => format!("waits for {who}"),
    }
}

/// Takes out what cannot go because something else stays: a predecessor, or the taker of an address that it frees.
fn whole_only(plan: &Plan, goes: &mut BTreeSet<StepId>, stays: &mut BTreeMap<StepId, String>) {
    let by_id: BTreeMap<StepId, &Step> = plan.steps.iter().map(|s| (s.id, s)).collect();
    let mut size = usize::MAX;
    while size != goes.len() {
        size = goes.len();
        let taken = takers(plan.steps.iter().filter(|s| !goes.contains(&s.id)));
        for step in &plan.steps {
            if stays.contains_key(&step.id) {
                continue;
            }
            let before = step.after.iter().filter(|e| !goes.contains(&e.step)).find_map(|e| by_id.get(&e.step));
            let why = before.map(|p| format!("needs {} first, which stays", p.key));
            let why = why.or_else(|| taker(step, &taken).map(|t| format!("{} would take its address, and stays", t.key)));
            if let Some(why) = why {
                goes.remove(&step.id);
                stays.insert(step.id, why);
            }
        }
    }
}

#[cfg(test)]
#[path = "approving_tests.rs"]
mod tests;
