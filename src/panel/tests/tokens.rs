//! Tokens, scopes and tenants.

use super::rig::Rig;
use crate::panel::{PanelOptions, SettableClock, open};
use crate::wire::TokenScope;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

async fn minted(rig: &Rig, body: Value) -> String {
    let got = rig.post("/tokens", body).await;
    format!("Bearer {}", got.ok(201)["secret"].as_str().unwrap())
}

#[tokio::test]
async fn a_caller_needs_a_token() {
    let rig = Rig::new().await;
    let unknown = format!("Bearer mwp_{}", "0".repeat(64));
    for bad in ["", "Bearer", "Bearer ", "Basic YTpi", &unknown] {
        let got = rig.send("GET", "/tenants", &[("authorization", bad)], Value::Null).await;
        got.refused(401, "unauthorized");
        assert!(got.header("www-authenticate").starts_with("Bearer"));
    }
}

#[tokio::test]
async fn scopes_are_honoured() {
    let rig = Rig::new().await;
    let read = minted(&rig, json!({ "name": "reader", "scopes": ["read"] })).await;
    let write = minted(&rig, json!({ "name": "writer", "scopes": ["write"] })).await;
    rig.send("GET", "/tenants", &[("authorization", &read)], Value::Null).await.ok(200);
    rig.send("POST", "/tenants", &[("authorization", &read)], json!({ "name": "a" })).await.refused(403, "forbidden");
    rig.send("GET", "/tenants", &[("authorization", &write)], Value::Null).await.refused(403, "forbidden");
    rig.send("POST", "/tenants", &[("authorization", &write)], json!({ "name": "a" })).await.ok(201);
    rig.send("GET", "/tokens", &[("authorization", &read)], Value::Null).await.refused(403, "forbidden");
    assert_eq!(rig.get("/audit").await.ok(200)["items"][2]["who"], "writer");
}

#[tokio::test]
async fn a_token_of_one_tenant_sees_only_that() {
    let rig = Rig::new().await;
    let (own, other) = (rig.tenant("own").await, rig.tenant("other").await);
    let id = own.rsplit('/').next().unwrap();
    let token = minted(&rig, json!({ "name": "own", "scopes": ["read", "write"], "tenant": id })).await;
    let auth = [("authorization", token.as_str())];
    assert_eq!(rig.send("GET", "/tenants", &auth, Value::Null).await.ok(200)["total"], 1);
    rig.send("GET", &own, &auth, Value::Null).await.ok(200);
    rig.send("PATCH", &own, &auth, json!({ "name": "mine" })).await.ok(200);
    let domains = format!("{other}/domains");
    for path in [other.as_str(), &domains, "/tenants/nobody", "/tokens"] {
        rig.send("GET", path, &auth, Value::Null).await.refused(403, "forbidden");
    }
    rig.send("POST", "/tenants", &auth, json!({ "name": "new" })).await.refused(403, "forbidden");
    rig.send("DELETE", &own, &auth, Value::Null).await.refused(403, "forbidden");
    rig.send("PATCH", &own, &auth, json!({ "frozen": true })).await.refused(403, "forbidden");
    rig.send("DELETE", &other, &auth, Value::Null).await.refused(403, "forbidden");
    rig.send("POST", "/tokens", &auth, json!({ "name": "x", "scopes": ["read"] })).await.refused(403, "forbidden");
    rig.send("POST", "/test/clock", &auth, json!({ "advance_seconds": 1 })).await.refused(403, "forbidden");
    rig.send("GET", "/audit?tenant=x", &auth, Value::Null).await.refused(403, "forbidden");
    let audit = rig.send("GET", "/audit", &auth, Value::Null).await;
    assert!(audit.ok(200)["items"].as_array().unwrap().iter().all(|e| e["tenant"] == id));
    // nor does it learn of another tenant's calls
    rig.send("PATCH", &other, &[("idempotency-key", "op-1")], json!({ "name": "o" })).await.ok(200);
    rig.send("GET", "/operations/op-1", &auth, Value::Null).await.refused(404, "not_found");
    rig.get("/operations/op-1").await.ok(200);
    // the token goes with its tenant
    rig.delete(&own).await.ok(204);
    rig.send("GET", "/tenants", &auth, Value::Null).await.refused(401, "unauthorized");
}

