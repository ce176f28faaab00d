//! Floor 2, third room: the planner. Compares desired with observed and says every step, in order, with risk and verdict.
//!
//! Invariant: a pure function with deterministic bytes; files, rows, pages and blocks in another order change nothing.
//! A plan leaves nothing to decide: whoever executes it may stop, not choose. Deliberately absent: async, clocks, I/O.

pub mod approved;
pub mod build;
pub mod details;
pub mod effect;
pub mod join;
pub mod plan_file;
pub mod report;
pub mod step;
pub mod tenant_plan;
#[cfg(test)]
pub mod testing;

pub use approved::{ApprovedPlan, Consent, Refusal};
pub use build::build;
pub use details::{DetailRow, Details};
pub use effect::{Effect, Input, Outcome, Reread, Unfinished};
pub use join::Join;
pub use report::{Budget, Difference, InFlight, Ledger, LeftAlone, Note, Report, Stopped};
pub use step::{Action, Batch, Cause, Change, Edge, Facts, Gate, Precondition, Risk, Stage, Step, StepId, Until, Verdict};
pub use tenant_plan::Plan;
