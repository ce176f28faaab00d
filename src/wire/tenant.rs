//! Tenants (customers).

use crate::base::Timestamp;
use serde::{Deserialize, Serialize};

/// A tenant as the panel shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct Tenant {
    /// Minted by the panel, never reused: the incarnation (S4.2).
    pub id: String,
    /// Unique on the panel; 1..=100 visible characters.
    pub name: String,
    /// Counts the changes of this object; `ETag` is `"v<version>"`.
    pub version: u64,
    /// +1 with each effective write to anything in the tenant (S12.1). Not covered by the `ETag`.
    pub change_mark: u64,
    /// Users of kind mailbox. Not covered by the `ETag`.
    pub billable: u64,
    /// Whether it is frozen: none of its users is deleted, by whomever.
    #[serde(default)]
    pub frozen: bool,
    /// When it was created, by the panel's clock.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
}

/// Body of `POST /v1/tenants`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TenantCreate {
    /// 1..=100 visible characters, unique on the panel.
    #[cfg_attr(feature = "panel", schema(min_length = 1, max_length = 100))]
    pub name: String,
}

/// Body of `PATCH /v1/tenants/{tenant}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TenantPatch {
    /// The new name.
    #[cfg_attr(feature = "panel", schema(min_length = 1, max_length = 100, nullable = false))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Freezes it, or thaws it; only tokens for all tenants may.
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen: Option<bool>,
}
