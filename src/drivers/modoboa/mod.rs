//! The driver of Modoboa's control panel, over its REST API (`/api/v2`, Modoboa 2.12).
//!
//! Nobody here wrote that panel, so nothing is believed: lists are counted against Modoboa's own counts, an object is read
//! again before each write, and an answer that was lost is looked up by reading. What Modoboa resets when it is left out is
//! sent along as it was read. `PUT` resets whatever it does not name: it
//! is used for parameters alone, which have no other verb, and carries all of them as they were read.

pub mod apply;
pub mod audit;
pub mod capabilities;
pub mod driver;
pub mod observe;

mod aliases;
mod api;
mod convert;
mod raw;
mod trail;

pub use audit::{RULES, audit};
pub use capabilities::capabilities;
pub use driver::{ModoboaDriver, ROW, connect};
