//! The driver of mailwright's own control panel, over its HTTP API (`wire`).
//!
//! Reads are pages of the panel's lists, decoded borrowed; writes carry the fencing token, an idempotency key made from
//! operation id and step, and `If-Match`. Deliberately absent: repeating, waiting and ordering, which are the engine's.

pub mod apply;
pub mod audit;
pub mod capabilities;
pub mod driver;
pub mod observe;
mod read_jobs;

mod api;
mod canonical;
mod convert;
mod decode;
mod directory;
mod discovery;
mod instant;
mod user_rows;

#[cfg(test)]
mod tests;

pub use audit::{RULES, audit};
pub use capabilities::capabilities;
pub use driver::{FENCED_CODES, PanelDriver, ROW, connect};
