//! The guards: what a plan may do without approval (S7), judged per tenant and over the whole run.
//!
//! Invariant: a guard only ever takes leave away: Go becomes Gated, or Waiting behind a step that does not go; Blocked
//! and Waiting stay as they are. Judging twice changes nothing. Deliberately absent: approvals.

pub mod always;
pub mod fleet;
pub mod gates;
pub mod judge;
pub mod sets;

pub use fleet::{BRAKE_PERCENT, BRAKE_TENANTS, RUN_SCOPE, judge_fleet};
pub use judge::judge;
