//! From raw tables to what the floors above hold: names put together, lists sent where they belong, and the few checks
//! that need two keys of one table.
//!
//! Invariant: pure, and no check across objects (that is `resolve`). Deliberately absent: text and TOML.

pub mod approvals;
pub mod domain;
pub mod lowering;
pub mod tenant;
pub mod tombstone;
pub mod workspace;

pub use lowering::Lowering;
