//! Leases and fencing, in real time.

use super::rig::Rig;
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn one_writer_at_a_time() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let path = format!("{tenant}/lease");
    let domain = rig.domain(&tenant, "acme.example").await;
    let take = |holder: &str| json!({ "holder": holder, "ttl_seconds": 60 });
    let first = rig.post(&path, take("one")).await;
    assert_eq!((&first.ok(200)["fencing_token"], &first.body["change_mark"]), (&json!(1), &json!(2)));
    let held = rig.post(&path, take("two")).await;
    held.refused(423, "lease_held");
    assert_eq!(held.body["expires_at"], first.body["expires_at"]);
    // the same holder takes over at once, and its older self is fenced
    assert_eq!(rig.post(&path, take("one")).await.ok(200)["fencing_token"], 2);
    let patch = json!({ "relay_check": "ldap" });
    rig.patch(&domain, patch.clone()).await.refused(409, "fenced");
    rig.send("PATCH", &domain, &[("fencing-token", "1")], patch.clone()).await.refused(409, "fenced");
    rig.send("PATCH", &domain, &[("fencing-token", "3")], patch.clone()).await.refused(409, "fenced");
    rig.send("PATCH", &domain, &[("fencing-token", "x")], patch.clone()).await.refused(400, "bad_request");
    rig.send("PATCH", &domain, &[("fencing-token", "2")], patch.clone()).await.ok(200);
    rig.put(&path, json!({ "fencing_token": 1, "ttl_seconds": 60 })).await.refused(409, "fenced");
    assert_eq!(rig.put(&path, json!({ "fencing_token": 2, "ttl_seconds": 60 })).await.ok(200)["change_mark"], 3);
    rig.delete(&path).await.refused(400, "bad_request");
    rig.send("DELETE", &path, &[("fencing-token", "1")], Value::Null).await.refused(409, "fenced");
    rig.send("DELETE", &path, &[("fencing-token", "2")], Value::Null).await.ok(204);
    // nobody holds it: people may write, a writer that believes to hold it may not
    rig.patch(&domain, json!({ "relay_check": "smtp" })).await.ok(200);
    rig.send("PATCH", &domain, &[("fencing-token", "2")], patch).await.refused(409, "fenced");
    assert_eq!(rig.post(&path, take("two")).await.ok(200)["fencing_token"], 3, "tokens only grow");
}

#[tokio::test]
async fn a_lease_ends_in_real_time() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let path = format!("{tenant}/lease");
    rig.post(&path, json!({ "holder": "one", "ttl_seconds": 1 })).await.ok(200);
    rig.clock.advance(Duration::from_secs(3600));
    rig.post(&path, json!({ "holder": "two", "ttl_seconds": 1 })).await.refused(423, "lease_held");
    tokio::time::sleep(Duration::from_millis(1050)).await;
    rig.put(&path, json!({ "fencing_token": 1, "ttl_seconds": 1 })).await.refused(409, "fenced");
    assert_eq!(rig.post(&path, json!({ "holder": "two", "ttl_seconds": 1 })).await.ok(200)["fencing_token"], 2);
}

#[tokio::test]
async fn values_are_judged() {
    let rig = Rig::new().await;
    let path = format!("{}/lease", rig.tenant("acme").await);
    for (holder, ttl) in [("", 5), ("one", 0), ("one", 61), ("o\u{7}", 5)] {
        rig.post(&path, json!({ "holder": holder, "ttl_seconds": ttl })).await.refused(422, "invalid");
    }
}
