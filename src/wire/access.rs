//! How a user signs in: what the panel says of it, and the calls that change it. A password only ever goes in.

use crate::base::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// What the panel knows of a user's way in. Absent on a user of whom there is nothing to say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct Access {
    /// Whether a password is stored, so that the user can sign in without a directory.
    pub has_password: bool,
    /// When a password was set through the panel the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = DateTime, nullable = false))]
    pub password_changed_at: Option<Timestamp>,
    /// The label that came with the password that was set by a call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub password_label: Option<String>,
    /// When the user signed in the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = DateTime, nullable = false))]
    pub signed_in_at: Option<Timestamp>,
    /// When the last request-password mail was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = DateTime, nullable = false))]
    pub invited_at: Option<Timestamp>,
    /// Request-password mails sent to the user so far.
    pub mails_sent: u64,
}

/// A password in clear, on its way in. Its `Debug` shows nothing, and a wrong type in its place is not repeated.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Clear(pub String);

impl fmt::Debug for Clear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clear([redacted])")
    }
}

impl Drop for Clear {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

impl<'de> Deserialize<'de> for Clear {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(d)? {
            serde_json::Value::String(text) => Ok(Self(text)),
            _ => Err(serde::de::Error::custom("a password is a text")),
        }
    }
}

/// A password with its label: in the body of `POST …/users`, and the body of `PUT …/users/{user}/password`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordSet {
    /// The password; the tenant's policy is asked. At most 256 characters.
    #[cfg_attr(feature = "panel", schema(value_type = String, max_length = 256, example = "Correct-Horse-7-Battery"))]
    pub password: Clear,
    /// A text that the panel keeps beside it and shows, so that a caller knows later which one it set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(min_length = 1, max_length = 100, nullable = false))]
    pub label: Option<String>,
}

/// Body of `POST /v1/test/sign-in`: somebody signs in at the webmail or the control panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The user's address.
    pub address: String,
    /// What is typed.
    #[cfg_attr(feature = "panel", schema(value_type = String, max_length = 256))]
    pub password: Clear,
    /// For a user of a directory: the directory itself has just said that the password is right. The panel remembers it,
    /// so that the user can sign in while the directory cannot be reached.
    #[serde(default)]
    pub directory_agrees: bool,
}

/// Answer of `POST /v1/test/sign-in`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// Whether the user is in.
    pub signed_in: bool,
    /// Why not: `no_such_user`, `inactive`, `no_password`, `wrong_password`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub why_not: Option<String>,
}

/// Body of `POST /v1/test/follow-invite`: a user follows the link of the request-password mail, once to confirm the
/// registration, and then with a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FollowInvite {
    /// The user's address.
    pub address: String,
    /// The password that the user chooses: step two. Absent: step one, the confirmation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, max_length = 256, nullable = false))]
    pub password: Option<Clear>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let set: PasswordSet = serde_json::from_str(r#"{"password":"hunter2"}"#).unwrap();
        assert_eq!(format!("{set:?}"), "PasswordSet { password: Clear([redacted]), label: None }");
        let error = serde_json::from_str::<PasswordSet>(r#"{"password":81726354}"#).unwrap_err().to_string();
        assert!(!error.contains("81726354"), "{error}");
    }
}
