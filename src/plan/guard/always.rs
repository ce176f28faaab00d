//! Steps that always need an approval, however few (S7.2, S7.3): R4, changes that can stop all mail, what carries evidence.

use crate::model::{Field, Guards};
use crate::plan::budget::is_irreversible;
use crate::plan::ledger::billable;
use crate::plan::step::{Action, Gate, Risk, Step, StepId};

/// The gate that a step carries by itself.
#[must_use]
pub fn gate(step: &Step) -> Option<Gate> {
    let what = if step.risk == Risk::R4 {
        format!("{} cannot be undone, mints an identity again or costs money by a term (R4)", step.action.word())
    } else if step.always_approved {
        format!("always ({})", what(step))
    } else if let Some((_, text)) = step.evidence.first() {
        text.clone()
    } else if step.risk == Risk::R3 && !step.is_counted() {
        // R3 goes within budget, else with approval (S7.2); what no budget counts is within none
        format!("{} is R3 and falls under no budget", what(step))
    } else {
        return None;
    };
    Some(Gate::Always { what })
}

fn what(step: &Step) -> String {
    let fields: Vec<&str> = step.changes.iter().map(|c| Field::name(c.field)).collect();
    match step.action {
        Action::Update if !fields.is_empty() => format!("change of {}", fields.join(", ")),
        _ => format!("{} {}", step.action.word(), step.key.kind),
    }
}

/// Steps that add billable mailboxes, where the policy limits them and together they are too many (S16.4).
#[must_use]
pub fn billable_gates(open: &[&Step], guards: &Guards) -> Vec<(StepId, Gate)> {
    let Some(most) = guards.billable_growth else { return Vec::new() };
    let adding: Vec<&&Step> = open.iter().filter(|s| billable(s).0 > 0).collect();
    let added: u64 = open.iter().map(|s| billable(s).0).sum();
    let removed: u64 = open.iter().map(|s| billable(s).1).sum();
    if added.saturating_sub(removed) <= most {
        return Vec::new();
    }
    let what = format!("{} billable mailboxes more, {most} allowed", added - removed);
    adding.into_iter().map(|s| (s.id, Gate::Always { what: what.clone() })).collect()
}

/// Deletions of kinds that cannot be had back have a budget of 0 (S7.5).
#[must_use]
pub fn irreversible_gate(step: &Step) -> Option<Gate> {
    let reason = crate::model::Reason::OverBudget { scope: format!("{}s of {}", step.key.kind, step.key.tenant), wanted: 1, budget: 0 };
    is_irreversible(step).then_some(Gate::Guard { evidence: crate::model::Evidence::Budget, reason })
}
