//! Reading one tenant: bind it, read its heads, then the users of its live domains side by side, into the join.

use crate::base::{DomainName, Timestamp};
use crate::engine::observe::listing::{self, Told, What};
use crate::engine::observe::{directories, growth, scopes};
use crate::engine::provider::Provider;
use crate::engine::told::Progress;
use crate::model::field::ROW_FIELDS;
use crate::model::{Completeness, Field, FieldMask, Kind, LiveFacts, Object, Observed, Proof, Reason, RelayCheck, Scope, Seen, Value};
use crate::plan::Join;
use crate::port::Page;
use crate::resolve::Desired;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How an observation is made.
pub struct Watch<'a> {
    /// When reading begins.
    pub at: Timestamp,
    /// How many undeclared addresses are kept by name.
    pub keep_undeclared: usize,
    /// Who watches.
    pub progress: &'a dyn Progress,
}

/// The fields of a row that this panel gives back: what prints are made of.
#[must_use]
pub fn comparable(caps: &crate::model::Capabilities) -> FieldMask {
    ROW_FIELDS.into_iter().filter(|f| caps.is_comparable(*f)).fold(FieldMask::NONE, FieldMask::with)
}

/// Observes a tenant. Whatever goes wrong is an incomplete scope with its reason, never an error (S1.1).
pub async fn observe(provider: &Arc<Provider>, desired: &Desired, watch: &Watch<'_>) -> Observed {
    let caps = provider.driver.capabilities();
    let heads = &desired.heads;
    let before = provider.requests();
    // `remote` is the id on the provider of inbound mail; on another one the tenant is found by its name
    let remote = heads.tenant.remote.as_ref().map(|r| r.value.as_str()).filter(|_| heads.provider(Kind::Tenant) == &provider.name);
    let tenant = provider.bind(heads.name().as_str(), remote).await;
    let mut round = Round {
        provider,
        join: Join::new(desired, comparable(caps), watch.at, watch.keep_undeclared),
        done: BTreeMap::new(),
        broken: BTreeMap::new(),
        domains: BTreeMap::new(),
        discoveries: BTreeMap::new(),
        imports: BTreeMap::new(),
        at: watch.at,
        progress: watch.progress,
    };
    let head_scopes = scopes::of_heads(desired, caps, &provider.name);
    match &tenant {
        Seen::Present(live) => round.read_tenant(desired, head_scopes, &live.id).await,
        Seen::Absent(_) => round.all(desired, head_scopes, || Completeness::Whole { count: 0, proof: Proof::NotFound }),
        Seen::Unknown(why) => round.all(desired, head_scopes, || Completeness::Part { read: 0, why: vec![why.clone()] }),
    }
    let mut observed = round.join.finish(round.done, provider.requests() - before);
    observed.tenant = tenant;
    directories::ask(provider, desired, &mut observed).await;
    growth::ask(provider, desired, &mut observed).await;
    observed
}

struct Round<'a, 'd> {
    provider: &'a Arc<Provider>,
    join: Join<'d>,
    done: BTreeMap<Scope, Completeness>,
    broken: BTreeMap<Scope, Reason>,
    domains: BTreeMap<DomainName, Option<Value>>,
    /// Whether discovery is on, where that was read.
    discoveries: BTreeMap<DomainName, Value>,
    /// Import jobs that the panel keeps, where it says so with the domain.
    imports: BTreeMap<DomainName, u64>,
    at: Timestamp,
    progress: &'a dyn Progress,
}

impl Round<'_, '_> {
    /// The same word for every scope that would have been read.
    fn all(&mut self, desired: &Desired, head_scopes: Vec<Scope>, word: impl Fn() -> Completeness) {
        let caps = self.provider.driver.capabilities();
        let below = scopes::domains(desired, &self.provider.name)
            .into_iter()
            .flat_map(|d| scopes::of_domain(desired, caps, &self.provider.name, &d));
        let below: Vec<Scope> = below.collect();
        self.done.extend(head_scopes.into_iter().chain(below).map(|scope| (scope, word())));
    }

    async fn read_tenant(&mut self, desired: &Desired, head_scopes: Vec<Scope>, remote: &str) {
        let head_jobs = head_scopes.into_iter().map(|s| (s, What::Objects)).collect();
        self.read(head_jobs, remote).await;
        let caps = self.provider.driver.capabilities();
        let list = self.done.iter().find(|(s, _)| s.kind == Kind::Domain).map(|(s, c)| (s.to_string(), c.is_whole()));
        let mut jobs = Vec::new();
        for domain in scopes::domains(desired, &self.provider.name) {
            let below = scopes::of_domain(desired, caps, &self.provider.name, &domain);
            match (&list, self.domains.contains_key(&domain)) {
                (_, true) => jobs.extend(below.into_iter().map(|s| (s, What::Objects))),
                (Some((_, true)), false) => {
                    let none = || Completeness::Whole { count: 0, proof: Proof::NotFound };
                    self.done.extend(below.into_iter().map(|s| (s, none())));
                }
                (list, false) => {
                    let scope = list.as_ref().map_or_else(|| "the list of domains".to_owned(), |(name, _)| name.clone());
                    let part = || Completeness::Part { read: 0, why: vec![Reason::DependsOn { scope: scope.clone() }] };
                    self.done.extend(below.into_iter().map(|s| (s, part())));
                }
            }
        }
        let asked = self.forecasts(desired);
        jobs.extend(asked.iter().map(|s| (s.clone(), What::Recipients)));
        self.read(jobs, remote).await;
        // whether discovery is to be switched on is known only now
        let more: Vec<(Scope, What)> = self.growing(desired).difference(&asked).map(|s| (s.clone(), What::Recipients)).collect();
        if !more.is_empty() {
            self.read(more, remote).await;
        }
        self.read_imports(desired, remote).await;
    }

