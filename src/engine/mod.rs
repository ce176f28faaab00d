//! Floor 5: the one place that drives both the planner and a driver: load, observe, plan, approve, execute, verify.
//!
//! Invariant: no writer exists before approval (S5.6). Deliberately absent: decisions about business; they are the
//! planner's.

pub mod clock;
pub mod positions;
pub mod provider;
pub mod told;
pub use told::{Applied, Ask, Imported, Planned, Progress, TenantApplied, Trouble, Unwatched, Wish};
