//! An engine around a case on the memory driver: clock, memory and panel in this process, no disk, no network.

use crate::random::Random;
use crate::world::{Case, Live, LiveDomain, LiveUser};
use jiff::{SignedDuration, Timestamp};
use mailwright::base::{BoxFuture, Clock, Findings, PrintKey, Secret, SecretRef};
use mailwright::config::Provider;
use mailwright::drivers::memory::{MemoryPanel, MemoryUser};
use mailwright::engine::{Applied, Connect, Engine, Memories, Offline, Planned, Setup, Unwatched, Wish};
use mailwright::model::{
    Capabilities, DirectoryAnswer, Entry, Fault, Field, Key, LiveHead, Object, RelayCheck, Remembered, Scope, Seq, Value,
};
use mailwright::plan::{ApprovedPlan, Consent, Plan, Verdict, approval_for};
use mailwright::port::{Apply, Driver, Memory, Observe, Page, Secrets, Source};
use mailwright::resolve::Desired;
use mailwright::store::{MemorySinks, MemorySource, NoMemory};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A clock that stands, but for sleeping: then it jumps, after everybody else had a turn.
pub struct JumpClock(Mutex<Timestamp>);

impl JumpClock {
    pub fn new(at: Timestamp) -> Self {
        Self(Mutex::new(at))
    }
    /// Time passes until this moment, or not at all if it has been.
    pub fn reach(&self, at: Timestamp) {
        let mut now = self.0.lock().expect("no panic");
        *now = at.max(*now);
    }
    /// Time passes.
    pub fn jump(&self, span: SignedDuration) {
        let mut now = self.0.lock().expect("no panic");
        *now = now.checked_add(span).expect("in range");
    }
}

impl Clock for JumpClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("no panic")
    }
    fn sleep(&self, span: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            // a timer never overtakes work that is under way; journal writes are on a thread of their own
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            tokio::time::sleep(Duration::from_micros(200)).await;
            let span = SignedDuration::try_from(span).expect("a short sleep");
            let mut now = self.0.lock().expect("no panic");
            *now = now.checked_add(span).expect("in range");
        })
    }
}

/// A memory that all runs of a case share.
#[derive(Clone)]
pub struct SharedMemory(Arc<Mutex<NoMemory>>);

impl SharedMemory {
    pub fn new() -> Self {
        let remembered = Remembered { exists: true, holder: "sim".into(), ..Remembered::default() };
        Self(Arc::new(Mutex::new(NoMemory { entries: Vec::new(), remembered })))
    }
}

impl Memory for SharedMemory {
    fn recall(&self) -> Result<Remembered, Fault> {
        self.0.lock().expect("no panic").recall()
    }
    fn append(&mut self, entries: &[Entry]) -> Result<Seq, Fault> {
        self.0.lock().expect("no panic").append(entries)
    }
}

impl Memories for SharedMemory {
    fn recall(&self) -> Result<Remembered, Fault> {
        Memory::recall(self)
    }
    fn open(&self, _: &str) -> Result<Box<dyn Memory>, Fault> {
        Ok(Box::new(self.clone()))
    }
}

/// Every reference leads to one password, which fulfils every policy.
pub struct OnePassword;

impl Secrets for OnePassword {
    fn get(&self, _: &SecretRef) -> Result<Secret, Fault> {
        Ok(Secret::new("Tr0ub4dor&3 correct horse".into()))
    }
}

/// Connects to one panel in memory. `shuffle` is another order of the objects of each page.
struct ToMemory(MemoryPanel, u64);

impl Connect for ToMemory {
    fn connect<'a>(&'a self, provider: &'a Provider) -> BoxFuture<'a, Result<Box<dyn Driver>, Fault>> {
        let driver: Box<dyn Driver> = Box::new(self.0.driver(&provider.name));
        let shuffle = self.1;
        Box::pin(async move { Ok(if shuffle == 0 { driver } else { Box::new(Shuffled(driver, shuffle)) }) })
    }
    fn offline(&self, _: &Provider) -> Option<Offline> {
        None
    }
    fn drivers(&self) -> Vec<&'static str> {
        vec!["memory"]
    }
}

