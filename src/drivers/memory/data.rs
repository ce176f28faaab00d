//! What the panel holds: plain, comparable data.

use crate::base::Timestamp;
use crate::drivers::memory::imports::MemoryJob;
use crate::model::user::{Origin, UserKind, UserStatus};
use crate::model::{Field, Value};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A tenant with all that it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryTenant {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Grows with every effective write.
    pub change_mark: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whether nobody may be deleted.
    #[serde(default)]
    pub frozen: bool,
    /// Its password policy.
    pub policy: MemoryPolicy,
    /// By name.
    pub domains: BTreeMap<String, MemoryDomain>,
    /// By address.
    pub users: BTreeMap<String, MemoryUser>,
    /// By name.
    #[serde(default)]
    pub sending_domains: BTreeMap<String, MemorySendingDomain>,
    /// By user name.
    #[serde(default)]
    pub smtp_users: BTreeMap<String, MemorySmtpUser>,
    /// Mails of the last 30 days by recipient: how many, and the last.
    pub mails: BTreeMap<String, (u64, Timestamp)>,
    /// Import jobs, in the order in which they were taken.
    pub jobs: Vec<MemoryJob>,
}

/// A password policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryPolicy {
    /// Counts its changes.
    pub version: u64,
    /// All its attributes.
    pub attrs: BTreeMap<Field, Value>,
}

impl Default for MemoryPolicy {
    fn default() -> Self {
        let off = |field| (field, Value::Switch(false));
        let mut attrs: BTreeMap<Field, Value> =
            [Field::PolicyUpper, Field::PolicyLower, Field::PolicyDigit, Field::PolicySpecial, Field::PolicyGeneratedSpecial]
                .into_iter()
                .map(off)
                .collect();
        attrs.insert(Field::PolicyMinLength, Value::Number(8));
        attrs.insert(Field::PolicyGeneratedLength, Value::Number(12));
        Self { version: 1, attrs }
    }
}

/// A domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryDomain {
    /// Its id, never used again.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Counts its changes.
    pub version: u64,
    /// All its attributes.
    pub attrs: BTreeMap<Field, Value>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Its directories, by the name of their keys.
    pub directories: BTreeMap<String, MemoryDirectory>,
    /// Its discovery.
    pub discovery: MemoryDiscovery,
    /// Its continuity.
    pub continuity: MemoryContinuity,
    /// Whether its destination takes every address; `None`: it does not answer.
    #[serde(default)]
    pub takes_all: Option<bool>,
}

/// Continuity of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MemoryContinuity {
    /// Counts its changes.
    pub version: u64,
    /// All its attributes that were ever set.
    pub attrs: BTreeMap<Field, Value>,
    /// Whether mail is being taken over.
    pub taking_over: bool,
}

/// A directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryDirectory {
    /// Its id, never used again.
    pub id: String,
    /// The name of its key: the domain's, or `domain/label`.
    pub name: String,
    /// Counts its changes.
    pub version: u64,
    /// All its attributes; the bind password as token, empty where there is none.
    pub attrs: BTreeMap<Field, Value>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Users that it has brought.
    pub users: u64,
    /// When an answer was last taken over.
    pub synced_at: Option<Timestamp>,
    /// Whether an administrator has consented; asked for where the source is `entra`.
    pub consent: bool,
}

/// A domain's discovery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryDiscovery {
    /// Counts its changes.
    pub version: u64,
    /// On or off, and until when.
    pub attrs: BTreeMap<Field, Value>,
}

impl MemoryDomain {
    /// A domain without parts.
    #[must_use]
    pub fn new(id: String, name: String, attrs: BTreeMap<Field, Value>, created_at: Timestamp) -> Self {
        let (discovery, continuity) = (MemoryDiscovery::default(), MemoryContinuity::default());
        Self { id, name, version: 1, attrs, created_at, directories: BTreeMap::new(), discovery, continuity, takes_all: None }
    }
    /// Its alias domains.
    #[must_use]
    pub fn alias_domains(&self) -> BTreeSet<String> {
        match self.attrs.get(&Field::DomainAliasDomains) {
            Some(Value::Set(set)) => set.clone(),
            Some(Value::Text(_) | Value::Switch(_) | Value::Number(_) | Value::List(_) | Value::Token(_)) | None => BTreeSet::new(),
        }
    }
}

/// A sending domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemorySendingDomain {
    /// Its id, never used again.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its records: (name, target).
    pub cnames: Vec<(String, String)>,
    /// Whether they were found.
    pub verified: bool,
    /// Counts its changes.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An SMTP user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemorySmtpUser {
    /// Its id, never used again.
    pub id: String,
    /// Its user name, never used again.
    pub username: String,
    /// The sending domain by name.
    pub sending_domain: String,
    /// Its label.
    pub label: String,
    /// Which password it is by now; counted.
    pub password: u64,
    /// What the present password is called.
    pub token: String,
    /// By what its maker knows it again.
    pub operation_tag: Option<String>,
    /// Whether it may sign in.
    pub enabled: bool,
    /// When it last signed in.
    pub last_connection_at: Option<Timestamp>,
    /// When the present password was set.
    pub password_set_at: Timestamp,
    /// Counts its changes.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryUser {
    /// Its id, never used again.
    pub id: String,
    /// Its address.
    pub address: String,
    /// Counts its changes.
    pub version: u64,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Its aliases.
    pub aliases: BTreeSet<String>,
    /// What it is.
    pub kind: UserKind,
    /// Whether it may sign in.
    pub status: UserStatus,
    /// Where it came from.
    pub origin: Origin,
    /// When it was made.
    pub created_at: Timestamp,
    /// How it signs in.
    pub access: Option<MemoryAccess>,
}

/// How a user signs in. The password itself is judged and thrown away: nobody signs in here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryAccess {
    /// When a password was set.
    pub password_changed_at: Option<Timestamp>,
    /// The token that came with it.
    pub password_label: Option<String>,
    /// Request-password mails.
    pub mails_sent: u64,
}

impl MemoryUser {
    /// A mailbox of a person, active, of origin `manual`, with neither names nor aliases. Id and version are the
    /// panel's to give.
    #[must_use]
    pub fn new(address: &str) -> Self {
        Self {
            id: String::new(),
            address: address.to_owned(),
            version: 1,
            first_name: String::new(),
            last_name: String::new(),
            aliases: BTreeSet::new(),
            kind: UserKind::Mailbox,
            status: UserStatus::Active,
            origin: Origin::Manual,
            created_at: Timestamp::UNIX_EPOCH,
            access: None,
        }
    }
}

impl MemoryTenant {
    /// Names of domains and alias domains.
    pub(super) fn domain_names(&self) -> BTreeSet<String> {
        self.domains.values().flat_map(|d| std::iter::once(d.name.clone()).chain(d.alias_domains())).collect()
    }
    /// Who has a name as address or alias.
    pub(super) fn holder(&self, name: &str) -> Option<&MemoryUser> {
        self.users.get(name).or_else(|| self.users.values().find(|u| u.aliases.contains(name)))
    }
    /// The user with this id.
    pub(super) fn user(&self, id: &str) -> Option<&MemoryUser> {
        self.users.values().find(|u| u.id == id)
    }
}
