//! The bench of the panel driver: the embedded panel over HTTP and SQLite, behind the fault proxy, and a witness that asks
//! its API by itself.

use crate::exam::bench::{Bench, Saved, Site};
use crate::exam::picture::{Attrs, PASSWORD, Picture, put};
use crate::exam::stand::{JumpClock, Keys, TENANT};
use crate::support::api::Api;
use crate::support::fault_proxy::FaultProxy;
use crate::support::panel::TestPanel;
use jiff::SignedDuration;
use mailwright::base::{BoxFuture, Clock, ProviderName, Secret};
use mailwright::drivers::{self, Settings};
use mailwright::model::Fault;
use mailwright::panel::PanelOptions;
use mailwright::port::{Driver, Secrets};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// An authority that nobody asks here, because there is no TLS: to read those of the system costs more than a run.
pub const AUTHORITY: &[u8] = include_bytes!("../../data/tls/authority.pem");

pub struct HttpPanel;

struct PanelSite {
    api: Api,
    proxy: FaultProxy,
    clock: Arc<JumpClock>,
    folder: tempfile::TempDir,
}

impl Bench for HttpPanel {
    fn name(&self) -> &'static str {
        "panel"
    }
    fn local_domain(&self) -> &'static str {
        "destination = \"127.0.0.1:25\"\nrelay_check = \"control-panel\""
    }
    fn open<'a>(&'a self, from: Option<&'a Saved>) -> BoxFuture<'a, Arc<dyn Site>> {
        Box::pin(async move {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("panel.db");
            if let Some(saved) = from.and_then(|saved| saved.0.downcast_ref::<tempfile::TempDir>()) {
                carry(saved.path(), folder.path());
            }
            let panel = TestPanel::at(&path, PanelOptions { test_endpoints: true, ..PanelOptions::default() }).await;
            let proxy = FaultProxy::start(&panel.root).await;
            let clock = Arc::new(JumpClock::new("2026-12-01T08:00:00Z".parse().expect("a time")));
            let site: Arc<dyn Site> = Arc::new(PanelSite { api: Api::of(panel), proxy, clock, folder });
            site
        })
    }
    fn at_a_time(&self) -> usize {
        4
    }
    fn faulted_runs(&self) -> usize {
        300
    }
}

impl Site for PanelSite {
    fn driver<'a>(&'a self, name: &'a ProviderName, deadline: Duration) -> BoxFuture<'a, Result<Box<dyn Driver>, Fault>> {
        Box::pin(async move {
            let url = format!("{}/v1", self.proxy.root);
            let settings = Settings {
                provider: name,
                url: &url,
                token: Some(Secret::new(self.api.panel.token.clone())),
                ca_pem: Some(AUTHORITY.into()),
                in_flight: 8,
                requests_per_minute: None,
                clock: self.clock.clone(),
                creates_tenants: true,
                deadline: Some(deadline),
            };
            (drivers::find("panel").expect("a driver").connect)(settings).await
        })
    }
    fn secrets(&self) -> Arc<dyn Secrets> {
        Arc::new(Keys(self.api.panel.token.clone()))
    }
    fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }
    fn pass<'a>(&'a self, span: SignedDuration) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            self.clock.jump(span);
            self.api.advance(span.as_secs().unsigned_abs()).await;
            true
        })
    }
    fn writes(&self) -> Vec<String> {
        self.proxy.take().writes
    }
    fn witness<'a>(&'a self) -> BoxFuture<'a, Option<Picture>> {
        Box::pin(async move { Some(picture(&self.api).await) })
    }
    fn proxy(&self) -> Option<&FaultProxy> {
        Some(&self.proxy)
    }
    fn is_bookkeeping(&self, write: &str) -> bool {
        write.ends_with("/lease")
    }
    fn save<'a>(&'a self) -> BoxFuture<'a, Option<Saved>> {
        Box::pin(async move {
            let copy = tempfile::tempdir().expect("a folder");
            carry(self.folder.path(), copy.path());
            Some(Saved(Box::new(copy)))
        })
    }
}

/// Copies the database of a panel at which nobody works, with the log that SQLite keeps beside it.
fn carry(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let name = entry.file_name();
        if !name.to_string_lossy().ends_with("-shm") {
            std::fs::copy(entry.path(), to.join(name)).expect("a copy");
        }
    }
}

/// Everything that the panel says of the tenant.
async fn picture(api: &Api) -> Picture {
    let mut all = Picture::new();
    let tenants = list(api, "/tenants").await;
    let Some(tenant) = tenants.iter().find(|t| t["name"] == TENANT) else { return all };
    let base = format!("/tenants/{}", text(&tenant["id"]));
    let mut add = |key: String, attrs: Attrs| put(&mut all, key, attrs).expect("one of each");
    let policy = api.get(&format!("{base}/password-policy")).await;
    add("password-policy".into(), some(&policy, &["min_length", "upper", "lower", "digit", "special"]));
    for domain in list(api, &format!("{base}/domains")).await {
        let (name, at) = (text(&domain["name"]), format!("{base}/domains/{}", text(&domain["id"])));
        let mut attrs = some(&domain, &["relay_check"]);
        attrs.insert("destination".into(), domain["destinations"].clone());
        attrs.insert("alias_domains".into(), sorted(&domain["alias_domains"]));
        add(format!("domain/{name}"), attrs);
        for user in list(api, &format!("{at}/users")).await {
            let mut attrs = some(&user, &["first_name", "last_name", "kind", "status"]);
            attrs.insert("aliases".into(), sorted(&user["aliases"]));
            let label = user["access"]["password_label"].as_str().map(|label| (PASSWORD.to_owned(), json!(label)));
            attrs.extend(label);
            add(format!("user/{}", text(&user["address"])), attrs);
        }
        for directory in api.get(&format!("{at}/directories")).await["items"].as_array().expect("a list") {
            let label = text(&directory["name"]);
            let key = if label == "default" { name.clone() } else { format!("{name}/{label}") };
            add(format!("directory/{key}"), some(directory, &["host", "port", "tls", "bind_dn", "search_base", "filter"]));
        }
    }
    for domain in list(api, &format!("{base}/sending-domains")).await {
        add(format!("sending-domain/{}", text(&domain["name"])), Attrs::new());
    }
    for user in list(api, &format!("{base}/smtp-users")).await {
        add(format!("smtp-user/{}", text(&user["label"])), some(&user, &["username"]));
    }
    all
}

async fn list(api: &Api, path: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = api.get(&format!("{path}?limit=200{cursor}")).await;
        all.extend(page["items"].as_array().expect("a list").iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

fn some(of: &Value, keys: &[&str]) -> Attrs {
    keys.iter().map(|key| ((*key).to_owned(), of[*key].clone())).collect()
}

fn sorted(list: &Value) -> Value {
    let mut all: Vec<&str> = list.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    all.sort_unstable();
    json!(all)
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
