//! The exit code of a tenant's plan (S18.2), and which of several is the gravest.
//!
//! Invariant: pure; what an apply adds (1, 6, 7) is said by the engine, this file only orders it.

use crate::base::ExitCode;
use crate::model::Reason;
use crate::plan::step::Verdict;
use crate::plan::tenant_plan::Plan;

/// What a plan that is only looked at ends with.
#[must_use]
pub fn exit_code(plan: &Plan) -> ExitCode {
    let incomplete = (!plan.is_complete()).then_some(ExitCode::Incomplete);
    let left_out = (!plan.report.left_out.is_empty()).then_some(ExitCode::Pending);
    let approved = |id| plan.report.approved.contains_key(id);
    let gated = || plan.steps.iter().filter(|s| matches!(plan.verdict(s.id), Verdict::Gated { .. }));
    let lifted = gated().next().is_some() && gated().all(|s| approved(&s.id));
    let stopped = plan.report.stopped.iter().map(of_reason).map(|code| match code {
        ExitCode::NeedsApproval if lifted => ExitCode::Pending,
        other => other,
    });
    let steps = plan.steps.iter().map(|s| match plan.verdict(s.id) {
        Verdict::Go | Verdict::Waiting(_) => ExitCode::Pending,
        Verdict::Gated { .. } if approved(&s.id) => ExitCode::Pending,
        Verdict::Gated { .. } => ExitCode::NeedsApproval,
        Verdict::Blocked(reason) => of_reason(&reason),
    });
    incomplete.into_iter().chain(left_out).chain(stopped).chain(steps).fold(ExitCode::Done, ExitCode::gravest)
}

/// What a reason ends with where it blocks a step or stops a plan.
fn of_reason(reason: &Reason) -> ExitCode {
    match reason {
        Reason::TimedOut { .. }
        | Reason::Unreachable { .. }
        | Reason::Status { .. }
        | Reason::Denied { .. }
        | Reason::Malformed { .. }
        | Reason::CountMismatch { .. }
        | Reason::ListedTwice { .. }
        | Reason::Moved
        | Reason::Endless { .. }
        | Reason::NoProof
        | Reason::DependsOn { .. }
        | Reason::Directory { .. }
        | Reason::BreakerOpen { .. } => ExitCode::Incomplete,
        // none or two of a name are errors (S4.1, S4.3), and a source that moves under us gives no plan
        Reason::TenantMissing
        | Reason::TenantAmbiguous { .. }
        | Reason::SourceChanged { .. }
        | Reason::Ambiguous { .. }
        | Reason::Local { .. } => ExitCode::Error,
        // approved deletions do not count against run budget and brake, so both end 4 (S7.7); so do sets (S7.5)
        Reason::OverBudget { .. } | Reason::FleetBrake { .. } | Reason::Emptied { .. } | Reason::Shrunk { .. } => ExitCode::NeedsApproval,
        Reason::LeftOut { .. } => ExitCode::Pending,
        Reason::NameHeld { .. }
        | Reason::Swap { .. }
        | Reason::TenantsVanished { .. }
        | Reason::Unsupported { .. }
        | Reason::NoMemory
        | Reason::Overdue { .. }
        | Reason::WaitedTooLong { .. }
        | Reason::Futile { .. } => ExitCode::Blocked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::step::Gate;
    use crate::plan::testing_plans::{delete, plan, set};

    #[test]
    fn a_plan_ends_with_its_gravest_step() {
        let mut p = plan("acme", vec![delete("acme", "bob@acme.example"), delete("acme", "kim@acme.example")]);
        assert_eq!(exit_code(&p), ExitCode::Pending);
        set(&mut p, 0, Verdict::Gated { gates: vec![Gate::Always { what: "x".into() }] });
        assert_eq!(exit_code(&p), ExitCode::NeedsApproval);
        set(&mut p, 1, Verdict::Blocked(Reason::Unsupported { text: "x".into() }));
        assert_eq!(exit_code(&p), ExitCode::Blocked);
        p.report.incomplete.push(("users".into(), vec![Reason::Moved]));
        assert_eq!(exit_code(&p), ExitCode::Incomplete);
        assert_eq!(exit_code(&plan("acme", vec![])), ExitCode::Done);
    }

    #[test]
    fn a_run_that_is_stopped_is_blocked_even_where_nothing_was_to_do() {
        let mut p = plan("acme", vec![]);
        p.report.stopped.push(Reason::TenantsVanished { gone: 3, known: 4 });
        assert_eq!(exit_code(&p), ExitCode::Blocked);
    }
}
