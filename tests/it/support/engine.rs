//! An engine on a workspace in memory, with the panel driver on a given URL.

use mailwright::base::{BoxFuture, PrintKey, Secret, SecretRef};
use mailwright::config::Provider;
use mailwright::drivers;
use mailwright::engine::clock::SystemClock;
use mailwright::engine::{Applied, Connect, Engine, FolderMemory, Offline, Planned, Setup, Unwatched, Wish};
use mailwright::model::Fault;
use mailwright::plan::Consent;
use mailwright::port::{Driver, Secrets, Source};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The token of every provider of a test, and the bind password of the directory of `slapd.sh`.
pub struct OneSecret(pub String);

impl Secrets for OneSecret {
    fn get(&self, what: &SecretRef) -> Result<Secret, Fault> {
        let bind = *what == SecretRef::Env("BIND".into());
        Ok(Secret::new(if bind { "sync-password".to_owned() } else { self.0.clone() }))
    }
}

/// Drivers from the registry, with a deadline for each request.
pub struct Registry(pub String, pub Duration);

impl Connect for Registry {
    fn connect<'a>(&'a self, provider: &'a Provider) -> BoxFuture<'a, Result<Box<dyn Driver>, Fault>> {
        let row = drivers::find(&provider.driver.value).expect("a driver of the registry");
        (row.connect)(drivers::Settings {
            provider: &provider.name,
            url: &provider.url.value,
            token: Some(Secret::new(self.0.clone())),
            ca_pem: None,
            in_flight: 8,
            requests_per_minute: Some(0),
            clock: Arc::new(SystemClock),
            creates_tenants: false,
            deadline: Some(self.1),
        })
    }
    fn offline(&self, provider: &Provider) -> Option<Offline> {
        drivers::find(&provider.driver.value).map(|row| Offline { capabilities: (row.capabilities)(), audit: row.audit })
    }
    fn drivers(&self) -> Vec<&'static str> {
        drivers::REGISTRY.iter().map(|row| row.name).collect()
    }
}

/// An engine on `source` with memory in `memory`; its deadline is long enough for a machine with other work.
pub fn engine(source: impl Source + 'static, token: &str, memory: &Path, run: &str) -> Engine {
    engine_within(source, token, memory, run, Duration::from_secs(60))
}

/// As [`engine`], with a deadline for each request.
pub fn engine_within(source: impl Source + 'static, token: &str, memory: &Path, run: &str, deadline: Duration) -> Engine {
    let (_, interrupted) = tokio::sync::watch::channel(false);
    Engine::new(Setup {
        source: Arc::new(source),
        clock: Arc::new(SystemClock),
        secrets: Arc::new(OneSecret(token.to_owned())),
        sinks: Arc::new(mailwright::store::MemorySinks::default()),
        unattended: false,
        memory: Arc::new(FolderMemory(memory.to_owned())),
        connect: Arc::new(Registry(token.to_owned(), deadline)),
        progress: Arc::new(Unwatched),
        key: PrintKey(11, 12),
        run: run.to_owned(),
        interrupted,
    })
}

pub async fn plan(engine: &Engine) -> Planned {
    engine.plan(&Wish::default()).await
}

pub async fn apply(engine: &Engine) -> Applied {
    engine.apply(&Wish::default(), None, &mut |_| Some(Consent { how: "test".into() })).await
}

/// What the plan of the only tenant says, in one text.
pub fn said(planned: &Planned) -> String {
    let report = &planned.plans[0].report;
    let unknown = report.incomplete.iter().flat_map(|(what, why)| why.iter().map(move |w| format!("{what}: {w}")));
    let notes = report.warnings.iter().chain(&report.notes).map(|n| n.text.clone());
    let steps = planned.plans[0].steps.iter().flat_map(|s| s.notes.iter().cloned().chain(s.evidence.iter().map(|(_, t)| t.clone())));
    unknown.chain(notes).chain(steps).collect::<Vec<_>>().join("\n")
}

/// `mailwright.toml` for one provider `edge` at a URL.
pub fn workspace(url: &str) -> String {
    format!("schema = \"mailwright/v1\"\n\n[providers.edge]\ndriver = \"panel\"\nurl = \"{url}\"\ntoken = {{ env = \"T\" }}\n")
}
