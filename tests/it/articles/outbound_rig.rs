//! A panel with a tenant, a name server beside it, and the calls that the sentences on outbound relay need.

use crate::support::dns::Dns;
use crate::support::panel::TestPanel;
use mailwright::panel::PanelOptions;
use reqwest::Method;
use serde_json::{Value, json};

pub const DOMAIN: &str = "news.acme.example";

pub struct Site {
    pub dns: Dns,
    panel: TestPanel,
    client: reqwest::Client,
    tenant: String,
}

/// The minted user of an answer.
pub fn id(minted: &Value) -> &str {
    minted["smtp_user"]["id"].as_str().expect("an id")
}

impl Site {
    /// With the sending domain.
    pub async fn new() -> (Self, Value) {
        let dns = Dns::start().await;
        let options = PanelOptions { test_endpoints: true, resolver: Some(dns.address), ..PanelOptions::default() };
        let panel = TestPanel::start(options).await;
        let mut site = Self { dns, panel, client: reqwest::Client::new(), tenant: String::new() };
        let (status, tenant) = site.send("POST", "/tenants", json!({ "name": "acme" })).await;
        assert_eq!(status, 201);
        site.tenant = tenant["id"].as_str().expect("an id").to_owned();
        let domain = site.domain(DOMAIN).await;
        (site, domain)
    }
    /// Its API and a token for it.
    pub fn access(&self) -> (String, &str) {
        (self.panel.url(), &self.panel.token)
    }
    pub async fn send(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.client.request(method, format!("{}{path}", self.panel.url())).bearer_auth(&self.panel.token);
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.expect("a text")).unwrap_or(Value::Null))
    }
    /// A path below the tenant.
    pub async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        self.send(method, &format!("/tenants/{}{path}", self.tenant), body).await
    }
    /// A new sending domain.
    pub async fn domain(&self, name: &str) -> Value {
        let (status, domain) = self.call("POST", "/sending-domains", json!({ "name": name })).await;
        assert_eq!(status, 201, "{domain}");
        domain
    }
    pub async fn delete_domain(&self, domain: &Value) {
        assert_eq!(self.call("DELETE", &format!("/sending-domains/{}", domain["id"].as_str().unwrap()), Value::Null).await.0, 204);
    }
    /// Publishes its records.
    pub fn publish(&self, domain: &Value) {
        for record in domain["cnames"].as_array().unwrap() {
            self.dns.publish(record["name"].as_str().unwrap(), record["target"].as_str().unwrap());
        }
    }
    /// Has the panel look its records up: whether it is verified, and how many are wrong.
    pub async fn verify(&self, domain: &Value) -> (bool, usize) {
        let (status, check) = self.call("POST", &format!("/sending-domains/{}/verify", domain["id"].as_str().unwrap()), Value::Null).await;
        assert_eq!(status, 200, "{check}");
        (check["sending_domain"]["verified"] == true, check["wrong"].as_array().unwrap().len())
    }
    /// A new SMTP user, with its password.
    pub async fn user(&self, domain: &str, label: &str) -> Value {
        let (status, minted) = self.call("POST", "/smtp-users", json!({ "sending_domain": domain, "label": label })).await;
        assert_eq!(status, 201, "{minted}");
        minted
    }
    pub async fn delete_user(&self, minted: &Value) {
        assert_eq!(self.call("DELETE", &format!("/smtp-users/{}", id(minted)), Value::Null).await.0, 204);
    }
    pub async fn shown(&self, minted: &Value) -> (u16, Value) {
        self.call("GET", &format!("/smtp-users/{}", id(minted)), Value::Null).await
    }
    /// Signs in; the answer of the relay.
    pub async fn sign_in(&self, minted: &Value) -> Value {
        let body = json!({ "username": minted["smtp_user"]["username"], "password": minted["password"] });
        self.send("POST", "/test/smtp-login", body).await.1
    }
    pub async fn lets_in(&self, minted: &Value) -> bool {
        self.sign_in(minted).await["accepted"] == true
    }
    pub async fn advance(&self, seconds: u64) {
        assert_eq!(self.send("POST", "/test/clock", json!({ "advance_seconds": seconds })).await.0, 200);
    }
    /// What the history of a sending domain says.
    pub async fn history(&self, domain: &str) -> Vec<String> {
        let (_, page) = self.call("GET", &format!("/sending-history?sending_domain={domain}"), Value::Null).await;
        page["items"].as_array().unwrap().iter().map(|e| e["what"].as_str().unwrap().to_owned()).collect()
    }
}
