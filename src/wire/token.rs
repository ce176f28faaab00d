//! Bearer tokens.

use crate::base::Timestamp;
use serde::{Deserialize, Serialize};

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TokenScope {
    /// Read.
    Read,
    /// Write.
    Write,
}

/// A token as lists show it: never its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct Token {
    /// Minted by the panel.
    pub id: String,
    /// For people and the audit trail.
    pub name: String,
    /// What it may do, sorted.
    pub scopes: Vec<TokenScope>,
    /// The only tenant it may see; absent: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub tenant: Option<String>,
    /// When it ends, by the panel's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = DateTime, nullable = false))]
    pub expires_at: Option<Timestamp>,
    /// When it was minted, by the panel's clock.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
}

/// Body of `POST /v1/tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TokenCreate {
    /// For people and the audit trail; 1..=100 visible characters.
    #[cfg_attr(feature = "panel", schema(min_length = 1, max_length = 100))]
    pub name: String,
    /// What it may do; at least one.
    #[cfg_attr(feature = "panel", schema(min_items = 1, max_items = 2))]
    pub scopes: Vec<TokenScope>,
    /// Id of the only tenant it may see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub tenant: Option<String>,
    /// Life in seconds by the panel's clock, 1..=315,360,000; absent: it does not end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(minimum = 1, maximum = 315_360_000, nullable = false))]
    pub ttl_seconds: Option<u64>,
}

/// Answer of `POST /v1/tokens`: the only time that the secret is shown. A replayed answer does not show it again.
/// Deliberately without `Debug`, so that it is not printed by accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct TokenMinted {
    /// The token without its secret.
    pub token: Token,
    /// The secret to send as `Authorization: Bearer …`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub secret: Option<String>,
}
