//! What outlives the process, and two processes on one database.

use super::rig::Rig;
use crate::panel::{PanelOptions, SettableClock, open};
use serde_json::json;
use std::sync::Arc;

#[tokio::test]
async fn everything_but_session_tokens_outlives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("panel.db");
    let rig = Rig::at(&path, PanelOptions::default()).await;
    let tenant = rig.tenant("acme").await;
    let domain = rig.domain(&tenant, "acme.example").await;
    rig.user(&domain, "jane@acme.example", &["j@acme.example"]).await;
    rig.post(&format!("{tenant}/lease"), json!({ "holder": "one", "ttl_seconds": 60 })).await.ok(200);
    let (id, before) = (rig.get("/panel").await.body["id"].clone(), rig.get(&format!("{domain}/users")).await.body);
    let old = rig.token.clone();
    rig.server.shutdown().await.unwrap();

    let rig = Rig::at(&path, PanelOptions::default()).await;
    assert_eq!(rig.get("/panel").await.body["id"], id);
    assert_eq!(rig.get(&format!("{domain}/users")).await.body, before);
    rig.patch(&domain, json!({ "relay_check": "ldap" })).await.refused(409, "fenced");
    let bearer = format!("Bearer {old}");
    rig.send("GET", "/panel", &[("authorization", &bearer)], json!(null)).await.refused(401, "unauthorized");
}

#[tokio::test]
async fn two_openers_share_one_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("panel.db");
    let (one, two) = (Rig::at(&path, PanelOptions::default()).await, Rig::at(&path, PanelOptions::default()).await);
    assert_eq!(one.get("/panel").await.body["id"], two.get("/panel").await.body["id"]);
    let tenant = one.tenant("acme").await;
    let domain = two.domain(&tenant, "acme.example").await;
    assert_eq!(one.get(&tenant).await.ok(200)["billable"], 0);
    two.user(&domain, "jane@acme.example", &[]).await;
    // what the other process wrote is not hidden by a remembered count
    assert_eq!(one.get(&tenant).await.ok(200)["billable"], 1);
    assert_eq!(one.addresses(&domain).await, ["jane@acme.example"]);
}

#[tokio::test]
async fn a_file_that_is_no_panel_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("panel.db");
    std::fs::write(&path, "this is not a database, but long enough to look like a header of one").unwrap();
    let clock = Arc::new(SettableClock::new("2026-12-01T08:00:00Z".parse().unwrap()));
    assert!(open(&path, clock, PanelOptions::default()).await.is_err());
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("this is not"));
}
