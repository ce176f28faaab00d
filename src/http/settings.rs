//! What a client is made from.

use crate::base::limits::{CONNECT_SECONDS, REQUEST_SECONDS, STALL_SECONDS};
use crate::base::{Clock, Secret};
use std::sync::Arc;
use std::time::Duration;

/// How long a call may take. Real time, also in simulated runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// For the connection, name look-up and TLS included.
    pub connect: Duration,
    /// Between two pieces of the answer.
    pub stall: Duration,
    /// For all of it.
    pub total: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(CONNECT_SECONDS),
            stall: Duration::from_secs(STALL_SECONDS),
            total: Duration::from_secs(REQUEST_SECONDS),
        }
    }
}

/// What a client is made from.
#[derive(Clone)]
pub struct ClientSettings {
    /// Base URL: `https://host[:port]/path`, or `http://` on loopback. Paths of calls are appended.
    pub url: String,
    /// Sent as `Authorization: Bearer …`, to this origin only.
    pub token: Option<Secret>,
    /// Certificate authorities in PEM; where given, only these are trusted.
    pub ca_pem: Option<Vec<u8>>,
    /// Requests in flight at a time.
    pub in_flight: u32,
    /// Against which a `Retry-After` date is read.
    pub clock: Arc<dyn Clock>,
    /// How long a call may take.
    pub deadlines: Deadlines,
    /// Problem codes by which the panel says that another writer holds the lease (S12.1).
    pub fenced_codes: &'static [&'static str],
}
