//! The engine around a site: clock, memory, approvals, and the files of a state.

use crate::exam::bench::{Bench, Site};
use crate::exam::chapter::{State, filled};
use crate::exam::picture::{Picture, read};
use jiff::{SignedDuration, Timestamp};
use mailwright::base::{BoxFuture, Clock, Findings, PrintKey, ProviderName, Secret, SecretRef, TenantName};
use mailwright::config::Provider;
use mailwright::engine::{Applied, Connect, Engine, Memories, Offline, Planned, Setup, Unwatched, Wish};
use mailwright::model::{Capabilities, Entry, Fault, Remembered, Seq};
use mailwright::plan::{ApprovedPlan, Consent, Plan, Verdict, approval_for};
use mailwright::port::{Apply, Driver, Memory, Observe, Secrets};
use mailwright::resolve::Desired;
use mailwright::store::{MemorySinks, MemorySource, NoMemory};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The tenant of the exam.
pub const TENANT: &str = "exam";
/// The environment variable of the provider's token.
pub const TOKEN: &str = "T";

/// A clock that stands, but for sleeping: then it jumps, after everybody else had a turn.
pub struct JumpClock(Mutex<Timestamp>, Option<Instant>);

impl JumpClock {
    pub fn new(at: Timestamp) -> Self {
        Self(Mutex::new(at), None)
    }
    /// One that also goes on by itself from now on, for a panel whose clock cannot be moved.
    pub fn running() -> Self {
        Self(Mutex::new(Timestamp::now()), Some(Instant::now()))
    }
    pub fn jump(&self, span: SignedDuration) {
        let mut now = self.0.lock().expect("no panic");
        *now = now.checked_add(span).expect("in range");
    }
}

impl Clock for JumpClock {
    fn now(&self) -> Timestamp {
        let since = self.1.map(|began| SignedDuration::try_from(began.elapsed()).expect("a short run")).unwrap_or_default();
        self.0.lock().expect("no panic").checked_add(since).expect("in range")
    }
    fn sleep(&self, span: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            self.jump(SignedDuration::try_from(span).expect("a short sleep"));
        })
    }
}

/// The token, and for everything else one password that fulfils every policy.
pub struct Keys(pub String);

impl Secrets for Keys {
    fn get(&self, what: &SecretRef) -> Result<Secret, Fault> {
        let token = *what == SecretRef::Env(TOKEN.into());
        Ok(Secret::new(if token { self.0.clone() } else { "Tr0ub4dor&3 correct horse".into() }))
    }
}

/// A memory that all runs at a site share.
#[derive(Clone)]
pub struct SharedMemory(Arc<Mutex<NoMemory>>);

