//! The one row per driver.

use crate::base::clock::BoxFuture;
use crate::base::{Clock, Findings, ProviderName, Secret};
use crate::drivers::panel;
use crate::http::{ClientSettings, Deadlines};
use crate::model::{Capabilities, Fault};
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
    /// The clock of the run.
    pub clock: Arc<dyn Clock>,
    /// Whether tenants may be created without being asked to: for `embedded:` (S4.3).
    pub creates_tenants: bool,
    /// How long one call may take in all; `None`: [`Deadlines::default`].
    pub deadline: Option<Duration>,
}

/// A connection under way.
pub type Connecting<'a> = BoxFuture<'a, Result<Box<dyn Driver>, Fault>>;

/// A kind of panel.
pub struct DriverRow {
    /// The word in `driver = "…"`.
    pub name: &'static str,
    /// One line for `mailwright drivers`.
    pub about: &'static str,
    /// What it can do, without a connection: the origin is empty.
    pub capabilities: fn() -> Capabilities,
    /// What it refuses of what is desired, without a connection.
    pub audit: fn(&Desired) -> Findings,
    /// Connects: learns the panel's origin and what this instance offers.
    pub connect: for<'a> fn(Settings<'a>) -> Connecting<'a>,
}

/// Every driver, by name.
pub const REGISTRY: &[DriverRow] = &[DriverRow {
    name: "panel",
    about: "mailwright's own control panel, embedded or served (HTTP API /v1)",
    capabilities: panel::capabilities,
    audit: panel::audit::audit,
    connect: |settings| Box::pin(connect_panel(settings)),
}];

/// The driver of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static DriverRow> {
    REGISTRY.iter().find(|row| row.name == name)
}

async fn connect_panel(settings: Settings<'_>) -> Result<Box<dyn Driver>, Fault> {
    let Settings { provider, url, token, ca_pem, in_flight, clock, creates_tenants, deadline } = settings;
    let url = url.to_owned();
    let usual = Deadlines::default();
    let total = deadline.unwrap_or(usual.total);
    let deadlines = Deadlines { connect: usual.connect.min(total), stall: usual.stall.min(total), total };
    let client =
        ClientSettings { token, ca_pem, in_flight, deadlines, fenced_codes: panel::FENCED_CODES, ..ClientSettings::new(url, clock) };
    let driver = panel::connect(provider, client, creates_tenants).await?;
    Ok(Box::new(driver))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_unique_and_say_who_they_are() {
        for row in REGISTRY {
            assert_eq!(REGISTRY.iter().filter(|r| r.name == row.name).count(), 1);
            let capabilities = (row.capabilities)();
            assert_eq!((capabilities.driver, capabilities.origin.as_str()), (row.name, ""));
            assert!(find(row.name).is_some() && !row.about.is_empty());
        }
        assert!(find("nobody").is_none());
    }
}
