//! The read port.

use crate::base::clock::BoxFuture;
use crate::base::{ProviderName, TenantName};
use crate::drivers::memory::data::{
    MemoryAccess, MemoryContinuity, MemoryDirectory, MemoryDiscovery, MemorySendingDomain, MemorySmtpUser, MemoryUser,
};
use crate::drivers::memory::faults::Injected;
use crate::drivers::memory::pages::{Item, cut, malformed, read, skim, write};
use crate::drivers::memory::panel::{Inner, MemoryPanel};
use crate::model::capability::ProofRule;
use crate::model::{
    CatchAllProbe, ContinuityFacts, DirectoryAnswer, DirectoryFacts, Fault, Field, Key, Kind, LastConnection, LiveAccess, LiveFacts,
    LiveHead, LiveTenant, LiveUser, Object, Scope, UserKind, Value,
};
use crate::port::{Cursor, Observe, Page};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Reads from a panel in memory.
pub(super) struct MemoryReader {
    panel: MemoryPanel,
    provider: ProviderName,
}

impl MemoryReader {
    pub(super) fn new(panel: MemoryPanel, provider: ProviderName) -> Self {
        Self { panel, provider }
    }

    fn page(&self, what: &str, scope: &Scope, from: Cursor, list: impl FnOnce(&Inner) -> Result<Vec<Item>, Fault>) -> Result<Page, Fault> {
        let mut inner = self.panel.lock();
        let damage = match inner.call(false, format!("{what} {scope}")) {
            // a read has no effect: lost before or after is the same
            Some(Injected::Before(fault) | Injected::After(fault)) => return Err(fault),
            Some(Injected::Damaged(damage)) => Some(damage),
            None => None,
        };
        let body = cut(list(&inner)?, from.as_deref(), self.panel.options().page_size as usize)?;
        let bytes = write(body, damage)?;
        // from here on as a client that knows the bytes only
        let seen = skim(&bytes)?;
        let total = match self.panel.options().proof {
            ProofRule::Total => Some(seen.total),
            ProofRule::EndMark | ProofRule::TwoReads | ProofRule::None => None,
        };
        let next = seen.next.map(|at| at.to_string());
        Ok(Page { scope: scope.clone(), body: bytes, next, total, count: seen.items.len() as u64 })
    }

    fn find(&self, key: &Key, remote: Option<&str>) -> Result<Option<Page>, Fault> {
        let scope = Scope {
            provider: self.provider.clone(),
            tenant: Some(key.tenant.clone()),
            domain: key
                .domain()
                .filter(|_| of_domain(key.kind))
                .map(|d| d.split('/').next().unwrap_or(d))
                .and_then(|d| crate::base::DomainName::parse(d).ok()),
            kind: key.kind,
        };
        let page = self.page("one", &scope, None, |inner| {
            let all = list(inner, &scope, remote)?;
            Ok(all.into_iter().filter(|item| is(item, key, remote)).collect())
        });
        match page {
            Ok(page) if page.count == 0 => Ok(None),
            Ok(page) => Ok(Some(page)),
            Err(Fault::Missing { .. }) => Ok(None),
            Err(fault) => Err(fault),
        }
    }
}

impl MemoryReader {
    /// How a user signs in, where the panel tells that.
    fn access(&self, user: &MemoryUser) -> Option<Box<LiveAccess>> {
        user.access.as_ref().filter(|_| self.panel.options().tells_access).map(|a| Box::new(access(a)))
    }
}

fn is(item: &Item, key: &Key, remote: Option<&str>) -> bool {
    match item {
        Item::Tenant { id, name, .. } => remote.map_or(*name == key.name, |remote| id == remote),
        Item::Policy(_) => true,
        Item::Domain(domain) => domain.name == key.name,
        Item::Continuity(_, domain, _) => *domain == key.name,
        Item::Directory(directory) => directory.name == key.name,
        Item::Discovery(domain, _) => *domain == key.name,
        Item::User(user, _) => user.address == key.name,
        Item::SendingDomain(domain) => domain.name == key.name,
        Item::SmtpUser(user) => user.id == key.name,
        Item::Recipient(..) | Item::Job(_) => false,
    }
}

