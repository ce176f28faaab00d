//! `mailwright import` of a panel that has several domains and sixty users, some of them owned by a directory (S17.1).

use crate::support::binary::{Ran, command};
use crate::support::engine::workspace;
use crate::support::panel::TestPanel;
use crate::support::rest::Rest;
use mailwright::panel::PanelOptions;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

const DOMAINS: [&str; 3] = ["acme.example", "acme.test", "xn--bcher-kva.example"];

async fn run(dir: &Path, args: &[&str], token: &str) -> Ran {
    let mut command = command(dir, args);
    command.env("T", token);
    tokio::task::spawn_blocking(move || Ran::from(command.output().expect("it runs"))).await.unwrap()
}

async fn post(panel: &TestPanel, path: &str, body: Value) -> Value {
    let sent = reqwest::Client::new().post(format!("{}/{path}", panel.url())).bearer_auth(&panel.token).json(&body).send().await.unwrap();
    let status = sent.status();
    let body = sent.text().await.unwrap();
    assert!(status.is_success(), "{path}: {status} {body}");
    serde_json::from_str(&body).unwrap_or(Value::Null)
}

/// A tenant as others made it: names with quotes and umlauts, aliases, kinds, an inactive one.
async fn tenant(panel: &TestPanel) {
    let tenant = post(panel, "tenants", json!({ "name": "acme" })).await["id"].as_str().unwrap().to_owned();
    for (at, domain) in DOMAINS.iter().enumerate() {
        let body = json!({ "name": domain, "destinations": ["mx.acme.example:25", "192.0.2.7:2525"], "relay_check": "control-panel",
            "alias_domains": if at == 0 { vec!["acme-alias.example"] } else { vec![] } });
        let id = post(panel, &format!("tenants/{tenant}/domains"), body).await["id"].as_str().unwrap().to_owned();
        for n in 0..20 {
            let kind = ["mailbox", "shared", "resource", "list", "forward"][n % 5];
            let body = json!({ "address": format!("u{n}@{domain}"), "first_name": format!("Zoë \"{n}\""), "last_name": "O'Neill, Jr\\",
                "aliases": [format!("a{n}@{domain}")], "kind": kind, "status": if n == 3 { "inactive" } else { "active" } });
            post(panel, &format!("tenants/{tenant}/domains/{id}/users"), body).await;
        }
    }
}

