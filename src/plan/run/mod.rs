//! The production executor's only brain: told what happened, it says what to do next (DESIGN 3).
//!
//! Invariant: pure; it may stop, never choose. An intent is durable before its call, a receipt follows the answer, and
//! nothing that writes is asked for while an append is in hand or after one failed. Deliberately absent: the calls.

pub mod book;
pub mod brain;
pub mod calls;
pub mod job;
mod jobs;
pub mod lease;
pub mod limits;
pub mod ops;
#[cfg(test)]
pub mod simulation;
mod sinks;

pub use brain::Run;
pub use limits::RunLimits;
