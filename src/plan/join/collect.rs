//! [`Join`]: takes objects, gives [`Observed`].

use crate::base::{Address, DomainName, Timestamp};
use crate::model::observed::{LiveTenant, RowId};
use crate::model::{Completeness, FieldMask, Kept, Key, Kind, LiveHead, LiveJob, Object, Observed, Reason, Scope, Seen, Tally};
use crate::plan::join::bind::{bind, is_candidate};
use crate::plan::join::seen::{Bits, Names};
use crate::plan::join::users::Here;
use crate::resolve::Desired;
use crate::resolve::prints::WordPrints;
use std::collections::{BTreeMap, BTreeSet};

/// Recipients of a domain by address: mails in 30 days, last mail.
pub(super) type Recipients = BTreeMap<String, (u64, Option<Timestamp>)>;

/// The join of one tenant. Feed it every decoded object, then [`Join::finish`].
#[derive(Debug)]
pub struct Join<'d> {
    pub(super) desired: &'d Desired,
    pub(super) comparable: FieldMask,
    pub(super) keep_undeclared: usize,
    /// Names that a tombstone or a rename speaks of, on either side: whoever holds one is kept in full.
    pub(super) watched: BTreeSet<String>,
    pub(super) words: WordPrints,
    pub(super) rows: Bits,
    pub(super) undeclared_users: Names,
    pub(super) undeclared_names: Names,
    pub(super) kept: Vec<Kept>,
    pub(super) tally: BTreeMap<DomainName, Tally>,
    pub(super) undeclared: BTreeSet<String>,
    pub(super) recipients: BTreeMap<DomainName, Recipients>,
    pub(super) judged: BTreeSet<DomainName>,
    pub(super) jobs: BTreeMap<DomainName, Seen<Vec<LiveJob>>>,
    /// Distinct objects of each scope.
    distinct: BTreeMap<Scope, u64>,
    /// The scope of the object before and its count, which is put back when another comes.
    counting: Option<(Scope, u64)>,
    /// Names that were listed twice, by scope.
    pub(super) twice: BTreeMap<Scope, BTreeSet<String>>,
    /// The domain of the user before; its tally is put back when another comes.
    pub(super) here: Option<Here>,
    heads: BTreeMap<Key, LiveHead>,
    tenants: Vec<LiveTenant>,
    at: Timestamp,
}

impl<'d> Join<'d> {
    /// An empty join. `comparable`: the user fields that the driver can read and compare (the same that the rows'
    /// prints were made with); `at`: when reading began; `keep_undeclared`: how many undeclared addresses are named.
    #[must_use]
    pub fn new(desired: &'d Desired, comparable: FieldMask, at: Timestamp, keep_undeclared: usize) -> Self {
        Self {
            desired,
            comparable,
            keep_undeclared,
            watched: watched(desired),
            words: WordPrints::new(desired.users.key()),
            rows: Bits::new(desired.users.len()),
            undeclared_users: Names::default(),
            undeclared_names: Names::default(),
            kept: Vec::new(),
            tally: BTreeMap::new(),
            undeclared: BTreeSet::new(),
            recipients: BTreeMap::new(),
            judged: BTreeSet::new(),
            jobs: BTreeMap::new(),
            distinct: BTreeMap::new(),
            counting: None,
            twice: BTreeMap::new(),
            here: None,
            heads: BTreeMap::new(),
            tenants: Vec::new(),
            at,
        }
    }

    /// Takes one object of a page. Pages and objects may come in any order.
    pub fn live(&mut self, scope: &Scope, object: Object<'_>) {
        match object {
            Object::Tenant(tenant) => {
                if is_candidate(&self.desired.heads.tenant, &tenant) {
                    self.tenants.push(tenant);
                }
            }
            Object::Head(head) => self.head(scope, head),
            Object::User(user) => self.user(scope, user),
            Object::Recipient { address, mails_30d, last_mail_at } => self.recipient(scope, &address, mails_30d, last_mail_at),
            Object::Job(job) => self.job(scope, job),
        }
    }

    /// Says that the recipients of a domain were read to their end, so that none shown means none (S13.2). Without it
    /// the recipients of the domain are dropped: a part of a forecast is no forecast.
    pub fn recipients_whole(&mut self, domain: &DomainName) {
        self.judged.insert(domain.clone());
    }

