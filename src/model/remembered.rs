//! What memory tells a new run (S11): recent deletions, open intents, spent approvals, known tenants, who we are.

use crate::base::digest::Digest;
use crate::base::{TenantName, Timestamp};
use crate::model::answer::OpId;
use crate::model::key::Key;
use std::collections::{BTreeMap, BTreeSet};

/// Memory, as it was recalled. `Default` is a workspace without memory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remembered {
    /// Whether there was a memory at all; without it a run says what it cannot tell (S7.5, S11.2).
    pub exists: bool,
    /// The id of this holder of leases, kept in memory (S12.1).
    pub holder: String,
    /// Deletions that took effect in the last days: when and what.
    pub deletions: Vec<(Timestamp, Key)>,
    /// Intents without receipt: step digest → operation id; a later run repeats the id.
    pub open: BTreeMap<Digest, OpId>,
    /// Steps whose approvals are spent, and when last: an approval given later is another one (S8.3).
    pub spent: BTreeMap<Digest, Timestamp>,
    /// Sending domains and SMTP users that earlier runs made (S4.6), and whether they were deleted since.
    pub outbound: BTreeMap<Key, Existed>,
    /// What was tried on sending domains and SMTP users: step → object and action in words.
    pub tried: BTreeMap<Digest, (Key, String)>,
    /// Mints that took effect and whose credential could not be kept (S10.4).
    pub unkept: BTreeSet<Digest>,
    /// Steps that a panel took and that were to act later (S6.3): until when, by the panel's clock, each time. A step that took
    /// effect in another way since is not here.
    pub accepted: BTreeMap<Digest, Vec<Timestamp>>,
    /// Passwords of users that calls of ours set (S10.2): the last token that took effect.
    pub passwords: BTreeMap<Key, PasswordProof>,
    /// Steps that wait for a person, and since when runs of ours saw them wait (S6.5).
    pub waits: BTreeMap<TenantName, BTreeMap<Digest, Timestamp>>,
    /// Tenants that were declared in an earlier run (S9.1).
    pub tenants: BTreeSet<TenantName>,
}

/// The proof that a password of ours took effect: the receipt of the call that set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordProof {
    /// The token of what was set.
    pub token: String,
    /// When the receipt was written, by our clock.
    pub at: Timestamp,
    /// The user's incarnation, where the step knew it; a creation knows none.
    pub incarnation: Option<String>,
}

/// What became of an object that an earlier run made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Existed {
    /// It was made, and no run of ours deleted it.
    Made,
    /// A run of ours deleted it.
    Deleted,
}
