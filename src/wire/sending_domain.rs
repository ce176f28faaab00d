//! Outbound domains: the panel mints the DNS records that the owner of the domain must publish.

use crate::base::Timestamp;
use serde::{Deserialize, Serialize};

/// A CNAME record to be published.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct Cname {
    /// The owner name, below the sending domain; its label is random.
    pub name: String,
    /// What it must point to.
    pub target: String,
}

/// A sending domain as the panel shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct SendingDomain {
    /// Minted by the panel, never reused: the incarnation (S4.2).
    pub id: String,
    /// A-label; unique over the sending domains of the whole panel.
    pub name: String,
    /// Records minted with it; those of an earlier domain of this name are dead.
    pub cnames: Vec<Cname>,
    /// Whether all of them were found in the DNS at the last check.
    pub verified: bool,
    /// When they were looked for last, by the panel's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = DateTime, nullable = false))]
    pub checked_at: Option<Timestamp>,
    /// Counts the changes of this object; `ETag` is `"v<version>"`.
    pub version: u64,
    /// When it was created, by the panel's clock.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
}

/// Body of `POST /v1/tenants/{tenant}/sending-domains`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SendingDomainCreate {
    /// The domain, in any form that IDNA accepts.
    #[cfg_attr(feature = "panel", schema(min_length = 1, max_length = 253, example = "news.acme.example"))]
    pub name: String,
}

/// A record that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct WrongCname {
    /// The owner name.
    pub name: String,
    /// What it must point to.
    pub target: String,
    /// What the DNS says, in words: another target, or why there is none.
    pub found: String,
}

/// Answer of `POST …/sending-domains/{domain}/verify`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct SendingCheck {
    /// The domain after the check.
    pub sending_domain: SendingDomain,
    /// Records that are not as they must be; empty where it is verified.
    pub wrong: Vec<WrongCname>,
}

/// An entry of the sending history of a tenant; it outlives domains and SMTP users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct SendingEvent {
    /// Grows by one or more.
    pub seq: u64,
    /// When, by the panel's clock.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// The sending domain by name.
    pub sending_domain: String,
    /// The user name of the SMTP user, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub username: Option<String>,
    /// `domain-created`, `domain-verified`, `domain-deleted`, `user-created`, `user-reset`, `user-disabled`, `user-deleted`, `login`.
    pub what: String,
}
