//! What was read from a panel: present, absent with proof, or unknown with a reason (S1), per scope.

use crate::base::span::Place;
use crate::base::{DomainName, ProviderName, TenantName, Timestamp};
use crate::model::credential::LastConnection;
use crate::model::directory_facts::{CatchAllProbe, DirectoryFacts, DiscoveryFacts};
use crate::model::field::Field;
use crate::model::import_job::LiveJob;
use crate::model::key::{Key, Kind};
use crate::model::reason::Reason;
use crate::model::user::{Origin, UserKind, UserStatus};
use crate::model::value::Value;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// How a listing was proven complete, or an object absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// The panel's total equals the distinct ids.
    Total,
    /// The panel's end mark.
    EndMark,
    /// Two equal reads.
    TwoReads,
    /// The panel answered "not there" for this very object.
    NotFound,
}

/// A read (S1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen<T> {
    /// It is there.
    Present(T),
    /// It is not there, and how we know.
    Absent(Proof),
    /// We do not know, and why. Never treated as absent.
    Unknown(Reason),
}

impl<T> Seen<T> {
    /// What is there.
    pub fn present(&self) -> Option<&T> {
        match self {
            Seen::Present(value) => Some(value),
            Seen::Absent(_) | Seen::Unknown(_) => None,
        }
    }
}

/// What is read as one listing (S1.2): the tenants of a provider (`tenant` and `domain` none), the policy or the domains
/// with their settings of a tenant (`domain` none), the users with aliases of a domain, …
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// On which provider.
    pub provider: ProviderName,
    /// Whose; `None` for the list of tenants.
    pub tenant: Option<TenantName>,
    /// Of which domain, for [`Kind::User`], [`Kind::Directory`], [`Kind::Continuity`], [`Kind::Discovery`].
    pub domain: Option<DomainName>,
    /// Objects of which kind.
    pub kind: Kind,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.tenant, &self.domain) {
            (_, Some(domain)) => write!(f, "{}s of {domain}", self.kind),
            (Some(_), None) if self.kind == Kind::PasswordPolicy => f.write_str("password policy"),
            (Some(tenant), None) => write!(f, "{}s of {tenant}", self.kind),
            (None, None) => write!(f, "{}s of {}", self.kind, self.provider),
        }
    }
}

/// Whether a scope was read completely (S1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completeness {
    /// All of it.
    Whole {
        /// Distinct objects.
        count: u64,
        /// How we know.
        proof: Proof,
    },
    /// A part, or nothing.
    Part {
        /// Objects read.
        read: u64,
        /// Why not all; at least one.
        why: Vec<Reason>,
    },
}

impl Completeness {
    /// Whether it is [`Completeness::Whole`].
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(self, Completeness::Whole { .. })
    }
}

/// A live object that is no user: attributes in canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveHead {
    /// What it is.
    pub key: Key,
    /// The panel's immutable id (S4.2), where it has one.
    pub incarnation: Option<String>,
    /// The version for conditional writes, where the panel has one.
    pub version: Option<String>,
    /// All that the driver reads.
    pub attrs: BTreeMap<Field, Value>,
    /// When it was created, where the panel tells.
    pub created_at: Option<Timestamp>,
    /// What the panel says of it and nobody declares.
    pub facts: LiveFacts,
}

/// What a panel says of a live head beside its attributes: never compared, quoted in plan texts and asked by guards.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum LiveFacts {
    /// Nothing.
    #[default]
    None,
    /// Of a domain.
    Domain {
        /// Import jobs that the panel keeps, ended or not; `None`: it does not say.
        imports: Option<u64>,
        /// Whether continuity is taking its mail over now: then its users stay (S15).
        failing_over: bool,
    },
    /// Of a directory.
    Directory(Box<DirectoryFacts>),
    /// Of a discovery.
    Discovery(Box<DiscoveryFacts>),
    /// Of a sending domain.
    SendingDomain {
        /// The records to be published: (name, target).
        cnames: Vec<(String, String)>,
        /// Whether the panel found them all.
        verified: bool,
    },
    /// Of an SMTP user.
    SmtpUser {
        /// Whether it may sign in; switched off for good with its sending domain.
        enabled: bool,
        /// What its present password is called.
        token: String,
        /// What the client that made it called the call that made it.
        operation_tag: Option<String>,
        /// When it last signed in.
        last_connection: LastConnection,
        /// When its present password was set.
        password_set_at: Option<Timestamp>,
    },
    /// Of the continuity of a domain.
    Continuity(ContinuityFacts),
}