struct Shuffled<T: ?Sized>(Box<T>, u64);

impl Driver for Shuffled<dyn Driver> {
    fn capabilities(&self) -> &Capabilities {
        self.0.capabilities()
    }
    fn audit(&self, desired: &Desired) -> Findings {
        self.0.audit(desired)
    }
    fn reader(&self, secrets: &dyn Secrets) -> Result<Box<dyn Observe>, Fault> {
        Ok(Box::new(Shuffled::<dyn Observe>(self.0.reader(secrets)?, self.1)))
    }
    fn writer(&self, plan: &ApprovedPlan, secrets: Arc<dyn Secrets>) -> Result<Box<dyn Apply>, Fault> {
        self.0.writer(plan, secrets)
    }
}

impl Observe for Shuffled<dyn Observe> {
    fn fetch<'a>(&'a self, scope: &'a Scope, remote: Option<&'a str>, from: Option<String>) -> BoxFuture<'a, Result<Page, Fault>> {
        self.0.fetch(scope, remote, from)
    }
    fn one<'a>(&'a self, key: &'a Key, remote: Option<&'a str>) -> BoxFuture<'a, Result<Option<Page>, Fault>> {
        self.0.one(key, remote)
    }
    fn decode(&self, page: &Page, each: &mut dyn FnMut(Object<'_>)) -> Result<(), Fault> {
        let mut all: Vec<Object<'static>> = Vec::new();
        self.0.decode(page, &mut |object| all.push(owned(object)))?;
        Random::new(self.1).shuffle(&mut all);
        all.into_iter().for_each(each);
        Ok(())
    }
    fn recipients<'a>(&'a self, scope: &'a Scope, remote: Option<&'a str>, from: Option<String>) -> BoxFuture<'a, Result<Page, Fault>> {
        self.0.recipients(scope, remote, from)
    }
    fn jobs<'a>(&'a self, scope: &'a Scope, remote: Option<&'a str>, from: Option<String>) -> BoxFuture<'a, Result<Page, Fault>> {
        self.0.jobs(scope, remote, from)
    }
    fn directory<'a>(
        &'a self,
        live: &'a LiveHead,
        remote: Option<&'a str>,
        wanted: &'a BTreeMap<Field, Value>,
    ) -> BoxFuture<'a, Result<DirectoryAnswer, Fault>> {
        self.0.directory(live, remote, wanted)
    }
    fn catch_all<'a>(
        &'a self,
        scope: &'a Scope,
        remote: Option<&'a str>,
    ) -> BoxFuture<'a, Result<mailwright::model::CatchAllProbe, Fault>> {
        self.0.catch_all(scope, remote)
    }
}

