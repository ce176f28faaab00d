//! Judges the plan of one tenant: ledger, budgets, gates (S7.2–S7.6).

use crate::base::Timestamp;
use crate::model::{Evidence, Observed, Policy, Reason, Remembered};
use crate::plan::budget::{Recent, budgets};
use crate::plan::guard::gates::{add, hold, is_open};
use crate::plan::guard::{always, sets};
use crate::plan::ledger::ledger;
use crate::plan::step::{Gate, Step, StepId};
use crate::plan::tenant_plan::Plan;
use crate::resolve::Desired;

/// What a run says that has no memory to ask.
pub const NO_MEMORY: &str = "deletions of the last 24 hours: there is no memory of earlier runs";

/// Judges a plan whose steps have their base verdicts: fills ledger and budgets, gates what needs an approval with all
/// the gates that hold it, and lets what depends on it wait. A scope over its budget sends none of its deletions, never
/// the first five (S7.6); everything else goes on.
pub fn judge(plan: &mut Plan, d: &Desired, o: &Observed, r: &Remembered, p: &Policy, now: Timestamp) {
    plan.ledger = ledger(&plan.steps, o);
    plan.budgets.clear();
    let recent = Recent::new(d, r, now);
    let open: Vec<&Step> = plan.steps.iter().filter(|s| is_open(&plan.verdict(s.id))).collect();
    let mut gates: Vec<(StepId, Gate)> = Vec::new();
    for step in &open {
        gates.extend(always::gate(step).into_iter().chain(always::irreversible_gate(step)).map(|g| (step.id, g)));
    }
    gates.extend(always::billable_gates(&open, &p.guards));
    gates.extend(sets::gates(&open, o, &p.guards, &recent));
    let mut said = Vec::new();
    for (budget, under) in budgets(&open, o, &p.guards, &recent) {
        let wanted = budget.planned + budget.recent.unwrap_or(0);
        if wanted > budget.allowed {
            let reason = Reason::OverBudget { scope: budget.scope.clone(), wanted, budget: budget.allowed };
            gates.extend(under.iter().map(|i| (open[*i].id, Gate::Guard { evidence: Evidence::Budget, reason: reason.clone() })));
        }
        said.push(budget);
    }
    let cannot_tell = recent.is_unknown() && open.iter().any(|s| s.is_counted());
    for (step, gate) in gates {
        add(plan, step, gate);
    }
    say_stopped(plan);
    plan.budgets = said;
    if cannot_tell && !plan.report.cannot_tell.iter().any(|t| t == NO_MEMORY) {
        plan.report.cannot_tell.push(NO_MEMORY.into());
    }
    hold(plan);
}

/// Names each guard that stopped something once, for the head of the output.
fn say_stopped(plan: &mut Plan) {
    let reasons = plan.verdicts.values().flat_map(|v| match v {
        crate::plan::step::Verdict::Gated { gates } => gates.as_slice(),
        crate::plan::step::Verdict::Go | crate::plan::step::Verdict::Waiting(_) | crate::plan::step::Verdict::Blocked(_) => &[],
    });
    let mut all: Vec<Reason> = reasons
        .filter_map(|gate| match gate {
            Gate::Guard { reason, .. } => Some(reason.clone()),
            Gate::Always { .. } => None,
        })
        .chain(std::mem::take(&mut plan.report.stopped))
        .collect();
    all.sort();
    all.dedup();
    plan.report.stopped = all;
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