/// Kinds that are listed by domain.
fn of_domain(kind: Kind) -> bool {
    matches!(kind, Kind::User | Kind::Directory | Kind::Discovery)
}

/// Everything of a scope.
fn list(inner: &Inner, scope: &Scope, remote: Option<&str>) -> Result<Vec<Item>, Fault> {
    match scope.kind {
        Kind::Tenant => Ok(inner.tenants.values().map(tenant_item).collect()),
        Kind::PasswordPolicy => Ok(vec![Item::Policy(inner.tenant(remote)?.policy.clone())]),
        Kind::Domain => Ok(inner.tenant(remote)?.domains.values().cloned().map(Item::Domain).collect()),
        Kind::User => {
            let tenant = inner.tenant(remote)?;
            if let Some(domain) = scope.domain.as_ref().filter(|d| !tenant.domains.contains_key(d.as_str())) {
                return Err(Fault::Missing { text: format!("domain {domain}") });
            }
            let here =
                |user: &&MemoryUser| scope.domain.as_ref().is_none_or(|d| crate::base::address::domain_part(&user.address) == d.as_str());
            Ok(tenant.users.values().filter(here).map(|u| Item::User(u.clone(), tenant.mails.get(&u.address).copied())).collect())
        }
        Kind::Directory | Kind::Discovery | Kind::Continuity => {
            let name = scope.domain.as_ref().map_or("", |d| d.as_str());
            let domain = inner.tenant(remote)?.domains.get(name).ok_or_else(|| Fault::Missing { text: format!("domain {name}") })?;
            Ok(match scope.kind {
                Kind::Directory => domain.directories.values().cloned().map(Item::Directory).collect(),
                Kind::Continuity => vec![Item::Continuity(domain.id.clone(), domain.name.clone(), domain.continuity.clone())],
                _ => vec![Item::Discovery(domain.name.clone(), domain.discovery.clone())],
            })
        }
        Kind::SendingDomain => Ok(inner.tenant(remote)?.sending_domains.values().cloned().map(Item::SendingDomain).collect()),
        Kind::SmtpUser => Ok(inner.tenant(remote)?.smtp_users.values().cloned().map(Item::SmtpUser).collect()),
    }
}

fn tenant_item(tenant: &crate::drivers::memory::data::MemoryTenant) -> Item {
    let (id, name) = (tenant.id.clone(), tenant.name.clone());
    Item::Tenant { id, name, change_mark: tenant.change_mark, created_at: tenant.created_at, frozen: tenant.frozen }
}

