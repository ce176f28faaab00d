//! Floor 3: the ports. Traits only: source, driver, observe, apply, memory, secrets, sinks.
//!
//! Invariant: reading and writing are different types, and a writer is made from an [`ApprovedPlan`](crate::plan::ApprovedPlan)
//! and from nothing else (S5.6). Faults are [`Fault`](crate::model::Fault)s, sorted by remedy. Deliberately absent:
//! implementations.

pub mod apply;
pub mod driver;
pub mod memory;
pub mod observe;
pub mod secrets;
pub mod sinks;
pub mod source;

pub use apply::Apply;
pub use driver::Driver;
pub use memory::Memory;
pub use observe::{Cursor, Observe, Page};
pub use secrets::Secrets;
pub use sinks::Sinks;
pub use source::{Source, SourceFile};
