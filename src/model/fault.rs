//! Faults of ports, by remedy: what the caller should do, not what went wrong inside.

use crate::model::reason::Reason;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A port's failure, sorted by what helps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(rename_all = "kebab-case", tag = "fault")]
pub enum Fault {
    /// Nothing took effect; trying again may help.
    #[error("{reason}")]
    Retry {
        /// Why.
        reason: Reason,
    },
    /// Too many requests; nothing took effect.
    #[error("the panel asks to wait")]
    Throttled {
        /// How long, in seconds, where the panel said it.
        after_seconds: Option<u64>,
    },
    /// A precondition failed: the object changed since it was read; nothing took effect.
    #[error("changed since it was read: {text}")]
    Conflict {
        /// The panel's words.
        text: String,
    },
    /// 401 or 403.
    #[error("{reason}")]
    Denied {
        /// Why.
        reason: Reason,
    },
    /// The object is not there.
    #[error("not there: {text}")]
    Missing {
        /// What.
        text: String,
    },
    /// The panel refused the content; trying again does not help.
    #[error("refused by the panel: {text}")]
    Rejected {
        /// The panel's words.
        text: String,
    },
    /// The call may or may not have taken effect.
    #[error("outcome unknown: {text}")]
    OutcomeUnknown {
        /// What happened.
        text: String,
    },
    /// The lease is held by somebody else, or ours was overtaken.
    #[error("another writer holds the lease: {text}")]
    Fenced {
        /// Who, until when.
        text: String,
    },
    /// A local port (file, memory, secret) failed; no call was made.
    #[error("{text}")]
    Local {
        /// What failed, with the remedy.
        text: String,
    },
}

impl Fault {
    /// The fault as reason why a scope is unknown.
    #[must_use]
    pub fn reason(&self) -> Reason {
        match self {
            Fault::Retry { reason } | Fault::Denied { reason } => reason.clone(),
            Fault::Throttled { .. } => Reason::Status { status: 429, text: self.to_string() },
            Fault::Conflict { .. }
            | Fault::Missing { .. }
            | Fault::Rejected { .. }
            | Fault::OutcomeUnknown { .. }
            | Fault::Fenced { .. } => Reason::Malformed { text: self.to_string() },
            Fault::Local { text } => Reason::Local { text: text.clone() },
        }
    }
}
