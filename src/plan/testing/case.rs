//! [`Case`]: one tenant with all inputs of the planner, changed field by field by a test, then planned.

use crate::base::span::{FileId, Place, Span, Spanned};
use crate::base::{Address, DomainName, PrintKey, ProviderName, TenantName, Timestamp};
use crate::config::{Defaults, Removed, Renamed};
use crate::model::observed::SourcePos;
use crate::model::{
    Authority, Capabilities, Completeness, Domain, Field, FieldMask, Kind, KindSupport, LiveJob, Object, Observed, Offer, Operation,
    PageRule, Policy, Proof, ProofRule, Reason, Remembered, Scope, Seen, Support, Tenant, User, UsersBy, Value,
};
use crate::plan::testing::live::Live;
use crate::plan::{DetailRow, Details, Join, Plan, build};
use crate::resolve::user_table::{print_aliases, print_text};
use crate::resolve::{Desired, Heads, UserTable};
use std::collections::{BTreeMap, BTreeSet};

/// The moment at which tests plan.
pub const NOW: &str = "2026-11-22T10:00:00Z";

/// A place in a file that is not there.
pub fn span() -> Span {
    Span::new(FileId(0), 0..0)
}
/// A value at that place.
pub fn at<T>(value: T) -> Spanned<T> {
    Spanned::new(value, span())
}
/// A domain name.
pub fn domain(text: &str) -> DomainName {
    DomainName::parse(text).unwrap()
}
/// An address; `acme.example` where only the local part is given.
pub fn address(text: &str) -> Address {
    Address::parse(&full(text)).unwrap()
}
/// The text of [`address`].
pub fn full(text: &str) -> String {
    if text.contains('@') { text.to_owned() } else { format!("{text}@acme.example") }
}
/// A declared user with these aliases, and nothing else declared.
pub fn user(name: &str, aliases: &[&str]) -> User {
    User { aliases: Some(aliases.iter().map(|a| address(a)).collect()), ..User::bare(address(name)) }
}

/// One tenant, `acme` on `edge`, with the domain `acme.example` declared and live.
pub struct Case {
    /// What is declared, but users.
    pub heads: Heads,
    /// Declared users.
    pub users: Vec<User>,
    /// What is live.
    pub live: Live,
    /// What the panel can.
    pub can: Capabilities,
    /// Memory.
    pub remembered: Remembered,
    /// Guards and ignores.
    pub policy: Policy,
    /// Scopes that cannot be read.
    pub unread: BTreeSet<(Kind, Option<DomainName>)>,
    /// Recipients of domains whose counts were read: address → mails.
    pub recipients: BTreeMap<DomainName, BTreeMap<String, u64>>,
    /// Import jobs.
    pub jobs: BTreeMap<DomainName, Seen<Vec<LiveJob>>>,
    /// Rows that change while they are read, by address.
    pub torn: BTreeSet<String>,
    /// Seed by which live objects are shuffled before they reach the join.
    pub shuffle: u64,
}

impl Default for Case {
    fn default() -> Self {
        Self::new()
    }
}

