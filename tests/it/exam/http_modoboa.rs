//! The bench of the modoboa driver: a real Modoboa behind the fault proxy, and a witness that asks its API.

use crate::exam::bench::{Bench, Saved, Site};
use crate::exam::http_panel::AUTHORITY;
use crate::exam::picture::{Attrs, Picture};
use crate::exam::stand::{JumpClock, Keys};
use crate::support::fault_proxy::FaultProxy;
use crate::support::modoboa::Modoboa;
use jiff::SignedDuration;
use mailwright::base::{BoxFuture, Clock, ProviderName, Secret};
use mailwright::drivers::{self, Settings};
use mailwright::model::Fault;
use mailwright::port::{Driver, Secrets};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

pub struct HttpModoboa;

impl HttpModoboa {
    /// Whether Modoboa can be had; where it cannot, that is told.
    pub fn is_here() -> bool {
        Modoboa::take().is_some()
    }
}

struct ModoboaSite {
    panel: Modoboa,
    proxy: FaultProxy,
    clock: Arc<JumpClock>,
}

impl Bench for HttpModoboa {
    fn name(&self) -> &'static str {
        "modoboa"
    }
    fn local_domain(&self) -> &'static str {
        "relay_check = \"control-panel\""
    }
    fn open<'a>(&'a self, from: Option<&'a Saved>) -> BoxFuture<'a, Arc<dyn Site>> {
        Box::pin(async move {
            let panel = Modoboa::take().expect("it is here");
            if let Some(database) = from.and_then(|saved| saved.0.downcast_ref::<Vec<u8>>()) {
                panel.put_back(database);
            }
            let proxy = FaultProxy::start(panel.url().trim_end_matches("/api/v2")).await;
            let site: Arc<dyn Site> = Arc::new(ModoboaSite { panel, proxy, clock: Arc::new(JumpClock::running()) });
            site
        })
    }
    fn at_a_time(&self) -> usize {
        1
    }
    fn faulted_runs(&self) -> usize {
        28
    }
    fn trials_at_most(&self) -> usize {
        36
    }
}

impl Site for ModoboaSite {
    fn driver<'a>(&'a self, name: &'a ProviderName, deadline: Duration) -> BoxFuture<'a, Result<Box<dyn Driver>, Fault>> {
        Box::pin(async move {
            let url = format!("{}/api/v2", self.proxy.root);
            let settings = Settings {
                provider: name,
                url: &url,
                token: Some(Secret::new(self.panel.token())),
                ca_pem: Some(AUTHORITY.into()),
                in_flight: 8,
                requests_per_minute: Some(0),
                clock: self.clock.clone(),
                creates_tenants: false,
                deadline: Some(deadline),
            };
            (drivers::find("modoboa").expect("a driver").connect)(settings).await
        })
    }
    fn secrets(&self) -> Arc<dyn Secrets> {
        Arc::new(Keys(self.panel.token()))
    }
    fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }
    fn pass<'a>(&'a self, _: SignedDuration) -> BoxFuture<'a, bool> {
        Box::pin(async { false })
    }
    fn writes(&self) -> Vec<String> {
        self.proxy.take().writes
    }
    fn witness<'a>(&'a self) -> BoxFuture<'a, Option<Picture>> {
        Box::pin(async move { Some(picture(&self.panel).await) })
    }
    fn proxy(&self) -> Option<&FaultProxy> {
        Some(&self.proxy)
    }
    fn is_bookkeeping(&self, _: &str) -> bool {
        false
    }
    fn save<'a>(&'a self) -> BoxFuture<'a, Option<Saved>> {
        Box::pin(async move { Some(Saved(Box::new(self.panel.database()))) })
    }
}

/// Domains, mailboxes and what leads to them, in Modoboa's own words.
async fn picture(panel: &Modoboa) -> Picture {
    let (mut all, text) = (Picture::new(), |value: &Value| value.as_str().unwrap_or_default().to_owned());
    let (aliases, others) = (panel.all("domainaliases").await, panel.all("aliases").await);
    for domain in panel.all("domains").await {
        let names: BTreeSet<String> = aliases.iter().filter(|a| a["target"] == domain["pk"]).map(|a| text(&a["name"])).collect();
        let settings = &domain["transport"]["settings"];
        let host = settings["relay_target_host"].as_str();
        let bare = |host: &str| if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        let to: Vec<String> = host.map(|host| format!("{}:{}", bare(host), settings["relay_target_port"])).into_iter().collect();
        let attrs = [("alias_domains", json!(names)), ("destination", json!(to))];
        all.insert(format!("domain/{}", text(&domain["name"])), attrs.map(|(name, value)| (name.to_owned(), value)).into());
    }
    for account in panel.all("accounts").await.iter().filter(|account| account["mailbox"].is_object()) {
        let address = text(&account["username"]);
        let leads = |alias: &&Value| alias["recipients"] == json!([address]) && alias["address"] != json!(address);
        let names: BTreeSet<String> = others.iter().filter(leads).map(|alias| text(&alias["address"])).collect();
        let mut attrs: Attrs = ["first_name", "last_name"].into_iter().map(|name| (name.to_owned(), account[name].clone())).collect();
        attrs.insert("aliases".into(), json!(names));
        all.insert(format!("user/{address}"), attrs);
    }
    let parameters = panel.get("/parameters/global/core/").await["params"].clone();
    let generated = [("generated_length", "random_password_length"), ("generated_special", "allow_special_characters")];
    all.insert("password-policy".into(), generated.map(|(ours, theirs)| (ours.to_owned(), parameters[theirs].clone())).into());
    all
}
