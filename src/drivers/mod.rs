//! Floor 4: the kinds of panel, one folder each, and the table of them. Drivers never import each other.
//!
//! Adding a driver is a folder with the fixed file names `mod capabilities convert observe apply audit` and one row in
//! [`registry::REGISTRY`]. Deliberately absent: decisions; a driver carries out what a plan says.

pub mod audit;
mod batch;
mod changes;
pub mod memory;
pub mod panel;
pub mod registry;

pub use audit::capability_audit;
pub use registry::{DriverRow, REGISTRY, Settings, find};
