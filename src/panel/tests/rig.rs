//! A running panel and a client, for the tests.

use crate::base::Timestamp;
use crate::panel::{PanelOptions, ServerHandle, SettableClock, open};
use crate::wire::TokenScope;
use reqwest::header::HeaderMap;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// An answer.
pub(super) struct Got {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

impl Got {
    /// The problem's code.
    pub(super) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or("")
    }
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
    /// Refused with this status and code, as problem+json.
    pub(super) fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.body);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.body["type"], format!("urn:mailwright:problem:{code}"));
        assert_eq!(self.body["status"], status);
    }
    /// Answered with this status; gives the body.
    pub(super) fn ok(&self, status: u16) -> &Value {
        assert_eq!(self.status, status, "{}", self.body);
        &self.body
    }
    pub(super) fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id in {}", self.body)).to_owned()
    }
}

/// A panel on loopback with a clock that stands at 2026-12-01T08:00:00Z, and a token for everything.
pub(super) struct Rig {
    pub(super) server: ServerHandle,
    pub(super) clock: Arc<SettableClock>,
    pub(super) token: String,
    client: Client,
    folder: Option<tempfile::TempDir>,
}

impl Rig {
    pub(super) async fn new() -> Self {
        Self::with(PanelOptions { test_endpoints: true, ..PanelOptions::default() }).await
    }
    pub(super) async fn with(options: PanelOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut rig = Self::at(&folder.path().join("panel.db"), options).await;
        rig.folder = Some(folder);
        rig
    }
    pub(super) async fn at(path: &Path, options: PanelOptions) -> Self {
        // another test of this process may have installed it before
        let _ = rustls::crypto::ring::default_provider().install_default();
        let start: Timestamp = "2026-12-01T08:00:00Z".parse().unwrap();
        let clock = Arc::new(SettableClock::new(start));
        let panel = open(path, clock.clone(), options).await.unwrap();
        let token = panel.session_token("tests", &[TokenScope::Read, TokenScope::Write]).unwrap().expose().to_owned();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = panel.serve(listener).unwrap();
        Self { server, clock, token, client: Client::new(), folder: None }
    }

    /// A request with headers; a body of `null` is none.
    pub(super) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Value) -> Got {
        let url = format!("{}{path}", self.server.url());
        let mut request = self.client.request(Method::from_bytes(method.as_bytes()).unwrap(), url);
        if !headers.iter().any(|(name, _)| *name == "authorization") {
            request = request.bearer_auth(&self.token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !body.is_null() {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap_or(Value::String(text)) };
        Got { status, headers, body }
    }
    pub(super) async fn get(&self, path: &str) -> Got {
        self.send("GET", path, &[], Value::Null).await
    }
    pub(super) async fn post(&self, path: &str, body: Value) -> Got {
        self.send("POST", path, &[], body).await
    }
    pub(super) async fn patch(&self, path: &str, body: Value) -> Got {
        self.send("PATCH", path, &[], body).await
    }
    pub(super) async fn put(&self, path: &str, body: Value) -> Got {
        self.send("PUT", path, &[], body).await
    }
    pub(super) async fn delete(&self, path: &str) -> Got {
        self.send("DELETE", path, &[], Value::Null).await
    }

    /// A new tenant's path.
    pub(super) async fn tenant(&self, name: &str) -> String {
        format!("/tenants/{}", self.post("/tenants", json!({ "name": name })).await.id())
    }
    /// A new domain's path.
    pub(super) async fn domain(&self, tenant: &str, name: &str) -> String {
        let body = json!({ "name": name, "destinations": ["mx.acme.example:25"], "relay_check": "smtp" });
        let got = self.post(&format!("{tenant}/domains"), body).await;
        format!("{tenant}/domains/{}", got.id())
    }
    /// A new user's id.
    pub(super) async fn user(&self, domain: &str, address: &str, aliases: &[&str]) -> String {
        let got = self.post(&format!("{domain}/users"), json!({ "address": address, "aliases": aliases })).await;
        got.ok(201);
        got.id()
    }
    /// A user of any origin.
    pub(super) async fn user_of(&self, origin: &str, address: &str, aliases: &[&str]) -> String {
        let got = self.post("/test/users", json!({ "user": { "address": address, "aliases": aliases }, "origin": origin })).await;
        got.ok(200);
        got.id()
    }
    /// Addresses of a domain's users.
    pub(super) async fn addresses(&self, domain: &str) -> Vec<String> {
        let got = self.get(&format!("{domain}/users?limit=1000")).await;
        got.ok(200)["items"].as_array().unwrap().iter().map(|u| u["address"].as_str().unwrap().to_owned()).collect()
    }
    /// The tenant's change mark.
    pub(super) async fn mark(&self, tenant: &str) -> u64 {
        self.get(tenant).await.ok(200)["change_mark"].as_u64().unwrap()
    }
}
