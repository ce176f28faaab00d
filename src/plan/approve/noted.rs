//! What approvals say of a plan that is only looked at: which gates are open already, and why others are not (S8.2, S8.4).
//!
//! Invariant: nothing is decided here. It is written into the report for people and for the exit code; what goes is
//! decided by [`approve`](crate::plan::approve()) alone. Verdicts and plan ids stay as they are.

use crate::base::Timestamp;
use crate::model::{Approvals, Remembered};
use crate::plan::approve::cover::{NOBODY, cover};
use crate::plan::tenant_plan::Plan;
use std::collections::BTreeSet;

/// Writes into the report of each plan which of its gated steps are approved, and which approvals do not hold and why.
pub fn note_approvals(plans: &mut [Plan], a: &Approvals, r: &Remembered, now: Timestamp) {
    let covers: Vec<_> = plans.iter().map(|plan| cover(plan, plans, &BTreeSet::new(), a, r, now)).collect();
    for (plan, cover) in plans.iter_mut().zip(covers) {
        plan.report.approved = cover.until;
        plan.report.not_approved = cover.refused.into_iter().filter(|(_, why)| why != NOBODY).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{ExitCode, FileId, Span};
    use crate::model::Approval;
    use crate::plan::exit_code;
    use crate::plan::step::{Gate, Verdict};
    use crate::plan::testing_plans::{at, plan, relay_check, set};

    fn noted(expires: i64) -> Plan {
        let mut p = plan("acme", vec![relay_check("acme", "acme.example")]);
        set(&mut p, 0, Verdict::Gated { gates: vec![Gate::Always { what: "x".into() }] });
        let approval = Approval {
            at: Span::new(FileId(0), 0..1),
            plan: Some(p.id),
            steps: p.steps.iter().map(|s| s.id).collect(),
            by_hand: None,
            evidence: BTreeSet::new(),
            reason: "r".into(),
            approver: "ann".into(),
            created: at(0),
            expires: at(expires),
        };
        let mut all = [p];
        note_approvals(&mut all, &Approvals { all: vec![approval] }, &Remembered::default(), at(100));
        let [p] = all;
        p
    }

    #[test]
    fn an_open_gate_is_a_pending_change_and_a_dead_approval_says_why() {
        let open = noted(1000);
        assert_eq!((exit_code(&open), open.report.approved.len()), (ExitCode::Pending, 1));
        let dead = noted(50);
        assert_eq!(exit_code(&dead), ExitCode::NeedsApproval);
        assert!(dead.report.not_approved.values().all(|why| why.contains("expired")) && dead.report.not_approved.len() == 1);
    }

    #[test]
    fn where_nobody_approved_nothing_is_said() {
        let mut all = [noted(1000)];
        note_approvals(&mut all, &Approvals::default(), &Remembered::default(), at(100));
        assert!(all[0].report.approved.is_empty() && all[0].report.not_approved.is_empty());
    }
}
