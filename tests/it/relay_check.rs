//! What a plan says before users come by themselves (S13.2): the catch-all probe and the billable growth, over HTTP and with a
//! token that can only read.

use crate::support::api::Api;
use crate::support::destination::{destination, takes_everything};
use crate::support::engine::{engine, plan, said, workspace};
use mailwright::base::ExitCode;
use mailwright::engine::Planned;
use mailwright::panel::PanelOptions;
use mailwright::store::MemorySource;
use reqwest::Method;
use serde_json::{Value, json};

/// A panel whose domain has two users, three names that get mail, and this destination; and a token that can only read.
async fn site(destination: &str) -> (Api, String, String) {
    let api = Api::new(PanelOptions { test_endpoints: true, ..PanelOptions::default() }).await;
    let domain = api.domain("acme", "acme.example", "control-panel", &[]).await;
    api.patch(&domain, json!({ "destinations": [destination] })).await;
    for local in ["jane", "bob"] {
        api.post(&format!("{domain}/users"), json!({ "address": format!("{local}@acme.example") })).await;
    }
    for (local, count) in [("jane", 9), ("info", 41), ("sales", 1)] {
        api.post("/test/mail", json!({ "recipient": format!("{local}@acme.example"), "count": count })).await;
    }
    let minted = api.post("/tokens", json!({ "name": "plans", "scopes": ["read"] })).await;
    (api, domain, minted["secret"].as_str().unwrap().to_owned())
}

async fn planned(api: &Api, token: &str, lines: &str) -> Planned {
    let text = format!(
        "schema = \"mailwright/v1\"\n[tenant]\nname = \"acme\"\nprovider = \"edge\"\n[domains.\"acme.example\"]\n{lines}\n[[users]]\n\
         address = \"jane@acme.example\"\n"
    );
    let source = MemorySource::new([("mailwright.toml", workspace(&api.panel.url())), ("tenants/acme.toml", text)]);
    let memory = tempfile::tempdir().unwrap();
    plan(&engine(source, token, memory.path(), "plan")).await
}

const SMTP: &str = "relay_check = \"smtp\"";
const DISCOVERY: &str = "[domains.\"acme.example\".discovery]\nenabled = true\nuntil = 2026-12-24";

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_asks_the_destination_and_counts_what_may_come() {
    let mx = destination(&["jane"], "220 mx\r\n").await;
    let (api, domain, token) = site(&mx).await;
    let audit = api.get("/audit?limit=1000").await["total"].clone();
    for (lines, maker) in [(SMTP, "info@acme.example"), (DISCOVERY, "sales@acme.example")] {
        let planned = planned(&api, &token, lines).await;
        let text = said(&planned);
        assert!(text.contains(&format!("no catch-all (catch-all probe by the panel, just now: {mx} refuses it: 550 5.1.1")), "{text}");
        assert!(text.contains("billable growth 2 → up to 4 billable mailboxes: 2 addresses that get mail and are no users"), "{text}");
        assert!(text.contains(maker), "{text}");
    }
    assert!(api.get(&format!("{domain}/discovery")).await["probe"].is_null(), "nothing is kept of a question");
    assert_eq!(api.get("/audit?limit=1000").await["total"], audit, "nor is it a change");
    // keeping it is a write, and a token that can only read cannot
    let kept = api.post(&format!("{domain}/catch-all-probe"), Value::Null).await;
    assert_eq!(kept["probe"]["outcome"], "selective");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destination_that_takes_everything_needs_an_approval_that_names_it() {
    let (api, _, token) = site(&takes_everything().await).await;
    for lines in [SMTP, DISCOVERY] {
        let planned = planned(&api, &token, lines).await;
        let text = said(&planned);
        assert!(text.contains("the destination takes every address (catch-all probe by the panel, just now: 127.0.0.1:"), "{text}");
        assert!(text.contains("up to 4 billable mailboxes, and more for each other name that gets mail"), "{text}");
        assert_eq!(planned.exit.0, ExitCode::NeedsApproval);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destination_that_is_silent_is_not_judged_but_an_older_probe_is_told() {
    let (api, domain, token) = site(&takes_everything().await).await;
    api.post(&format!("{domain}/catch-all-probe"), Value::Null).await;
    // nobody listens on port 9
    api.patch(&domain, json!({ "destinations": ["127.0.0.1:9"] })).await;
    let text = said(&planned(&api, &token, SMTP).await);
    assert!(text.contains("not judged: whether the destination takes every address (catch-all probe by the panel, just now: "), "{text}");
    api.advance(3 * 86_400 + 3600).await;
    let text = said(&planned(&api, &token, DISCOVERY).await);
    assert!(text.contains("(catch-all probe by the panel, 2026-12-01 08:00 UTC, 3 days ago: "), "{text}");
    // a relay check that stays asks nobody
    let (status, _) = api.send(Method::GET, &format!("{domain}/catch-all-probe"), Value::Null).await;
    assert_eq!(status, 200);
    let text = said(&planned(&api, &token, "relay_check = \"control-panel\"").await);
    assert!(!text.contains("catch-all") && !text.contains("growth"), "{text}");
}
