//! The audit trail: who changed what, and when.

use crate::base::Timestamp;
use serde::{Deserialize, Serialize};

/// One effective write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Grows with each entry.
    pub seq: u64,
    /// When, by the panel's clock.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// Name of the token.
    pub who: String,
    /// Id of the tenant, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub tenant: Option<String>,
    /// What was done, for example `user.create`.
    pub action: String,
    /// The object: a name or an address.
    pub object: String,
    /// Before → after in short, for people. Never a secret.
    pub change: String,
}
