//! mailwright: configuration as code for hosted mail filtering and mail relay.
//!
//! The house has floors, and imports go downward only (ARCHITECTURE.md). Start reading at `engine::route`: the whole
//! way of the data on one screen.

pub mod base;
pub mod cli;
pub mod config;
pub mod drivers;
pub mod engine;
pub mod http;
pub mod model;
#[cfg(feature = "panel")]
pub mod panel;
pub mod plan;
pub mod port;
pub mod render;
pub mod resolve;
pub mod store;
pub mod wire;
