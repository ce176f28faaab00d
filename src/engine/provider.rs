//! A provider in use: its driver, its read port, its breaker, and its list of tenants, read once in a run (S18.1).

use crate::base::limits::{BREAKER_FAILURES, SCOPE_PAGES};
use crate::base::{BoxFuture, Clock, ProviderName};
use crate::http::retry::delay;
use crate::model::{Fault, Kind, LiveTenant, Object, Proof, Reason, Scope, Seen, Tenancy};
use crate::port::{Driver, Observe, Page, Secrets};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// A connected provider.
pub struct Provider {
    /// Its name.
    pub name: ProviderName,
    /// Its driver.
    pub driver: Arc<dyn Driver>,
    /// Its read port.
    pub reader: Arc<dyn Observe>,
    clock: Arc<dyn Clock>,
    tenants: OnceCell<Result<Vec<LiveTenant>, Reason>>,
    failures: AtomicU32,
    open: Mutex<Option<String>>,
    requests: AtomicU64,
}

impl Provider {
    /// A provider from its driver.
    ///
    /// # Errors
    /// What [`Driver::reader`] says.
    pub fn new(name: ProviderName, driver: Arc<dyn Driver>, secrets: &dyn Secrets, clock: Arc<dyn Clock>) -> Result<Self, Fault> {
        let reader = Arc::from(driver.reader(secrets)?);
        Ok(Self {
            name,
            driver,
            reader,
            clock,
            tenants: OnceCell::new(),
            failures: AtomicU32::new(0),
            open: Mutex::new(None),
            requests: AtomicU64::new(0),
        })
    }

    /// The same provider for another look: nothing that was read is kept.
    ///
    /// # Errors
    /// As [`Provider::new`].
    pub fn again(&self, secrets: &dyn Secrets) -> Result<Self, Fault> {
        Self::new(self.name.clone(), self.driver.clone(), secrets, self.clock.clone())
    }

    /// Requests made so far.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// One read, with retries, back-off, jitter, `Retry-After` and the breaker (S18.1).
    ///
    /// # Errors
    /// Why it is unknown.
    pub async fn read<'a, T>(&self, once: impl Fn() -> BoxFuture<'a, Result<T, Fault>> + Send) -> Result<T, Reason> {
        if let Some(text) = self.open.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return Err(Reason::BreakerOpen { text });
        }
        let mut attempt = 0;
        loop {
            attempt += 1;
            self.requests.fetch_add(1, Ordering::Relaxed);
            let fault = match once().await {
                Ok(value) => {
                    self.failures.store(0, Ordering::Relaxed);
                    return Ok(value);
                }
                Err(fault) => fault,
            };
            let Some(wait) = delay(attempt, &fault, fastrand::f64()) else {
                self.count_failure(&fault);
                return Err(fault.reason());
            };
            self.clock.sleep(wait).await;
        }
    }

    fn count_failure(&self, fault: &Fault) {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
        let at_once = match fault {
            Fault::Denied { reason: Reason::Denied { status: 401, .. } } | Fault::Retry { reason: Reason::Unreachable { .. } } => true,
            Fault::Denied { .. }
            | Fault::Retry { .. }
            | Fault::Throttled { .. }
            | Fault::Conflict { .. }
            | Fault::Missing { .. }
            | Fault::Rejected { .. }
            | Fault::OutcomeUnknown { .. }
            | Fault::Fenced { .. }
            | Fault::Local { .. } => false,
        };
        if at_once || failures >= BREAKER_FAILURES {
            let text = fault.reason().to_string();
            self.open.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(text);
        }
    }

    /// The tenant of that name or id (S4.3).
    pub async fn bind(&self, name: &str, remote: Option<&str>) -> Seen<LiveTenant> {
        if self.driver.capabilities().tenancy == Tenancy::Instance {
            return whole_instance(name, remote);
        }
        let all = self.tenants.get_or_init(|| self.list_tenants()).await;
        let all = match all {
            Ok(all) => all,
            Err(reason) => return Seen::Unknown(reason.clone()),
        };
        let fits = |t: &&LiveTenant| remote.map_or(t.name == name, |id| t.id == id);
        let mut found = all.iter().filter(fits);
        match (found.next(), found.count()) {
            (None, _) => Seen::Absent(Proof::Total),
            (Some(one), 0) => Seen::Present(one.clone()),
            (Some(_), more) => Seen::Unknown(Reason::TenantAmbiguous { count: more as u64 + 1 }),
        }
    }

    async fn list_tenants(&self) -> Result<Vec<LiveTenant>, Reason> {
        let scope = Scope { provider: self.name.clone(), tenant: None, domain: None, kind: Kind::Tenant };
        let mut tenants = Vec::new();
        let mut cursor = None;
        let mut total = None;
        for number in 0.. {
            if number >= SCOPE_PAGES {
                return Err(Reason::Endless { limit: format!("{SCOPE_PAGES} pages") });
            }
            let page = self.read(|| self.reader.fetch(&scope, None, cursor.clone())).await?;
            let before = tenants.len();
            self.decode(&page, &mut |object| {
                if let Object::Tenant(tenant) = object {
                    tenants.push(tenant);
                }
            })?;
            total = page.total.or(total);
            // a listing that repeats itself would otherwise be read to the last of all pages
            if let Some(said) = total.filter(|said| tenants.len() as u64 > *said) {
                return Err(Reason::CountMismatch { said, seen: tenants.len() as u64 });
            }
            match page.next {
                Some(next) if tenants.len() > before => cursor = Some(next),
                Some(_) => return Err(Reason::Endless { limit: "pages that add nothing".into() }),
                None => break,
            }
        }
        let mut ids: Vec<&str> = tenants.iter().map(|t| t.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        let seen = ids.len() as u64;
        match total {
            Some(said) if said != seen => Err(Reason::CountMismatch { said, seen }),
            Some(_) | None => Ok(tenants),
        }
    }

    /// Decodes a page; a page that is not what it should be is a failed read.
    ///
    /// # Errors
    /// Why.
    pub fn decode(&self, page: &Page, each: &mut dyn FnMut(Object<'_>)) -> Result<(), Reason> {
        self.reader.decode(page, each).map_err(|fault| fault.reason())
    }
}

/// The id of the tenant that is a whole instance.
const INSTANCE: &str = "instance";

/// Where a panel has no tenants, each declared one is the whole instance (S4.3); what cannot be read is said by its scopes.
fn whole_instance(name: &str, remote: Option<&str>) -> Seen<LiveTenant> {
    if remote.is_some_and(|id| id != INSTANCE) {
        return Seen::Absent(Proof::NotFound);
    }
    let (id, name) = (INSTANCE.to_owned(), name.to_owned());
    Seen::Present(LiveTenant { id, name, change_mark: None, created_at: None, frozen: false })
}
