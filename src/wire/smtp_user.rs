//! Logins for outbound relay: user name and password are minted by the panel, the password is shown once.

use crate::base::Timestamp;
use serde::{Deserialize, Serialize};

/// An SMTP user as the panel shows it: never its password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct SmtpUser {
    /// Minted by the panel, never reused: the incarnation (S4.2).
    pub id: String,
    /// Minted by the panel, never given to another login, not even after this one is deleted.
    pub username: String,
    /// The name of the sending domain that it may use.
    pub sending_domain: String,
    /// For people; need not be unique.
    pub label: String,
    /// What the client called the present password: `initial`, a rotation's name, `blocked:<since>`.
    pub token: String,
    /// What the client that made it called the call that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub operation_tag: Option<String>,
    /// Whether it may sign in. Switched off for good with its sending domain.
    pub enabled: bool,
    /// Whether it never signed in successfully.
    pub never_connected: bool,
    /// Its last successful sign-in, by the panel's clock. Not covered by the `ETag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = DateTime, nullable = false))]
    pub last_connection_at: Option<Timestamp>,
    /// When the present password was minted, by the panel's clock.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub password_set_at: Timestamp,
    /// Counts the changes of this object; `ETag` is `"v<version>"`.
    pub version: u64,
    /// When it was created, by the panel's clock.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
}

/// Body of `POST /v1/tenants/{tenant}/smtp-users`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SmtpUserCreate {
    /// The name of one of the tenant's sending domains.
    #[cfg_attr(feature = "panel", schema(min_length = 1, max_length = 253, example = "news.acme.example"))]
    pub sending_domain: String,
    /// For people; 1..=100 visible characters.
    #[cfg_attr(feature = "panel", schema(min_length = 1, max_length = 100, example = "crm"))]
    pub label: String,
    /// What the client calls this password; `initial` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(min_length = 1, max_length = 100, nullable = false, example = "initial"))]
    pub token: Option<String>,
    /// By which the client knows again what it made; 1..=100 visible characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(min_length = 1, max_length = 100, nullable = false, example = "3f2a"))]
    pub operation_tag: Option<String>,
}

/// Body of `PATCH …/smtp-users/{user}`: only the fields given are changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SmtpUserPatch {
    /// The new label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(min_length = 1, max_length = 100, nullable = false, example = "crm"))]
    pub label: Option<String>,
}

/// Body of `POST …/smtp-users/{user}/reset`: the old password ends at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SmtpUserReset {
    /// What the client calls the new password.
    #[cfg_attr(feature = "panel", schema(min_length = 1, max_length = 100, example = "2026-12"))]
    pub token: String,
    /// Do not show the new password to anybody: nobody can sign in any more. False where absent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub discard: bool,
}

/// Answer of `POST …/smtp-users` and `…/reset`: the only time that the password is shown. A replayed answer does not
/// show it again. Deliberately without `Debug`, so that it is not printed by accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct SmtpUserMinted {
    /// The user without its password.
    pub smtp_user: SmtpUser,
    /// The password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub password: Option<String>,
}

/// Body of `POST /v1/test/smtp-login`. Deliberately without `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SmtpLogin {
    /// The user name.
    #[cfg_attr(feature = "panel", schema(max_length = 200))]
    pub username: String,
    /// The password.
    #[cfg_attr(feature = "panel", schema(max_length = 200))]
    pub password: String,
    /// Only ask: it does not count as a connection. False where absent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ask_only: bool,
}

/// Answer of `POST /v1/test/smtp-login`: whether the login would be let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct SmtpLoginAnswer {
    /// Let in.
    pub accepted: bool,
    /// Let in, and its sending domain is verified: what it sends is taken.
    pub may_send: bool,
    /// As the relay would answer: `235`, or `535` with the reason.
    pub answer: String,
}
