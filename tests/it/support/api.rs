//! The panel's API as a person with a token uses it, for tests that look at the panel itself.

use crate::support::panel::TestPanel;
use mailwright::panel::PanelOptions;
use reqwest::Method;
use serde_json::{Value, json};

/// A panel and a client.
pub struct Api {
    pub panel: TestPanel,
    client: reqwest::Client,
}

impl Api {
    pub async fn new(options: PanelOptions) -> Self {
        Self::of(TestPanel::start(options).await)
    }
    /// Of a panel that runs already.
    pub fn of(panel: TestPanel) -> Self {
        // nobody speaks TLS here, and to read the system's authorities takes long
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().expect("a client");
        Self { panel, client }
    }
    /// Status and body; a body of `null` is none.
    pub async fn send(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let mut request = self.client.request(method, format!("{}{path}", self.panel.url())).bearer_auth(&self.panel.token);
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null))
    }
    pub async fn get(&self, path: &str) -> Value {
        let (status, body) = self.send(Method::GET, path, Value::Null).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }
    /// A write that is taken.
    pub async fn done(&self, method: Method, path: &str, body: Value) -> Value {
        let (status, answer) = self.send(method, path, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }
    pub async fn post(&self, path: &str, body: Value) -> Value {
        self.done(Method::POST, path, body).await
    }
    pub async fn patch(&self, path: &str, body: Value) -> Value {
        self.done(Method::PATCH, path, body).await
    }
    /// A write that is refused: status and code.
    pub async fn refused(&self, method: Method, path: &str, body: Value) -> (u16, String) {
        let (status, answer) = self.send(method, path, body).await;
        assert!(status >= 400, "{path}: {answer}");
        (status, answer["code"].as_str().unwrap_or_default().to_owned())
    }
    /// Moves the panel's clock; what became due by that is done.
    pub async fn advance(&self, seconds: u64) {
        self.post("/test/clock", json!({ "advance_seconds": seconds })).await;
    }
    /// A tenant with a domain: the path of the domain.
    pub async fn domain(&self, tenant: &str, name: &str, relay_check: &str, alias_domains: &[&str]) -> String {
        let tenant = self.post("/tenants", json!({ "name": tenant })).await;
        let domains = format!("/tenants/{}/domains", tenant["id"].as_str().unwrap());
        let body = json!({ "name": name, "destinations": ["127.0.0.1:25"], "relay_check": relay_check, "alias_domains": alias_domains });
        let domain = self.post(&domains, body).await;
        format!("{domains}/{}", domain["id"].as_str().unwrap())
    }
    /// All users of a domain.
    pub async fn users(&self, domain: &str) -> Vec<Value> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("{domain}/users?limit=1000{cursor}")).await;
            all.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return all,
            }
        }
    }
}