impl Case {
    /// Declared and live are alike and have no user.
    pub fn new() -> Self {
        let edge = ProviderName::parse("edge").unwrap();
        let name = TenantName::parse("acme").unwrap();
        let tenant =
            Tenant { name, at: span(), inbound: at(edge.clone()), outbound: at(edge), remote: None, create: None, authority: None };
        let heads = Heads {
            tenant,
            password_policy: None,
            domains: BTreeMap::new(),
            sending_domains: BTreeMap::new(),
            smtp_users: BTreeMap::new(),
            removed: Vec::new(),
            renamed: Vec::new(),
            defaults: Defaults::default(),
        };
        let mut case = Self {
            heads,
            users: Vec::new(),
            live: Live::new(),
            can: capabilities(),
            remembered: Remembered::default(),
            policy: Policy::default(),
            unread: BTreeSet::new(),
            recipients: BTreeMap::new(),
            jobs: BTreeMap::new(),
            torn: BTreeSet::new(),
            shuffle: 0,
        };
        case.declare_domain("acme.example");
        case.live.add_domain("acme.example", "smtp", &[]);
        case
    }
    /// Declares a domain with a destination and nothing else.
    pub fn declare_domain(&mut self, name: &str) -> &mut Domain {
        let name = domain(name);
        let bare = Domain {
            name: name.clone(),
            at: span(),
            destination: Some(at(vec!["mx.test.example:25".to_owned()])),
            relay_check: None,
            alias_domains: None,
            authority: None,
            users_authority: None,
            aliases_authority: None,
            users_from: Vec::new(),
            directories: BTreeMap::new(),
            discovery: None,
            continuity: None,
        };
        self.heads.domains.entry(name).or_insert(bare)
    }
    /// The domain `acme.example`.
    pub fn acme(&mut self) -> &mut Domain {
        self.heads.domains.get_mut(&domain("acme.example")).unwrap()
    }
    /// Authority of the tenant.
    pub fn authority(mut self, authority: Authority) -> Self {
        self.heads.tenant.authority = Some(at(authority));
        self
    }
    /// Declares a user.
    pub fn declare(mut self, user: User) -> Self {
        self.users.push(user);
        self
    }
    /// A live user of manual origin.
    pub fn live(mut self, name: &str, aliases: &[&str]) -> Self {
        self.live.add_user(name, aliases);
        self
    }
    /// A declared rename.
    pub fn renamed(mut self, from: &str, to: &str, keep_old: bool) -> Self {
        self.heads.renamed.push(Renamed { at: span(), from: at(address(from)), to: at(address(to)), keep_old });
        self
    }
    /// A tombstone of a user of today.
    pub fn removed(self, name: &str) -> Self {
        let name = full(name);
        self.tombstone(Kind::User, &name, |_| {})
    }
    /// A tombstone of today, changed by the test.
    pub fn tombstone(mut self, kind: Kind, name: &str, change: impl FnOnce(&mut Removed)) -> Self {
        let since = at("2026-11-22".parse().unwrap());
        let mut removed = Removed {
            at: span(),
            kind,
            name: at(name.to_owned()),
            since,
            on: None,
            reason: Some("test".into()),
            remove_after_days: None,
            username: None,
            incarnation: None,
            keep_address: None,
        };
        change(&mut removed);
        self.heads.removed.push(removed);
        self
    }

