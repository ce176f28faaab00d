//! What a panel can do, per attribute, kind and operation. Data, so that it can be printed, compared and examined.

use crate::model::field::Field;
use crate::model::key::Kind;
use crate::model::rate::Rate;
use crate::model::timetable::Timetable;
use crate::model::value::Value;
use crate::model::window::Window;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a driver does with an attribute (DESIGN: managed, readable, hand-off, absent).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "support")]
pub enum Support {
    /// Differences become steps.
    Managed,
    /// A difference is reported as "differs", never a step.
    Readable,
    /// A difference becomes a step for a person (S6.5).
    HandOff {
        /// What is said, for instance "this panel cannot yet".
        text: String,
    },
    /// The panel has no such thing: an error unless the value written is off or empty.
    Absent {
        /// Why, in the panel's words.
        text: String,
    },
}

/// What a driver does with objects of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KindSupport {
    /// As a whole: `HandOff` and `Absent` hold for every attribute of the kind.
    pub support: Support,
    /// Whether objects can be created.
    pub create: bool,
    /// Whether objects can be deleted.
    pub delete: bool,
    /// Whether objects can be renamed natively, keeping what hangs on them.
    pub rename: bool,
    /// Whether the panel gives an immutable id (S4.2).
    pub incarnation: bool,
}

/// How a listing proves that it is complete (S1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProofRule {
    /// The panel's total equals the number of distinct ids.
    Total,
    /// An end mark.
    EndMark,
    /// Two equal reads.
    TwoReads,
    /// None: nothing is created or deleted.
    None,
}

/// Whether a panel keeps customers apart (S4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tenancy {
    /// It lists tenants; a declared one is bound to one of them.
    Tenants,
    /// It has none: each declared tenant is the whole instance, whose domains tell tenants apart.
    Instance,
}

/// Whether users are listed per domain or per tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UsersBy {
    /// One listing for each domain.
    Domain,
    /// One listing for the tenant; its proof holds for all domains.
    Tenant,
}

/// How listings are paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PageRule {
    /// Objects asked for in one page.
    pub size: u32,
    /// Proof of completeness.
    pub proof: ProofRule,
    /// Users by domain or by tenant.
    pub users_by: UsersBy,
    /// Requests in flight at a time.
    pub in_flight: u32,
}

/// How a panel takes many users in one call (S14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BulkRule {
    /// Fewest creates for which the bulk call is chosen.
    pub from_creates: u32,
    /// Most users in one call.
    pub most: u32,
    /// Spares what S3.3 spares and keeps attributes that its format lacks; without it only `add` is used.
    pub replaces_safely: bool,
}

/// An operation of which a driver says what it offers (S11.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Create an object.
    Create,
    /// Change an object.
    Update,
    /// Delete an object.
    Delete,
    /// Move an address between objects.
    Move,
    /// Rename an object.
    Rename,
    /// Many users in one call.
    Bulk,
}

impl Operation {
    /// All of them.
    pub const ALL: [Operation; 6] =
        [Operation::Create, Operation::Update, Operation::Delete, Operation::Move, Operation::Rename, Operation::Bulk];
    /// The word for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Operation::Create => "create",
            Operation::Update => "update",
            Operation::Delete => "delete",
            Operation::Move => "move",
            Operation::Rename => "rename",
            Operation::Bulk => "bulk",
        }
    }
}

/// What an operation offers (S11.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Offer {
    /// An idempotency key: repeating a call is safe.
    pub idempotency_key: bool,
    /// A conditional form (If-Match).
    pub precondition: bool,
    /// A read that proves whether our call took effect.
    pub proof_of_call: bool,
    /// Atomic (for moves: no gap).
    pub atomic: bool,
}

impl Offer {
    /// Whether the operation is *exact* (S11.4).
    #[must_use]
    pub fn is_exact(self) -> bool {
        self.idempotency_key || self.precondition || self.proof_of_call
    }
}

