//! Every refusal is problem+json, also those of the framework.

use super::rig::Rig;
use crate::panel::PanelOptions;
use serde_json::{Value, json};

async fn raw(rig: &Rig, content_type: &str, body: Vec<u8>) -> (u16, Value) {
    let client = reqwest::Client::new();
    let request =
        client.post(format!("{}/tenants", rig.server.url())).bearer_auth(&rig.token).header("content-type", content_type).body(body);
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn the_framework_refuses_as_we_do() {
    let rig = Rig::new().await;
    rig.get("/nonsense").await.refused(404, "not_found");
    let got = rig.put("/tenants", json!({})).await;
    got.refused(405, "method_not_allowed");
    assert_eq!(got.header("allow"), "GET,HEAD,POST");
    let cases: [(&str, Vec<u8>, u16, &str); 7] = [
        ("text/plain", b"{\"name\":\"a\"}".to_vec(), 415, "not_json"),
        ("application/json", b"{\"name\":".to_vec(), 400, "bad_request"),
        ("application/json", b"".to_vec(), 400, "bad_request"),
        ("application/json", b"{\"name\":\"\xff\"}".to_vec(), 400, "bad_request"),
        ("application/json; charset=utf-8", b"{\"name\":7}".to_vec(), 422, "invalid"),
        ("application/json", b"{\"name\":\"a\",\"more\":1}".to_vec(), 422, "invalid"),
        ("application/json", format!("{{\"name\":\"{}\"}}", "a".repeat(1 << 20)).into_bytes(), 413, "too_large"),
    ];
    for (content_type, body, status, code) in cases {
        let start = String::from_utf8_lossy(&body[..body.len().min(30)]).into_owned();
        let (got, problem) = raw(&rig, content_type, body).await;
        assert_eq!((got, problem["code"].as_str()), (status, Some(code)), "{start}");
    }
    rig.get("/tenants/%ff").await.refused(400, "bad_request");
    rig.get("/tenants/nobody").await.refused(404, "not_found");
    rig.get("/tenants/nobody/domains/x/users").await.refused(404, "not_found");
}

#[tokio::test]
async fn a_bulk_body_may_be_larger() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let domain = rig.domain(&tenant, "acme.example").await;
    let row = |i: usize| json!({ "address": format!("u{i}@acme.example"), "first_name": "x".repeat(190) });
    let body = json!({ "mode": "add", "users": (0..6000).map(row).collect::<Vec<_>>() });
    assert!(body.to_string().len() > 1 << 20);
    rig.post(&format!("{domain}/users/bulk"), body).await.ok(200);
    let huge = json!({ "mode": "add", "users": [{ "address": "x".repeat(33 << 20) }] });
    rig.post(&format!("{domain}/users/bulk"), huge).await.refused(413, "too_large");
}

#[tokio::test]
async fn a_read_only_panel_refuses_every_mutating_verb_and_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("panel.db");
    let rig = Rig::at(&path, PanelOptions { read_only: true, test_endpoints: true, ..PanelOptions::default() }).await;
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        for target in ["/tenants", "/tenants/x", "/tenants/x/lease", "/nonsense"] {
            rig.send(method, target, &[], json!({})).await.refused(403, "read_only");
        }
    }
    rig.send("POST", "/tenants", &[("authorization", "Bearer nonsense")], json!({})).await.refused(403, "read_only");
    rig.get("/tenants").await.ok(200);
    let traffic = rig.server.traffic();
    assert_eq!((traffic.reads, traffic.writes, traffic.refused_writes), (1, 17, 17));
    assert!(rig.get("/panel").await.ok(200)["features"].as_array().unwrap().contains(&json!("read-only")));
}

#[tokio::test]
async fn test_endpoints_are_there_only_when_allowed() {
    let rig = Rig::with(PanelOptions::default()).await;
    rig.get("/test/clock").await.refused(404, "not_found");
    rig.post("/test/clock", json!({ "advance_seconds": 1 })).await.refused(404, "not_found");
    rig.post("/test/mail", json!({ "recipient": "a@acme.example", "count": 1 })).await.refused(404, "not_found");
    rig.post("/test/users", json!({ "user": { "address": "a@acme.example" }, "origin": "smtp" })).await.refused(404, "not_found");
}
