//! Deletions that only the run as a whole held, counted again without the approved ones (S7.7).

use crate::base::TenantName;
use crate::model::Reason;
use crate::plan::approve::cover::{Cover, gated};
use crate::plan::guard::fleet::{count_deleting, is_braked, is_fleet_gate};
use crate::plan::step::{Gate, Step, StepId, Verdict};
use crate::plan::tenant_plan::Plan;
use std::collections::{BTreeMap, BTreeSet};

/// Per plan, the gated steps that need no approval any more: the gates of the run that held them have fallen.
pub fn lifted(plans: &[Plan], covers: &[Cover]) -> Vec<BTreeSet<StepId>> {
    let by_tenant: BTreeMap<&TenantName, &Cover> = plans.iter().map(|p| &p.tenant).zip(covers).collect();
    let is_approved = |plan: &Plan, id: StepId| by_tenant.get(&plan.tenant).is_some_and(|c| c.until.contains_key(&id));
    let held = |plan: &Plan, s: &Step| only_fleet(plan, s.id) && !is_approved(plan, s.id);
    let unapproved: u64 = plans.iter().flat_map(|p| gated(p).filter(|s| held(p, s)).map(|s| s.counted.len() as u64)).sum();
    let deleting = count_deleting(plans, is_approved);
    let falls = |gate: &Gate| match gate {
        Gate::Guard { reason: Reason::FleetBrake { provider, .. }, .. } => {
            deleting.iter().find(|(p, _)| p.as_str() == provider).is_none_or(|(_, (tenants, of))| !is_braked(*tenants, *of))
        }
        Gate::Guard { reason: Reason::OverBudget { budget, .. }, .. } => unapproved <= *budget,
        Gate::Guard { .. } | Gate::Always { .. } => false,
    };
    let of_plan = |plan: &Plan| {
        let free = gated(plan).filter(|s| held(plan, s)).filter(|s| gates(plan, s.id).iter().all(falls));
        free.map(|s| s.id).collect()
    };
    plans.iter().map(of_plan).collect()
}

fn only_fleet(plan: &Plan, id: StepId) -> bool {
    let gates = gates(plan, id);
    !gates.is_empty() && gates.iter().all(is_fleet_gate)
}

fn gates(plan: &Plan, id: StepId) -> Vec<Gate> {
    match plan.verdict(id) {
        Verdict::Gated { gates } => gates,
        Verdict::Go | Verdict::Waiting(_) | Verdict::Blocked(_) => Vec::new(),
    }
}
