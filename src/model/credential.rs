//! One-time credentials and the places where they are kept (S10).
//!
//! A [`Credential`] is in hand between the panel's answer and its sink, and nowhere else: it cannot be serialised, and
//! printing it shows the user name only.

use crate::base::{Secret, SecretRef};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A user name and its password, shown once.
#[derive(Debug, Clone)]
pub struct Credential {
    /// The minted user name.
    pub username: String,
    /// The password.
    pub password: Secret,
}

impl PartialEq for Credential {
    fn eq(&self, other: &Self) -> bool {
        self.username == other.username && self.password.expose() == other.password.expose()
    }
}
impl Eq for Credential {}

/// Where a credential is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Sink {
    /// The place; a reference, never a secret.
    #[schemars(with = "serde_json::Value")]
    pub place: SecretRef,
    /// Whether it outlives the machine that writes it: only such sinks are filled unattended (S10.3).
    pub durable: bool,
}

/// What is known of a sink before anything is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SinkState {
    /// Nothing is in it.
    Empty,
    /// It holds the credential of this user name.
    Holds {
        /// The user name.
        username: String,
    },
    /// It cannot be used.
    Refused {
        /// Why, with the remedy.
        text: String,
    },
}

/// When a login last signed in, as the panel tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastConnection {
    /// The panel does not tell: never taken for "never".
    Unknown,
    /// Never.
    Never,
    /// Then.
    At(crate::base::Timestamp),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_shows_no_password() {
        let credential = Credential { username: "smtp-x".into(), password: Secret::new("hunter2".into()) };
        let text = format!("{credential:?}");
        assert!(text.contains("smtp-x") && !text.contains("hunter2"), "{text}");
    }
}
