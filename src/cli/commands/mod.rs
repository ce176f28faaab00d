//! One file per command: its options, its examples, and a function that does it.

pub mod apply;
pub mod approve;
pub mod completions;
pub mod credential;
pub mod diff;
pub mod drift;
pub mod drivers;
pub mod explain;
pub mod fmt;
pub mod import;
pub mod init;
#[cfg(feature = "panel")]
pub mod panel;
pub mod plan;
pub mod schema;
pub mod undo;
pub mod validate;
