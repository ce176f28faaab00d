//! What a plan says beside its steps: what was left alone, what is not known, what differs, what it costs.
//!
//! A plan explains itself above all where it does nothing; reasons are enum variants and counts, so they can be grouped.

use crate::base::{DomainName, Timestamp};
use crate::model::observed::{SourcePos, Tally};
use crate::model::{Key, Reason, Value};
use crate::plan::pace::Pace;
use crate::plan::step::StepId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Accepted addresses before and after (S7.4), and billable mailboxes (S16.4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ledger {
    /// Accepted addresses now; `None` where a scope is incomplete.
    pub before: Option<u64>,
    /// Accepted addresses after the whole plan.
    pub after: Option<u64>,
    /// Those that stop, with the step's object.
    pub stops: Vec<Stopped>,
    /// Billable mailboxes now.
    pub billable_before: Option<u64>,
    /// Billable mailboxes after the whole plan.
    pub billable_after: Option<u64>,
    /// Of these, added.
    pub billable_added: u64,
    /// Of these, removed.
    pub billable_removed: u64,
    /// Added and removed by cause, in the order of the causes (S16.4).
    #[serde(default)]
    pub billable_causes: Vec<BillableChange>,
    /// Of those of now, users that discovery has found (S16.2).
    #[serde(default)]
    pub billable_finds: u64,
}

/// Why the number of billable mailboxes changes (S16.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BillableCause {
    /// A new user.
    NewUser,
    /// An alias of somebody becomes an address of its own.
    AliasBecomesUser,
    /// Another kind: a mailbox costs, the others do not.
    Kind,
    /// A row of an import that was lost, sent once more.
    LostImport,
    /// A rename by delete and create.
    Renamed,
    /// Not on the whole list.
    WholeList,
    /// A tombstone.
    Tombstone,
    /// An import that is under way.
    ImportUnderWay,
    /// The next synchronisation of a directory whose selection changes.
    Directory,
    /// Relay check `smtp`: addresses that get mail and are no users.
    MailTraffic,
}

/// Billable mailboxes that come and go for one cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct BillableChange {
    /// Why.
    pub cause: BillableCause,
    /// How many come.
    pub added: u64,
    /// How many go.
    pub removed: u64,
}

/// An address that stops receiving mail.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Stopped {
    /// The address; `*@domain` for all of an alias domain.
    pub address: String,
    /// By which object's step.
    pub by: Key,
}

/// A budget and how much of it the plan takes (S7.5).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Budget {
    /// `domain acme.example`, `tenant acme`, `named`.
    pub scope: String,
    /// Deletions planned.
    pub planned: u64,
    /// Deletions of the last 24 h, where memory tells.
    pub recent: Option<u64>,
    /// What is allowed.
    pub allowed: u64,
    /// The size of the whole list that percent is taken of.
    pub of: u64,
}

/// Why objects were left alone (S3.3, S3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LeftAlone {
    /// Owned by the directory or Office 365.
    Directory,
    /// Of unknown origin.
    UnknownOrigin,
    /// Undeclared under `add`.
    Undeclared,
    /// Under `observe`.
    Observed,
    /// Ignored by `[[ignore]]`.
    Ignored,
    /// Declared, but the directory owns it.
    DeclaredButOwned,
}

/// A difference that is no step: under `observe`, or only readable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// Of which object.
    pub key: Key,
    /// Attribute, live, declared; no attributes: the object itself is missing or too much.
    pub fields: Vec<(crate::model::Field, Option<Value>, Option<Value>)>,
    /// Why it is no step.
    pub why: String,
    /// Where it is declared.
    pub at: Option<SourcePos>,
}

/// Something accepted that does not act yet (S6.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InFlight {
    /// What.
    pub text: String,
    /// Earliest moment.
    #[schemars(with = "String")]
    pub from: Timestamp,
    /// Latest moment.
    #[schemars(with = "String")]
    pub until: Timestamp,
    /// Both by the clock on the panel's wall, where it has a zone.
    #[serde(default)]
    pub local: Option<String>,
}

/// A sentence that belongs to the plan as a whole or to an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// The object.
    pub key: Option<Key>,
    /// What is to be known.
    pub text: String,
    /// Lines to paste, where there are any.
    pub paste: Option<String>,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Requests made to read.
    pub requests: u64,
    /// Scopes that are incomplete, in words, with reasons.
    pub incomplete: Vec<(String, Vec<Reason>)>,
    /// Left alone, counted.
    pub left_alone: BTreeMap<LeftAlone, u64>,
    /// Undeclared addresses, as far as kept; shown by drift and on request.
    pub undeclared: BTreeSet<String>,
    /// What the panel's own log says of objects that are not as declared, by [`Key`] in words; asked by drift only.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub trails: BTreeMap<String, Vec<String>>,
    /// Differences that are no steps.
    pub differs: Vec<Difference>,
    /// In flight.
    pub in_flight: Vec<InFlight>,
    /// Billable mailboxes that come and go by no step of the plan, as far as it can be told (S16.4).
    #[serde(default)]
    pub billable_expected: Vec<BillableChange>,
    /// Returned after a deletion (S13.1).
    pub crept_back: Vec<Key>,
    /// Overdue (S6.3).
    pub overdue: Vec<Key>,
    /// Notes, sorted.
    pub notes: Vec<Note>,
    /// Warnings: what a careful person should look at.
    pub warnings: Vec<Note>,
    /// Why a guard stopped something in all (S7.5–S7.7, S9.1), for the exit code and the head of the output.
    pub stopped: Vec<Reason>,
    /// What the run cannot tell ("deletions of the last 24 h: no memory").
    pub cannot_tell: Vec<String>,
    /// Counts per domain.
    #[schemars(with = "BTreeMap<String, Tally>")]
    pub tally: BTreeMap<DomainName, Tally>,
    /// Gated steps that an approval covers already, and until when; not in the plan id (S8.4).
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub approved: BTreeMap<StepId, Timestamp>,
    /// Gated steps that an approval names without covering them, and why.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub not_approved: BTreeMap<StepId, String>,
    /// How long an apply takes, where the panel says its rate; not in the plan id (S5.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace: Option<Pace>,
    /// Left out by selectors: keys.
    pub left_out: Vec<(Key, String)>,
}
