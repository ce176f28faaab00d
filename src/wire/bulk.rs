//! Users in bulk: the panel's import dialogue, in one transaction.

use super::user::{Kind, Status};
use serde::{Deserialize, Serialize};

/// What happens to users that the list does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum BulkMode {
    /// They stay. Aliases of a row are added to those that the user has.
    Add,
    /// Those of origin manual, import, smtp and discovery are deleted; directory, office365 and unknown are spared.
    /// Aliases of a row are the whole set.
    AddDeleteOld,
}

/// One row: the address, and what it carries. What it does not carry stays as it is, or takes its default on creation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkUser {
    /// An address in the domain.
    #[cfg_attr(feature = "panel", schema(max_length = 254, example = "kim@acme.example"))]
    pub address: String,
    /// First name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(max_length = 200, nullable = false))]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(max_length = 200, nullable = false))]
    pub last_name: Option<String>,
    /// Aliases: see [`BulkMode`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(max_items = 500, nullable = false, example = json!(["k@acme.example"])))]
    pub aliases: Option<Vec<String>>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub kind: Option<Kind>,
    /// Whether it may sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub status: Option<Status>,
}

/// Body of `POST …/users/bulk`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkRequest {
    /// What happens to the others.
    pub mode: BulkMode,
    /// The rows, 1..=100,000. Never empty.
    #[cfg_attr(feature = "panel", schema(min_items = 1, max_items = 100_000))]
    pub users: Vec<BulkUser>,
    /// Refuse with 412 unless the list of users has this fingerprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub expected_fingerprint: Option<String>,
}

/// Why a row was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum IgnoreReason {
    /// The address or an alias is not an address.
    InvalidAddress,
    /// A name is too long or has characters that cannot be seen.
    InvalidName,
    /// The address is not in the domain.
    OutsideDomain,
    /// An alias is in no domain of the tenant.
    AliasOutsideTenant,
    /// More than 500 aliases.
    TooManyAliases,
    /// An earlier row has the same address.
    DuplicateRow,
    /// The address or an alias belongs to another user, or to an earlier row.
    NameTaken,
    /// The user belongs to a directory, to Office 365, or its origin is unknown.
    DirectoryOwned,
}

/// A row that was not taken. Its user, if there is one, stays as it is and is not deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct Ignored {
    /// As it was sent.
    pub address: String,
    /// Why.
    pub reason: IgnoreReason,
}

/// Answer of a bulk call: `accepted` + length of `ignored` = rows sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct BulkAnswer {
    /// Rows taken, also those that changed nothing.
    pub accepted: u64,
    /// Users created.
    pub created: u64,
    /// Users changed.
    pub updated: u64,
    /// Users deleted.
    pub deleted: u64,
    /// Rows not taken, in the order sent.
    pub ignored: Vec<Ignored>,
}
