//! What the filter would answer to a recipient.

use super::domain::RelayCheck;
use serde::{Deserialize, Serialize};

/// The filter's answer to `RCPT TO`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct RecipientVerdict {
    /// As it was asked for, canonical.
    pub address: String,
    /// 250: taken. 550: refused. 451: the sender is to try again later.
    #[cfg_attr(feature = "panel", schema(minimum = 250, maximum = 550))]
    pub code: u16,
    /// Why, for people.
    pub reason: String,
    /// The relay check that decided; absent where the tenant has no such domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub relay_check: Option<RelayCheck>,
    /// The user who has the address, as its own or as an alias.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub user: Option<String>,
}
