//! The panel itself: its data behind one lock, seeding, dumping, and the driver made from it.

use crate::base::{Clock, Findings, ProviderName, TenantName, Timestamp};
use crate::drivers::memory::capabilities::{MemoryOptions, capabilities};
use crate::drivers::memory::data::{MemoryDomain, MemoryPolicy, MemoryTenant, MemoryUser};
use crate::drivers::memory::faults::{CallInfo, FaultPlan, Injected};
use crate::drivers::memory::lease::Held;
use crate::drivers::memory::reader::MemoryReader;
use crate::drivers::memory::writer::MemoryWriter;
use crate::model::{Capabilities, DirectoryAnswer, Fault, Field, StepOutcome, Value};
use crate::plan::ApprovedPlan;
use crate::port::{Apply, Driver, Observe, Secrets};
use crate::resolve::Desired;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Everything behind the lock.
#[derive(Default)]
pub(super) struct Inner {
    /// By id.
    pub(super) tenants: BTreeMap<String, MemoryTenant>,
    /// Outcomes of calls that took effect, by idempotency key.
    pub(super) operations: BTreeMap<String, (StepOutcome, Option<String>)>,
    /// Leases by tenant id.
    pub(super) leases: BTreeMap<String, Held>,
    /// What directories answer, by id.
    pub(super) answers: BTreeMap<String, DirectoryAnswer>,
    ids: u64,
    calls: u64,
    writes: u64,
    faults: Option<FaultPlan>,
}

impl Inner {
    /// A new id, never given before.
    pub(super) fn id(&mut self, letter: char) -> String {
        self.ids += 1;
        format!("{letter}{}", self.ids)
    }
    /// Counts a call and asks what shall go wrong with it.
    pub(super) fn call(&mut self, writes: bool, what: impl Into<String>) -> Option<Injected> {
        self.calls += 1;
        self.writes += u64::from(writes);
        let info = CallInfo { number: self.calls, writes, what: what.into() };
        self.faults.as_mut().and_then(|plan| plan(&info))
    }
    /// A tenant by id.
    pub(super) fn tenant(&self, id: Option<&str>) -> Result<&MemoryTenant, Fault> {
        id.and_then(|id| self.tenants.get(id)).ok_or_else(|| Fault::Missing { text: "the tenant".into() })
    }
    /// A tenant by id, to be written.
    pub(super) fn tenant_mut(&mut self, id: Option<&str>) -> Result<&mut MemoryTenant, Fault> {
        id.and_then(|id| self.tenants.get_mut(id)).ok_or_else(|| Fault::Missing { text: "the tenant".into() })
    }
    pub(super) fn add_tenant(&mut self, name: &str, now: Timestamp) -> String {
        let id = self.id('t');
        let tenant = MemoryTenant {
            id: id.clone(),
            name: name.to_owned(),
            change_mark: 0,
            created_at: now,
            frozen: false,
            policy: MemoryPolicy::default(),
            domains: BTreeMap::new(),
            users: BTreeMap::new(),
            sending_domains: BTreeMap::new(),
            smtp_users: BTreeMap::new(),
            mails: BTreeMap::new(),
            jobs: Vec::new(),
        };
        self.tenants.insert(id.clone(), tenant);
        id
    }
}

/// A panel in memory. Clones are the same panel.
#[derive(Clone)]
pub struct MemoryPanel {
    inner: Arc<Mutex<Inner>>,
    options: Arc<MemoryOptions>,
    clock: Arc<dyn Clock>,
}

