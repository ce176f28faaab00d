//! One file per command: its options, its examples, and a function that does it.

pub mod completions;
pub mod drivers;
pub mod explain;
pub mod init;
#[cfg(feature = "panel")]
pub mod panel;
pub mod schema;