    /// The fields of rows that the panel can compare.
    pub fn comparable(&self) -> FieldMask {
        Field::of(Kind::User).filter(|f| self.can.is_comparable(*f)).fold(FieldMask::NONE, FieldMask::with)
    }
    /// The resolved tenant.
    pub fn desired(&self) -> Desired {
        let key = PrintKey(7, 11);
        let mut table = UserTable::new(key);
        for (i, user) in self.users.iter().enumerate() {
            let row = table.push(print(key, self.comparable(), user), Place::new(FileId(1), i as u64), user.mask());
            assert_eq!(table.claim(user.address.as_str(), row, false), None, "{} is declared twice", user.address);
            for alias in user.aliases.iter().flatten() {
                assert_eq!(table.claim(alias.as_str(), row, true), None, "{alias} is declared twice");
            }
            *table.per_domain.entry(user.address.domain().to_string()).or_default() += 1;
        }
        Desired { heads: self.heads.clone(), users: table }
    }
    /// All rows in full.
    pub fn details(&self) -> Details {
        let row = |(i, user): (usize, &User)| {
            let line = u32::try_from(i).unwrap() + 2;
            let at = SourcePos { file: "users.csv".into(), line, column: 1 };
            let id = crate::model::RowId(u32::try_from(i).unwrap());
            if self.torn.contains(user.address.as_str()) {
                return (id, Err(Reason::SourceChanged { place: at.to_string() }));
            }
            (id, Ok(DetailRow { user: user.clone(), at, by_default: FieldMask::NONE }))
        };
        Details { rows: self.users.iter().enumerate().map(row).collect(), positions: BTreeMap::new(), ..Details::default() }
    }
    /// Reads what is live through the join.
    pub fn observed(&self, desired: &Desired) -> Observed {
        let mut join = Join::new(desired, self.comparable(), NOW.parse().unwrap(), 100);
        let mut done: BTreeMap<Scope, Completeness> = BTreeMap::new();
        let mut objects: Vec<(Scope, Object<'static>)> = Vec::new();
        for (kind, domain) in self.scopes() {
            let scope = self.scope(kind, domain.clone());
            let before = objects.len();
            objects.extend(self.live.objects(kind, domain.as_ref()).into_iter().map(|o| (scope.clone(), o)));
            let count = (objects.len() - before) as u64;
            let unread = self.unread.contains(&(kind, domain));
            let whole = Completeness::Whole { count, proof: Proof::Total };
            let part = Completeness::Part { read: count, why: vec![Reason::TimedOut { seconds: 60 }] };
            done.insert(scope, if unread { part } else { whole });
        }
        let mut random = fastrand::Rng::with_seed(self.shuffle);
        if self.shuffle > 0 {
            random.shuffle(&mut objects);
        }
        for (scope, object) in objects {
            join.live(&scope, object);
        }
        for (name, all) in &self.recipients {
            let scope = self.scope(Kind::Domain, Some(name.clone()));
            for (address, mails) in all {
                let last_mail_at = Some("2026-11-21T08:00:00Z".parse().unwrap());
                join.live(&scope, Object::Recipient { address: address.clone().into(), mails_30d: *mails, last_mail_at });
            }
            join.recipients_whole(name);
        }
        Observed { jobs: self.jobs.clone(), ..join.finish(done, 3) }
    }
    /// The plan.
    pub fn plan(&self) -> Plan {
        let desired = self.desired();
        let observed = self.observed(&desired);
        self.plan_of(&desired, &observed)
    }
    /// The plan of an observation.
    pub fn plan_of(&self, desired: &Desired, observed: &Observed) -> Plan {
        let capabilities = BTreeMap::from([(self.heads.tenant.inbound.value.clone(), self.can.clone())]);
        build(desired, observed, &self.details(), &self.remembered, &capabilities, &self.policy, NOW.parse().unwrap())
    }

    fn scopes(&self) -> Vec<(Kind, Option<DomainName>)> {
        let mut all = vec![(Kind::Tenant, None)];
        if self.live.tenant.is_none() {
            return all;
        }
        all.extend([(Kind::PasswordPolicy, None), (Kind::Domain, None)]);
        all.extend(self.heads.domains.keys().filter(|d| self.live.domains.contains_key(d.as_str())).map(|d| (Kind::User, Some(d.clone()))));
        all.extend(self.live.continuity.keys().map(|d| (Kind::Continuity, Some(domain(d)))));
        all
    }
    fn scope(&self, kind: Kind, domain: Option<DomainName>) -> Scope {
        let tenant = (kind != Kind::Tenant).then(|| self.heads.tenant.name.clone());
        Scope { provider: self.heads.tenant.inbound.value.clone(), tenant, domain, kind }
    }
}

/// The print of a row as the resolver makes it.
fn print(key: PrintKey, comparable: FieldMask, user: &User) -> u128 {
    let mut sum = 0u128;
    user.visit(&mut |field, value| {
        if comparable.has(field) {
            let print = match &value {
                Value::Token(_) => 0,
                Value::Text(text) => print_text(key, field, text),
                Value::Set(set) => print_aliases(key, set.iter().map(String::as_str)),
                other => panic!("{other:?} is no value of a row"),
            };
            sum = sum.wrapping_add(print);
        }
    });
    sum
}

/// A panel that manages tenant, policy, domains and users, moves atomically and renames natively; the rest by hand.
pub fn capabilities() -> Capabilities {
    let support = |support: Support| KindSupport { support, create: true, delete: true, rename: true, incarnation: true };
    let by_hand = || support(Support::HandOff { text: "this panel cannot yet".into() });
    let managed = [Kind::Tenant, Kind::PasswordPolicy, Kind::Domain, Kind::User];
    let kinds = Kind::ALL.into_iter().map(|k| (k, if managed.contains(&k) { support(Support::Managed) } else { by_hand() })).collect();
    let absent = Support::Absent { text: "this panel has no directory".into() };
    let mut kinds: BTreeMap<Kind, KindSupport> = kinds;
    kinds.insert(Kind::Directory, support(absent));
    let password = Support::HandOff { text: "this panel cannot yet".into() };
    let exact = Offer { idempotency_key: true, precondition: true, proof_of_call: true, atomic: true };
    let operations = [Operation::Create, Operation::Update, Operation::Delete, Operation::Move, Operation::Rename];
    Capabilities {
        origin: "memory:test".into(),
        kinds,
        fields: BTreeMap::from([(Field::UserPassword, password.clone()), (Field::UserGroup, password)]),
        pages: PageRule { size: 100, proof: ProofRule::Total, users_by: UsersBy::Domain, in_flight: 1 },
        operations: operations.into_iter().map(|o| (o, exact)).collect(),
        lease: true,
        creates_tenants: true,
        bills_mailboxes: true,
        names_in_alias_domains: true,
        counts_mail: true,
        asks_directories: true,
        probes_catch_all: true,
        tells_access: true,
        ..Capabilities::nothing("memory")
    }
}

/// A moment of a day in 2026.
pub fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}
