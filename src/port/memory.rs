//! The port to what outlives a run. What it returns from is durable.

use crate::model::entry::Entry;
use crate::model::{Fault, Remembered, Seq};

/// What outlives a run (S11): journal, receipts, backups.
pub trait Memory: Send {
    /// What it tells.
    ///
    /// # Errors
    /// [`Fault::Local`]; also for a memory of a newer version (S20).
    fn recall(&self) -> Result<Remembered, Fault>;
    /// Appends entries in order, with one flush; all are durable before it returns.
    ///
    /// # Errors
    /// [`Fault::Local`]: nothing may be sent after it.
    fn append(&mut self, entries: &[Entry]) -> Result<Seq, Fault>;
}