impl SharedMemory {
    pub fn new() -> Self {
        let remembered = Remembered { exists: true, holder: "exam".into(), ..Remembered::default() };
        Self(Arc::new(Mutex::new(NoMemory { entries: Vec::new(), remembered })))
    }
    /// Another memory of the same content.
    pub fn copy(&self) -> Self {
        let from = self.0.lock().expect("no panic");
        Self(Arc::new(Mutex::new(NoMemory { entries: from.entries.clone(), remembered: from.remembered.clone() })))
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

/// Connections of a site by their deadline. To connect costs more than all calls of a run; readers are made anew each time.
type Connections = Arc<tokio::sync::Mutex<BTreeMap<Duration, Arc<dyn Driver>>>>;

async fn connection(open: &Connections, site: &dyn Site, name: &ProviderName, deadline: Duration) -> Result<Arc<dyn Driver>, Fault> {
    let mut open = open.lock().await;
    if let Some(have) = open.get(&deadline) {
        return Ok(have.clone());
    }
    let made: Arc<dyn Driver> = Arc::from(site.driver(name, deadline).await?);
    open.insert(deadline, made.clone());
    Ok(made)
}

struct Kept(Arc<dyn Driver>);

impl Driver for Kept {
    fn capabilities(&self) -> &Capabilities {
        self.0.capabilities()
    }
    fn audit(&self, desired: &Desired) -> Findings {
        self.0.audit(desired)
    }
    fn reader(&self, secrets: &dyn Secrets) -> Result<Box<dyn Observe>, Fault> {
        self.0.reader(secrets)
    }
    fn writer(&self, plan: &ApprovedPlan, secrets: Arc<dyn Secrets>) -> Result<Box<dyn Apply>, Fault> {
        self.0.writer(plan, secrets)
    }
}

struct ToSite(Arc<dyn Site>, Connections, Duration);

impl Connect for ToSite {
    fn connect<'a>(&'a self, provider: &'a Provider) -> BoxFuture<'a, Result<Box<dyn Driver>, Fault>> {
        Box::pin(async move {
            let driver = connection(&self.1, self.0.as_ref(), &provider.name, self.2).await?;
            Ok(Box::new(Kept(driver)) as Box<dyn Driver>)
        })
    }
    fn offline(&self, _: &Provider) -> Option<Offline> {
        None
    }
    fn drivers(&self) -> Vec<&'static str> {
        Vec::new()
    }
}

/// A site with what runs leave behind.
pub struct Stand {
    pub site: Arc<dyn Site>,
    pub memory: SharedMemory,
    pub sinks: Arc<MemorySinks>,
    pub local: &'static str,
    pub deadline: Duration,
    open: Connections,
    runs: Mutex<u32>,
}

impl Stand {
    pub fn new(bench: &dyn Bench, site: Arc<dyn Site>, memory: SharedMemory) -> Self {
        let (local, deadline) = (bench.local_domain(), bench.long_deadline());
        Self { site, memory, sinks: Arc::default(), local, deadline, open: Arc::default(), runs: Mutex::default() }
    }
    /// Another workspace at the same site.
    pub fn beside(other: &Stand, memory: SharedMemory) -> Self {
        let (site, open, deadline) = (other.site.clone(), other.open.clone(), other.deadline);
        Self { site, memory, sinks: Arc::default(), local: other.local, deadline, open, runs: Mutex::default() }
    }
    pub fn provider() -> ProviderName {
        ProviderName::parse("edge").expect("a name")
    }
    /// The text of a state with its places filled.
    pub fn text(&self, state: &State) -> String {
        filled(&state.whole_text(), self.local, self.site.clock().now())
    }
    /// The workspace of a state.
    pub fn files(&self, state: &State) -> MemorySource {
        let fill = |text: &str| filled(text, self.local, self.site.clock().now());
        let head = "schema = \"mailwright/v1\"\n";
        let provider = format!("[providers.edge]\ndriver = \"panel\"\nurl = \"embedded:exam.db\"\ntoken = {{ env = \"{TOKEN}\" }}\n");
        let tenant = format!("[tenant]\nname = \"{TENANT}\"\nprovider = \"edge\"\ncreate = true\n{}\n", fill(&state.tenant));
        let mut source = MemorySource::default();
        source.put("mailwright.toml", format!("{head}{provider}{}", fill(&state.workspace)));
        source.put(format!("tenants/{TENANT}.toml"), format!("{head}{tenant}{}", self.text(state)));
        for (name, text) in &state.files {
            source.put(format!("tenants/{name}"), fill(text));
        }
        source
    }
    fn engine(&self, source: MemorySource, deadline: Duration) -> Engine {
        let (_, interrupted) = tokio::sync::watch::channel(false);
        let mut runs = self.runs.lock().expect("no panic");
        *runs += 1;
        Engine::new(Setup {
            source: Arc::new(source),
            clock: self.site.clock(),
            secrets: self.site.secrets(),
            sinks: self.sinks.clone(),
            unattended: false,
            memory: Arc::new(self.memory.clone()),
            connect: Arc::new(ToSite(self.site.clone(), self.open.clone(), deadline)),
            progress: Arc::new(Unwatched),
            key: PrintKey(31, 32),
            run: format!("exam-{runs}"),
            interrupted,
        })
    }
    pub async fn plan(&self, source: MemorySource) -> Planned {
        self.engine(source, self.deadline).plan(&Wish::default()).await
    }
    /// Applies what was approved before.
    pub async fn apply(&self, source: MemorySource, deadline: Duration) -> Applied {
        self.engine(source, deadline).apply(&Wish::default(), None, &mut |_| Some(Consent { how: "exam".into() })).await
    }
    /// The workspace with an approval of every gated step, as `mailwright approve` writes it.
    pub fn approved(&self, mut source: MemorySource, plan: &Plan) -> MemorySource {
        if plan.verdicts.values().any(|v| matches!(v, Verdict::Gated { .. })) {
            let text = approval_for(plan, "looked at", "the exam", self.site.clock().now(), 1);
            source.put("approvals/exam.toml", format!("schema = \"mailwright/v1\"\n{text}"));
        }
        source
    }
    /// Time passes; what was connected before may know another clock.
    pub async fn pass(&self, span: SignedDuration) -> bool {
        self.open.lock().await.clear();
        self.site.pass(span).await
    }
    /// The driver, connected.
    pub async fn driver(&self) -> Result<Arc<dyn Driver>, Fault> {
        connection(&self.open, self.site.as_ref(), &Self::provider(), self.deadline).await
    }
    /// What is live, by a fresh reader.
    pub async fn live(&self) -> Result<Picture, String> {
        let driver = self.driver().await.map_err(|fault| fault.to_string())?;
        read(driver.as_ref(), self.site.secrets().as_ref(), &Self::provider(), &TenantName::parse(TENANT).expect("a name")).await
    }
}
