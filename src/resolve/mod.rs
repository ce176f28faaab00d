//! Floor 2, second room: from [`crate::config::Declared`] to [`Desired`]: defaults, authority, uniqueness, rules.
//!
//! Invariant: a [`Desired`] is made here and nowhere else, and what it holds is canonical and checked; later stages
//! cannot fail on it. Secrets stay references. Deliberately absent: panels, files, time.

pub mod desired;
pub mod user_table;

pub use desired::{Desired, Heads};
pub use user_table::{NameUse, UserTable};
