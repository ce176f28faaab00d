//! Findings drawn as rustc draws them: place, lines, reason, fix as a diff.
//!
//! Invariant: only the lines of an excerpt are handed to the drawing library, never a file: it walks all it is given
//! for every finding. Text from files is made harmless by it or by us. Deliberately absent: reading lines.

mod draw;
mod summary;

pub use draw::draw;
pub use summary::{findings, severity_word};