    /// Import jobs of the domains that are live and declared. A domain that says that it has none is not asked.
    async fn read_imports(&mut self, desired: &Desired, remote: &str) {
        if self.provider.driver.capabilities().timetable.imports.is_none() {
            return;
        }
        let live = desired.heads.domains.keys().filter(|d| self.domains.contains_key(*d));
        let (none, some): (Vec<&DomainName>, Vec<&DomainName>) = live.partition(|d| self.imports.get(*d) == Some(&0));
        none.into_iter().for_each(|domain| self.join.jobs_ended(domain, None));
        let tenant = Some(desired.heads.name().clone());
        let scope = |d: &DomainName| Scope {
            provider: self.provider.name.clone(),
            tenant: tenant.clone(),
            domain: Some(d.clone()),
            kind: Kind::Domain,
        };
        let jobs: Vec<(Scope, What)> = some.into_iter().map(|d| (scope(d), What::Jobs)).collect();
        if jobs.is_empty() {
            return;
        }
        // a domain's forecast was read under the same name, and has ended
        self.broken.retain(|scope, _| scope.kind != Kind::Domain || scope.domain.is_none());
        let provider = self.provider.clone();
        listing::pump(&provider, remote, jobs, &mut |told| match told {
            Told::Page(page) => self.join_page(&page),
            Told::Ended(scope, done) => {
                let unread = match done {
                    Completeness::Whole { .. } => None,
                    Completeness::Part { why, .. } => Some(why.into_iter().next().unwrap_or(Reason::NoProof)),
                };
                let unread = self.broken.get(&scope).cloned().or(unread);
                if let Some(domain) = &scope.domain {
                    self.join.jobs_ended(domain, unread);
                }
            }
        })
        .await;
    }

    /// Domains whose relay check becomes `control-panel` or `smtp`: their recipients are evidence (S13.2).
    fn forecasts(&self, desired: &Desired) -> BTreeSet<Scope> {
        self.counted(desired, |name, live| {
            let declared = desired.heads.domains.get(name).and_then(|d| d.relay_check.as_ref()).map(|r| r.value);
            let judged = declared.filter(|r| matches!(r, RelayCheck::ControlPanel | RelayCheck::Smtp));
            judged.is_some_and(|r| live != Some(&Value::text(r.word())))
        })
    }

    /// Domains to which users are to come by themselves.
    fn growing(&self, desired: &Desired) -> BTreeSet<Scope> {
        self.counted(desired, |name, live| growth::is_to_grow(desired, name, live, self.discoveries.get(name), self.at))
    }

    /// The recipients of such live domains, by name and relay check; none where the panel does not count mail.
    fn counted(&self, desired: &Desired, which: impl Fn(&DomainName, Option<&Value>) -> bool) -> BTreeSet<Scope> {
        if !self.provider.driver.capabilities().counts_mail {
            return BTreeSet::new();
        }
        let scope = |name: &DomainName| Scope {
            provider: self.provider.name.clone(),
            tenant: Some(desired.heads.name().clone()),
            domain: Some(name.clone()),
            kind: Kind::Domain,
        };
        self.domains.iter().filter(|(name, live)| which(name, live.as_ref())).map(|(name, _)| scope(name)).collect()
    }

    /// Reads listings side by side and joins their pages as they come.
    async fn read(&mut self, jobs: Vec<(Scope, What)>, remote: &str) {
        self.progress.phase("reading", None);
        let provider = self.provider.clone();
        let progress = self.progress;
        listing::pump(&provider, remote, jobs, &mut |told| match told {
            Told::Page(page) => self.join_page(&page),
            Told::Ended(scope, completeness) => self.ended(scope, completeness),
        })
        .await;
        progress.finish();
    }

    fn join_page(&mut self, page: &Page) {
        let Round { join, domains, discoveries, imports, provider, broken, progress, .. } = self;
        progress.advance(page.count);
        let decoded = provider.decode(page, &mut |object| {
            if let Object::Head(head) = &object
                && let Ok(name) = DomainName::parse(&head.key.name)
            {
                if head.key.kind == Kind::Domain {
                    if let LiveFacts::Domain { imports: Some(kept), .. } = head.facts {
                        imports.insert(name.clone(), kept);
                    }
                    domains.insert(name, head.attrs.get(&Field::DomainRelayCheck).cloned());
                } else if let (Kind::Discovery, Some(on)) = (head.key.kind, head.attrs.get(&Field::DiscoveryEnabled)) {
                    discoveries.insert(name, on.clone());
                }
            }
            join.live(&page.scope, object);
        });
        if let Err(reason) = decoded {
            broken.entry(page.scope.clone()).or_insert(reason);
        }
    }

    fn ended(&mut self, scope: Scope, completeness: Completeness) {
        let is_forecast = scope.kind == Kind::Domain && scope.domain.is_some();
        let completeness = match (self.broken.get(&scope), completeness) {
            (Some(reason), Completeness::Whole { count: read, .. }) => Completeness::Part { read, why: vec![reason.clone()] },
            (Some(reason), Completeness::Part { read, mut why }) => {
                why.insert(0, reason.clone());
                Completeness::Part { read, why }
            }
            (None, completeness) => completeness,
        };
        if is_forecast {
            if let (Some(domain), true) = (scope.domain, completeness.is_whole()) {
                self.join.recipients_whole(&domain);
            }
            return;
        }
        self.done.insert(scope, completeness);
    }
}
