//! What a driver tells the registry of itself, and what it is connected with.
//!
//! Each driver exports one `ROW: DriverRow`. Deliberately absent: the list of rows ([`crate::drivers::registry`]).

use crate::base::clock::BoxFuture;
use crate::base::{Clock, Findings, ProviderName, RuleDoc, Secret};
use crate::http::{ClientSettings, Deadlines};
use crate::model::{Allowance, Capabilities, Fault, Rate};
use crate::port::Driver;
use crate::resolve::Desired;
use std::sync::Arc;
use std::time::Duration;

/// What a driver is connected with: a provider of `mailwright.toml` with its secrets at hand.
pub struct Settings<'a> {
    /// Its name.
    pub provider: &'a ProviderName,
    /// Base URL, for example `https://panel.example/v1`.
    pub url: &'a str,
    /// The token.
    pub token: Option<Secret>,
    /// Certificate authorities in PEM; where given, only these are trusted.
    pub ca_pem: Option<Vec<u8>>,
    /// Requests in flight at a time, 1 to 64.
    pub in_flight: u32,
    /// Requests in a minute that this installation allows; 0: no limit; `None`: what the driver says.
    pub requests_per_minute: Option<u32>,
    /// The clock of the run.
    pub clock: Arc<dyn Clock>,
    /// Whether tenants may be created without being asked to: for `embedded:` (S4.3).
    pub creates_tenants: bool,
    /// How long one call may take in all; `None`: [`Deadlines::default`].
    pub deadline: Option<Duration>,
}

impl Settings<'_> {
    /// The rate of this installation, where `usual` is the one that the driver knows.
    #[must_use]
    pub fn rate(&self, usual: Option<Rate>) -> Option<Rate> {
        match self.requests_per_minute {
            None => usual,
            Some(0) => None,
            Some(calls) => Some(Rate { all: Some(Allowance::within(calls, 60)), ..Rate::default() }),
        }
    }
    /// What the HTTP client is made from, the same for every driver: it changes with struct update what its panel wants
    /// otherwise, for instance `ClientSettings { scheme: AuthScheme::Token, ..settings.client() }`.
    #[must_use]
    pub fn client(&self) -> ClientSettings {
        let usual = Deadlines::default();
        let total = self.deadline.unwrap_or(usual.total);
        ClientSettings {
            token: self.token.clone(),
            ca_pem: self.ca_pem.clone(),
            in_flight: self.in_flight,
            deadlines: Deadlines { connect: usual.connect.min(total), stall: usual.stall.min(total), total },
            ..ClientSettings::new(self.url.to_owned(), self.clock.clone())
        }
    }
}

/// A connection under way.
pub type Connecting<'a> = BoxFuture<'a, Result<Box<dyn Driver>, Fault>>;

/// A kind of panel.
pub struct DriverRow {
    /// The word in `driver = "…"`.
    pub name: &'static str,
    /// One line for `mailwright drivers`.
    pub about: &'static str,
    /// Whether this is the panel that runs inside of mailwright: only then is a url `embedded:PATH` taken.
    pub embedded: bool,
    /// What it can do, without a connection: the origin is empty.
    pub capabilities: fn() -> Capabilities,
    /// What it refuses of what is desired, without a connection; nothing of other providers ([`crate::resolve::Heads::provider`]).
    pub audit: fn(&Desired) -> Findings,
    /// The rules of that audit, for `mailwright explain`.
    pub rules: &'static [RuleDoc],
    /// Connects: learns the panel's origin and what this instance offers.
    pub connect: for<'a> fn(Settings<'a>) -> Connecting<'a>,
}
