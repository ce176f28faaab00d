//! What a case is made of beside policy, domains and users: sending domains and logins, passwords, continuity, directories
//! and discovery, live and wished for. Plain data of the test, like [`crate::world`].

use crate::world::Names;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Stands for a moment of the run: what was made or set by it. No panel has it.
pub const FRESH: Timestamp = Timestamp::MAX;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveSending {
    /// Tells two incarnations apart.
    pub created: Timestamp,
}

/// A login. In an expectation a minted one has the key `new:LABEL`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveLogin {
    pub domain: String,
    pub label: String,
    pub token: String,
    pub enabled: bool,
    pub last: Option<Timestamp>,
    pub set: Timestamp,
    pub created: Timestamp,
}

/// How a user signs in: the token of its password, when it was set, and how many mails asked for one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveAccess {
    pub label: Option<String>,
    pub changed: Option<Timestamp>,
    pub mails: u64,
}

/// A term: months and first day.
pub type Term = (u32, Date);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveContinuity {
    pub enabled: bool,
    pub outgoing: bool,
    pub term: Option<Term>,
    pub taking_over: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveDiscovery {
    pub enabled: bool,
    pub until: Option<Date>,
}

/// Values of a directory as they are written in TOML, by key; the bind password by its token.
pub type Attrs = BTreeMap<&'static str, String>;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveDirectory {
    pub attrs: Attrs,
    /// Users that it has brought.
    pub users: u64,
    /// How many users it would answer with, whatever it is asked; `None`: it does not answer.
    pub answer: Option<u64>,
    pub consent: bool,
}

/// A wished-for login, by its name in the files.
#[derive(Debug, Clone, Default)]
pub struct WantLogin {
    pub domain: Option<String>,
    pub label: Option<String>,
    pub username: Option<String>,
    /// Whether the files say where its credential is kept.
    pub credential: bool,
    pub durable: bool,
    /// Whose credential its sink holds before anything is done.
    pub held: Option<String>,
}

/// The password of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantPassword {
    /// By reference, with its `rotate` text.
    Set(Option<String>),
    Invite,
}

/// What a tombstone of the outbound kinds names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grave {
    Sending(String),
    /// Its name, which is the label, and its user name.
    Login(String, Option<String>),
}

#[derive(Debug, Clone)]
pub struct RemovedHead {
    pub what: Grave,
    pub since: Date,
    pub on: Option<Date>,
    pub remove_after: Option<u32>,
}

#[derive(Debug, Clone, Default)]
pub struct WantContinuity {
    pub enabled: Option<bool>,
    pub outgoing: Option<bool>,
    pub term: Option<Term>,
}

#[derive(Debug, Clone, Default)]
pub struct WantDiscovery {
    pub enabled: Option<bool>,
    pub until: Option<Date>,
}

/// The outbound half of a wish.
#[derive(Debug, Clone, Default)]
pub struct WantOutbound {
    pub sending: Names,
    pub logins: BTreeMap<String, WantLogin>,
    pub removed: Vec<RemovedHead>,
}

impl WantLogin {
    /// The label by which the panel knows it.
    pub fn known_as<'a>(&'a self, name: &'a str) -> &'a str {
        self.label.as_deref().unwrap_or(name)
    }
}

/// Where the credential of a login is kept, from the top of the workspace.
pub fn sink_of(name: &str) -> String {
    format!("secrets/{name}.json")
}
