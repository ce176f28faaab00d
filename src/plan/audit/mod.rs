//! A second opinion: every plan is checked again with other code than built and judged it.
//!
//! Invariant: nothing here calls join, build, budget or guard. A finding is a defect of ours: nothing is written, please
//! report. Deliberately absent: repair.

pub mod auditing;
pub mod budgets;
pub mod bug;
pub mod deletes;
pub mod identity;
pub mod order;
pub mod owners;
pub mod scopes;
pub mod stops;

pub use auditing::audit;
pub use bug::Bug;
