//! A panel with one domain, a clock to be moved, and a destination that answers as it is told.

use crate::support::panel::{TestPanel, crypto};
use mailwright::panel::PanelOptions;
use serde_json::{Value, json};

/// A panel with the tenant `acme` and the domain `acme.example`.
pub struct Site {
    panel: TestPanel,
    client: reqwest::Client,
    tenant: String,
    domain: String,
}

impl Site {
    /// With a relay check, and a destination that nobody will reach.
    pub async fn new(relay_check: &str) -> Self {
        Self::at(relay_check, "127.0.0.1:9", None).await
    }
    pub async fn at(relay_check: &str, destination: &str, zone: Option<&str>) -> Self {
        crypto();
        let time_zone = zone.map(|name| jiff::tz::TimeZone::get(name).unwrap());
        let panel = TestPanel::start(PanelOptions { test_endpoints: true, time_zone, ..PanelOptions::default() }).await;
        let mut site = Self { panel, client: reqwest::Client::new(), tenant: String::new(), domain: String::new() };
        // one that outlives the days that the clock jumps over
        let (_, minted) = site.send("POST", "/tokens", json!({ "name": "articles", "scopes": ["read", "write"] })).await;
        minted["secret"].as_str().unwrap().clone_into(&mut site.panel.token);
        site.tenant = site.id("/tenants", json!({ "name": "acme" })).await;
        let domain = json!({ "name": "acme.example", "destinations": [destination], "relay_check": relay_check });
        site.domain = site.id(&format!("/tenants/{}/domains", site.tenant), domain).await;
        site
    }

    async fn id(&self, path: &str, body: Value) -> String {
        let (status, answer) = self.send("POST", path, body).await;
        assert_eq!(status, 201, "{answer}");
        answer["id"].as_str().unwrap().to_owned()
    }
    /// A request below `/v1`; a body of `null` is none.
    pub async fn send(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}{path}", self.panel.url());
        let mut request = self.client.request(method.parse().unwrap(), url).bearer_auth(&self.panel.token);
        if !body.is_null() {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }
    /// A path below the domain.
    pub fn below(&self, path: &str) -> String {
        format!("/tenants/{}/domains/{}{path}", self.tenant, self.domain)
    }

    /// Sets the clock; everything that is due by then happens.
    pub async fn clock(&self, at: &str) {
        let (status, answer) = self.send("POST", "/test/clock", json!({ "now": at })).await;
        assert_eq!(status, 200, "{answer}");
    }
    /// Mails to `local@acme.example` that came at a moment.
    pub async fn mails(&self, local: &str, count: u64, verdict: &str, at: &str) {
        let body = json!({ "recipient": format!("{local}@acme.example"), "count": count, "verdict": verdict, "at": at });
        let (status, answer) = self.send("POST", "/test/mail", body).await;
        assert_eq!(status, 204, "{answer}");
    }
    /// Adds a user; gives its id.
    pub async fn add(&self, local: &str) -> String {
        self.id(&self.below("/users"), json!({ "address": format!("{local}@acme.example") })).await
    }
    /// Sends an import of these users.
    pub async fn import(&self, mode: &str, locals: &[&str]) -> (u16, Value) {
        let users: Vec<Value> = locals.iter().map(|l| json!({ "address": format!("{l}@acme.example") })).collect();
        self.send("POST", &self.below("/imports"), json!({ "mode": mode, "users": users })).await
    }
    /// The users of the list.
    pub async fn users(&self) -> Vec<Value> {
        let (status, answer) = self.send("GET", &self.below("/users?limit=1000"), Value::Null).await;
        assert_eq!(status, 200, "{answer}");
        answer["items"].as_array().unwrap().clone()
    }
    /// Their local parts, sorted.
    pub async fn names(&self) -> String {
        let local = |user: &Value| user["address"].as_str().unwrap().split('@').next().unwrap().to_owned();
        self.users().await.iter().map(local).collect::<Vec<_>>().join(" ")
    }
    /// What the filter answers to a recipient: code and reason.
    pub async fn verdict(&self, local: &str) -> (u64, String) {
        let path = format!("/tenants/{}/recipients/{local}@acme.example", self.tenant);
        let (status, answer) = self.send("GET", &path, Value::Null).await;
        assert_eq!(status, 200, "{answer}");
        (answer["code"].as_u64().unwrap(), answer["reason"].as_str().unwrap().to_owned())
    }
}