impl MemoryPanel {
    /// An empty panel.
    #[must_use]
    pub fn new(options: MemoryOptions, clock: Arc<dyn Clock>) -> Self {
        Self { inner: Arc::default(), options: Arc::new(options), clock }
    }
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.run_due(self.clock.now());
        inner
    }
    pub(super) fn options(&self) -> &MemoryOptions {
        &self.options
    }
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Adds a tenant; gives its id. Seeding checks nothing: a test may want what no panel would hold.
    pub fn seed_tenant(&self, name: &str) -> String {
        let now = self.now();
        self.lock().add_tenant(name, now)
    }
    /// Sets attributes of a tenant's policy.
    pub fn seed_policy(&self, tenant: &str, attrs: impl IntoIterator<Item = (Field, Value)>) {
        if let Some(tenant) = self.lock().tenants.get_mut(tenant) {
            tenant.policy.attrs.extend(attrs);
            tenant.change_mark += 1;
        }
    }
    /// Adds a domain to a tenant (by id); gives its id.
    pub fn seed_domain(&self, tenant: &str, name: &str, attrs: BTreeMap<Field, Value>) -> String {
        let now = self.now();
        let mut inner = self.lock();
        let id = inner.id('d');
        if let Some(tenant) = inner.tenants.get_mut(tenant) {
            let domain = MemoryDomain::new(id.clone(), name.to_owned(), attrs, now);
            tenant.domains.insert(name.to_owned(), domain);
            tenant.change_mark += 1;
        }
        id
    }
    /// Says that a directory was synchronised and has so many users, and what it answers to other settings.
    pub fn seed_directory(&self, tenant: &str, name: &str, users: u64, answer: Option<DirectoryAnswer>) {
        let now = self.now();
        let mut inner = self.lock();
        let domain = name.split('/').next().unwrap_or(name);
        let live = inner.tenants.get_mut(tenant).and_then(|t| t.domains.get_mut(domain)).and_then(|d| d.directories.get_mut(name));
        let Some(live) = live else { return };
        (live.users, live.synced_at) = (users, Some(now));
        let id = live.id.clone();
        if let Some(answer) = answer {
            inner.answers.insert(id, answer);
        }
    }
    /// Adds a user to a tenant (by id), over one of the same address; gives its id. The id in `user` is not used.
    pub fn seed_user(&self, tenant: &str, user: MemoryUser) -> String {
        let mut inner = self.lock();
        let id = inner.id('u');
        if let Some(tenant) = inner.tenants.get_mut(tenant) {
            tenant.users.insert(user.address.clone(), MemoryUser { id: id.clone(), ..user });
            tenant.change_mark += 1;
        }
        id
    }
    /// Changes a tenant behind everybody's back: what only a person at the panel could do.
    pub fn meddle(&self, tenant: &str, change: impl FnOnce(&mut MemoryTenant)) {
        if let Some(tenant) = self.lock().tenants.get_mut(tenant) {
            change(tenant);
            tenant.change_mark += 1;
        }
    }
    /// Says what the destination of a domain says to an address that nobody has.
    pub fn seed_catch_all(&self, tenant: &str, domain: &str, takes_all: Option<bool>) {
        if let Some(domain) = self.lock().tenants.get_mut(tenant).and_then(|t| t.domains.get_mut(domain)) {
            domain.takes_all = takes_all;
        }
    }
    /// Freezes a tenant, or thaws it.
    pub fn freeze(&self, tenant: &str, on: bool) {
        self.meddle(tenant, |tenant| tenant.frozen = on);
    }
    /// Lets continuity of a domain take mail over, or stop.
    pub fn fail_over(&self, tenant: &str, domain: &str, on: bool) {
        if let Some(domain) = self.lock().tenants.get_mut(tenant).and_then(|t| t.domains.get_mut(domain)) {
            domain.continuity.taking_over = on;
        }
    }
    /// Says that a recipient got mail.
    pub fn seed_mail(&self, tenant: &str, recipient: &str, mails_30d: u64) {
        let now = self.now();
        if let Some(tenant) = self.lock().tenants.get_mut(tenant) {
            tenant.mails.insert(recipient.to_owned(), (mails_30d, now));
        }
    }
    /// Removes a user behind everybody's back.
    pub fn lose_user(&self, tenant: &str, address: &str) {
        if let Some(tenant) = self.lock().tenants.get_mut(tenant)
            && tenant.users.remove(address).is_some()
        {
            tenant.change_mark += 1;
        }
    }
    /// Everything that the panel holds, by tenant id.
    #[must_use]
    pub fn dump(&self) -> BTreeMap<String, MemoryTenant> {
        self.lock().tenants.clone()
    }
    /// Calls made so far: all, and those that write.
    #[must_use]
    pub fn calls(&self) -> (u64, u64) {
        let inner = self.lock();
        (inner.calls, inner.writes)
    }
    /// From now on asks `plan` before each call what shall go wrong with it.
    pub fn inject(&self, plan: impl FnMut(&CallInfo) -> Option<Injected> + Send + 'static) {
        self.lock().faults = Some(Box::new(plan));
    }
    /// Nothing goes wrong any more.
    pub fn heal(&self) {
        self.lock().faults = None;
    }
    /// A driver that is connected to this panel.
    #[must_use]
    pub fn driver(&self, provider: &ProviderName) -> MemoryDriver {
        MemoryDriver { panel: self.clone(), provider: provider.clone(), capabilities: capabilities(&self.options) }
    }
    /// A write port for a tenant, without a plan: for tests of this driver.
    #[cfg(test)]
    pub(super) fn writer(&self, tenant: &TenantName, remote: Option<&str>) -> MemoryWriter {
        MemoryWriter::new(self.clone(), tenant.clone(), remote.map(str::to_owned), Arc::new(crate::drivers::memory::tests::NoSecrets))
    }
}

/// The driver of a panel in memory.
pub struct MemoryDriver {
    panel: MemoryPanel,
    provider: ProviderName,
    capabilities: Capabilities,
}

impl Driver for MemoryDriver {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }
    fn audit(&self, _: &Desired) -> Findings {
        Findings::new()
    }
    fn reader(&self, _: &dyn Secrets) -> Result<Box<dyn Observe>, Fault> {
        Ok(Box::new(MemoryReader::new(self.panel.clone(), self.provider.clone())))
    }
    fn writer(&self, plan: &ApprovedPlan, secrets: Arc<dyn Secrets>) -> Result<Box<dyn Apply>, Fault> {
        let tenant: TenantName = plan.tenant().clone();
        Ok(Box::new(MemoryWriter::new(self.panel.clone(), tenant, plan.remote().map(str::to_owned), secrets)))
    }
}
