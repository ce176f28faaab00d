//! mailwright: configuration as code for hosted mail filtering and mail relay.

pub mod base;
pub mod config;
pub mod model;
pub mod plan;
pub mod port;
pub mod resolve;
