//! Users in bulk.

use super::rig::Rig;
use serde_json::{Value, json};

async fn seeded(rig: &Rig) -> (String, String) {
    let tenant = rig.tenant("acme").await;
    let domain = rig.domain(&tenant, "acme.example").await;
    for origin in ["manual", "import", "smtp", "directory", "office365", "discovery", "unknown"] {
        rig.user_of(origin, &format!("{origin}@acme.example"), &[]).await;
    }
    (tenant, domain)
}

#[tokio::test]
async fn add_creates_and_adds() {
    let rig = Rig::new().await;
    let (tenant, domain) = seeded(&rig).await;
    let mark = rig.mark(&tenant).await;
    let users = json!([
        { "address": "manual@acme.example", "aliases": ["m@acme.example"], "first_name": "M" },
        { "address": "smtp@acme.example" },
        { "address": "new@acme.example", "status": "inactive" },
        { "address": "directory@acme.example", "status": "inactive" },
        { "address": "bad" },
    ]);
    let got = rig.post(&format!("{domain}/users/bulk"), json!({ "mode": "add", "users": users })).await;
    let ignored =
        json!([{ "address": "directory@acme.example", "reason": "directory-owned" }, { "address": "bad", "reason": "invalid-address" }]);
    assert_eq!(got.ok(200), &json!({ "accepted": 3, "created": 1, "updated": 1, "deleted": 0, "ignored": ignored }));
    assert_eq!(rig.addresses(&domain).await.len(), 8);
    assert_eq!(rig.mark(&tenant).await, mark + 1);
    let new = rig.get(&format!("{domain}/users?address=new@acme.example")).await.body["items"][0].clone();
    assert_eq!((&new["origin"], &new["status"], &new["kind"]), (&json!("import"), &json!("inactive"), &json!("mailbox")));
    let manual = rig.get(&format!("{domain}/users?address=manual@acme.example")).await.body["items"][0].clone();
    assert_eq!((&manual["aliases"], &manual["version"], &manual["origin"]), (&json!(["m@acme.example"]), &json!(2), &json!("manual")));
    rig.post(&format!("{domain}/users"), json!({ "address": "m@acme.example" })).await.refused(409, "name_taken");
}

#[tokio::test]
async fn add_delete_old_spares_what_is_not_ours() {
    let rig = Rig::new().await;
    let (_, domain) = seeded(&rig).await;
    let users = json!([{ "address": "MANUAL@acme.example" }, { "address": "smtp@acme.example", "aliases": ["x@else.example"] }]);
    let got = rig.post(&format!("{domain}/users/bulk"), json!({ "mode": "add-delete-old", "users": users })).await;
    assert_eq!((&got.ok(200)["deleted"], &got.body["accepted"], &got.body["updated"]), (&json!(2), &json!(1), &json!(0)));
    assert_eq!(got.body["ignored"][0]["reason"], "alias-outside-tenant");
    // smtp's row is ignored, but it is named: it stays
    let left = ["directory", "manual", "office365", "smtp", "unknown"].map(|o| format!("{o}@acme.example"));
    assert_eq!(rig.addresses(&domain).await, left);
}

#[tokio::test]
async fn an_empty_list_never_deletes() {
    let rig = Rig::new().await;
    let (_, domain) = seeded(&rig).await;
    let path = format!("{domain}/users/bulk");
    for users in [json!([]), json!([{ "address": "bad" }]), json!([{ "address": "a@else.example" }])] {
        rig.post(&path, json!({ "mode": "add-delete-old", "users": users })).await.refused(422, "invalid");
    }
    rig.post(&path, json!({ "mode": "add", "users": [] })).await.refused(422, "invalid");
    assert_eq!(rig.addresses(&domain).await.len(), 7);
}

#[tokio::test]
async fn the_fingerprint_is_a_precondition() {
    let rig = Rig::new().await;
    let (_, domain) = seeded(&rig).await;
    let first = rig.get(&format!("{domain}/users/fingerprint")).await.ok(200).clone();
    assert_eq!(rig.get(&format!("{domain}/users")).await.body["fingerprint"], first["fingerprint"]);
    let body = |fingerprint: &Value| json!({ "mode": "add", "users": [{ "address": "smtp@acme.example", "last_name": "S" }], "expected_fingerprint": fingerprint });
    let path = format!("{domain}/users/bulk");
    assert_eq!(rig.post(&path, body(&first["fingerprint"])).await.ok(200)["updated"], 1);
    rig.post(&path, body(&first["fingerprint"])).await.refused(412, "fingerprint_mismatch");
    assert_ne!(rig.get(&format!("{domain}/users/fingerprint")).await.body["fingerprint"], first["fingerprint"]);
}

#[tokio::test]
async fn thousands_of_rows_are_one_call() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let domain = rig.domain(&tenant, "acme.example").await;
    let rows = |alias: &str| -> Vec<Value> {
        (0..5000)
            .map(|i| json!({ "address": format!("u{i:05}@acme.example"), "aliases": [format!("{alias}{i:05}@acme.example")] }))
            .collect()
    };
    let path = format!("{domain}/users/bulk");
    let got = rig.post(&path, json!({ "mode": "add-delete-old", "users": rows("a") })).await;
    assert_eq!(got.ok(200)["created"], 5000);
    let got = rig.post(&path, json!({ "mode": "add-delete-old", "users": rows("b") })).await;
    assert_eq!((&got.ok(200)["updated"], &got.body["created"], &got.body["deleted"]), (&json!(5000), &json!(0), &json!(0)));
    // the old aliases are free, the new ones taken
    rig.user(&domain, "a00000@acme.example", &[]).await;
    rig.post(&format!("{domain}/users"), json!({ "address": "b00000@acme.example" })).await.refused(409, "name_taken");
    let got = rig.post(&path, json!({ "mode": "add-delete-old", "users": [{ "address": "u00001@acme.example" }] })).await;
    assert_eq!((&got.ok(200)["deleted"], &got.body["updated"]), (&json!(5000), &json!(0)));
}
