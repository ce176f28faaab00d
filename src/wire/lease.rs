//! The lease of a tenant's one writer (S12.1). It runs in real time, not by the panel's clock.

use crate::base::Timestamp;
use serde::{Deserialize, Serialize};

/// Body of `POST /v1/tenants/{tenant}/lease`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LeaseTake {
    /// Who writes: 1..=200 visible characters. The same holder takes its own lease over at once.
    #[cfg_attr(feature = "panel", schema(min_length = 1, max_length = 200))]
    pub holder: String,
    /// Life without renewal in seconds, 1..=60.
    #[cfg_attr(feature = "panel", schema(minimum = 1, maximum = 60))]
    pub ttl_seconds: u64,
}

/// Body of `PUT /v1/tenants/{tenant}/lease`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LeaseRenew {
    /// The token given when it was taken.
    pub fencing_token: u64,
    /// Life from now in seconds, 1..=60.
    #[cfg_attr(feature = "panel", schema(minimum = 1, maximum = 60))]
    pub ttl_seconds: u64,
}

/// A lease that was taken or renewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct Lease {
    /// Send it as `Fencing-Token` with every write. Grows with every lease of the tenant.
    pub fencing_token: u64,
    /// When it ends without renewal, in real time.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub expires_at: Timestamp,
    /// The tenant's change mark when the lease was taken or renewed.
    pub change_mark: u64,
}
