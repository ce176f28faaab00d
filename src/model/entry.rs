//! Entries of the journal: intent before, receipt after, and what memory must know of a run (S11).

use crate::base::digest::Digest;
use crate::base::{TenantName, Timestamp};
use crate::model::answer::{OpId, StepOutcome};
use crate::model::key::Key;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The place of an entry in the journal, growing by one.
pub type Seq = u64;

/// One entry, with time and run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// When it was written.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// The run that wrote it.
    pub run: String,
    /// Whose.
    #[schemars(with = "String")]
    pub tenant: TenantName,
    /// What happened.
    pub kind: EntryKind,
}

/// What a call that took effect says of a user's password: its token, never the password (S10.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "told")]
pub enum PasswordTold {
    /// It was set, or its user was asked by a mail to choose one.
    Set {
        /// Whose.
        key: Key,
        /// The token of what was set.
        token: String,
        /// The user's incarnation, where the step knew it (S4.2).
        incarnation: Option<String>,
    },
    /// It went with its user to another address.
    Renamed {
        /// The user now.
        key: Key,
        /// The address before.
        from: String,
    },
}

/// What an entry says. Never a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "entry")]
pub enum EntryKind {
    /// A run starts to apply a plan.
    Started {
        /// The plan.
        #[schemars(with = "String")]
        plan: Digest,
        /// Its steps that wait for a person (S6.5).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schemars(with = "Vec<String>")]
        waits: Vec<Digest>,
    },
    /// A call is about to be made.
    Intent {
        /// The operation.
        op: OpId,
        /// Its steps.
        #[schemars(with = "Vec<String>")]
        steps: Vec<Digest>,
        /// Their objects.
        keys: Vec<Key>,
        /// In words, for people: `delete`, `create`, …
        action: String,
    },
    /// What was there before a replacing or deleting step (S11.3).
    Backup {
        /// The object.
        key: Key,
        /// Its attributes as text, secrets left out.
        attrs: Vec<(String, String)>,
    },
    /// What became of a call.
    Receipt {
        /// The operation.
        op: OpId,
        /// Per step.
        #[schemars(with = "Vec<(String, StepOutcome)>")]
        outcomes: Vec<(Digest, StepOutcome)>,
        /// Deletions that took effect, for the rolling budget (S7.5).
        deleted: Vec<Key>,
        /// What it says of the passwords of users, where the panel keeps no label of them (S10.2).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        passwords: Vec<PasswordTold>,
    },
    /// An approval was spent by its effect (S8.3).
    Spent {
        /// The step.
        #[schemars(with = "String")]
        step: Digest,
    },
    /// The run ended.
    Ended {
        /// Whether everything that was to go went.
        complete: bool,
    },
}