#[tokio::test]
async fn a_secret_is_shown_once_and_ends() {
    let rig = Rig::new().await;
    let body = json!({ "name": "t", "scopes": ["write", "read", "read"], "ttl_seconds": 60 });
    let key = [("idempotency-key", "op-1")];
    let first = rig.send("POST", "/tokens", &key, body.clone()).await;
    assert_eq!(first.ok(201)["token"]["scopes"], json!(["read", "write"]));
    let secret = first.body["secret"].as_str().unwrap();
    assert!(secret.starts_with("mwp_") && secret.len() == 68);
    let again = rig.send("POST", "/tokens", &key, body).await;
    assert_eq!((&again.ok(201)["token"], again.body.get("secret")), (&first.body["token"], None));
    for path in ["/tokens", "/operations/op-1", "/audit"] {
        assert!(!rig.get(path).await.ok(200).to_string().contains(secret), "{path}");
    }
    let bearer = format!("Bearer {secret}");
    let auth = [("authorization", bearer.as_str())];
    rig.send("GET", "/panel", &auth, Value::Null).await.ok(200);
    rig.clock.advance(Duration::from_secs(60));
    rig.send("GET", "/panel", &auth, Value::Null).await.refused(401, "unauthorized");
    rig.get("/panel").await.ok(200);
    let forever = minted(&rig, json!({ "name": "f", "scopes": ["read"] })).await;
    let id = rig.get("/tokens").await.body["items"][1]["id"].as_str().unwrap().to_owned();
    rig.delete(&format!("/tokens/{id}")).await.ok(204);
    rig.send("GET", "/panel", &[("authorization", &forever)], Value::Null).await.refused(401, "unauthorized");
    rig.delete(&format!("/tokens/{id}")).await.refused(404, "not_found");
}

#[tokio::test]
async fn values_are_judged() {
    let rig = Rig::new().await;
    for bad in [
        json!({ "name": "t", "scopes": [] }),
        json!({ "name": "", "scopes": ["read"] }),
        json!({ "name": "t", "scopes": ["admin"] }),
        json!({ "name": "t", "scopes": ["read"], "ttl_seconds": 0 }),
        json!({ "name": "t", "scopes": ["read"], "ttl_seconds": u64::MAX }),
        json!({ "name": "t", "scopes": ["read"], "tenant": "nobody" }),
    ] {
        rig.post("/tokens", bad).await.refused(422, "invalid");
    }
}

#[tokio::test]
async fn the_opener_mints_what_outlives_it_without_leaving_the_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("panel.db");
    let clock = Arc::new(SettableClock::new("2026-12-01T08:00:00Z".parse().unwrap()));
    let panel = open(&path, clock, PanelOptions::default()).await.unwrap();
    assert!(panel.mint_token("", &[TokenScope::Read], None, None).await.is_err());
    assert!(panel.mint_token("cli", &[TokenScope::Read], Some("nobody"), None).await.is_err());
    let secret = panel.mint_token("cli", &[TokenScope::Read], None, Some(Duration::from_secs(60))).await.unwrap();
    panel.close().await;
    let stored = std::fs::read(&path).unwrap();
    let needle = &secret.expose().as_bytes()[4..];
    assert!(!stored.windows(needle.len()).any(|w| w == needle));
    let rig = Rig::at(&path, PanelOptions::default()).await;
    let bearer = format!("Bearer {}", secret.expose());
    rig.send("GET", "/tenants", &[("authorization", &bearer)], Value::Null).await.ok(200);
}
