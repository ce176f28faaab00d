//! Users, one by one: names, change, rename, move, delete, conditions.

use super::rig::Rig;
use serde_json::{Value, json};

#[tokio::test]
async fn a_user_lives() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let domain = rig.domain(&tenant, "acme.example").await;
    let body = json!({ "address": "Jane@Acme.Example", "first_name": "Jane", "aliases": ["z@acme.example", "J.Doe@acme.example"] });
    let made = rig.post(&format!("{domain}/users"), body).await;
    let expected = json!({
        "id": made.id(), "address": "jane@acme.example", "first_name": "Jane", "last_name": "",
        "aliases": ["j.doe@acme.example", "z@acme.example"], "kind": "mailbox", "status": "active", "origin": "manual",
        "created_at": "2026-12-01T08:00:00Z", "billable": true, "mails_30d": 0, "version": 1,
    });
    assert_eq!(made.ok(201), &expected);
    let path = format!("{domain}/users/{}", made.id());
    assert_eq!(rig.get(&path).await.ok(200), &expected);
    let got = rig.patch(&path, json!({ "status": "inactive", "kind": "list", "aliases": ["z@acme.example"] })).await;
    assert_eq!((&got.ok(200)["first_name"], &got.body["billable"], &got.body["version"]), (&json!("Jane"), &json!(false), &json!(2)));
    assert_eq!(got.body["aliases"], json!(["z@acme.example"]));
    let listed = rig.get(&format!("{domain}/users?address=jane@acme.example")).await;
    assert_eq!((&listed.ok(200)["items"][0], listed.header("etag")), (&got.body, "\"v2\""));
    rig.delete(&path).await.ok(204);
    rig.delete(&path).await.refused(404, "not_found");
    // its names are free again, and the namesake is another incarnation
    assert_ne!(rig.user(&domain, "jane@acme.example", &["z@acme.example"]).await, made.id());
}

#[tokio::test]
async fn names_are_unique_in_the_tenant_and_inside_its_domains() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let (one, two) = (rig.domain(&tenant, "one.example").await, rig.domain(&tenant, "two.example").await);
    rig.patch(&one, json!({ "alias_domains": ["one.test"] })).await.ok(200);
    let jane = rig.user(&one, "jane@one.example", &["j@two.example", "j@one.test"]).await;
    rig.user(&two, "bob@two.example", &[]).await;
    let users = format!("{two}/users");
    rig.post(&users, json!({ "address": "j@two.example" })).await.refused(409, "name_taken");
    rig.post(&users, json!({ "address": "x@two.example", "aliases": ["jane@one.example"] })).await.refused(409, "name_taken");
    rig.post(&users, json!({ "address": "x@one.example" })).await.refused(422, "invalid");
    rig.post(&users, json!({ "address": "x@two.example", "aliases": ["x@else.example"] })).await.refused(422, "invalid");
    rig.post(&users, json!({ "address": "x@two.example", "aliases": ["X@two.example"] })).await.refused(422, "invalid");
    rig.patch(&format!("{one}/users/{jane}"), json!({ "aliases": ["bob@two.example"] })).await.refused(409, "name_taken");
    // own names may stay and go
    rig.patch(&format!("{one}/users/{jane}"), json!({ "aliases": ["j@one.test", "k@one.test"] })).await.ok(200);
    rig.user(&two, "j@two.example", &[]).await;
}

