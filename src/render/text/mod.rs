//! Views as text for people: at a terminal, in a log, in a fenced block of a comment.
//!
//! Invariant: the same view, width and styles give the same bytes. Deliberately absent: asking how wide a terminal is.

pub mod applied;
pub mod drift;
mod drivers;
mod footer;
mod header;
pub mod page;
pub mod plan;
mod step;
mod steps;

pub use applied::applied;
pub use drift::drift;
pub use drivers::{driver, drivers};
pub use page::{Page, TextOptions};
pub use plan::plan;
