//! Users of a domain.

use super::access::{Access, PasswordSet};
use crate::base::Timestamp;
use serde::{Deserialize, Serialize};

/// What a user is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A person's mailbox; the only billable kind.
    #[default]
    Mailbox,
    /// A mailbox of several people.
    Shared,
    /// A room or device.
    Resource,
    /// A distribution list.
    List,
    /// A forwarding address.
    Forward,
}

/// Whether a user may sign in. Mail flows in both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// May sign in.
    #[default]
    Active,
    /// May not sign in.
    Inactive,
}

/// How a user came to be. A word that a newer panel may send is read as `unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Created one by one.
    Manual,
    /// Created by a bulk call.
    Import,
    /// Found by SMTP callout.
    Smtp,
    /// Brought by a directory; the directory owns it.
    Directory,
    /// Brought by Office 365, which owns it.
    Office365,
    /// Found by discovery.
    Discovery,
    /// The panel does not know.
    #[serde(other)]
    Unknown,
}

/// A user as the panel shows it, in lists and alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct User {
    /// Minted by the panel, never reused: the incarnation (S4.2).
    pub id: String,
    /// Canonical address, unique among addresses and aliases of the tenant.
    pub address: String,
    /// First name; empty if there is none.
    pub first_name: String,
    /// Last name; empty if there is none.
    pub last_name: String,
    /// Canonical addresses, sorted.
    pub aliases: Vec<String>,
    /// What it is.
    pub kind: Kind,
    /// Whether it may sign in.
    pub status: Status,
    /// How it came to be.
    pub origin: Origin,
    /// When it was created, by the panel's clock.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// Whether it is charged for: kind mailbox only.
    pub billable: bool,
    /// Mails to its address and aliases in the last 30 days. Not covered by the `ETag`.
    pub mails_30d: u64,
    /// The last of them. Not covered by the `ETag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = DateTime, nullable = false))]
    pub last_mail_at: Option<Timestamp>,
    /// How it signs in; absent where there is nothing to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub access: Option<Access>,
    /// Counts the changes of this object; `ETag` is `"v<version>"`.
    pub version: u64,
}

/// Body of `POST …/users`. The new user's origin is `manual`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserCreate {
    /// An address in the domain.
    #[cfg_attr(feature = "panel", schema(min_length = 3, max_length = 254, example = "jane@acme.example"))]
    pub address: String,
    /// First name; at most 200 characters.
    #[serde(default)]
    #[cfg_attr(feature = "panel", schema(max_length = 200))]
    pub first_name: String,
    /// Last name; at most 200 characters.
    #[serde(default)]
    #[cfg_attr(feature = "panel", schema(max_length = 200))]
    pub last_name: String,
    /// A set of addresses in any domain or alias domain of the tenant.
    #[serde(default)]
    #[cfg_attr(feature = "panel", schema(max_items = 500, example = json!(["j.doe@acme.example"])))]
    pub aliases: Vec<String>,
    /// What it is.
    #[serde(default)]
    pub kind: Kind,
    /// Whether it may sign in.
    #[serde(default)]
    pub status: Status,
    /// Its password; without one nobody can sign in as the user yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub password: Option<PasswordSet>,
    /// Whether a request-password mail goes to the user at once. Not together with a password.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invite: bool,
}

/// Body of `PATCH …/users/{user}`: only the fields given are changed; `aliases` is the whole set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// First name; `""` clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(max_length = 200, nullable = false))]
    pub first_name: Option<String>,
    /// Last name; `""` clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(max_length = 200, nullable = false))]
    pub last_name: Option<String>,
    /// The whole set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(max_items = 500, nullable = false, example = json!(["info@acme.example"])))]
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

/// Body of `POST …/users/{user}/rename`: the id stays, so history and settings stay (S4.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserRename {
    /// The new address, in the same domain; may be an alias of the user until now.
    #[cfg_attr(feature = "panel", schema(min_length = 3, max_length = 254, example = "jane.doe@acme.example"))]
    pub address: String,
    /// Whether the old address stays as an alias.
    pub keep_old: bool,
}

/// Answer of `GET …/users/fingerprint`: SHA-256 over id and version of each user of the domain, sorted by address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct Fingerprint {
    /// 64 hex digits.
    pub fingerprint: String,
    /// How many users it covers.
    pub total: u64,
}
