//! mailwright: configuration as code for hosted mail filtering and mail relay.

pub mod base;
pub mod wire;
