//! The benches of the memory driver: a panel in this process, with a clock that jumps. As it is, and as a small panel that can
//! do little: it proves that the exam leaves out what a driver cannot, by name, and nothing else.

use crate::exam::bench::{Bench, Saved, Site};
use crate::exam::picture::{Attrs, PASSWORD, Picture, attrs_of};
use crate::exam::stand::{JumpClock, Keys, TENANT};
use crate::support::fault_proxy::FaultProxy;
use jiff::SignedDuration;
use mailwright::base::{BoxFuture, Clock, Finding, Findings, ProviderName, RuleId, Severity};
use mailwright::drivers::memory::{MemoryOptions, MemoryPanel, MemoryTenant, MemoryUser};
use mailwright::model::capability::{KindSupport, ProofRule, Support};
use mailwright::model::{Capabilities, Fault, Field, Kind};
use mailwright::plan::ApprovedPlan;
use mailwright::port::{Apply, Driver, Observe, Secrets};
use mailwright::resolve::Desired;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The memory driver, or a small one.
pub struct InMemory {
    pub small: bool,
}

struct MemorySite {
    panel: MemoryPanel,
    small: bool,
    clock: Arc<JumpClock>,
    counted: AtomicU64,
}

impl Bench for InMemory {
    fn name(&self) -> &'static str {
        if self.small { "memory, small" } else { "memory" }
    }
    fn local_domain(&self) -> &'static str {
        "destination = \"127.0.0.1:25\"\nrelay_check = \"control-panel\""
    }
    fn open<'a>(&'a self, _: Option<&'a Saved>) -> BoxFuture<'a, Arc<dyn Site>> {
        let clock = Arc::new(JumpClock::new("2026-12-01T08:00:00Z".parse().expect("a time")));
        let options = if self.small { small_options() } else { MemoryOptions::default() };
        let panel = MemoryPanel::new(options, clock.clone());
        let site: Arc<dyn Site> = Arc::new(MemorySite { panel, small: self.small, clock, counted: AtomicU64::new(0) });
        Box::pin(async move { site })
    }
    fn at_a_time(&self) -> usize {
        4
    }
}

impl Site for MemorySite {
    fn driver<'a>(&'a self, name: &'a ProviderName, _: Duration) -> BoxFuture<'a, Result<Box<dyn Driver>, Fault>> {
        let driver: Box<dyn Driver> = Box::new(self.panel.driver(name));
        let driver = if self.small { Box::new(Small::new(driver)) } else { driver };
        Box::pin(async move { Ok(driver) })
    }
    fn secrets(&self) -> Arc<dyn Secrets> {
        Arc::new(Keys(String::new()))
    }
    fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }
    fn pass<'a>(&'a self, span: SignedDuration) -> BoxFuture<'a, bool> {
        self.clock.jump(span);
        Box::pin(async { true })
    }
    fn writes(&self) -> Vec<String> {
        let now = self.panel.calls().1;
        (self.counted.swap(now, Ordering::SeqCst)..now).map(|n| format!("write {n}")).collect()
    }
    fn witness<'a>(&'a self) -> BoxFuture<'a, Option<Picture>> {
        let found = self.panel.dump().into_values().find(|t| t.name == TENANT);
        let picture = found.map(|tenant| picture(&tenant)).unwrap_or_default();
        Box::pin(async move { Some(picture) })
    }
    fn proxy(&self) -> Option<&FaultProxy> {
        None
    }
    fn is_bookkeeping(&self, _: &str) -> bool {
        false
    }
    fn save<'a>(&'a self) -> BoxFuture<'a, Option<Saved>> {
        Box::pin(async { None })
    }
}

fn small_options() -> MemoryOptions {
    let proof = ProofRule::EndMark;
    MemoryOptions { proof, bulk: None, lease: false, rename: false, tells_access: false, page_size: 7, ..MemoryOptions::default() }
}

/// A driver of a panel for relay domains and mailboxes, with nothing that makes a call exact.
struct Small(Box<dyn Driver>, Capabilities);

impl Small {
    fn new(driver: Box<dyn Driver>) -> Self {
        let mut caps = driver.capabilities().clone();
        let none = |support| KindSupport { support, create: false, delete: false, rename: false, incarnation: false };
        let absent = |text: &str| Support::Absent { text: text.into() };
        let by_hand = || Support::HandOff { text: "set it in the settings of the panel".into() };
        caps.kinds.insert(Kind::PasswordPolicy, none(by_hand()));
        for kind in [Kind::Directory, Kind::Discovery, Kind::Continuity, Kind::SendingDomain, Kind::SmtpUser] {
            caps.kinds.insert(kind, none(absent("this panel is too small for that")));
        }
        caps.fields.insert(Field::UserKind, absent("every user is a mailbox"));
        caps.fields.insert(Field::UserStatus, by_hand());
        caps.operations.clear();
        (caps.counts_mail, caps.asks_directories, caps.probes_catch_all) = (false, false, false);
        Self(driver, caps)
    }
}

/// Refuses what the small panel does not take.
const ONE_DESTINATION: RuleId = RuleId("MW0499");

impl Driver for Small {
    fn capabilities(&self) -> &Capabilities {
        &self.1
    }
    fn audit(&self, desired: &Desired) -> Findings {
        let mut findings = Findings::new();
        for list in desired.heads.domains.values().filter_map(|d| d.destination.as_ref()).filter(|list| list.value.len() != 1) {
            let finding = Finding::new(ONE_DESTINATION, Severity::Error, "this panel takes one destination").at(list.span, "");
            findings.push(finding.of(desired.heads.name()));
        }
        findings
    }
    fn reader(&self, secrets: &dyn Secrets) -> Result<Box<dyn Observe>, Fault> {
        self.0.reader(secrets)
    }
    fn writer(&self, plan: &ApprovedPlan, secrets: Arc<dyn Secrets>) -> Result<Box<dyn Apply>, Fault> {
        self.0.writer(plan, secrets)
    }
}

fn picture(tenant: &MemoryTenant) -> Picture {
    let mut all = Picture::from([("password-policy".to_owned(), attrs_of(&tenant.policy.attrs))]);
    for (name, domain) in &tenant.domains {
        all.insert(format!("domain/{name}"), attrs_of(&domain.attrs));
        for (key, directory) in &domain.directories {
            all.insert(format!("directory/{key}"), attrs_of(&directory.attrs));
        }
    }
    all.extend(tenant.users.iter().map(|(address, user)| (format!("user/{address}"), user_attrs(user))));
    all.extend(tenant.sending_domains.keys().map(|name| (format!("sending-domain/{name}"), Attrs::new())));
    for user in tenant.smtp_users.values() {
        let attrs = Attrs::from([("domain".to_owned(), json!(user.sending_domain)), ("username".to_owned(), json!(user.username))]);
        all.insert(format!("smtp-user/{}", user.label), attrs);
    }
    all
}

fn user_attrs(user: &MemoryUser) -> Attrs {
    let label = user.access.as_ref().and_then(|access| access.password_label.as_ref());
    let all = [
        ("first_name", json!(user.first_name)),
        ("last_name", json!(user.last_name)),
        ("aliases", json!(user.aliases)),
        ("kind", json!(user.kind.word())),
        ("status", json!(user.status.word())),
    ];
    all.into_iter().chain(label.map(|label| (PASSWORD, json!(label)))).map(|(name, value)| (name.to_owned(), value)).collect()
}
