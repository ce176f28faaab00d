//! Inbound mail domains.

use crate::base::Timestamp;
use serde::{Deserialize, Serialize};

/// How the filter knows which recipients exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RelayCheck {
    /// Callout to the destination.
    Smtp,
    /// The directory.
    Ldap,
    /// The panel's list of users.
    ControlPanel,
}

/// Counts over the users of one domain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct UserTotals {
    /// All users.
    pub users: u64,
    /// Users that may sign in.
    pub active: u64,
    /// Users of kind mailbox.
    pub billable: u64,
}

/// A domain as the panel shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct Domain {
    /// Minted by the panel, never reused: the incarnation (S4.2).
    pub id: String,
    /// A-label; unique over the names and alias domains of the whole panel.
    pub name: String,
    /// `host:port` in order of priority, 1..=10.
    pub destinations: Vec<String>,
    /// How recipients are checked.
    pub relay_check: RelayCheck,
    /// A-labels, sorted. Mail to them is delivered as if it were addressed to `name`.
    pub alias_domains: Vec<String>,
    /// Import jobs that are kept, ended or not; absent where there are none. Not covered by the `ETag`.
    #[serde(default, skip_serializing_if = "is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub imports: u64,
    /// Counts of users. Not covered by the `ETag`.
    pub user_totals: UserTotals,
    /// Whether continuity is taking its mail over now. Absent where it is not; not covered by the `ETag`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub failing_over: bool,
    /// Counts the changes of this object; `ETag` is `"v<version>"`.
    pub version: u64,
    /// When it was created, by the panel's clock.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this form")]
fn is_none(count: &u64) -> bool {
    *count == 0
}

/// Body of `POST /v1/tenants/{tenant}/domains`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DomainCreate {
    /// The domain, in any form that IDNA accepts.
    #[cfg_attr(feature = "panel", schema(min_length = 1, max_length = 253, example = "new.example"))]
    pub name: String,
    /// `host:port` in order of priority, 1..=10, none twice.
    #[cfg_attr(feature = "panel", schema(min_items = 1, max_items = 10, example = json!(["mx.acme.example:25"])))]
    pub destinations: Vec<String>,
    /// How recipients are checked.
    pub relay_check: RelayCheck,
    /// A set; none by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "panel", schema(max_items = 200, example = json!(["new.test"])))]
    pub alias_domains: Vec<String>,
}

/// Body of `PATCH …/domains/{domain}`: only the fields given are changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DomainPatch {
    /// The whole list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(min_items = 1, max_items = 10, nullable = false, example = json!(["mx.acme.example:25"])))]
    pub destinations: Option<Vec<String>>,
    /// How recipients are checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub relay_check: Option<RelayCheck>,
    /// The whole set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(max_items = 200, nullable = false, example = json!(["acme.test"])))]
    pub alias_domains: Option<Vec<String>>,
}