impl Observe for MemoryReader {
    fn fetch<'a>(&'a self, scope: &'a Scope, remote: Option<&'a str>, from: Cursor) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(async move { self.page("fetch", scope, from, |inner| list(inner, scope, remote)) })
    }
    fn one<'a>(&'a self, key: &'a Key, remote: Option<&'a str>) -> BoxFuture<'a, Result<Option<Page>, Fault>> {
        Box::pin(async move { self.find(key, remote) })
    }
    fn decode(&self, page: &Page, each: &mut dyn FnMut(Object<'_>)) -> Result<(), Fault> {
        for item in read(&page.body)?.items {
            if item.kind() != page.scope.kind {
                return Err(malformed(format!("a {} on a page of {}", item.kind(), page.scope)));
            }
            let tenant = || page.scope.tenant.as_ref().ok_or_else(|| malformed("a page that belongs to no tenant"));
            match item {
                Item::Tenant { id, name, change_mark, created_at, frozen } => {
                    let (change_mark, created_at) = (Some(change_mark.to_string()), Some(created_at));
                    each(Object::Tenant(LiveTenant { id, name, change_mark, created_at, frozen }));
                }
                Item::Policy(policy) => {
                    let (key, version) = (Key::policy(tenant()?), Some(policy.version.to_string()));
                    each(Object::Head(LiveHead {
                        key,
                        incarnation: None,
                        version,
                        attrs: policy.attrs,
                        created_at: None,
                        facts: LiveFacts::None,
                    }));
                }
                Item::Domain(domain) => each(Object::Head(head(tenant()?, domain))),
                Item::Continuity(id, domain, live) => each(Object::Head(continuity(tenant()?, id, domain, live))),
                Item::Directory(found) => each(Object::Head(directory(tenant()?, found))),
                Item::Discovery(domain, found) => each(Object::Head(discovery(tenant()?, domain, found))),
                Item::User(user, mails) => each(Object::User(LiveUser { access: self.access(&user), ..live(&user, mails) })),
                Item::SendingDomain(domain) => each(Object::Head(sending_domain(tenant()?, domain))),
                Item::SmtpUser(user) => each(Object::Head(smtp_user(tenant()?, user))),
                Item::Recipient(address, mails_30d, last) => {
                    each(Object::Recipient { address: Cow::Owned(address), mails_30d, last_mail_at: Some(last) });
                }
                Item::Job(job) => each(Object::Job(job)),
            }
        }
        Ok(())
    }
    fn jobs<'a>(&'a self, scope: &'a Scope, remote: Option<&'a str>, from: Cursor) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(async move {
            self.page("jobs of", scope, from, |inner| {
                let name = scope.domain.as_ref().map_or("", |d| d.as_str());
                let here = inner.tenant(remote)?.jobs.iter().filter(|j| j.domain == name);
                Ok(here.map(|j| Item::Job(j.job.clone())).collect())
            })
        })
    }
    fn directory<'a>(
        &'a self,
        live: &'a LiveHead,
        remote: Option<&'a str>,
        _: &'a BTreeMap<Field, Value>,
    ) -> BoxFuture<'a, Result<DirectoryAnswer, Fault>> {
        Box::pin(async move {
            let mut inner = self.panel.lock();
            match inner.call(false, format!("test of {}", live.key)) {
                Some(Injected::Before(fault) | Injected::After(fault)) => Err(fault),
                Some(Injected::Damaged(_)) => Err(malformed("a test that cannot be read")),
                None => inner.answer(&live.key, remote),
            }
        })
    }
    fn catch_all<'a>(&'a self, scope: &'a Scope, remote: Option<&'a str>) -> BoxFuture<'a, Result<CatchAllProbe, Fault>> {
        Box::pin(async move {
            let at = self.panel.now();
            let mut inner = self.panel.lock();
            match inner.call(false, format!("catch-all probe of {scope}")) {
                Some(Injected::Before(fault) | Injected::After(fault)) => return Err(fault),
                Some(Injected::Damaged(_)) => return Err(malformed("a probe that cannot be read")),
                None => {}
            }
            let name = scope.domain.as_ref().map_or("", |d| d.as_str());
            let domain = inner.tenant(remote)?.domains.get(name).ok_or_else(|| Fault::Missing { text: format!("domain {name}") })?;
            let said = match domain.takes_all {
                Some(true) => "the destination takes it",
                Some(false) => "the destination refuses it: 550 5.1.1",
                None => "the destination does not answer",
            };
            Ok(CatchAllProbe { at, takes_all: domain.takes_all, said: said.to_owned() })
        })
    }
    fn recipients<'a>(&'a self, scope: &'a Scope, remote: Option<&'a str>, from: Cursor) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(async move {
            self.page("recipients of", scope, from, |inner| {
                let tenant = inner.tenant(remote)?;
                let name = scope.domain.as_ref().map_or("", |d| d.as_str());
                let domain = tenant.domains.get(name).ok_or_else(|| Fault::Missing { text: format!("domain {name}") })?;
                let mut names = domain.alias_domains();
                names.insert(domain.name.clone());
                let here = |address: &str| names.contains(crate::base::address::domain_part(address));
                let mails = tenant.mails.iter().filter(|(address, _)| here(address));
                Ok(mails.map(|(address, (count, last))| Item::Recipient(address.clone(), *count, *last)).collect())
            })
        })
    }
}

/// What is not set is off, and not bought.
fn continuity(tenant: &TenantName, id: String, domain: String, live: MemoryContinuity) -> LiveHead {
    let off = |field| (field, Value::Switch(false));
    let mut attrs: BTreeMap<Field, Value> = [Field::ContinuityEnabled, Field::ContinuityOutgoing].into_iter().map(off).collect();
    attrs.extend(live.attrs);
    LiveHead {
        key: Key::new(tenant, Kind::Continuity, domain),
        incarnation: Some(id),
        version: Some(live.version.to_string()),
        attrs,
        created_at: None,
        facts: LiveFacts::Continuity(ContinuityFacts { taking_over: live.taking_over, ..ContinuityFacts::default() }),
    }
}

