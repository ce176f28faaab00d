//! What the test endpoints take. They exist only on a panel that was started with them.

use super::user::{Origin, UserCreate};
use crate::base::Timestamp;
use serde::{Deserialize, Serialize};

/// Answer of `GET` and `POST /v1/test/clock`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct ClockNow {
    /// The panel's clock.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub now: Timestamp,
}

/// Body of `POST /v1/test/clock`: exactly one of the two.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClockSet {
    /// Set the clock to this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = DateTime, nullable = false))]
    pub now: Option<Timestamp>,
    /// Move it forward, at most ten years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(maximum = 315_360_000, nullable = false))]
    pub advance_seconds: Option<u64>,
}

/// What the filter took a mail for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MailVerdict {
    /// Clean, and delivered.
    #[default]
    Clean,
    /// Spam, and kept back.
    Spam,
}

impl MailVerdict {
    /// Whether it is the default.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        *self == MailVerdict::Clean
    }
}

/// Body of `POST /v1/test/mail`: mails that the filter saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MailSeen {
    /// Id of the tenant; found by the recipient's domain where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub tenant: Option<String>,
    /// An address in a domain or alias domain of the panel; it need not be a user.
    #[cfg_attr(feature = "panel", schema(example = "reception@acme.example"))]
    pub recipient: String,
    /// What the filter took them for; clean where absent. Spam counts for nothing.
    #[serde(default, skip_serializing_if = "MailVerdict::is_clean")]
    pub verdict: MailVerdict,
    /// When the last of them came; now where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = DateTime, nullable = false))]
    pub at: Option<Timestamp>,
    /// How many, 1..=1,000,000.
    #[cfg_attr(feature = "panel", schema(minimum = 1, maximum = 1_000_000))]
    pub count: u64,
}

/// Body of `POST /v1/test/users`: a user of any origin, created, or brought to these values if the address exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TestUser {
    /// The user; its domain must exist.
    pub user: UserCreate,
    /// How it came to be.
    pub origin: Origin,
}
