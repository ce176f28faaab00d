//! One tenant on two panels: inbound mail on one, outbound mail on another. Both are read, planned and written over HTTP.

use crate::support::binary::{Ran, command};
use crate::support::panel::TestPanel;
use mailwright::panel::PanelOptions;
use serde_json::Value;

const TENANT: &str = "schema = \"mailwright/v1\"\n\n[tenant]\nname = \"acme\"\nprovider = { inbound = \"edge\", outbound = \"relay\" }\ncreate = true\n\n\
    [domains.\"acme.example\"]\ndestination = \"mx.acme.example:25\"\nrelay_check = \"control-panel\"\n\n[[users]]\naddress = \"jane@acme.example\"\n";
const OUTBOUND: &str = "\n[sending_domains.\"news.acme.example\"]\n\n[smtp_users.crm]\ndomain = \"news.acme.example\"\ncredential = { file = \"secrets/crm.json\" }\n";

/// Two panels and a workspace that names both.
struct Two {
    edge: TestPanel,
    relay: TestPanel,
    dir: tempfile::TempDir,
}

impl Two {
    async fn new(files: &str) -> Self {
        let options = || PanelOptions { test_endpoints: true, ..PanelOptions::default() };
        let (edge, relay) = (TestPanel::start(options()).await, TestPanel::start(options()).await);
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("tenants")).unwrap();
        let provider = |name: &str, url: &str, env: &str| {
            format!("\n[providers.{name}]\ndriver = \"panel\"\nurl = \"{url}\"\ntoken = {{ env = \"{env}\" }}\n")
        };
        let both = format!("{}{}", provider("edge", &edge.url(), "T"), provider("relay", &relay.url(), "T2"));
        std::fs::write(dir.path().join("mailwright.toml"), format!("schema = \"mailwright/v1\"\n{both}")).unwrap();
        let two = Self { edge, relay, dir };
        two.write(files);
        two
    }
    fn write(&self, files: &str) {
        std::fs::write(self.dir.path().join("tenants/acme.toml"), format!("{TENANT}{files}")).unwrap();
    }
    /// From now on nobody answers where the second panel was.
    fn lose_relay(&self) {
        let file = self.dir.path().join("mailwright.toml");
        let text = std::fs::read_to_string(&file).unwrap().replace(&self.relay.url(), "http://127.0.0.1:1/v1");
        std::fs::write(file, text).unwrap();
    }
    async fn run(&self, args: &[&str]) -> Ran {
        let mut command = command(self.dir.path(), args);
        command.env("T", &self.edge.token).env("T2", &self.relay.token).env("COLUMNS", "200");
        tokio::task::spawn_blocking(move || Ran::from(command.output().expect("it runs"))).await.unwrap()
    }
}

/// The names of a list of the first tenant of a panel; none where it has no tenant.
async fn names(panel: &TestPanel, list: &str) -> Vec<String> {
    let client = reqwest::Client::new();
    let get = |path: String| client.get(format!("{}{path}", panel.url())).bearer_auth(&panel.token).send();
    let tenants: Value = serde_json::from_str(&get("/tenants".into()).await.unwrap().text().await.unwrap()).unwrap();
    let Some(id) = tenants["items"][0]["id"].as_str() else { return Vec::new() };
    let all: Value = serde_json::from_str(&get(format!("/tenants/{id}/{list}")).await.unwrap().text().await.unwrap()).unwrap();
    let name = |o: &Value| o["name"].as_str().or(o["label"].as_str()).unwrap().to_owned();
    all["items"].as_array().unwrap().iter().map(name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_goes_to_its_own_panel() {
    let two = Two::new(OUTBOUND).await;
    let plan = two.run(&["plan"]).await;
    assert_eq!(plan.code, 2, "{}{}", plan.out, plan.err);
    assert!(plan.out.contains("acme on edge and relay") && plan.out.contains("on relay, the provider of outbound mail"), "{}", plan.out);
    let made = two.run(&["apply", "--yes"]).await;
    assert_eq!(made.code, 2, "settled, the records wait: {}{}", made.out, made.err);
    assert_eq!((names(&two.edge, "domains").await, names(&two.relay, "domains").await), (vec!["acme.example".to_owned()], vec![]));
    assert_eq!((names(&two.edge, "sending-domains").await, names(&two.edge, "smtp-users").await), (vec![], vec![]));
    assert_eq!(names(&two.relay, "sending-domains").await, ["news.acme.example"]);
    assert_eq!(names(&two.relay, "smtp-users").await, ["crm"]);
    assert!(two.dir.path().join("tenants/secrets/crm.json").exists());
    let again = two.run(&["plan"]).await;
    assert!(again.code == 2 && again.out.contains("1 for a person · 1 waiting"), "{}", again.out);
    // a login goes by its tombstone, on the panel that has it
    let grave = "\n[[removed]]\nsmtp_user = \"crm\"\nsince = 2026-12-01\n";
    two.write(&format!("\n[sending_domains.\"news.acme.example\"]\n{grave}"));
    let blocked = two.run(&["apply", "--yes"]).await;
    assert!(blocked.out.contains("✓ ~ smtp-user crm"), "{}{}", blocked.out, blocked.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_of_one_panel_is_not_the_others() {
    let two = Two::new(OUTBOUND).await;
    two.lose_relay();
    let plan = two.run(&["plan"]).await;
    assert_eq!(plan.code, 5, "{}{}", plan.out, plan.err);
    assert!(plan.out.contains("tenants of relay") && plan.out.contains("jane@acme.example"), "{}", plan.out);
    assert!(!plan.out.contains("+ sending-domain"), "nobody knows what is there: {}", plan.out);
    let made = two.run(&["apply", "--yes"]).await;
    assert_eq!(made.code, 5, "{}{}", made.out, made.err);
    assert_eq!(names(&two.edge, "domains").await, ["acme.example"], "independent parts go on (S1.4)");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_panel_is_not_asked_for_nothing() {
    let two = Two::new("").await;
    two.lose_relay();
    let made = two.run(&["apply", "--yes"]).await;
    assert_eq!(made.code, 0, "{}{}", made.out, made.err);
}