/// All that a driver says of itself.
#[derive(Debug, Clone)]
pub struct Capabilities {
    /// The driver's name.
    pub driver: &'static str,
    /// The panel's origin: instance id or base URL; part of every step digest (S5.2).
    pub origin: String,
    /// Per kind.
    pub kinds: BTreeMap<Kind, KindSupport>,
    /// Per attribute; an attribute that is not here is as its kind.
    pub fields: BTreeMap<Field, Support>,
    /// The form in which the driver gives a declared value back. Pure.
    pub canonical: fn(Field, Value) -> Value,
    /// What the panel has against a value, or against the change of a live value (`before`) to another one: text for people
    /// where it cannot hold it, or would lose something by it. Pure. A step with such a change is blocked by name, and never
    /// left for the panel to refuse half-way.
    pub objection: fn(field: Field, before: Option<&Value>, after: &Value) -> Option<String>,
    /// What the panel has against a new user in a domain with this relay check, in its own words. Pure.
    pub users_under: fn(relay_check: &str) -> Option<String>,
    /// Whether there are tenants.
    pub tenancy: Tenancy,
    /// Paging.
    pub pages: PageRule,
    /// Bulk, where there is one.
    pub bulk: Option<BulkRule>,
    /// Per operation.
    pub operations: BTreeMap<Operation, Offer>,
    /// Windows per kind (S6.1); none: effective at once.
    pub windows: BTreeMap<Kind, Window>,
    /// What the panel does by itself, and when (S6.1).
    pub timetable: Timetable,
    /// How many requests it takes from one credential; `None`: it does not say.
    pub rate: Option<Rate>,
    /// Whether writers exclude each other at the panel (S12.1).
    pub lease: bool,
    /// Whether tenants may be created without being asked to (`embedded:`; S4.3).
    pub creates_tenants: bool,
    /// Whether the panel hosts mailboxes itself: a domain under `control-panel` then has no destination.
    pub hosts_mailboxes: bool,
    /// Whether mailboxes cost money there (S16.4).
    pub bills_mailboxes: bool,
    /// Whether users can have addresses of their own in an alias domain, beside those that follow from its domain.
    pub names_in_alias_domains: bool,
    /// Whether the panel keeps a log that says who changed what.
    pub keeps_trail: bool,
    /// Whether the panel counts mail per recipient (S13.3).
    pub counts_mail: bool,
    /// Whether the panel can ask a directory with settings that are not its own yet, and changes nothing by it (S16.1).
    pub asks_directories: bool,
    /// Whether the panel can ask a destination for an address that nobody has, and keeps nothing of it (S13.2).
    pub probes_catch_all: bool,
    /// Whether the panel tells how users sign in: label and day of a password, sign-ins, request-password mails.
    pub tells_access: bool,
}

/// The [`Capabilities::objection`] of a panel that takes every value of the model.
#[must_use]
pub fn no_objection(_: Field, _: Option<&Value>, _: &Value) -> Option<String> {
    None
}

/// The [`Capabilities::users_under`] of a panel whose domains all have users.
#[must_use]
pub fn users_anywhere(_: &str) -> Option<String> {
    None
}

impl Capabilities {
    /// A panel that can nothing at all: every kind is absent, no listing proves anything, no service is offered. A driver
    /// says what its panel has and leaves the rest: `Capabilities { kinds, ..Capabilities::nothing("name") }`.
    #[must_use]
    pub fn nothing(driver: &'static str) -> Self {
        Self {
            driver,
            origin: String::new(),
            kinds: BTreeMap::new(),
            fields: BTreeMap::new(),
            canonical: |_, value| value,
            objection: no_objection,
            users_under: users_anywhere,
            tenancy: Tenancy::Tenants,
            pages: PageRule { size: 100, proof: ProofRule::None, users_by: UsersBy::Domain, in_flight: 1 },
            bulk: None,
            operations: BTreeMap::new(),
            windows: BTreeMap::new(),
            timetable: Timetable::default(),
            rate: None,
            lease: false,
            creates_tenants: false,
            hosts_mailboxes: false,
            bills_mailboxes: false,
            names_in_alias_domains: false,
            keeps_trail: false,
            counts_mail: false,
            asks_directories: false,
            probes_catch_all: false,
            tells_access: false,
        }
    }
    /// What the panel offers beside objects and operations, each with a word for people.
    #[must_use]
    pub fn services(&self) -> [(&'static str, bool); 10] {
        [
            ("lease", self.lease),
            ("hosts-mailboxes", self.hosts_mailboxes),
            ("bills-mailboxes", self.bills_mailboxes),
            ("names-in-alias-domains", self.names_in_alias_domains),
            ("creates-tenants-unasked", self.creates_tenants),
            ("keeps-trail", self.keeps_trail),
            ("counts-mail", self.counts_mail),
            ("asks-directories", self.asks_directories),
            ("probes-catch-all", self.probes_catch_all),
            ("tells-access", self.tells_access),
        ]
    }
    /// What the panel does with an attribute: the kind's word where that is hand-off or absent, else the attribute's.
    #[must_use]
    pub fn support(&self, field: Field) -> Support {
        let kind = self.kind(field.kind());
        match kind.support {
            Support::HandOff { .. } | Support::Absent { .. } => kind.support,
            Support::Managed | Support::Readable => self.fields.get(&field).cloned().unwrap_or(kind.support),
        }
    }
    /// What the panel does with a kind; a kind that is not listed is absent.
    #[must_use]
    pub fn kind(&self, kind: Kind) -> KindSupport {
        self.kinds.get(&kind).cloned().unwrap_or_else(|| KindSupport {
            support: Support::Absent { text: format!("{} knows no {kind}", self.driver) },
            create: false,
            delete: false,
            rename: false,
            incarnation: false,
        })
    }
    /// Whether the attribute can be compared with what is live: managed or readable; of secrets only a user's password, by
    /// its token, of which the panel tells or memory does (S10.2).
    #[must_use]
    pub fn is_comparable(&self, field: Field) -> bool {
        (!field.is_secret() || field == Field::UserPassword) && matches!(self.support(field), Support::Managed | Support::Readable)
    }
    /// What an operation offers; nothing where it is not listed.
    #[must_use]
    pub fn offer(&self, operation: Operation) -> Offer {
        self.operations.get(&operation).copied().unwrap_or_default()
    }
}
