//! Address discovery of a domain: recipients that the destination accepts become users by themselves, for a while.

use crate::base::Timestamp;
use serde::{Deserialize, Serialize};

/// A domain's discovery as the panel shows it. Every domain has one; it is off until it is switched on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct Discovery {
    /// Whether it is switched on. It makes nobody after `until`, on or not.
    pub enabled: bool,
    /// Its last day by the panel's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = Date, nullable = false))]
    pub until: Option<jiff::civil::Date>,
    /// Users of the domain that it has made, each of them billable. Not covered by the `ETag`.
    pub finds: u64,
    /// The last catch-all probe. Not covered by the `ETag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub probe: Option<CatchAllProbe>,
    /// Counts the changes of this object; `ETag` is `"v<version>"`.
    pub version: u64,
}

/// Body of `PUT …/discovery`: the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DiscoveryPut {
    /// On or off.
    pub enabled: bool,
    /// Its last day: required while it is on, at most 60 days ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = Date, nullable = false, example = "2026-12-24"))]
    pub until: Option<jiff::civil::Date>,
}

/// What a destination says to an address that nobody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ProbeOutcome {
    /// It takes it: it takes every address, and discovery would make a user of each.
    CatchAll,
    /// It refuses it.
    Selective,
    /// It could not be asked.
    Unknown,
}

/// A catch-all probe: the destination was asked for a random address, and no message was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct CatchAllProbe {
    /// When, by the panel's clock.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// What came of it.
    pub outcome: ProbeOutcome,
    /// Who said what.
    pub said: String,
}
