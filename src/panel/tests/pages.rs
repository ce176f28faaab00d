//! Pages: limits, cursors, stability.

use super::rig::Rig;
use serde_json::{Value, json};

async fn filled(rig: &Rig, users: usize) -> (String, String) {
    let tenant = rig.tenant("acme").await;
    let domain = rig.domain(&tenant, "acme.example").await;
    let rows: Vec<Value> = (0..users).map(|i| json!({ "address": format!("u{i:05}@acme.example") })).collect();
    rig.post(&format!("{domain}/users/bulk"), json!({ "mode": "add", "users": rows })).await.ok(200);
    (tenant, domain)
}

async fn walk(rig: &Rig, path: &str, limit: usize, key: &str) -> Vec<String> {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = rig.get(&format!("{path}?limit={limit}{cursor}")).await.ok(200).clone();
        seen.extend(page["items"].as_array().unwrap().iter().map(|i| i[key].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return seen,
        }
    }
}

#[tokio::test]
async fn pages_hold_every_item_once() {
    let rig = Rig::new().await;
    let (_, domain) = filled(&rig, 250).await;
    let path = format!("{domain}/users");
    let all = rig.addresses(&domain).await;
    assert_eq!(all.len(), 250);
    for limit in [1, 7, 125, 250, 1000] {
        assert_eq!(walk(&rig, &path, limit, "address").await, all, "limit {limit}");
    }
    let one = rig.get(&format!("{path}?address=u00007@acme.example")).await;
    assert_eq!((&one.ok(200)["total"], one.body.get("fingerprint")), (&json!(1), None), "one user costs no walk over all");
    let page = rig.get(&path).await;
    assert_eq!((page.ok(200)["items"].as_array().unwrap().len(), &page.body["total"]), (100, &json!(250)));
}

#[tokio::test]
async fn a_cursor_survives_changes() {
    let rig = Rig::new().await;
    let (_, domain) = filled(&rig, 10).await;
    let path = format!("{domain}/users");
    let first = rig.get(&format!("{path}?limit=5")).await.ok(200).clone();
    let last = first["items"][4]["id"].as_str().unwrap();
    rig.delete(&format!("{path}/{last}")).await.ok(204);
    rig.user(&domain, "a@acme.example", &[]).await;
    let second = rig.get(&format!("{path}?limit=5&cursor={}", first["next_cursor"].as_str().unwrap())).await.ok(200).clone();
    assert_eq!((&second["items"][0]["address"], &second["total"]), (&json!("u00005@acme.example"), &json!(10)));
    assert_ne!(first["fingerprint"], second["fingerprint"], "the reader can tell that the list changed");
}

#[tokio::test]
async fn bad_pages_are_refused() {
    let rig = Rig::new().await;
    let (tenant, domain) = filled(&rig, 3).await;
    let cursor = rig.get(&format!("{domain}/users?limit=1")).await.body["next_cursor"].as_str().unwrap().to_owned();
    rig.get(&format!("{tenant}/domains?cursor={cursor}")).await.refused(400, "bad_cursor");
    rig.get(&format!("{domain}/users?cursor=xyz")).await.refused(400, "bad_cursor");
    rig.get("/tenants?limit=0").await.refused(422, "invalid");
    rig.get("/tenants?limit=1001").await.refused(422, "invalid");
    rig.get("/tenants?limit=x").await.refused(400, "bad_request");
    rig.get("/tenants?nmae=acme").await.refused(400, "bad_request");
}

#[tokio::test]
async fn every_list_is_paged() {
    let rig = Rig::new().await;
    for name in ["a", "b", "c"] {
        let tenant = rig.tenant(name).await;
        rig.post("/tokens", json!({ "name": name, "scopes": ["read"] })).await.ok(201);
        rig.domain(&tenant, &format!("{name}.example")).await;
    }
    assert_eq!(walk(&rig, "/tenants", 1, "name").await, ["a", "b", "c"]);
    assert_eq!(walk(&rig, "/tokens", 2, "name").await, ["a", "b", "c"]);
    assert_eq!(walk(&rig, "/audit", 4, "object").await.len(), 9);
    let tenant = rig.get("/tenants?name=a").await.body["items"][0]["id"].as_str().unwrap().to_owned();
    for name in ["z.example", "m.example"] {
        rig.domain(&format!("/tenants/{tenant}"), name).await;
    }
    assert_eq!(walk(&rig, &format!("/tenants/{tenant}/domains"), 1, "name").await, ["a.example", "m.example", "z.example"]);
    assert_eq!(rig.get(&format!("/audit?tenant={tenant}")).await.ok(200)["total"], 4);
}
