//! A real panel on loopback, a driver connected to it, and steps as a plan would hold them.

use super::proxy::{Losses, before};
use crate::base::{DomainName, ProviderName, Secret, SecretRef, TenantName};
use crate::drivers::panel::apply::Writer;
use crate::drivers::panel::{FENCED_CODES, PanelDriver, connect};
use crate::http::{ClientSettings, Deadlines};
use crate::model::{Answer, Fault, Field, Key, Kind, LiveUser, Object, OpId, Scope, StepOutcome, Value};
use crate::panel::{PanelOptions, ServerHandle, SettableClock, open};
use crate::plan::{Action, Batch, Cause, Change, Facts, Precondition, Risk, Step};
use crate::port::{Apply, Driver, Observe, Secrets};
use crate::wire::TokenScope;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

pub struct NoSecrets;

impl Secrets for NoSecrets {
    fn get(&self, what: &SecretRef) -> Result<Secret, Fault> {
        Err(Fault::Local { text: what.to_string() })
    }
}

pub struct Rig {
    pub driver: PanelDriver,
    pub reader: Box<dyn Observe>,
    pub server: ServerHandle,
    pub clock: Arc<SettableClock>,
    pub losses: Losses,
    pub id: String,
    _folder: tempfile::TempDir,
}

pub fn acme() -> TenantName {
    TenantName::parse("acme").unwrap()
}

pub fn edge() -> ProviderName {
    ProviderName::parse("edge").unwrap()
}

pub fn settings(url: String, token: Secret, clock: Arc<SettableClock>) -> ClientSettings {
    let deadlines = Deadlines { connect: Duration::from_secs(5), stall: Duration::from_secs(20), total: Duration::from_secs(30) };
    ClientSettings { token: Some(token), deadlines, fenced_codes: FENCED_CODES, ..ClientSettings::new(url, clock) }
}

impl Rig {
    pub async fn new() -> Self {
        Self::with(PanelOptions { test_endpoints: true, ..PanelOptions::default() }).await
    }
    pub async fn with(options: PanelOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(SettableClock::new("2026-12-01T08:00:00Z".parse().unwrap()));
        let panel = open(&folder.path().join("panel.db"), clock.clone(), options).await.unwrap();
        let token = panel.session_token("tests", &[TokenScope::Read, TokenScope::Write]).unwrap();
        let id = panel.id().to_owned();
        let server = panel.serve(tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap()).unwrap();
        let (address, losses) = before(server.address()).await;
        let driver = connect(&edge(), settings(format!("http://{address}/v1"), token, clock.clone()), true).await.unwrap();
        let reader = driver.reader(&NoSecrets).unwrap();
        Self { driver, reader, server, clock, losses, id, _folder: folder }
    }
    pub fn writer(&self, remote: Option<&str>) -> Writer {
        Writer::bound(self.driver.api(), acme(), remote.map(str::to_owned), self.driver.capabilities().lease, Arc::new(NoSecrets))
    }
    /// Tenant `acme` with `acme.example` and alias domain `acme.test`; gives a writer with the lease and the tenant's id.
    pub async fn acme(&self) -> (Writer, String) {
        let writer = self.writer(None);
        writer.lease("rig").await.unwrap();
        let made = done(&writer, "op0", vec![create_tenant()]).await;
        done(&writer, "op1", vec![create_domain("acme.example", &["acme.test"])]).await;
        (writer, made.created[0].1.clone())
    }
    pub async fn users(&self, remote: &str) -> Vec<LiveUser<'static>> {
        let scope = users_of("acme.example");
        let (mut users, mut from) = (Vec::new(), None);
        loop {
            let page = self.reader.fetch(&scope, Some(remote), from).await.unwrap();
            let mut each = |object: Object<'_>| match object {
                Object::User(user) => users.push(user.into_owned()),
                other => panic!("{other:?}"),
            };
            self.reader.decode(&page, &mut each).unwrap();
            match page.next {
                Some(next) => from = Some(next),
                None => return users,
            }
        }
    }
    pub async fn user(&self, remote: &str, address: &str) -> LiveUser<'static> {
        self.users(remote).await.into_iter().find(|u| u.address == address).unwrap_or_else(|| panic!("no {address}"))
    }
}

pub fn scope(kind: Kind, tenant: bool, domain: Option<&str>) -> Scope {
    Scope { provider: edge(), tenant: tenant.then(acme), domain: domain.map(|d| DomainName::parse(d).unwrap()), kind }
}

pub fn users_of(domain: &str) -> Scope {
    scope(Kind::User, true, Some(domain))
}

pub fn set(texts: &[&str]) -> Value {
    Value::Set(texts.iter().map(ToString::to_string).collect())
}

pub fn change(field: Field, before: Option<Value>, after: Value) -> Change {
    Change { field, before, after: Some(after) }
}

pub fn step(action: Action, kind: Kind, name: &str, changes: Vec<Change>) -> Step {
    let key = Key::new(&acme(), kind, name);
    Step {
        id: Step::digest("origin", &key, None, action, &changes),
        action,
        key,
        changes,
        provider: edge(),
        risk: Risk::R1,
        why: Cause::Declared,
        after: Vec::new(),
        only_if: Precondition::default(),
        at: None,
        stops: BTreeSet::new(),
        counted: BTreeSet::new(),
        always_approved: false,
        evidence: Vec::new(),
        facts: Facts::default(),
        notes: Vec::new(),
        hand_off: None,
        secrets: std::collections::BTreeMap::new(),
        sink: None,
    }
}

/// As observed: incarnation and version of a live user.
pub fn observed(mut step: Step, live: &LiveUser<'_>) -> Step {
    step.only_if.incarnation = live.incarnation.as_deref().map(str::to_owned);
    step.only_if.version = live.version.as_deref().map(str::to_owned);
    step
}

pub fn create_tenant() -> Step {
    step(Action::Create, Kind::Tenant, "acme", Vec::new())
}

pub fn create_domain(name: &str, aliases: &[&str]) -> Step {
    let changes = vec![
        change(Field::DomainDestination, None, Value::List(vec!["mx.acme.example:25".into()])),
        change(Field::DomainRelayCheck, None, Value::text("control-panel")),
        change(Field::DomainAliasDomains, None, set(aliases)),
    ];
    step(Action::Create, Kind::Domain, name, changes)
}

pub fn create_user(address: &str, aliases: &[&str]) -> Step {
    let first = change(Field::UserFirstName, None, Value::text("Jäne"));
    step(Action::Create, Kind::User, address, vec![first, change(Field::UserAliases, None, set(aliases))])
}

pub async fn send(writer: &Writer, op: &str, steps: Vec<Step>) -> Result<Answer, Fault> {
    writer.apply(&Batch { bulk: false, steps }, &OpId(op.into())).await
}

/// All steps are done.
pub async fn done(writer: &Writer, op: &str, steps: Vec<Step>) -> Answer {
    let answer = send(writer, op, steps).await.unwrap();
    assert!(answer.outcomes.iter().all(|(_, o)| *o == StepOutcome::Done), "{:?}", answer.outcomes);
    answer
}
