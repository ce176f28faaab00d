//! Continuity of a domain: mail is taken over for all its users while the destination answers 4xx.

use crate::base::Timestamp;
use serde::{Deserialize, Serialize};

/// For whom the service is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ContinuityScope {
    /// All users of the domain; single users cannot be booked.
    AllUsers,
}

/// A term that was bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct Term {
    /// Its length in months.
    pub months: u32,
    /// Its first day, `YYYY-MM-DD`.
    pub from: String,
    /// The first day after it.
    pub until: String,
}

/// Body of `POST …/continuity/terms`: buys a term. The same term twice is one purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TermBuy {
    /// 12 to 120 months.
    #[cfg_attr(feature = "panel", schema(minimum = 12, maximum = 120))]
    pub months: u32,
    /// The first day, `YYYY-MM-DD`; at most 14 days ago.
    #[cfg_attr(feature = "panel", schema(example = "2026-12-01"))]
    pub from: String,
}

/// Whether the users of the domain could work while the service stands in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct Readiness {
    /// Users of the domain, without distribution lists and forwards: nobody signs in as these.
    pub users: u64,
    /// Of these, active and with a password that the panel knows.
    pub ready: u64,
    /// Not active.
    pub inactive: u64,
    /// Active, without a password: never set, and no sign-in with that of a directory.
    pub no_password: u64,
}

/// The destination, and whether the service stands in for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct FailOver {
    /// Since when the destination answers 4xx; absent while it works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = DateTime, nullable = false))]
    pub failing_since: Option<Timestamp>,
    /// Whether mail is taken over in this failure: only where the service acted already when it began.
    pub taking_over: bool,
}

/// Mails that the service keeps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct ContinuityMails {
    /// Days over which mails are archived.
    pub archive_days: u32,
    /// Mails of these days, in and out.
    pub archived: u64,
    /// Mails that wait until the destination is back.
    pub pending: u64,
    /// Mails that were delivered to the destination afterwards.
    pub redelivered: u64,
    /// Mails that were deleted in webmail: they are never redelivered.
    pub deleted: u64,
}

/// Continuity of a domain as the panel shows it. Each domain has it; it is off and not bought at first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct Continuity {
    /// Id of the domain.
    pub domain: String,
    /// Whether it is switched on.
    pub enabled: bool,
    /// For whom.
    pub scope: ContinuityScope,
    /// Whether outgoing mail goes by the customer's own server during a failure.
    pub outgoing_via_own_server: bool,
    /// The term that was bought last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub term: Option<Term>,
    /// Whether it acts now: switched on, within a term.
    pub acts: bool,
    /// Its users. Not covered by the `ETag`.
    pub readiness: Readiness,
    /// The destination. Not covered by the `ETag`.
    pub fail_over: FailOver,
    /// Mails. Not covered by the `ETag`.
    pub mails: ContinuityMails,
    /// Counts the changes; `ETag` is `"v<version>"`.
    pub version: u64,
}

/// Body of `PATCH …/continuity`: only the fields given are changed. There is no key for single users.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ContinuityPatch {
    /// On or off; on needs a term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub enabled: Option<bool>,
    /// Outgoing mail by the own server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub outgoing_via_own_server: Option<bool>,
}

/// Body of `POST /v1/test/destination`: what the destination of a domain answers from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DestinationAnswers {
    /// The domain's name.
    #[cfg_attr(feature = "panel", schema(example = "acme.example"))]
    pub domain: String,
    /// Whether it answers with a temporary error (4xx); `false`: it works again.
    pub temporary_error: bool,
}

/// What happens to a mail at `POST /v1/test/continuity-mail`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MailEvent {
    /// A mail to the address comes in.
    Received,
    /// The user sends one from the webmail.
    Sent,
    /// The user deletes the newest mail that waits for redelivery.
    DeletedInWebmail,
    /// The newest archived mail is released from the archive.
    ReleasedFromArchive,
}

/// Body of `POST /v1/test/continuity-mail`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ContinuityMail {
    /// The user's address, or an alias.
    #[cfg_attr(feature = "panel", schema(example = "jane@acme.example"))]
    pub address: String,
    /// What happens.
    pub event: MailEvent,
}

/// Answer of `POST /v1/test/continuity-mail`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct ContinuityMailDone {
    /// Whether the service did anything with it.
    pub taken: bool,
    /// What became of it: `archived`, `pending`, `deleted`, `destination`, `not_taken`.
    pub fate: String,
}