fn head(tenant: &TenantName, domain: crate::drivers::memory::data::MemoryDomain) -> LiveHead {
    LiveHead {
        key: Key::new(tenant, Kind::Domain, domain.name),
        incarnation: Some(domain.id),
        version: Some(domain.version.to_string()),
        attrs: domain.attrs,
        created_at: Some(domain.created_at),
        facts: LiveFacts::Domain { imports: None, failing_over: domain.continuity.taking_over },
    }
}

fn directory(tenant: &TenantName, found: MemoryDirectory) -> LiveHead {
    let facts = DirectoryFacts {
        users: found.users,
        last_run_at: found.synced_at,
        last_success_at: found.synced_at,
        last_count: found.synced_at.map(|_| found.users),
        consent: found.consent,
        ..DirectoryFacts::default()
    };
    LiveHead {
        key: Key::new(tenant, Kind::Directory, found.name),
        incarnation: Some(found.id),
        version: Some(found.version.to_string()),
        attrs: found.attrs,
        created_at: Some(found.created_at),
        facts: LiveFacts::Directory(Box::new(facts)),
    }
}

fn discovery(tenant: &TenantName, domain: String, found: MemoryDiscovery) -> LiveHead {
    LiveHead {
        key: Key::new(tenant, Kind::Discovery, domain),
        incarnation: None,
        version: Some(found.version.to_string()),
        attrs: found.attrs,
        created_at: None,
        facts: LiveFacts::Discovery(Box::default()),
    }
}

fn access(access: &MemoryAccess) -> LiveAccess {
    LiveAccess {
        has_password: access.password_changed_at.is_some(),
        password_changed_at: access.password_changed_at,
        password_label: access.password_label.clone(),
        signed_in_at: None,
        mails_sent: access.mails_sent,
    }
}

fn sending_domain(tenant: &TenantName, domain: MemorySendingDomain) -> LiveHead {
    LiveHead {
        key: Key::new(tenant, Kind::SendingDomain, domain.name),
        incarnation: Some(domain.id),
        version: Some(domain.version.to_string()),
        attrs: BTreeMap::new(),
        created_at: Some(domain.created_at),
        facts: LiveFacts::SendingDomain { cnames: domain.cnames, verified: domain.verified },
    }
}

fn smtp_user(tenant: &TenantName, user: MemorySmtpUser) -> LiveHead {
    LiveHead {
        key: Key::new(tenant, Kind::SmtpUser, user.username.clone()),
        incarnation: Some(user.id),
        version: Some(user.version.to_string()),
        attrs: BTreeMap::from([
            (Field::SmtpUserDomain, Value::text(user.sending_domain)),
            (Field::SmtpUserLabel, Value::text(user.label)),
            (Field::SmtpUserUsername, Value::text(user.username)),
        ]),
        created_at: Some(user.created_at),
        facts: LiveFacts::SmtpUser {
            enabled: user.enabled,
            token: user.token,
            operation_tag: user.operation_tag,
            last_connection: user.last_connection_at.map_or(LastConnection::Never, LastConnection::At),
            password_set_at: Some(user.password_set_at),
        },
    }
}

fn live(user: &MemoryUser, mails: Option<(u64, crate::base::Timestamp)>) -> LiveUser<'_> {
    LiveUser {
        address: Cow::Borrowed(&user.address),
        incarnation: Some(Cow::Borrowed(&user.id)),
        version: Some(Cow::Owned(user.version.to_string())),
        first_name: Cow::Borrowed(&user.first_name),
        last_name: Cow::Borrowed(&user.last_name),
        aliases: user.aliases.iter().map(|alias| Cow::Borrowed(alias.as_str())).collect(),
        kind: user.kind,
        status: user.status,
        group: Cow::Borrowed(""),
        origin: user.origin,
        billable: user.kind == UserKind::Mailbox,
        created_at: Some(user.created_at),
        mails_30d: Some(mails.map_or(0, |(count, _)| count)),
        last_mail_at: mails.map(|(_, last)| last),
        access: None,
    }
}
