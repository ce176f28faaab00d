//! The password policy of a tenant. It exists from the creation of the tenant and is never deleted.

use serde::{Deserialize, Serialize};

/// A password policy as the panel shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct PasswordPolicy {
    /// Fewest characters, 8..=128.
    pub min_length: u32,
    /// An upper-case letter is required.
    pub upper: bool,
    /// A lower-case letter is required.
    pub lower: bool,
    /// A digit is required.
    pub digit: bool,
    /// A special character is required.
    pub special: bool,
    /// Counts the changes; `ETag` is `"v<version>"`.
    pub version: u64,
}

/// Body of `PUT /v1/tenants/{tenant}/password-policy`: the whole policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordPolicyPut {
    /// Fewest characters, 8..=128.
    #[cfg_attr(feature = "panel", schema(minimum = 8, maximum = 128))]
    pub min_length: u32,
    /// An upper-case letter is required.
    pub upper: bool,
    /// A lower-case letter is required.
    pub lower: bool,
    /// A digit is required.
    pub digit: bool,
    /// A special character is required.
    pub special: bool,
}