fn owned(object: Object<'_>) -> Object<'static> {
    match object {
        Object::Tenant(tenant) => Object::Tenant(tenant),
        Object::Head(head) => Object::Head(head),
        Object::User(user) => Object::User(user.into_owned()),
        Object::Recipient { address, mails_30d, last_mail_at } => {
            Object::Recipient { address: address.into_owned().into(), mails_30d, last_mail_at }
        }
        Object::Job(job) => Object::Job(job),
    }
}

/// A case with its panel.
pub struct Rig {
    pub panel: MemoryPanel,
    pub clock: Arc<JumpClock>,
    pub memory: SharedMemory,
    pub sinks: Arc<MemorySinks>,
}

impl Rig {
    /// The panel of a case, with a tenant beside it that nobody may touch.
    pub fn new(case: &Case, page_size: Option<u32>) -> Self {
        let clock = Arc::new(JumpClock::new(crate::generate::start()));
        let mut options = case.options.clone();
        options.page_size = page_size.unwrap_or(options.page_size);
        let panel = MemoryPanel::new(options, clock.clone());
        let other = panel.seed_tenant("other");
        panel.seed_domain(&other, "other.example", domain_attrs(&LiveDomain::other()));
        panel.seed_user(&other, MemoryUser::new("n1@other.example"));
        if let Some(live) = &case.live {
            seed(&panel, live);
        }
        let sinks = Arc::new(MemorySinks::default());
        crate::rig_kinds::seed_sinks(&sinks, case);
        Self { panel, clock, memory: SharedMemory::new(), sinks }
    }
    /// An engine on a workspace.
    pub fn engine(&self, source: impl Source + 'static, shuffle: u64, run: &str) -> Engine {
        let (_, interrupted) = tokio::sync::watch::channel(false);
        Engine::new(Setup {
            source: Arc::new(source),
            clock: self.clock.clone(),
            secrets: Arc::new(OnePassword),
            sinks: self.sinks.clone(),
            unattended: false,
            memory: Arc::new(self.memory.clone()),
            connect: Arc::new(ToMemory(self.panel.clone(), shuffle)),
            progress: Arc::new(Unwatched),
            key: PrintKey(11 + shuffle, 12),
            run: run.to_owned(),
            interrupted,
        })
    }
}

pub async fn plan(engine: &Engine) -> Planned {
    engine.plan(&Wish::default()).await
}

pub async fn apply(engine: &Engine) -> Applied {
    engine.apply(&Wish::default(), None, &mut |_| Some(Consent { how: "test".into() })).await
}

/// The workspace with an approval of every gated step, as `mailwright approve` writes it.
pub fn approved(source: MemorySource, plan: &Plan) -> MemorySource {
    approved_at(source, plan, crate::generate::start())
}

/// As [`approved`], written at this moment.
pub fn approved_at(mut source: MemorySource, plan: &Plan, now: Timestamp) -> MemorySource {
    let is_gated = |v: &Verdict| matches!(v, Verdict::Gated { .. });
    if !plan.verdicts.values().any(is_gated) {
        return source;
    }
    let text = approval_for(plan, "looked at", "the test", now, 1);
    source.put("approvals/x.toml", format!("schema = \"mailwright/v1\"\n{text}"));
    source
}

impl LiveDomain {
    fn other() -> Self {
        Self::new(vec!["mx.other.example:25".into()], RelayCheck::Smtp, ["other.test".to_owned()].into())
    }
}

pub const POLICY: [Field; 4] = [Field::PolicyUpper, Field::PolicyLower, Field::PolicyDigit, Field::PolicySpecial];

fn seed(panel: &MemoryPanel, live: &Live) {
    let tenant = panel.seed_tenant("acme");
    let switches = POLICY.into_iter().zip(live.policy.1).map(|(f, on)| (f, Value::Switch(on)));
    panel.seed_policy(&tenant, switches.chain([(Field::PolicyMinLength, Value::Number(live.policy.0))]));
    for (name, domain) in &live.domains {
        panel.seed_domain(&tenant, name, domain_attrs(domain));
    }
    for (address, user) in &live.users {
        panel.seed_user(&tenant, memory_user(address, user));
    }
    crate::rig_kinds::seed(panel, &tenant, live);
    panel.seed_mail(&tenant, "n3@alpha.example", 4);
    panel.seed_mail(&tenant, "lost@alpha.example", 2);
}

fn memory_user(address: &str, user: &LiveUser) -> MemoryUser {
    MemoryUser {
        first_name: user.first.clone(),
        last_name: user.last.clone(),
        aliases: user.aliases.clone(),
        kind: user.kind,
        status: user.status,
        origin: user.origin.expect("a live user has one"),
        created_at: user.created,
        access: crate::rig_kinds::access(&user.access),
        ..MemoryUser::new(address)
    }
}

fn domain_attrs(domain: &LiveDomain) -> BTreeMap<Field, Value> {
    BTreeMap::from([
        (Field::DomainDestination, Value::List(domain.destination.clone())),
        (Field::DomainRelayCheck, Value::text(domain.relay_check.word())),
        (Field::DomainAliasDomains, Value::Set(domain.aliases.clone())),
    ])
}
