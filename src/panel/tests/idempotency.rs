//! Idempotency keys and stored outcomes.

use super::rig::Rig;
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn a_repeat_is_replayed_and_proves_the_call() {
    let rig = Rig::new().await;
    let key = [("idempotency-key", "op-1")];
    rig.get("/operations/op-1").await.refused(404, "not_found");
    let first = rig.send("POST", "/tenants", &key, json!({ "name": "acme" })).await;
    let again = rig.send("POST", "/tenants", &key, json!({ "name": "acme" })).await;
    assert_eq!((again.ok(201), again.header("idempotent-replay")), (&first.body, "true"));
    assert_eq!((again.header("etag"), again.header("location")), (first.header("etag"), first.header("location")));
    assert_eq!(first.header("idempotent-replay"), "");
    let stored = rig.get("/operations/op-1").await;
    assert_eq!((&stored.ok(200)["status"], &stored.body["body"], &stored.body["path"]), (&json!(201), &first.body, &json!("/v1/tenants")));
    rig.send("POST", "/tenants", &key, json!({ "name": "other" })).await.refused(422, "key_reused");
    let path = format!("/tenants/{}", first.id());
    rig.send("PATCH", &path, &key, json!({ "name": "acme" })).await.refused(422, "key_reused");
    assert_eq!(rig.get("/tenants").await.ok(200)["total"], 1);
    // a delete is replayed though its object is gone
    let delete = [("idempotency-key", "op-2")];
    rig.send("DELETE", &path, &delete, Value::Null).await.ok(204);
    assert_eq!(rig.send("DELETE", &path, &delete, Value::Null).await.header("idempotent-replay"), "true");
    rig.clock.advance(Duration::from_secs(24 * 3600));
    rig.get("/operations/op-1").await.refused(404, "not_found");
    rig.send("POST", "/tenants", &key, json!({ "name": "other" })).await.ok(201);
}

#[tokio::test]
async fn a_refusal_is_not_an_outcome() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let key = [("idempotency-key", "op-1")];
    let domain = rig.domain(&tenant, "acme.example").await;
    rig.user(&domain, "jane@acme.example", &[]).await;
    rig.send("DELETE", &domain, &key, Value::Null).await.refused(409, "not_empty");
    rig.get("/operations/op-1").await.refused(404, "not_found");
    for bad in ["", "a b", &"x".repeat(201)] {
        rig.send("DELETE", &domain, &[("idempotency-key", bad)], Value::Null).await.refused(400, "bad_request");
    }
}

#[tokio::test]
async fn repeats_at_the_same_time_make_one() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let domain = rig.domain(&tenant, "acme.example").await;
    let path = format!("{domain}/users");
    let key = [("idempotency-key", "op-1")];
    let calls = (0..8).map(|_| rig.send("POST", &path, &key, json!({ "address": "jane@acme.example" })));
    let mut ids = Vec::new();
    let mut calls: Vec<_> = calls.map(Box::pin).collect();
    // polled together: all are in flight before the first is answered
    let answers = std::future::poll_fn(|cx| {
        let mut open = false;
        calls.retain_mut(|call| match call.as_mut().poll(cx) {
            std::task::Poll::Ready(got) => {
                ids.push(got.ok(201)["id"].clone());
                false
            }
            std::task::Poll::Pending => {
                open = true;
                true
            }
        });
        if open { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    });
    answers.await;
    assert_eq!(ids.len(), 8);
    assert!(ids.iter().all(|id| *id == ids[0]));
    assert_eq!(rig.addresses(&domain).await, ["jane@acme.example"]);
}

#[tokio::test]
async fn a_fenced_call_may_be_repeated_with_the_same_key() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let domain = rig.domain(&tenant, "acme.example").await;
    rig.post(&format!("{tenant}/lease"), json!({ "holder": "one", "ttl_seconds": 60 })).await.ok(200);
    let user = json!({ "address": "jane@acme.example" });
    let path = format!("{domain}/users");
    rig.send("POST", &path, &[("idempotency-key", "op-1")], user.clone()).await.refused(409, "fenced");
    rig.send("POST", &path, &[("idempotency-key", "op-1"), ("fencing-token", "1")], user.clone()).await.ok(201);
    // a replay has no effect, so no lease holds it back
    assert_eq!(rig.send("POST", &path, &[("idempotency-key", "op-1")], user).await.header("idempotent-replay"), "true");
}
