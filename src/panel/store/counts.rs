//! Counts over users, remembered per tenant as long as its change mark stands.
//!
//! Every write to a user moves the mark in the same transaction, so a remembered count of the same mark is exact, also
//! when another process writes to the same database.

use crate::base::digest::sha256;
use crate::panel::limits::CACHED_TENANTS;
use crate::panel::stop::Stop;
use crate::panel::store::time::count;
use crate::wire::{Fingerprint, UserTotals};
use sqlx::{Row as _, SqliteConnection};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Counts of one tenant at one change mark.
#[derive(Debug, Default)]
pub(crate) struct TenantCounts {
    by_domain: HashMap<String, UserTotals>,
    fingerprints: Mutex<HashMap<String, Fingerprint>>,
}

impl TenantCounts {
    /// Counts of a domain by its id.
    pub(crate) fn domain(&self, id: &str) -> UserTotals {
        self.by_domain.get(id).copied().unwrap_or_default()
    }
    /// Billable users of the tenant.
    pub(crate) fn billable(&self) -> u64 {
        self.by_domain.values().map(|totals| totals.billable).sum()
    }
    /// The fingerprint of a domain's list of users.
    pub(crate) async fn fingerprint(&self, db: &mut SqliteConnection, domain: &str) -> Result<Fingerprint, Stop> {
        if let Some(known) = held(&self.fingerprints).get(domain).cloned() {
            return Ok(known);
        }
        let fresh = fingerprint(db, domain).await?;
        held(&self.fingerprints).insert(domain.to_owned(), fresh.clone());
        Ok(fresh)
    }
}

/// Counts of tenants, each with the change mark at which they were taken.
#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<HashMap<String, (u64, Arc<TenantCounts>)>>);

impl Counts {
    /// Counts of tenants given with their change marks, as the transaction sees them; one query for all that are new.
    pub(crate) async fn of(
        &self,
        db: &mut SqliteConnection,
        tenants: &[(String, u64)],
    ) -> Result<HashMap<String, Arc<TenantCounts>>, Stop> {
        let mut found = self.known(tenants);
        let new: Vec<&(String, u64)> = tenants.iter().filter(|(id, _)| !found.contains_key(id)).collect();
        if new.is_empty() {
            return Ok(found);
        }
        let ids: Vec<&str> = new.iter().map(|(id, _)| id.as_str()).collect();
        let mut read = totals(db, &ids).await?;
        let mut known = held(&self.0);
        if known.len() + new.len() > CACHED_TENANTS {
            known.clear();
        }
        for (id, mark) in new {
            let by_domain = read.remove(id).unwrap_or_default();
            let counts = Arc::new(TenantCounts { by_domain, fingerprints: Mutex::default() });
            known.insert(id.clone(), (*mark, counts.clone()));
            found.insert(id.clone(), counts);
        }
        Ok(found)
    }

    fn known(&self, tenants: &[(String, u64)]) -> HashMap<String, Arc<TenantCounts>> {
        let known = held(&self.0);
        let fresh = |id: &String, mark: u64| known.get(id).filter(|(at, _)| *at == mark).map(|(_, counts)| (id.clone(), counts.clone()));
        tenants.iter().filter_map(|(id, mark)| fresh(id, *mark)).collect()
    }

    /// Counts of one tenant.
    pub(crate) async fn one(&self, db: &mut SqliteConnection, tenant: &str, mark: u64) -> Result<Arc<TenantCounts>, Stop> {
        let mut found = self.of(db, &[(tenant.to_owned(), mark)]).await?;
        Ok(found.remove(tenant).unwrap_or_default())
    }
}

/// What is kept here can be counted again, so a panic elsewhere does no harm to it.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn totals(db: &mut SqliteConnection, tenants: &[&str]) -> Result<HashMap<String, HashMap<String, UserTotals>>, Stop> {
    let ids = crate::panel::answer::json(&tenants)?;
    let rows = sqlx::query(
        "SELECT d.tenant_id, d.id, COUNT(*), SUM(u.status = 'active'), SUM(u.kind = 'mailbox')
         FROM domains d JOIN users u ON u.domain_id = d.id
         WHERE d.tenant_id IN (SELECT value FROM json_each(?1)) GROUP BY d.id",
    )
    .bind(ids)
    .fetch_all(db)
    .await?;
    let mut all: HashMap<String, HashMap<String, UserTotals>> = HashMap::new();
    for row in &rows {
        let totals = UserTotals { users: count(row.get(2)), active: count(row.get(3)), billable: count(row.get(4)) };
        all.entry(row.get(0)).or_default().insert(row.get(1), totals);
    }
    Ok(all)
}

/// SHA-256 over `id:version` of each user of a domain, sorted by address; read as one text, because rows cost more.
pub(crate) async fn fingerprint(db: &mut SqliteConnection, domain: &str) -> Result<Fingerprint, Stop> {
    let row = sqlx::query(
        "SELECT COUNT(*), COALESCE(group_concat(id || ':' || version, ',' ORDER BY address), '') FROM users WHERE domain_id = ?1",
    )
    .bind(domain)
    .fetch_one(db)
    .await?;
    let text: &str = row.get(1);
    Ok(Fingerprint { fingerprint: sha256(text.as_bytes()).to_string(), total: count(row.get(0)) })
}
