//! Tenants and password policies.

use super::rig::Rig;
use serde_json::{Value, json};

#[tokio::test]
async fn a_tenant_lives() {
    let rig = Rig::new().await;
    let made = rig.post("/tenants", json!({ "name": "acme" })).await;
    made.ok(201);
    let id = made.id();
    assert_eq!(made.header("location"), format!("/v1/tenants/{id}"));
    assert_eq!(made.header("etag"), "\"v1\"");
    assert_eq!(made.body["created_at"], "2026-12-01T08:00:00Z");
    rig.post("/tenants", json!({ "name": "acme" })).await.refused(409, "name_taken");
    let list = rig.get("/tenants?name=acme").await;
    assert_eq!((list.ok(200)["total"].as_u64(), list.header("etag")), (Some(1), "\"v1\""));
    assert_eq!(rig.get("/tenants?name=other").await.ok(200)["total"], 0);
    let path = format!("/tenants/{id}");
    let patched = rig.patch(&path, json!({ "name": "Acme Müller" })).await;
    assert_eq!((patched.ok(200)["name"].as_str(), patched.header("etag")), (Some("Acme Müller"), "\"v2\""));
    rig.delete(&path).await.ok(204);
    rig.get(&path).await.refused(404, "not_found");
    let audit = rig.get("/audit").await;
    let actions: Vec<Value> = audit.ok(200)["items"].as_array().unwrap().iter().map(|e| e["action"].clone()).collect();
    assert_eq!(actions, ["tenant.create", "tenant.update", "tenant.delete"]);
    let entry = &audit.body["items"][1];
    assert_eq!((&entry["who"], &entry["change"]), (&json!("tests"), &json!("name acme → Acme Müller")));
    assert_eq!((&entry["tenant"], &entry["at"]), (&json!(id), &json!("2026-12-01T08:00:00Z")));
}

#[tokio::test]
async fn a_tenant_with_domains_stays() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let domain = rig.domain(&tenant, "acme.example").await;
    rig.delete(&tenant).await.refused(409, "not_empty");
    rig.delete(&domain).await.ok(204);
    rig.delete(&tenant).await.ok(204);
}

#[tokio::test]
async fn names_are_judged() {
    let rig = Rig::new().await;
    for bad in ["", " acme", "a\u{200b}", "a\u{0}b", &"x".repeat(101)] {
        rig.post("/tenants", json!({ "name": bad })).await.refused(422, "invalid");
    }
}

#[tokio::test]
async fn the_change_mark_counts_effective_writes_only() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    assert_eq!(rig.mark(&tenant).await, 1);
    let domain = rig.domain(&tenant, "acme.example").await;
    let user = rig.user(&domain, "jane@acme.example", &[]).await;
    assert_eq!(rig.mark(&tenant).await, 3);
    rig.patch(&format!("{domain}/users/{user}"), json!({ "status": "active" })).await.ok(200);
    rig.patch(&domain, json!({ "relay_check": "smtp" })).await.ok(200);
    rig.post(&format!("{domain}/users"), json!({ "address": "jane@acme.example" })).await.refused(409, "name_taken");
    assert_eq!(rig.mark(&tenant).await, 3, "a no-op and a refusal are no changes");
    rig.patch(&format!("{domain}/users/{user}"), json!({ "status": "inactive" })).await.ok(200);
    assert_eq!(rig.mark(&tenant).await, 4);
}

