//! Directories over HTTP, without one that answers: settings, refusals, what is kept, what is never shown.

use super::rig::Rig;
use serde_json::{Value, json};

/// A directory that is nowhere: nobody listens on its port.
fn nowhere() -> Value {
    json!({ "name": "default", "settings": { "host": "127.0.0.1", "bind_dn": "cn=sync", "bind_password": "hunter2",
        "bind_password_label": "initial", "search_base": "dc=acme" } })
}

async fn acme(rig: &Rig) -> String {
    let tenant = rig.tenant("acme").await;
    rig.domain(&tenant, "acme.example").await
}

#[tokio::test]
async fn a_directory_is_kept_and_its_password_never_shown() {
    let rig = Rig::new().await;
    let domain = acme(&rig).await;
    let made = rig.post(&format!("{domain}/directories"), nowhere()).await;
    assert_eq!(made.ok(201)["status"], json!({ "users": 0, "next_run_at": "2026-12-01T09:00:00Z" }));
    assert_eq!((&made.body["port"], &made.body["schedule"]), (&json!(389), &json!("60-minutes")));
    let path = format!("{domain}/directories/{}", made.id());
    let patch = json!({ "settings": { "min_users": 5, "schedule": "3-a-day" } });
    let changed = rig.send("PATCH", &path, &[("if-match", "\"v1\"")], patch.clone()).await;
    assert_eq!(changed.ok(200)["status"]["next_run_at"], "2026-12-01T16:00:00Z");
    rig.send("PATCH", &path, &[("if-match", "\"v1\"")], json!({ "enabled": false })).await.refused(412, "version_mismatch");
    rig.patch(&path, json!({ "enabled": false })).await.ok(200);
    let shown = rig.get(&path).await;
    assert!(shown.ok(200)["status"]["next_run_at"].is_null() && shown.body["bind_password_set"] == true);
    let listed = rig.get(&format!("{domain}/directories")).await;
    let audit = rig.get("/audit?limit=1000").await;
    for got in [&made, &changed, &shown, &listed, &audit] {
        assert!(!got.body.to_string().contains("hunter2"), "{}", got.body);
    }
    rig.delete(&path).await.ok(204);
    assert_eq!(rig.get(&format!("{domain}/directories")).await.body["total"], 0);
}

#[tokio::test]
async fn settings_that_no_directory_has_are_refused() {
    let rig = Rig::new().await;
    let domain = acme(&rig).await;
    let path = format!("{domain}/directories");
    let wrong = [
        ("port", json!(3268)),
        ("port", json!(636)),
        ("tls", json!("starttls")),
        ("filter", json!("(mail=")),
        ("search_base", json!("")),
        ("host", json!("dc1")),
    ];
    for (field, value) in wrong {
        let mut body = nowhere();
        body["settings"][field] = value;
        rig.post(&path, body).await.refused(422, "invalid");
    }
    let made = rig.post(&path, nowhere()).await;
    rig.post(&path, nowhere()).await.refused(409, "name_taken");
    // the password that is kept is not for another host
    let path = format!("{path}/{}", made.id());
    let elsewhere = json!({ "settings": { "host": "dc2.acme.example" } });
    rig.patch(&path, elsewhere.clone()).await.refused(422, "invalid");
    let asked = rig.post(&format!("{path}/test"), elsewhere["settings"].clone()).await;
    assert_eq!(asked.ok(200)["outcome"], "needs-password");
    let given = json!({ "settings": { "host": "dc2.acme.example", "bind_password": "new", "bind_password_label": "2026-12" } });
    assert_eq!(rig.patch(&path, given).await.ok(200)["bind_password_label"], "2026-12");
}

#[tokio::test]
async fn a_directory_that_does_not_answer_changes_nothing_and_its_error_is_kept() {
    let rig = Rig::new().await;
    let domain = acme(&rig).await;
    let made = rig.post(&format!("{domain}/directories"), nowhere()).await;
    let path = format!("{domain}/directories/{}", made.id());
    let tested = rig.post(&format!("{path}/test"), json!({})).await;
    assert_eq!(tested.ok(200)["outcome"], "failed");
    rig.post("/test/clock", json!({ "advance_seconds": 3600 })).await.ok(200);
    let shown = rig.get(&path).await;
    let status = &shown.ok(200)["status"];
    assert_eq!((&status["last_run_at"], &status["next_run_at"]), (&json!("2026-12-01T09:00:00Z"), &json!("2026-12-01T10:00:00Z")));
    assert_eq!(status["last_error"], tested.body["error"]);
    assert!(status["last_error"].as_str().unwrap().starts_with("127.0.0.1:389: ") && status["last_success_at"].is_null());
    // hours that nobody saw are not made up for one by one
    rig.post("/test/clock", json!({ "advance_seconds": 86_400 })).await.ok(200);
    assert_eq!(rig.get(&path).await.body["status"]["next_run_at"], "2026-12-02T10:00:00Z");
}

#[tokio::test]
async fn entra_waits_for_consent() {
    let rig = Rig::new().await;
    let domain = acme(&rig).await;
    let made = rig.post(&format!("{domain}/directories"), json!({ "name": "cloud", "source": "entra" })).await;
    assert_eq!(made.ok(201)["consent"], false);
    let path = format!("{domain}/directories/{}", made.id());
    assert_eq!(rig.post(&format!("{path}/test"), json!({})).await.ok(200)["outcome"], "needs-consent");
    let given = rig.post(&format!("/test/directories/{}/consent", made.id()), json!({ "consent": true })).await;
    assert_eq!((&given.ok(200)["consent"], &given.body["version"]), (&json!(true), &json!(2)));
    let ldap = rig.post(&format!("{domain}/directories"), nowhere()).await;
    rig.post(&format!("/test/directories/{}/consent", ldap.id()), json!({ "consent": true })).await.refused(422, "invalid");
}

#[tokio::test]
async fn a_token_that_may_only_read_may_ask_and_a_read_only_panel_counts_it_as_a_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("panel.db");
    let (directory, domain) = {
        let rig = Rig::at(&path, crate::panel::PanelOptions { test_endpoints: true, ..Default::default() }).await;
        let domain = acme(&rig).await;
        let made = rig.post(&format!("{domain}/directories"), nowhere()).await.id();
        rig.server.shutdown().await.unwrap();
        (made, domain)
    };
    let rig = Rig::at(&path, crate::panel::PanelOptions { read_only: true, test_endpoints: true, ..Default::default() }).await;
    let tested = rig.post(&format!("{domain}/directories/{directory}/test"), json!({})).await;
    assert_eq!((tested.ok(200)["outcome"].as_str(), rig.server.traffic().writes), (Some("failed"), 0));
    rig.patch(&format!("{domain}/directories/{directory}"), json!({})).await.refused(403, "read_only");
}
