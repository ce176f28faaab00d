//! What `GET /v1/panel` says about the panel itself.

use crate::base::Timestamp;
use serde::{Deserialize, Serialize};

/// The panel instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct PanelInfo {
    /// The panel's origin: minted once into its database, so that a copied address never stands for another panel.
    pub id: String,
    /// Version of the panel's software.
    pub version: String,
    /// The panel's clock.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub now: Timestamp,
    /// The zone of the panel's day (IANA name): the nightly creation runs at 23:00 there. UTC where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false, example = "Europe/Berlin"))]
    pub time_zone: Option<String>,
    /// What this instance offers, for example `bulk`, `lease`, `read-only`, `test-endpoints`; sorted.
    pub features: Vec<String>,
}
