//! The workspace's policy: the guards that no tenant may loosen.

use crate::base::TenantName;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The guards of `[guards]`, with the law's defaults (S7.5, S9.3, S6.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Guards {
    /// Deletions per domain and tenant in 24 h, by number.
    pub objects: u64,
    /// Deletions per domain and tenant in 24 h, by percent of the whole list.
    pub percent: u64,
    /// Named deletions (tombstones) per tenant in 24 h.
    pub named: u64,
    /// Deletions in one run over all tenants.
    pub run: u64,
    /// By how many percent a list of ten or more may shrink.
    pub shrink_percent: u64,
    /// An SMTP user that connected within so many days is not deleted.
    pub last_connection_days: u64,
    /// A step that waits for a person longer than this is an error.
    pub waiting_days: u64,
    /// Billable mailboxes that a plan may add; `None`: no gate.
    pub billable_growth: Option<u64>,
}

impl Default for Guards {
    fn default() -> Self {
        Self {
            objects: 5,
            percent: 5,
            named: 20,
            run: 25,
            shrink_percent: 20,
            last_connection_days: 30,
            waiting_days: 14,
            billable_growth: None,
        }
    }
}

/// What is ignored on purpose: key patterns with a reason (S17.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// `kind/name` with `*` as wildcard.
    pub pattern: String,
    /// Why.
    pub reason: String,
}

/// All that the planner needs of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// The guards.
    pub guards: Guards,
    /// What is ignored.
    pub ignore: Vec<Ignore>,
    /// Evidence names that are switched off: none may be; kept for the auditor.
    pub waived: BTreeSet<String>,
    /// Tenants that are no longer managed on purpose (S9.1).
    pub released: BTreeSet<TenantName>,
}
