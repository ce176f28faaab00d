//! A panel in memory: the other side for simulation, the exam and benches.
//!
//! It keeps the rules of the embedded panel (uniqueness, preconditions, idempotency keys, lease, change mark, origins),
//! offers as much or as little as its options say, and fails where a test tells it to. Deterministic: ids are counted,
//! time is the test's clock. It is written apart from the embedded panel on purpose: two readings of the law.
//! Deliberately absent: a row in the registry; nobody connects to it by name.

pub mod capabilities;
pub mod data;
pub mod faults;
pub mod panel;
mod parts;

mod access;
mod bulk;
mod changes;
mod continuity;
mod heads;
mod imports;
mod lease;
mod outbound;
mod pages;
mod reader;
mod users;
mod writer;

#[cfg(test)]
mod tests;

pub use capabilities::{MemoryOptions, capabilities};
pub use data::{
    MemoryAccess, MemoryContinuity, MemoryDirectory, MemoryDiscovery, MemoryDomain, MemoryPolicy, MemorySendingDomain, MemorySmtpUser,
    MemoryTenant, MemoryUser,
};
pub use faults::{CallInfo, Damage, Injected};
pub use imports::MemoryJob;
pub use panel::{MemoryDriver, MemoryPanel};
