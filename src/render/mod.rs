//! Floor 2, top room: plans and findings as text, JSON and markdown, all from one view. Pure.
//!
//! Deliberately absent: printing, terminals, files; whoever calls passes width and style and gets text back.

pub mod diff;
pub mod excerpt;
pub mod explain;
pub mod findings;
pub mod json;
pub mod markdown;
pub mod style;
pub mod text;
pub mod view;

#[cfg(test)]
mod tests;

pub use excerpt::{Excerpt, Excerpts};
pub use style::{Styles, paint};
