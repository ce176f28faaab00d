//! What changes, as unified diffs of documents that look like the files: live on one side, declared on the other.
//!
//! Deliberately absent: attributes that are equal and not in the plan; a plan holds differences only.

mod document;
mod unified;

pub use document::{ObjectDiff, objects};
pub use unified::unified;