fn files(dir: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![dir.join("tenants")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().display().to_string();
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_imported_plans_empty_and_is_never_overwritten() {
    let panel = TestPanel::start(PanelOptions { test_endpoints: true, ..PanelOptions::default() }).await;
    tenant(&panel).await;
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("tenants")).unwrap();
    std::fs::write(dir.path().join("mailwright.toml"), workspace(&panel.url())).unwrap();

    let printed = run(dir.path(), &["import", "acme", "--print"], &panel.token).await;
    assert_eq!(printed.code, 0, "{}", printed.err);
    assert!(files(dir.path()).is_empty(), "--print writes nothing");
    let imported = run(dir.path(), &["import", "acme"], &panel.token).await;
    assert_eq!(imported.code, 0, "{}", imported.err);
    let written = files(dir.path());
    let all = written.values().cloned().collect::<String>();
    assert_eq!(all.matches("@acme.example\"").count().min(1), 1, "{all}");
    assert!(!all.contains("add-delete-old") && !all.contains("password ="), "authority add, no password: {all}");
    for name in written.keys() {
        assert!(imported.out.contains(name), "{name} is not named: {}", imported.out);
    }

    let plan = run(dir.path(), &["plan"], &panel.token).await;
    assert_eq!(plan.code, 0, "{}{}", plan.out, plan.err);
    assert!(plan.out.contains("nothing to do"), "{}", plan.out);
    let drift = run(dir.path(), &["drift"], &panel.token).await;
    assert_eq!(drift.code, 0, "every user is declared: {}", drift.out);
    assert_eq!(run(dir.path(), &["fmt", "--check"], &panel.token).await.code, 0, "written in the one form");

    let again = run(dir.path(), &["import", "acme"], &panel.token).await;
    assert!(again.code == 1 && again.err.contains("is there already; nothing was written"), "{again:?}");
    assert_eq!(files(dir.path()), written);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_expressed_is_listed() {
    let panel = TestPanel::start(PanelOptions { test_endpoints: true, ..PanelOptions::default() }).await;
    tenant(&panel).await;
    let body = json!({ "user": { "address": "dir@acme.example", "aliases": [] }, "origin": "directory" });
    post(&panel, "test/users", body).await;
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("tenants")).unwrap();
    std::fs::write(dir.path().join("mailwright.toml"), workspace(&panel.url())).unwrap();
    let imported = run(dir.path(), &["import", "acme"], &panel.token).await;
    assert_eq!(imported.code, 2, "{imported:?}");
    assert!(imported.err.contains("not expressed: 1 user of acme.example that a directory owns"), "{}", imported.err);
    assert!(!files(dir.path()).is_empty(), "the rest is written");
    let plan = run(dir.path(), &["plan"], &panel.token).await;
    assert_eq!(plan.code, 0, "{}{}", plan.out, plan.err);
    let unknown = run(dir.path(), &["import", "nobody"], &panel.token).await;
    assert!(unknown.code == 1 && unknown.err.contains("the panel has no tenant `nobody`"), "{unknown:?}");
}

/// Everything that a panel keeps for a tenant is written, and what nobody can read is named.
#[tokio::test(flavor = "multi_thread")]
async fn parts_of_domains_and_outbound_relay_are_imported() {
    let rest = Rest::new().await;
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    rest.post("/test/clock", json!({ "now": jiff::Timestamp::now().to_string() })).await.ok(200);
    rest.post(&format!("{}/continuity/terms", rest.domain), json!({ "months": 12, "from": today })).await.ok(200);
    let on = json!({ "enabled": true, "outgoing_via_own_server": true });
    rest.patch(&format!("{}/continuity", rest.domain), on).await.ok(200);
    let policy = json!({ "min_length": 12, "upper": true, "lower": true, "digit": true, "special": false });
    rest.send("PUT", &format!("{}/password-policy", rest.tenant), Some(policy)).await.ok(200);
    rest.user(json!({ "address": "jane@acme.example", "password": { "password": "Correct-Horse-7-Battery", "label": "2026-11" } })).await;
    rest.post(&format!("{}/sending-domains", rest.tenant), json!({ "name": "news.acme.example" })).await.ok(201);
    let crm = json!({ "sending_domain": "news.acme.example", "label": "crm" });
    let minted = rest.post(&format!("{}/smtp-users", rest.tenant), crm).await.ok(201);
    let username = minted["smtp_user"]["username"].as_str().unwrap().to_owned();
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("tenants")).unwrap();
    std::fs::write(dir.path().join("mailwright.toml"), workspace(&rest.panel.url())).unwrap();
    let imported = run(dir.path(), &["import", "acme"], &rest.panel.token).await;
    assert_eq!(imported.code, 2, "{imported:?}");
    assert!(imported.err.contains("its credential was shown once"), "{}", imported.err);
    let text = files(dir.path()).remove("tenants/acme.toml").unwrap();
    let term = format!(
        "[domains.\"acme.example\".continuity]\nenabled = true\noutgoing_via_own_server = true\nterm = {{ months = 12, from = {today} }}"
    );
    for part in [term.as_str(), "[sending_domains.\"news.acme.example\"]", "[smtp_users.crm]", &format!("username = \"{username}\"")] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("2026-11\"") && !text.contains("password ="), "no password: {text}");
    let plan = run(dir.path(), &["plan"], &rest.panel.token).await;
    assert_eq!(plan.code, 2, "{}{}", plan.out, plan.err);
    assert!(plan.out.contains(" · 1 for a person · 1 waiting. Nothing"), "the DNS records, and nothing else: {}", plan.out);
    assert!(!imported.err.contains("would still"), "{}", imported.err);
    assert_eq!(run(dir.path(), &["fmt", "--check"], &rest.panel.token).await.code, 0, "written in the one form: {text}");
}
