//! Floor 2, third room: the planner. Compares desired with observed and says every step, in order, with risk and verdict.
//!
//! Invariant: a pure function with deterministic bytes; files, rows, pages and blocks in another order change nothing.
//! A plan leaves nothing to decide: whoever executes it may stop, not choose. Deliberately absent: async, clocks, I/O.

pub mod addresses;
pub mod approve;
pub mod approved;
pub mod audit;
pub mod budget;
pub mod build;
pub mod details;
pub mod effect;
pub mod exit;
pub mod guard;
pub mod join;
pub mod ledger;
pub mod pace;
pub mod pattern;
pub mod plan_file;
pub mod report;
pub mod run;
pub mod select;
pub mod step;
pub mod tenant_plan;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
pub mod testing_plans;

pub use approve::{approval_for, approve, note_approvals};
pub use approved::{ApprovedPlan, Consent, Refusal};
pub use audit::{Bug, audit};
pub use build::build;
pub use details::{DetailRow, Details};
pub use effect::{Effect, Input, Outcome, Reread, Unfinished};
pub use exit::exit_code;
pub use guard::{judge, judge_fleet};
pub use join::Join;
pub use ledger::ledger;
pub use pace::{Pace, pace};
pub use plan_file::{PLAN_FILE_SCHEMA, PlanFile};
pub use report::{BillableCause, BillableChange, Budget, Difference, InFlight, Ledger, LeftAlone, Note, Report, Stopped};
pub use run::{Run, RunLimits};
pub use select::{Selector, SelectorError, select};
pub use step::{Action, Batch, Cause, Change, Edge, Facts, Gate, Precondition, Risk, Stage, Step, StepId, Until, Verdict};
pub use tenant_plan::{Leg, Plan};
