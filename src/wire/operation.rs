//! The stored outcome of a call that carried an `Idempotency-Key`: proof that it took effect (S11.4).

use crate::base::Timestamp;
use serde::{Deserialize, Serialize};

/// Answer of `GET /v1/operations/{key}`. There is one exactly if the call took effect in the last 24 hours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct Operation {
    /// The key.
    pub key: String,
    /// HTTP method of the call.
    pub method: String,
    /// Path of the call.
    pub path: String,
    /// HTTP status of its answer.
    pub status: u16,
    /// When it took effect, by the panel's clock.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// Body of its answer; absent where it had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<Object>, nullable = false))]
    pub body: Option<serde_json::Value>,
}
