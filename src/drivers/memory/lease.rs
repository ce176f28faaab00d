//! Leases of tenants (S12.1), by the panel's clock.

use crate::base::Timestamp;
use crate::base::limits::LEASE_SECONDS;
use crate::drivers::memory::panel::Inner;
use crate::model::{Fault, Lease};
use std::time::Duration;

/// A lease that was taken.
#[derive(Debug, Clone)]
pub(super) struct Held {
    token: u64,
    holder: String,
    until: Timestamp,
}

fn later(now: Timestamp) -> Timestamp {
    now.checked_add(Duration::from_secs(LEASE_SECONDS)).unwrap_or(Timestamp::MAX)
}

impl Inner {
    /// Takes the lease, over the same holder at once.
    pub(super) fn take_lease(&mut self, tenant: &str, holder: &str, now: Timestamp) -> Result<Lease, Fault> {
        let mark = self.tenant(Some(tenant))?.change_mark;
        let held = self.leases.get(tenant);
        if let Some(other) = held.filter(|h| h.until > now && h.holder != holder) {
            return Err(Fault::Fenced { text: format!("{} until {}", other.holder, other.until) });
        }
        let token = held.map_or(0, |h| h.token) + 1;
        self.leases.insert(tenant.to_owned(), Held { token, holder: holder.to_owned(), until: later(now) });
        Ok(Lease { fencing_token: Some(token), change_mark: Some(mark.to_string()) })
    }
    /// Renews a lease that still runs.
    pub(super) fn renew_lease(&mut self, tenant: &str, token: u64, now: Timestamp) -> Result<Lease, Fault> {
        self.check_lease(tenant, Some(token), now)?;
        let mark = self.tenant(Some(tenant))?.change_mark;
        if let Some(held) = self.leases.get_mut(tenant) {
            held.until = later(now);
        }
        Ok(Lease { fencing_token: Some(token), change_mark: Some(mark.to_string()) })
    }
    /// Ends a lease; its token is never given again.
    pub(super) fn release_lease(&mut self, tenant: &str, token: u64) {
        if let Some(held) = self.leases.get_mut(tenant).filter(|h| h.token == token) {
            held.until = Timestamp::UNIX_EPOCH;
        }
    }
    /// Lets a write pass: with the token of the lease that runs, or without one while none runs.
    pub(super) fn check_lease(&self, tenant: &str, token: Option<u64>, now: Timestamp) -> Result<(), Fault> {
        let runs = self.leases.get(tenant).filter(|h| h.until > now).map(|h| h.token);
        if runs == token { Ok(()) } else { Err(Fault::Fenced { text: "the lease is held by another, or has ended".into() }) }
    }
}
