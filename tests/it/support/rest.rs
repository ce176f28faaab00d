//! The panel's API as a test speaks it: a panel with test endpoints, and calls with a body and a status.

use crate::support::panel::TestPanel;
use mailwright::panel::PanelOptions;
use serde_json::{Value, json};

/// A panel with a tenant `acme` and its domain `acme.example`.
pub struct Rest {
    pub panel: TestPanel,
    /// `/tenants/ID`
    pub tenant: String,
    /// `/tenants/ID/domains/ID`
    pub domain: String,
    client: reqwest::Client,
}

/// An answer.
#[derive(Debug)]
pub struct Got {
    pub status: u16,
    pub body: Value,
}

impl Got {
    /// The body of an answer with this status.
    #[track_caller]
    pub fn ok(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }
    /// What is said in a refusal with this code.
    #[track_caller]
    pub fn refused(self, code: &str) -> String {
        assert_eq!(self.body["code"], code, "{} {}", self.status, self.body);
        self.body["detail"].as_str().unwrap().to_owned()
    }
}

impl Rest {
    pub async fn new() -> Self {
        let panel = TestPanel::start(PanelOptions { test_endpoints: true, ..PanelOptions::default() }).await;
        let mut rest = Self { panel, tenant: String::new(), domain: String::new(), client: reqwest::Client::new() };
        let tenant = rest.post("/tenants", json!({ "name": "acme" })).await.ok(201);
        rest.tenant = format!("/tenants/{}", tenant["id"].as_str().unwrap());
        let domain = json!({ "name": "acme.example", "destinations": ["mx.acme.example:25"], "relay_check": "control-panel" });
        let domain = rest.post(&format!("{}/domains", rest.tenant), domain).await.ok(201);
        rest.domain = format!("{}/domains/{}", rest.tenant, domain["id"].as_str().unwrap());
        rest
    }
    pub async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Got {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.client.request(method, format!("{}{path}", self.panel.url())).bearer_auth(&self.panel.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        Got { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
    }
    pub async fn get(&self, path: &str) -> Value {
        self.send("GET", path, None).await.ok(200)
    }
    pub async fn post(&self, path: &str, body: Value) -> Got {
        self.send("POST", path, Some(body)).await
    }
    pub async fn patch(&self, path: &str, body: Value) -> Got {
        self.send("PATCH", path, Some(body)).await
    }
    /// A new user's path.
    pub async fn user(&self, body: Value) -> String {
        let user = self.post(&format!("{}/users", self.domain), body).await.ok(201);
        format!("{}/users/{}", self.domain, user["id"].as_str().unwrap())
    }
    pub async fn advance(&self, days: u64) {
        self.post("/test/clock", json!({ "advance_seconds": days * 86_400 })).await.ok(200);
    }
}
