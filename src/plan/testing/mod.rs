//! A tenant in memory for tests of the planner: what is declared, what is live, and a pure model of a panel.
//!
//! Deliberately absent: files, resolver, drivers. What it does to tables of rows is what the resolver does; what it does
//! to live objects is what a careful panel does: it refuses a name that is taken and a write on another version.

pub mod case;
pub mod live;

pub use case::{Case, NOW, address, at, domain, full, moment, user};
pub use live::Live;
