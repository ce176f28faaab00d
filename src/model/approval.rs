//! Approvals as files hold them (S8): what they cover, who gave them, until when.

use crate::base::Timestamp;
use crate::base::digest::Digest;
use crate::base::span::Span;
use crate::model::key::Kind;
use crate::model::user::words;
use std::collections::BTreeSet;

words!(
    /// Evidence that an approval must name (S8.1).
    Evidence {
        /// Addresses that get mail today and would bounce.
        Rejects = "rejects",
        /// Objects that go with another.
        Cascade = "cascade",
        /// A forecast that could not be made.
        Unjudged = "unjudged",
        /// A set that would be empty.
        Emptied = "emptied",
        /// A set that would shrink more than the guard allows.
        Shrunk = "shrunk",
        /// Deletions over the budget.
        Budget = "budget",
        /// Users who could not sign in while continuity stands in.
        Unready = "unready",
        /// The term that is bought: its length and its first day.
        Term = "term",
    }
);

/// The object that an approval written by hand covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// Its tenant, where it is named.
    pub tenant: Option<String>,
    /// Its kind.
    pub kind: Kind,
    /// Its canonical name.
    pub key: String,
    /// `delete`, `update`, …
    pub action: String,
    /// The panel's id.
    pub incarnation: Option<String>,
}

/// One approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Where it stands.
    pub at: Span,
    /// The plan that it was written for.
    pub plan: Option<Digest>,
    /// The digests of the gated steps that it covers.
    pub steps: BTreeSet<Digest>,
    /// Or one object by hand.
    pub by_hand: Option<ByHand>,
    /// The evidence that it accepts.
    pub evidence: BTreeSet<Evidence>,
    /// Why.
    pub reason: String,
    /// A claim; made true by review or signature.
    pub approver: String,
    /// When it was given.
    pub created: Timestamp,
    /// Until when it holds.
    pub expires: Timestamp,
}

/// All approvals of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Approvals {
    /// In file order.
    pub all: Vec<Approval>,
}
