//! Counts of requests, so that a test can say "no write was even tried".

use std::sync::atomic::{AtomicU64, Ordering};

/// What reached the panel since it was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Requests with GET or HEAD.
    pub reads: u64,
    /// Requests with another verb, refused ones included.
    pub writes: u64,
    /// Of these, refused because the panel is read-only.
    pub refused_writes: u64,
}

/// The counters behind [`Traffic`].
#[derive(Debug, Default)]
pub(crate) struct Counters {
    reads: AtomicU64,
    writes: AtomicU64,
    refused: AtomicU64,
}

impl Counters {
    pub(crate) fn read(&self) {
        self.reads.fetch_add(1, Ordering::Relaxed);
    }
    pub(crate) fn write(&self) {
        self.writes.fetch_add(1, Ordering::Relaxed);
    }
    pub(crate) fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }
    pub(crate) fn now(&self) -> Traffic {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Traffic { reads: get(&self.reads), writes: get(&self.writes), refused_writes: get(&self.refused) }
    }
}
