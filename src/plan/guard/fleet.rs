//! What only shows over all tenants of a run: its budget (S7.6), the fleet brake (S7.7), vanished tenants (S9.1).

use crate::base::{ProviderName, TenantName};
use crate::model::{Evidence, Policy, Reason, Remembered};
use crate::plan::guard::gates::{add, hold, is_open};
use crate::plan::step::{Gate, Step, StepId, Verdict};
use crate::plan::tenant_plan::Plan;
use std::collections::{BTreeMap, BTreeSet};

/// The scope of the run's own budget, by which its gates are known.
pub const RUN_SCOPE: &str = "this run over all tenants";
/// The brake grips when more tenants of a provider than this delete …
pub const BRAKE_TENANTS: u64 = 3;
/// … and more than this part of them, in percent.
pub const BRAKE_PERCENT: u64 = 10;

/// Judges the run as a whole, after each plan was judged. `declared` are all tenants that the files name, also those that
/// were not chosen or could not be planned. Returns the tenants that memory knows and no file names, and that the policy does
/// not release: even one of them stops the run, because a file that is lost by accident must not pass in silence (S9.1).
pub fn judge_fleet(plans: &mut [Plan], declared: &BTreeSet<TenantName>, r: &Remembered, p: &Policy) -> Vec<TenantName> {
    let vanished: Vec<TenantName> = r.tenants.difference(declared).filter(|t| !p.released.contains(*t)).cloned().collect();
    let (gone, known) = (vanished.len() as u64, r.tenants.len() as u64);
    if gone > 0 {
        stop(plans, &Reason::TenantsVanished { gone, known });
    }
    let would_go: u64 = plans.iter().flat_map(|plan| plan.steps.iter().map(|s| going(plan, s))).sum();
    if would_go > p.guards.run {
        let reason = Reason::OverBudget { scope: RUN_SCOPE.into(), wanted: would_go, budget: p.guards.run };
        plans.iter_mut().for_each(|plan| gate(plan, &reason, |plan, s| going(plan, s) > 0));
    }
    for (provider, (tenants, of)) in count_deleting(plans, |_, _| false) {
        if is_braked(tenants, of) {
            let reason = Reason::FleetBrake { tenants, of, provider: provider.to_string() };
            plans.iter_mut().for_each(|plan| gate(plan, &reason, |plan, s| s.provider == provider && deletes(plan, s)));
        }
    }
    plans.iter_mut().for_each(hold);
    vanished
}

/// Whether so many deleting tenants of so many are a fleet-wide accident (S7.7).
#[must_use]
pub fn is_braked(tenants: u64, of: u64) -> bool {
    tenants > BRAKE_TENANTS && tenants * 100 > of * BRAKE_PERCENT
}

/// Whether the gate is one of the whole run, which falls when enough of the others are approved (S7.7).
#[must_use]
pub fn is_fleet_gate(gate: &Gate) -> bool {
    match gate {
        Gate::Guard { reason: Reason::FleetBrake { .. }, .. } => true,
        Gate::Guard { reason: Reason::OverBudget { scope, .. }, .. } => scope == RUN_SCOPE,
        Gate::Guard { .. } | Gate::Always { .. } => false,
    }
}

/// Per provider: tenants that would delete something that is not approved, or show an emptied set, and all tenants.
pub fn count_deleting(plans: &[Plan], approved: impl Fn(&Plan, StepId) -> bool) -> BTreeMap<ProviderName, (u64, u64)> {
    let mut per: BTreeMap<ProviderName, (u64, u64)> = BTreeMap::new();
    for plan in plans {
        for provider in std::iter::once(&plan.provider).chain(plan.outbound.as_ref().map(|leg| &leg.provider)) {
            let here = |s: &&Step| s.provider == *provider && deletes(plan, s) && !approved(plan, s.id);
            let count = per.entry(provider.clone()).or_default();
            count.0 += u64::from(plan.steps.iter().any(|s| here(&s)));
            count.1 += 1;
        }
    }
    per
}

/// Whether the step deletes and is not held by something that no approval lifts. A gated deletion counts: it shows that
/// something would go, and an emptied set is always gated.
fn deletes(plan: &Plan, step: &Step) -> bool {
    step.is_counted() && is_open(&plan.verdict(step.id))
}

/// Deletions of a step that would go without approval.
fn going(plan: &Plan, step: &Step) -> u64 {
    match plan.verdict(step.id) {
        Verdict::Go => step.counted.len() as u64,
        Verdict::Gated { gates } if gates.iter().all(is_fleet_gate) => step.counted.len() as u64,
        Verdict::Gated { .. } | Verdict::Waiting(_) | Verdict::Blocked(_) => 0,
    }
}

fn gate(plan: &mut Plan, reason: &Reason, which: impl Fn(&Plan, &Step) -> bool) {
    let ids: Vec<StepId> = plan.steps.iter().filter(|s| which(plan, s)).map(|s| s.id).collect();
    if ids.is_empty() {
        return;
    }
    for id in ids {
        add(plan, id, Gate::Guard { evidence: Evidence::Budget, reason: reason.clone() });
    }
    say(plan, reason);
}

/// Stops the whole run: nothing goes, and no approval lifts it (3).
fn stop(plans: &mut [Plan], reason: &Reason) {
    for plan in plans {
        let open: Vec<StepId> = plan.steps.iter().map(|s| s.id).filter(|id| is_open(&plan.verdict(*id))).collect();
        for id in open {
            plan.verdicts.insert(id, Verdict::Blocked(reason.clone()));
        }
        say(plan, reason);
    }
}

fn say(plan: &mut Plan, reason: &Reason) {
    if !plan.report.stopped.contains(reason) {
        plan.report.stopped.push(reason.clone());
    }
}

#[cfg(test)]
#[path = "fleet_tests.rs"]
mod tests;
