//! Import jobs as a panel tells of them: lists that were taken and act later (S6.1).

use crate::base::Timestamp;
use crate::model::field::Field;
use crate::model::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum JobStage {
    /// Taken; nothing of it acts yet.
    Accepted,
    /// It acts.
    Effective,
    /// It ended without effect.
    Failed,
}

/// A job of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveJob {
    /// The panel's id.
    pub id: String,
    /// Whether users that it does not name are deleted (`add-delete-old`).
    pub replaces: bool,
    /// How far it is.
    pub stage: JobStage,
    /// Rows sent.
    pub sent: u64,
    /// Rows that the panel took.
    pub accepted: u64,
    /// Rows that it did not take, by reason in the panel's words.
    pub ignored: BTreeMap<String, u64>,
    /// When it was taken.
    pub submitted_at: Timestamp,
    /// The earliest moment at which it acts.
    pub from: Timestamp,
    /// The latest.
    pub until: Timestamp,
    /// Why it failed.
    pub failure: Option<String>,
    /// Its rows. Only read where they can matter: while it is under way, and where it failed or ignored some.
    pub rows: Vec<JobRow>,
}

/// A row of a job: what it carries, by attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRow {
    /// Canonical address.
    pub address: String,
    /// What it carries; what is not here stays as it is, or takes the default on creation.
    pub values: BTreeMap<Field, Value>,
}

impl LiveJob {
    /// Rows that were not taken.
    #[must_use]
    pub fn ignored_rows(&self) -> u64 {
        self.ignored.values().sum()
    }
    /// `40 rows sent, 38 accepted, 2 ignored (name-taken 2)`.
    #[must_use]
    pub fn counts(&self) -> String {
        let why: Vec<String> = self.ignored.iter().map(|(reason, n)| format!("{reason} {n}")).collect();
        let why = if why.is_empty() { String::new() } else { format!(" ({})", why.join(", ")) };
        format!("{} rows sent, {} accepted, {} ignored{why}", self.sent, self.accepted, self.ignored_rows())
    }
}
