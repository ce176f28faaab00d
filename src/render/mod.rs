//! Floor 2, top room: plans and findings as text, JSON and markdown, all from one view. Pure.
//!
//! Deliberately absent: printing, terminals, files; whoever calls passes width and style and gets text back.

pub mod excerpt;

pub use excerpt::{Excerpt, Excerpts};