#[tokio::test]
async fn conditions_are_honoured() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let domain = rig.domain(&tenant, "acme.example").await;
    let path = format!("{domain}/users/{}", rig.user(&domain, "jane@acme.example", &[]).await);
    let patch = json!({ "first_name": "J" });
    rig.send("PATCH", &path, &[("if-match", "\"v2\"")], patch.clone()).await.refused(412, "version_mismatch");
    rig.send("PATCH", &path, &[("if-match", "W/\"v1\"")], patch.clone()).await.refused(412, "version_mismatch");
    rig.send("PATCH", &path, &[("if-match", "v1")], patch.clone()).await.refused(400, "bad_request");
    rig.send("PATCH", &path, &[("if-match", "\"v9\", \"v1\"")], patch).await.ok(200);
    rig.send("DELETE", &path, &[("if-match", "\"v1\"")], Value::Null).await.refused(412, "version_mismatch");
    assert_eq!(rig.send("GET", &path, &[("if-none-match", "\"v2\"")], Value::Null).await.status, 304);
    rig.send("DELETE", &path, &[("if-match", "*")], Value::Null).await.ok(204);
}

#[tokio::test]
async fn a_rename_keeps_the_id() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let domain = rig.domain(&tenant, "acme.example").await;
    let id = rig.user(&domain, "jane@acme.example", &["jane.doe@acme.example"]).await;
    rig.user(&domain, "bob@acme.example", &[]).await;
    let path = format!("{domain}/users/{id}/rename");
    rig.post(&path, json!({ "address": "bob@acme.example", "keep_old": true })).await.refused(409, "name_taken");
    rig.post(&path, json!({ "address": "jane@else.example", "keep_old": true })).await.refused(422, "invalid");
    let got = rig.post(&path, json!({ "address": "jane.doe@acme.example", "keep_old": true })).await;
    assert_eq!((&got.ok(200)["id"], &got.body["address"]), (&json!(id), &json!("jane.doe@acme.example")));
    assert_eq!(got.body["aliases"], json!(["jane@acme.example"]));
    let got = rig.post(&path, json!({ "address": "jd@acme.example", "keep_old": false })).await;
    assert_eq!(got.ok(200)["aliases"], json!(["jane@acme.example"]));
    rig.user(&domain, "jane.doe@acme.example", &[]).await;
}

#[tokio::test]
async fn an_alias_moves_in_one_step() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let (one, two) = (rig.domain(&tenant, "one.example").await, rig.domain(&tenant, "two.example").await);
    let jane = rig.user(&one, "jane@one.example", &["info@one.example"]).await;
    let bob = rig.user(&two, "bob@two.example", &["b@two.example"]).await;
    let path = format!("{tenant}/moves");
    let before = rig.mark(&tenant).await;
    let got = rig.post(&path, json!({ "address": "info@one.example", "from_user": jane, "to_user": bob })).await;
    assert_eq!((&got.ok(200)["from"]["aliases"], &got.body["from"]["version"]), (&json!([]), &json!(2)));
    assert_eq!(got.body["to"]["aliases"], json!(["b@two.example", "info@one.example"]));
    assert_eq!(rig.mark(&tenant).await, before + 1, "one call, one mark");
    let again = json!({ "address": "info@one.example", "from_user": jane, "to_user": bob });
    rig.post(&path, again).await.refused(409, "not_held");
    rig.post(&path, json!({ "address": "b@two.example", "from_user": bob, "to_user": bob })).await.refused(422, "invalid");
    rig.post(&path, json!({ "address": "b@two.example", "from_user": bob, "to_user": "nobody" })).await.refused(404, "not_found");
}

#[tokio::test]
async fn what_a_directory_owns_is_not_edited() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let domain = rig.domain(&tenant, "acme.example").await;
    for origin in ["directory", "office365"] {
        let address = format!("{origin}@acme.example");
        let id = rig.user_of(origin, &address, &[]).await;
        let path = format!("{domain}/users/{id}");
        rig.patch(&path, json!({ "status": "inactive" })).await.refused(409, "directory_owned");
        rig.delete(&path).await.refused(409, "directory_owned");
        let rename = json!({ "address": "x@acme.example", "keep_old": true });
        rig.post(&format!("{path}/rename"), rename).await.refused(409, "directory_owned");
        // the test endpoint stands for the directory itself
        assert_eq!(rig.user_of("unknown", &address, &[]).await, id);
        rig.delete(&path).await.ok(204);
    }
}
