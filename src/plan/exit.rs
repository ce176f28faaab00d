//! The exit code of a tenant's plan (S18.2), and which of several is the gravest.
//!
//! Invariant: pure; what an apply adds (1, 6, 7) is said by the engine, this file only orders it.

use crate::model::Reason;
use crate::plan::step::Verdict;
use crate::plan::tenant_plan::Plan;

/// Exit codes, documented once (S18.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ExitCode {
    /// 0: nothing to do, or done.
    Done = 0,
    /// 1: an error; nothing was written to that tenant.
    Error = 1,
    /// 2: changes are pending, a remainder was chosen, or something waits.
    Pending = 2,
    /// 3: blocked; no approval can lift it.
    Blocked = 3,
    /// 4: an approval would.
    NeedsApproval = 4,
    /// 5: the observation is incomplete.
    Incomplete = 5,
    /// 6: something was written to that tenant, and a call failed or was rejected by the panel.
    Partly = 6,
    /// 7: stale.
    Stale = 7,
}

impl ExitCode {
    /// From the gravest to the least grave.
    pub const GRAVITY: [ExitCode; 8] = [
        ExitCode::Partly,
        ExitCode::Error,
        ExitCode::Incomplete,
        ExitCode::Stale,
        ExitCode::Blocked,
        ExitCode::NeedsApproval,
        ExitCode::Pending,
        ExitCode::Done,
    ];
    /// The number that the process ends with.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }
    /// The gravest of several; [`ExitCode::Done`] of none.
    pub fn gravest(all: impl IntoIterator<Item = ExitCode>) -> ExitCode {
        let rank = |code: &ExitCode| Self::GRAVITY.iter().position(|c| c == code).unwrap_or(0);
        all.into_iter().min_by_key(rank).unwrap_or(ExitCode::Done)
    }
}

/// What a plan that is only looked at ends with.
#[must_use]
pub fn exit_code(plan: &Plan) -> ExitCode {
    let incomplete = (!plan.is_complete()).then_some(ExitCode::Incomplete);
    let left_out = (!plan.report.left_out.is_empty()).then_some(ExitCode::Pending);
    let stopped = plan.report.stopped.iter().map(of_reason);
    let steps = plan.steps.iter().map(|s| match plan.verdict(s.id) {
        Verdict::Go | Verdict::Waiting(_) => ExitCode::Pending,
        Verdict::Gated { .. } => ExitCode::NeedsApproval,
        Verdict::Blocked(reason) => of_reason(&reason),
    });
    ExitCode::gravest(incomplete.into_iter().chain(left_out).chain(stopped).chain(steps))
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
        | Reason::BreakerOpen { .. } => ExitCode::Incomplete,
        // none or two of a name are errors (S4.1, S4.3), and a source that moves under us gives no plan
        Reason::TenantMissing | Reason::TenantAmbiguous { .. } | Reason::SourceChanged { .. } | Reason::Ambiguous { .. } => ExitCode::Error,
        // approved deletions do not count against run budget and brake, so both end 4 (S7.7); so do sets (S7.5)
        Reason::OverBudget { .. } | Reason::FleetBrake { .. } | Reason::Emptied { .. } | Reason::Shrunk { .. } => ExitCode::NeedsApproval,
        Reason::LeftOut { .. } => ExitCode::Pending,
        Reason::NameHeld { .. }
        | Reason::Swap { .. }
        | Reason::TenantsVanished { .. }
        | Reason::Unsupported { .. }
        | Reason::NoMemory
        | Reason::Futile { .. } => ExitCode::Blocked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::step::Gate;
    use crate::plan::testing_plans::{delete, plan, set};

    #[test]
    fn the_order_of_gravity_is_the_laws() {
        assert_eq!(ExitCode::GRAVITY.map(ExitCode::number), [6, 1, 5, 7, 3, 4, 2, 0]);
        assert_eq!(ExitCode::gravest([ExitCode::Pending, ExitCode::Stale, ExitCode::NeedsApproval]), ExitCode::Stale);
        assert_eq!(ExitCode::gravest([]), ExitCode::Done);
    }

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