/// What a panel says of the continuity of a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ContinuityFacts {
    /// Since when the destination answers 4xx.
    pub failing_since: Option<Timestamp>,
    /// Whether mail is taken over in this failure.
    pub taking_over: bool,
    /// Mails in the archive.
    pub archived: u64,
    /// Days that the archive holds.
    pub archive_days: u32,
    /// Mails that wait for the destination.
    pub pending: u64,
}

/// A live user, borrowed from a page while it is in hand. Address and aliases are canonical.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveUser<'a> {
    /// Canonical address.
    pub address: Cow<'a, str>,
    /// The panel's immutable id.
    pub incarnation: Option<Cow<'a, str>>,
    /// The version for conditional writes.
    pub version: Option<Cow<'a, str>>,
    /// Given name; `""` where there is none.
    pub first_name: Cow<'a, str>,
    /// Family name.
    pub last_name: Cow<'a, str>,
    /// Canonical aliases, in any order.
    pub aliases: Vec<Cow<'a, str>>,
    /// What it is.
    pub kind: UserKind,
    /// Whether it may sign in.
    pub status: UserStatus,
    /// The panel's group.
    pub group: Cow<'a, str>,
    /// Where it came from.
    pub origin: Origin,
    /// Whether it costs money.
    pub billable: bool,
    /// When it was created, where the panel tells.
    pub created_at: Option<Timestamp>,
    /// Mails of the last 30 days, where the panel counts.
    pub mails_30d: Option<u64>,
    /// The last mail, where the panel counts.
    pub last_mail_at: Option<Timestamp>,
    /// How it signs in; `None` where the panel has nothing to say of it.
    pub access: Option<Box<LiveAccess>>,
}

/// What a panel says of a user's way in. Never compared as an attribute: the token of a password is (S10.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LiveAccess {
    /// Whether the panel has a password of the user, so that it can sign in without a directory.
    pub has_password: bool,
    /// When it was set the last time, where the panel tells.
    pub password_changed_at: Option<Timestamp>,
    /// The token that the panel keeps beside it.
    pub password_label: Option<String>,
    /// The last sign-in.
    pub signed_in_at: Option<Timestamp>,
    /// Request-password mails sent so far.
    pub mails_sent: u64,
}

impl LiveUser<'_> {
    /// The user on its own, without the page.
    #[must_use]
    pub fn into_owned(self) -> LiveUser<'static> {
        let own = |c: Cow<'_, str>| Cow::Owned(c.into_owned());
        LiveUser {
            address: own(self.address),
            incarnation: self.incarnation.map(own),
            version: self.version.map(own),
            first_name: own(self.first_name),
            last_name: own(self.last_name),
            aliases: self.aliases.into_iter().map(own).collect(),
            kind: self.kind,
            status: self.status,
            group: own(self.group),
            origin: self.origin,
            billable: self.billable,
            created_at: self.created_at,
            mails_30d: self.mails_30d,
            last_mail_at: self.last_mail_at,
            access: self.access,
        }
    }
    /// Whether anybody signs in as the user at all.
    #[must_use]
    pub fn has_person(&self) -> bool {
        match self.kind {
            UserKind::Mailbox | UserKind::Shared | UserKind::Resource => true,
            UserKind::List | UserKind::Forward => false,
        }
    }
    /// Whether the user can sign in when nothing but the panel is there: active, with a password that the panel knows
    /// (its own, or that of a directory with which it signed in once).
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.status == UserStatus::Active && self.access.as_ref().is_some_and(|a| a.has_password)
    }
    /// The value of an attribute; `None` for secrets, which are write-only.
    #[must_use]
    pub fn value(&self, field: Field) -> Option<Value> {
        Some(match field {
            Field::UserFirstName => Value::text(self.first_name.clone()),
            Field::UserLastName => Value::text(self.last_name.clone()),
            Field::UserAliases => Value::Set(self.aliases.iter().map(|a| a.clone().into_owned()).collect::<BTreeSet<_>>()),
            Field::UserKind => Value::text(self.kind.word()),
            Field::UserStatus => Value::text(self.status.word()),
            Field::UserGroup => Value::text(self.group.clone()),
            _ => return None,
        })
    }
}

/// The tenant that a declared one is bound to (S4.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveTenant {
    /// The panel's id.
    pub id: String,
    /// Its name there.
    pub name: String,
    /// A mark that changes with each write in the tenant, where the panel has one (S12.1).
    pub change_mark: Option<String>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// Whether it is frozen: then its users stay (S15).
    pub frozen: bool,
}

/// What a page holds: decoded, borrowed from the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object<'a> {
    /// A tenant of the provider.
    Tenant(LiveTenant),
    /// Anything that is few.
    Head(LiveHead),
    /// A user.
    User(LiveUser<'a>),
    /// A recipient that gets mail (S13.3): address, mails in 30 days, last mail.
    Recipient {
        /// Canonical address.
        address: Cow<'a, str>,
        /// Mails of the last 30 days.
        mails_30d: u64,
        /// The last one.
        last_mail_at: Option<Timestamp>,
    },
    /// An import job of a domain.
    Job(LiveJob),
}

