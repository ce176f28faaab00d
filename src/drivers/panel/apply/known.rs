//! What a writer has learnt from the answers to its own calls: ids, versions and aliases.
//!
//! A plan was made from what was observed. When one of its steps changes an object, the next step on the same object
//! must build on that change and not trip over it.

use crate::wire;
use std::collections::{BTreeMap, BTreeSet};

/// What our own writes left behind.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The panel's id of the tenant.
    pub(super) remote: Option<String>,
    /// Who takes the lease, once that is known.
    pub(super) holder: Option<String>,
    /// The fencing token of the lease in hand.
    pub(super) fencing_token: Option<u64>,
    /// Domain name → id.
    pub(super) domains: BTreeMap<String, String>,
    /// User address → id.
    pub(super) users: BTreeMap<String, String>,
    /// Id → version.
    versions: BTreeMap<String, u64>,
    /// User id → aliases.
    aliases: BTreeMap<String, BTreeSet<String>>,
}

impl Known {
    /// What is known before the first call.
    pub(super) fn of(remote: Option<String>) -> Self {
        Self { remote, ..Self::default() }
    }
    /// A domain as a call left it.
    pub(super) fn domain(&mut self, domain: &wire::Domain) {
        self.domains.insert(domain.name.clone(), domain.id.clone());
        self.versions.insert(domain.id.clone(), domain.version);
    }
    /// A user as a call left it.
    pub(super) fn user(&mut self, user: &wire::User) {
        self.users.insert(user.address.clone(), user.id.clone());
        self.versions.insert(user.id.clone(), user.version);
        self.aliases.insert(user.id.clone(), user.aliases.iter().cloned().collect());
    }
    /// An SMTP user as a call left it.
    pub(super) fn smtp_user(&mut self, user: &wire::SmtpUser) {
        self.versions.insert(user.id.clone(), user.version);
    }
    /// The version that a call left, of what has no more to be known.
    pub(super) fn left(&mut self, what: String, version: u64) {
        self.versions.insert(what, version);
    }
    /// The version of an object that we wrote.
    pub(super) fn version(&self, id: &str) -> Option<u64> {
        self.versions.get(id).copied()
    }
    /// The aliases of a user whom we wrote.
    pub(super) fn aliases(&self, id: &str) -> Option<&BTreeSet<String>> {
        self.aliases.get(id)
    }
}