    /// What was observed. `done`: completeness of every scope that was asked for, as the driver's proof has it.
    #[must_use]
    pub fn finish(mut self, done: BTreeMap<Scope, Completeness>, requests: u64) -> Observed {
        self.put_count_back();
        let here = self.here.take();
        self.leave(here);
        let scopes: BTreeMap<Scope, Completeness> =
            done.into_iter().map(|(scope, claim)| (scope.clone(), self.proven(&scope, claim))).collect();
        let list = scopes.iter().find(|(s, _)| s.kind == Kind::Tenant).map(|(_, c)| c);
        let tenant = bind(&self.desired.heads.tenant, &self.tenants, list);
        let recipients = self.forecast(&alias_domains(self.desired, &self.heads));
        let missing: Vec<RowId> = self.desired.users.rows().filter(|row| !self.rows.has(*row)).collect();
        self.kept.sort_by(|a, b| a.live.address.cmp(&b.live.address));
        Observed {
            tenant,
            outbound: None,
            heads: self.heads,
            kept: self.kept,
            missing,
            tally: self.tally,
            recipients,
            jobs: self.jobs,
            probes: BTreeMap::new(),
            scopes,
            undeclared: self.undeclared,
            at: self.at,
            requests,
        }
    }

    /// Counts a distinct object of a scope, or remembers that it was listed twice.
    pub(super) fn count(&mut self, scope: &Scope, name: &str, is_new: bool) {
        if !is_new {
            self.twice.entry(scope.clone()).or_default().insert(name.to_owned());
            return;
        }
        match &mut self.counting {
            Some((here, n)) if here == scope => *n += 1,
            _ => {
                self.put_count_back();
                let before = self.distinct.remove(scope).unwrap_or(0);
                self.counting = Some((scope.clone(), before + 1));
            }
        }
    }
    fn put_count_back(&mut self) {
        if let Some((scope, n)) = self.counting.take() {
            self.distinct.insert(scope, n);
        }
    }

    fn head(&mut self, scope: &Scope, head: LiveHead) {
        if head.key.kind != scope.kind {
            self.heads.insert(head.key.clone(), head);
            return;
        }
        let name = head.key.name.clone();
        let is_new = self.heads.insert(head.key.clone(), head).is_none();
        self.count(scope, &name, is_new);
    }

    /// What a claim of completeness is worth after what was seen (S1.3).
    fn proven(&self, scope: &Scope, claim: Completeness) -> Completeness {
        let seen = self.distinct.get(scope).copied().unwrap_or(0);
        let mut why: Vec<Reason> = Vec::new();
        for name in self.twice.get(scope).into_iter().flatten() {
            why.push(Reason::ListedTwice { name: name.clone() });
        }
        match claim {
            Completeness::Part { read, why: mut before } => {
                before.append(&mut why);
                Completeness::Part { read, why: before }
            }
            Completeness::Whole { count, proof } => {
                // the list of tenants is the provider's; this join was shown only its own candidates of it
                if count != seen && scope.kind != Kind::Tenant {
                    why.push(Reason::CountMismatch { said: count, seen });
                }
                if why.is_empty() { Completeness::Whole { count, proof } } else { Completeness::Part { read: seen, why } }
            }
        }
    }
}

/// Names in tombstones and renames: before, after, and who inherits.
fn watched(desired: &Desired) -> BTreeSet<String> {
    let heads = &desired.heads;
    let mut names = BTreeSet::new();
    for removed in heads.removed.iter().filter(|r| r.kind == Kind::User) {
        names.insert(removed.name.value.clone());
        names.extend(removed.keep_address.iter().map(|a| a.value.as_str().to_owned()));
    }
    for renamed in &heads.renamed {
        names.extend([&renamed.from, &renamed.to].map(|a| Address::as_str(&a.value).to_owned()));
    }
    names
}

/// Alias domain → its domain, as declared and as live.
fn alias_domains(desired: &Desired, live: &BTreeMap<Key, LiveHead>) -> BTreeMap<String, DomainName> {
    let mut all = BTreeMap::new();
    for (name, domain) in &desired.heads.domains {
        for alias in domain.alias_domains.iter().flat_map(|a| &a.value) {
            all.insert(alias.to_string(), name.clone());
        }
    }
    for head in live.values().filter(|h| h.key.kind == Kind::Domain) {
        if let Some(crate::model::Value::Set(aliases)) = head.attrs.get(&crate::model::Field::DomainAliasDomains) {
            for alias in aliases {
                all.entry(alias.clone()).or_insert_with(|| DomainName::canonical(&head.key.name));
            }
        }
    }
    all
}