/// A row of [`crate::resolve::UserTable`] by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub u32);

/// A live user that differs from its row, or that must be judged: kept in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The declared row of the same address; `None`: undeclared.
    pub row: Option<RowId>,
    /// The live user.
    pub live: LiveUser<'static>,
    /// Declared rows that claim names which this live user holds: (canonical name, row).
    pub claims: Vec<(String, RowId)>,
}

/// Counts of the users of one domain, from which budgets, ledger and "left alone" are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Tally {
    /// Live users.
    pub live: u64,
    /// Live users of the whole list (S3.3): origins `manual import smtp discovery`.
    pub own: u64,
    /// Live users that the directory or Office 365 owns.
    pub directory: u64,
    /// Live users of unknown origin.
    pub unknown_origin: u64,
    /// Live users that no file names.
    pub undeclared: u64,
    /// Of these, users of the whole list (S3.3): origins `manual import smtp discovery`.
    pub undeclared_own: u64,
    /// Declared live users of an `add-delete-old` domain that have a value where their row is silent (S2.2).
    pub silent: u64,
    /// Live users equal to what is declared.
    pub equal: u64,
    /// Live users who could not work with continuity now: not active, or without a password that the panel knows; without
    /// lists and forwards (S15).
    #[serde(default)]
    pub unready: u64,
    /// Billable live users.
    pub billable: u64,
    /// Accepted addresses: users and aliases.
    pub addresses: u64,
}

/// Everything read of one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// The tenant on the provider.
    pub tenant: Seen<LiveTenant>,
    /// The tenant on the provider of outbound mail, where that is another one and something of it is declared.
    pub outbound: Option<Seen<LiveTenant>>,
    /// Live heads by key; a declared key that is not here is absent where its scope is whole, else unknown.
    pub heads: BTreeMap<Key, LiveHead>,
    /// Live users that differ or must be judged, sorted by address.
    pub kept: Vec<Kept>,
    /// Rows whose address was not seen, in row order; absent only where their domain's scope is whole.
    pub missing: Vec<RowId>,
    /// Per domain (declared or live).
    pub tally: BTreeMap<DomainName, Tally>,
    /// Recipients that get mail but are neither declared nor live users or aliases, per domain, by address:
    /// (mails in 30 days, last mail). Only read where a relay check becomes `control-panel` or `smtp`, or discovery is
    /// switched on.
    pub recipients: BTreeMap<DomainName, BTreeMap<String, (u64, Option<Timestamp>)>>,
    /// Import jobs per live domain that is declared, in the order in which they were taken; only where the panel has such
    /// jobs. A domain that is not here was not asked.
    pub jobs: BTreeMap<DomainName, Seen<Vec<LiveJob>>>,
    /// What the destinations of domains said just now to an address that nobody has; only asked where the panel is to make
    /// users by itself (S13.2).
    pub probes: BTreeMap<DomainName, CatchAllProbe>,
    /// Every scope that was asked for.
    pub scopes: BTreeMap<Scope, Completeness>,
    /// Up to a few thousand undeclared addresses, for drift and on request; sorted.
    pub undeclared: BTreeSet<String>,
    /// When reading began.
    pub at: Timestamp,
    /// Requests made.
    pub requests: u64,
}

impl Observed {
    /// Takes over what was read of the same tenant on the provider of outbound mail.
    pub fn take_outbound(&mut self, other: Observed) {
        self.outbound = Some(other.tenant);
        self.heads.extend(other.heads);
        self.scopes.extend(other.scopes);
        self.requests += other.requests;
    }
    /// Whether the scope of `kind` (and `domain`) of this tenant was read completely.
    #[must_use]
    pub fn is_whole(&self, kind: Kind, domain: Option<&DomainName>) -> bool {
        self.scopes.iter().any(|(s, c)| s.kind == kind && s.domain.as_ref() == domain && s.tenant.is_some() && c.is_whole())
    }
    /// Why scopes are incomplete: scope and reasons.
    pub fn incomplete(&self) -> impl Iterator<Item = (&Scope, &[Reason])> {
        self.scopes.iter().filter_map(|(s, c)| match c {
            Completeness::Whole { .. } => None,
            Completeness::Part { why, .. } => Some((s, why.as_slice())),
        })
    }
}

/// Where a declared thing stands, for what is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct SourcePos {
    /// File name relative to the workspace.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for SourcePos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// Positions of places, for provenance.
pub type Positions = BTreeMap<Place, SourcePos>;