#[tokio::test]
async fn the_billable_count_is_that_of_mailboxes() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let domain = rig.domain(&tenant, "acme.example").await;
    let user = rig.user(&domain, "jane@acme.example", &[]).await;
    rig.user(&domain, "bob@acme.example", &[]).await;
    assert_eq!(rig.get(&tenant).await.ok(200)["billable"], 2);
    rig.patch(&format!("{domain}/users/{user}"), json!({ "kind": "list", "status": "inactive" })).await.ok(200);
    assert_eq!(rig.get(&tenant).await.ok(200)["billable"], 1);
    assert_eq!(rig.get(&domain).await.ok(200)["user_totals"], json!({ "users": 2, "active": 1, "billable": 1 }));
    assert_eq!(rig.get("/tenants").await.ok(200)["items"][0]["billable"], 1);
    // answers of writes carry the counts too
    assert_eq!(rig.patch(&domain, json!({ "relay_check": "ldap" })).await.ok(200)["user_totals"]["users"], 2);
    assert_eq!(rig.patch(&tenant, json!({ "name": "new" })).await.ok(200)["billable"], 1);
    assert_eq!(rig.get(&domain).await.ok(200)["user_totals"]["users"], 2);
}

#[tokio::test]
async fn a_policy_is_there_from_the_start() {
    let rig = Rig::new().await;
    let path = format!("{}/password-policy", rig.tenant("acme").await);
    let first = rig.get(&path).await;
    assert_eq!(first.ok(200), &json!({ "min_length": 8, "upper": false, "lower": false, "digit": false, "special": false, "version": 1 }));
    let strong = json!({ "min_length": 12, "upper": true, "lower": true, "digit": true, "special": false });
    let put = rig.send("PUT", &path, &[("if-match", first.header("etag"))], strong.clone()).await;
    assert_eq!((put.ok(200)["version"].as_u64(), put.header("etag")), (Some(2), "\"v2\""));
    assert_eq!(rig.put(&path, strong.clone()).await.ok(200)["version"], 2, "the same values change nothing");
    rig.send("PUT", &path, &[("if-match", "\"v1\"")], strong).await.refused(412, "version_mismatch");
    let weak = json!({ "min_length": 7, "upper": true, "lower": true, "digit": true, "special": false });
    rig.put(&path, weak).await.refused(422, "invalid");
    assert_eq!(rig.send("GET", &path, &[("if-none-match", "\"v2\"")], Value::Null).await.status, 304);
    rig.send("GET", &path, &[("if-none-match", "\"v1\"")], Value::Null).await.ok(200);
}

#[tokio::test]
async fn a_frozen_tenant_keeps_its_users() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let domain = rig.domain(&tenant, "acme.example").await;
    let (jane, bob) = (rig.user(&domain, "jane@acme.example", &[]).await, rig.user(&domain, "bob@acme.example", &[]).await);
    let frozen = rig.patch(&tenant, json!({ "frozen": true })).await;
    assert_eq!((&frozen.ok(200)["frozen"], &frozen.body["name"], &frozen.body["version"]), (&json!(true), &json!("acme"), &json!(2)));
    assert_eq!(rig.patch(&tenant, json!({ "frozen": true })).await.ok(200)["version"], 2, "it is frozen already");
    let user = format!("{domain}/users/{bob}");
    let refused = rig.delete(&user).await;
    refused.refused(409, "frozen");
    assert!(refused.body["detail"].as_str().unwrap().contains("until it is thawed"), "{}", refused.body);
    let list = |who: &[&str]| {
        let users: Vec<Value> = who.iter().map(|a| json!({ "address": a })).collect();
        json!({ "mode": "add-delete-old", "users": users })
    };
    rig.post(&format!("{domain}/users/bulk"), list(&["jane@acme.example"])).await.refused(409, "frozen");
    // everything else goes on
    rig.patch(&user, json!({ "first_name": "Bob" })).await.ok(200);
    rig.post(&format!("{domain}/users/bulk"), list(&["jane@acme.example", "bob@acme.example", "new@acme.example"])).await.ok(200);
    assert_eq!(rig.get(&tenant).await.ok(200)["frozen"], true);
    assert_eq!(rig.patch(&tenant, json!({ "frozen": false })).await.ok(200)["frozen"], false);
    rig.delete(&user).await.ok(204);
    rig.get(&format!("{domain}/users/{jane}")).await.ok(200);
    let audit = rig.get("/audit?limit=1000").await.ok(200)["items"].to_string();
    assert!(audit.contains("frozen false → true") && audit.contains("frozen true → false"), "{audit}");
}
