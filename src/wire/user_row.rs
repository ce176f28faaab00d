//! A user borrowed from the text of a page: the same object as [`super::User`], for lists of a million.
//!
//! Texts without escapes are slices of the page; the rare others are owned. Deliberately absent: what a reader of a
//! whole list does not need to keep is still decoded here, because a wrong type in it makes the page suspect (S1.3).

use super::access::Access;
use super::user::{Kind, Origin, Status};
use crate::base::Timestamp;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A text of the page, borrowed where it has no escapes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

impl std::ops::Deref for Text<'_> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

/// See [`super::User`] for the meaning of each field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRow<'a> {
    /// The incarnation.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// Canonical address.
    #[serde(borrow)]
    pub address: Text<'a>,
    /// First name, may be empty.
    #[serde(borrow)]
    pub first_name: Text<'a>,
    /// Last name, may be empty.
    #[serde(borrow)]
    pub last_name: Text<'a>,
    /// Canonical addresses, sorted.
    #[serde(borrow)]
    pub aliases: Vec<Text<'a>>,
    /// What it is.
    pub kind: Kind,
    /// Whether it may sign in.
    pub status: Status,
    /// How it came to be.
    pub origin: Origin,
    /// When it was created.
    pub created_at: Timestamp,
    /// Whether it is charged for.
    pub billable: bool,
    /// Mails in the last 30 days.
    pub mails_30d: u64,
    /// The last of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_mail_at: Option<Timestamp>,
    /// How it signs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<Box<Access>>,
    /// Counts the changes.
    pub version: u64,
}
