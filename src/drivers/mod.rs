//! Floor 4: the kinds of panel, one folder each, and the table of them. Drivers never import each other.
//!
//! Adding a driver is a folder with the fixed file names `mod driver capabilities convert observe apply audit`, a line here
//! and its row in [`registry::REGISTRY`]. Deliberately absent: decisions; a driver carries out what a plan says.

pub mod audit;
mod batch;
mod changes;
pub mod memory;
pub mod modoboa;
pub mod panel;
pub mod registry;
pub mod row;

pub use audit::capability_audit;
pub use registry::{REGISTRY, find};
pub use row::{Connecting, DriverRow, Settings};
