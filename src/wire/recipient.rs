//! Evidence: which addresses of a domain get mail (S13.2).

use crate::base::Timestamp;
use serde::{Deserialize, Serialize};

/// Whether the panel's list of users knows a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum KnownAs {
    /// The address of a user.
    User,
    /// An alias of a user.
    Alias,
    /// Nobody's: under relay check `control-panel` it bounces.
    None,
}

/// An address that got mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct Recipient {
    /// Canonical address, in the domain or one of its alias domains.
    pub address: String,
    /// Mails in the last 30 days, by the panel's clock; at least 1.
    pub mails_30d: u64,
    /// The last of them.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub last_mail_at: Timestamp,
    /// Who it is.
    pub known: KnownAs,
}
