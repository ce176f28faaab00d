//! Refusals as RFC 9457 problem details with a stable code.

use crate::base::Timestamp;
use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal, $title:literal;)*) => {
        /// Why a request was refused. Stable; a word that a newer panel may send is read as `other`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
            /// Not known to this version.
            #[serde(other)]
            Other,
        }

        impl Code {
            /// Every code but `other`.
            pub const ALL: &[Code] = &[$(Code::$name),*];
            /// As it is written.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)* Code::Other => "other" }
            }
            /// The HTTP status that goes with it.
            #[must_use]
            pub fn status(self) -> u16 {
                match self { $(Code::$name => $status,)* Code::Other => 500 }
            }
            /// A short title, the same for every occurrence.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* Code::Other => "Other" }
            }
        }
    };
}

codes! {
    /// Not HTTP or not JSON, or a header that cannot be read.
    BadRequest = "bad_request", 400, "The request cannot be read";
    /// The cursor is not one of this list.
    BadCursor = "bad_cursor", 400, "The cursor is not one of this list";
    /// No token, or one that is not known or has ended.
    Unauthorized = "unauthorized", 401, "A valid bearer token is required";
    /// The token lacks the scope or may not see the tenant.
    Forbidden = "forbidden", 403, "The token does not allow this";
    /// The panel was started read-only.
    ReadOnly = "read_only", 403, "The panel is read-only";
    /// No such path or object.
    NotFound = "not_found", 404, "Not found";
    /// The path does not know the method.
    MethodNotAllowed = "method_not_allowed", 405, "The method is not allowed here";
    /// A name or address that somebody else has.
    NameTaken = "name_taken", 409, "The name is taken";
    /// A domain or alias domain that stands elsewhere on the panel.
    DomainTaken = "domain_taken", 409, "The domain is taken";
    /// The object still holds others.
    NotEmpty = "not_empty", 409, "The object is not empty";
    /// An alias is still used.
    InUse = "in_use", 409, "The name is in use";
    /// The user does not have the alias that was to move.
    NotHeld = "not_held", 409, "The address is not held by that user";
    /// The login was switched off with its sending domain, and nothing switches it on again.
    Disabled = "disabled", 409, "The login is switched off for good";
    /// The panel has nobody to ask for DNS records.
    NoResolver = "no_resolver", 409, "The panel has no resolver";
    /// A directory owns the user.
    DirectoryOwned = "directory_owned", 409, "The user is owned by a directory";
    /// Continuity is switched on without a term.
    NotBought = "not_bought", 409, "Continuity has no term";
    /// Mail of the domain is being taken over: its users stay, and continuity stays on.
    FailingOver = "failing_over", 409, "The domain fails over";
    /// The tenant is frozen: its users stay.
    Frozen = "frozen", 409, "The tenant is frozen";
    /// A lease is held and the request does not carry its fencing token.
    Fenced = "fenced", 409, "Another writer holds the tenant";
    /// The domain has an import job that does not act yet; see `retry_at`.
    ImportRunning = "import_running", 409, "Another import job of the domain is under way";
    /// `If-Match` does not match.
    VersionMismatch = "version_mismatch", 412, "The object has changed";
    /// `expected_fingerprint` does not match.
    FingerprintMismatch = "fingerprint_mismatch", 412, "The list of users has changed";
    /// The body is too large.
    TooLarge = "too_large", 413, "The body is too large";
    /// The body is not `application/json`.
    NotJson = "not_json", 415, "The body must be application/json";
    /// A value is refused.
    Invalid = "invalid", 422, "A value is not valid";
    /// A password does not fulfil the tenant's policy; the detail names what it lacks.
    PasswordPolicy = "password_policy", 422, "The password does not fulfil the policy";
    /// The `Idempotency-Key` was used for another request.
    KeyReused = "key_reused", 422, "The idempotency key was used for another request";
    /// Another holder has the lease; see `expires_at`.
    LeaseHeld = "lease_held", 423, "Another holder has the lease";
    /// A defect of the panel.
    Internal = "internal", 500, "Internal error";
    /// The database is busy, or the answer took too long.
    Busy = "busy", 503, "The panel is busy";
}

/// The body of every refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `urn:mailwright:problem:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short, the same for every occurrence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to branch on.
    pub code: Code,
    /// What is wrong here, for people.
    pub detail: String,
    /// `lease_held` only: when that lease ends without renewal, in real time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = DateTime, nullable = false))]
    pub expires_at: Option<Timestamp>,
    /// `import_running` only: when the job under way will have ended at the latest, by the panel's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = DateTime, nullable = false))]
    pub retry_at: Option<Timestamp>,
}

impl Problem {
    /// A refusal with its code and what is wrong.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:mailwright:problem:{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            detail: detail.into(),
            expires_at: None,
            retry_at: None,
        }
    }
}
