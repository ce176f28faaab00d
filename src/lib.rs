//! mailwright: configuration as code for hosted mail filtering and mail relay.

pub mod base;
#[cfg(feature = "panel")]
pub mod panel;
pub mod wire;
