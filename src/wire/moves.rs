//! The atomic move of an alias between two users (S4.5).

use super::user::User;
use serde::{Deserialize, Serialize};

/// Body of `POST /v1/tenants/{tenant}/moves`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AliasMove {
    /// The alias.
    #[cfg_attr(feature = "panel", schema(min_length = 3, max_length = 254, example = "info@acme.example"))]
    pub address: String,
    /// Id of the user that has it.
    pub from_user: String,
    /// Id of the user that gets it.
    pub to_user: String,
}

/// Both users after the move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct AliasMoved {
    /// The alias.
    pub address: String,
    /// The user that had it.
    pub from: User,
    /// The user that has it.
    pub to: User,
}
