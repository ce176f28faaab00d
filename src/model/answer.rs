//! What ports answer to a writer: leases, operation ids, outcomes of calls.

use crate::base::Timestamp;
use crate::base::digest::Digest;
use crate::model::credential::Credential;
use crate::model::fault::Fault;
use crate::model::key::Key;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The id of one operation: made once when its intent is journalled, repeated by later runs (DESIGN 3).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct OpId(pub String);

/// A writer's lease of a tenant (S12.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Grows with every holder; `None` where the panel has no leases ("single writer not enforced by this panel").
    pub fencing_token: Option<u64>,
    /// The tenant's change mark when the lease was taken.
    pub change_mark: Option<String>,
}

/// What became of one step of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepOutcome {
    /// It took effect.
    Done,
    /// The panel took it; it acts later (S6.1).
    Accepted {
        /// The latest moment at which it acts.
        #[schemars(with = "String")]
        until: Timestamp,
        /// What the panel said: rows sent, accepted, ignored.
        text: String,
    },
    /// It was in effect before.
    AlreadyDone,
    /// The panel ignored the row and said why.
    Ignored(String),
    /// It failed.
    Failed(Fault),
}

/// The answer to a batch: one outcome for each step, in the order of the batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Outcomes by step digest.
    pub outcomes: Vec<(Digest, StepOutcome)>,
    /// The panel's ids of what was created: (step, incarnation).
    pub created: Vec<(Digest, String)>,
    /// Credentials that were minted, shown this once: on their way to their sinks (S10.4).
    pub minted: Vec<(Digest, Credential)>,
}

/// An object that waits for what a person does elsewhere, and at which the panel can look again: a sending domain and its
/// records in the DNS (S6.5). It changes no attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The step that waits.
    pub step: Digest,
    /// The object.
    pub key: Key,
    /// The panel's id of it.
    pub incarnation: String,
}

/// What a panel found when it looked again at what waits for a person (S6.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// Whether everything is as it must be.
    pub found: bool,
    /// What is not, a line each.
    pub lacks: Vec<String>,
}
