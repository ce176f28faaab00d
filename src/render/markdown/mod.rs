//! Markdown for comments on pull requests: a table per tenant, details folded, cut at the length that hosts accept.
//!
//! Invariant: text of others stands in code spans or fences only, so that no name can become markup, a link, a mention
//! or HTML. Deliberately absent: posting.

mod applied;
mod drivers;
mod escape;
mod plan;

pub use applied::{applied, drift};
pub use drivers::drivers;
pub use escape::{code, fence};
pub use plan::{COMMENT_CHARS, findings, plan};
