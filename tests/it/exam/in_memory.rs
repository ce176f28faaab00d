//! The bench of the memory driver: a panel in this process, with a clock that jumps.

use crate::exam::bench::{Bench, Saved, Site};
use crate::exam::picture::{Attrs, PASSWORD, Picture, attrs_of};
use crate::exam::stand::{JumpClock, Keys, TENANT};
use crate::support::fault_proxy::FaultProxy;
use jiff::SignedDuration;
use mailwright::base::{BoxFuture, Clock, ProviderName};
use mailwright::drivers::memory::{MemoryOptions, MemoryPanel, MemoryTenant, MemoryUser};
use mailwright::model::Fault;
use mailwright::port::{Driver, Secrets};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub struct InMemory;

struct MemorySite {
    panel: MemoryPanel,
    clock: Arc<JumpClock>,
    counted: AtomicU64,
}

impl Bench for InMemory {
    fn name(&self) -> &'static str {
        "memory"
    }
    fn local_domain(&self) -> &'static str {
        "destination = \"127.0.0.1:25\"\nrelay_check = \"control-panel\""
    }
    fn open<'a>(&'a self, _: Option<&'a Saved>) -> BoxFuture<'a, Arc<dyn Site>> {
        let clock = Arc::new(JumpClock::new("2026-12-01T08:00:00Z".parse().expect("a time")));
        let panel = MemoryPanel::new(MemoryOptions::default(), clock.clone());
        let site: Arc<dyn Site> = Arc::new(MemorySite { panel, clock, counted: AtomicU64::new(0) });
        Box::pin(async move { site })
    }
    fn at_a_time(&self) -> usize {
        4
    }
}

impl Site for MemorySite {
    fn driver<'a>(&'a self, name: &'a ProviderName, _: Duration) -> BoxFuture<'a, Result<Box<dyn Driver>, Fault>> {
        Box::pin(async move { Ok(Box::new(self.panel.driver(name)) as Box<dyn Driver>) })
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
