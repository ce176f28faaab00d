//! What a client is made from.

use crate::base::limits::{CONNECT_SECONDS, REQUEST_SECONDS, REQUESTS_IN_FLIGHT, STALL_SECONDS};
use crate::base::{Clock, Secret};
use crate::model::Rate;
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

/// The word before the token in the `Authorization` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AuthScheme {
    /// `Authorization: Bearer …` (RFC 6750).
    #[default]
    Bearer,
    /// `Authorization: Token …`, as Django REST framework wants it.
    Token,
}

impl AuthScheme {
    /// The word as it is sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Token => "Token",
        }
    }
}

/// What a client is made from.
#[derive(Clone)]
pub struct ClientSettings {
    /// Base URL: `https://host[:port]/path`, or `http://` on loopback. Paths of calls are appended.
    pub url: String,
    /// Sent in the `Authorization` header, to this origin only.
    pub token: Option<Secret>,
    /// How the token is announced.
    pub scheme: AuthScheme,
    /// Whether every path ends with `/`; where that is asked for, a path without it is redirected, which is not followed.
    pub trailing_slash: bool,
    /// Certificate authorities in PEM; where given, only these are trusted.
    pub ca_pem: Option<Vec<u8>>,
    /// Requests in flight at a time.
    pub in_flight: u32,
    /// How many requests the panel takes from this credential; `None`: it does not say.
    pub rate: Option<Rate>,
    /// By which waits for the rate are measured, and against which a `Retry-After` date is read.
    pub clock: Arc<dyn Clock>,
    /// How long a call may take.
    pub deadlines: Deadlines,
    /// Problem codes by which the panel says that another writer holds the lease (S12.1).
    pub fenced_codes: &'static [&'static str],
}

impl ClientSettings {
    /// A client as most panels want it, without a credential.
    #[must_use]
    pub fn new(url: String, clock: Arc<dyn Clock>) -> Self {
        Self {
            url,
            token: None,
            scheme: AuthScheme::Bearer,
            trailing_slash: false,
            ca_pem: None,
            in_flight: u32::try_from(REQUESTS_IN_FLIGHT).unwrap_or(1),
            rate: None,
            clock,
            deadlines: Deadlines::default(),
            fenced_codes: &[],
        }
    }
}
