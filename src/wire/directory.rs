//! Directories that a domain's users come from.

use super::page::Page;
use crate::base::Timestamp;
use serde::{Deserialize, Serialize};

/// What kind of directory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DirectorySource {
    /// An LDAP server, such as a domain controller.
    #[default]
    Ldap,
    /// Microsoft Entra ID; a person consents to it.
    Entra,
}

/// How the connection is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum DirectoryTls {
    /// Not at all.
    #[default]
    None,
    /// StartTLS on port 389.
    Starttls,
    /// TLS from the start on port 636.
    Ldaps,
}

/// How often the directory is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub enum DirectorySchedule {
    /// Each hour.
    #[default]
    #[serde(rename = "60-minutes")]
    Minutes60,
    /// Each third hour of the day.
    #[serde(rename = "3-hours")]
    Hours3,
    /// At 0, 8 and 16 o'clock.
    #[serde(rename = "3-a-day")]
    ThreeADay,
}

/// A directory as the panel shows it. The bind password is kept and never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct Directory {
    /// Minted by the panel, never reused: the incarnation (S4.2).
    pub id: String,
    /// Unique in its domain.
    pub name: String,
    /// Whether it is read.
    pub enabled: bool,
    /// What kind it is.
    pub source: DirectorySource,
    /// Host name or IP address; empty for `entra`.
    pub host: String,
    /// 389 or 636.
    pub port: u16,
    /// How the connection is protected.
    pub tls: DirectoryTls,
    /// Who binds.
    pub bind_dn: String,
    /// Whether a bind password is kept.
    pub bind_password_set: bool,
    /// What the writer of the password called it; never the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub bind_password_label: Option<String>,
    /// Where the search starts.
    pub search_base: String,
    /// Which entries are users (RFC 4515); empty: those of class `user` with a mail address.
    pub filter: String,
    /// Fewest users that an answer must hold; 0: four fifths of those that it has brought.
    pub min_users: u32,
    /// How often it is read.
    pub schedule: DirectorySchedule,
    /// `entra` only: whether an administrator has consented.
    pub consent: bool,
    /// When it was created, by the panel's clock.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// What became of it. Not covered by the `ETag`.
    pub status: DirectoryStatus,
    /// Counts the changes of this object; `ETag` is `"v<version>"`.
    pub version: u64,
}

/// What became of a directory's synchronisations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct DirectoryStatus {
    /// Users that it has brought and keeps now.
    pub users: u64,
    /// When it is read next; absent while it is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = DateTime, nullable = false))]
    pub next_run_at: Option<Timestamp>,
    /// When it was read last, well or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = DateTime, nullable = false))]
    pub last_run_at: Option<Timestamp>,
    /// When it was last read to the end and taken over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = DateTime, nullable = false))]
    pub last_success_at: Option<Timestamp>,
    /// Users of that answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub last_count: Option<u64>,
    /// Why the last reading was not taken over, in the words of whoever refused; absent after a success.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub last_error: Option<String>,
    /// What the last success left out, in words; absent where it took everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub last_notes: Option<String>,
}

/// Body of `POST …/directories`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DirectoryCreate {
    /// Unique in its domain.
    #[cfg_attr(feature = "panel", schema(min_length = 1, max_length = 100, example = "default"))]
    pub name: String,
    /// On where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub enabled: Option<bool>,
    /// `ldap` where absent.
    #[serde(default)]
    pub source: DirectorySource,
    /// Everything else, as in a change; what is absent takes its default.
    #[serde(default)]
    pub settings: DirectorySettings,
}

/// Body of `PATCH …/directories/{directory}`: only the fields given are changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DirectoryPatch {
    /// On or off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub enabled: Option<bool>,
    /// The kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub source: Option<DirectorySource>,
    /// Everything else.
    #[serde(default)]
    pub settings: DirectorySettings,
}

/// Where a directory is, who asks it and what is asked. Absent is unchanged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DirectorySettings {
    /// Host name; an IP address only without TLS. Another host needs the password again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(max_length = 253, nullable = false, example = "127.0.0.1"))]
    pub host: Option<String>,
    /// 389, or 636 for LDAPS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false, example = 389))]
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub tls: Option<DirectoryTls>,
    /// Who binds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(max_length = 1000, nullable = false, example = "cn=sync,dc=acme,dc=example"))]
    pub bind_dn: Option<String>,
    /// The password to bind with; kept, never shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, min_length = 1, max_length = 1000, nullable = false))]
    pub bind_password: Option<BindPassword>,
    /// What to call that password, so that a writer can tell which it is; never the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(min_length = 1, max_length = 100, nullable = false))]
    pub bind_password_label: Option<String>,
    /// Where the search starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(max_length = 1000, nullable = false, example = "ou=people,dc=acme,dc=example"))]
    pub search_base: Option<String>,
    /// Which entries are users (RFC 4515); empty for the panel's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(max_length = 4000, nullable = false, example = "(objectClass=user)"))]
    pub filter: Option<String>,
    /// Fewest users that an answer must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(maximum = 100_000_000, nullable = false))]
    pub min_users: Option<u32>,
    /// How often it is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub schedule: Option<DirectorySchedule>,
}

/// A password on its way to the panel.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BindPassword(pub String);

impl std::fmt::Debug for BindPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BindPassword([redacted])")
    }
}

/// What came of a connection test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DirectoryOutcome {
    /// The directory answered to the end.
    Answered,
    /// It could not be asked, or did not answer to the end.
    Failed,
    /// It was not asked: the password that the panel keeps is not for this host and name.
    NeedsPassword,
    /// It was not asked: nobody has consented yet.
    NeedsConsent,
    /// Not known to this version.
    #[serde(other)]
    Other,
}

/// Answer of `POST …/directories/{directory}/test`. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct DirectoryTested {
    /// What came of it.
    pub outcome: DirectoryOutcome,
    /// Users of this domain that the answer holds.
    pub count: u64,
    /// Users that the directory keeps now and that the answer does not hold.
    pub gone: u64,
    /// Users that the directory keeps now.
    pub users: u64,
    /// Fewest users that a synchronisation with these settings takes over.
    pub floor: u64,
    /// Addresses that users of this directory have now and that nobody would have after a synchronisation, in pages, by
    /// address; absent where the directory did not answer to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub stopping: Option<Page<StoppingAddress>>,
    /// What was said, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub error: Option<String>,
}

/// An address that would stop with a synchronisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct StoppingAddress {
    /// The address, or an alias.
    pub address: String,
    /// Whose it is now: the address of a user of this directory.
    pub user: String,
}

/// Body of `POST /v1/test/directories/{directory}/consent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DirectoryConsent {
    /// Given or taken back.
    pub consent: bool,
}
