//! Sending domains and SMTP users.

use super::rig::{Got, Rig};
use serde_json::{Value, json};

async fn sending_domain(rig: &Rig, tenant: &str, name: &str) -> Got {
    let got = rig.post(&format!("{tenant}/sending-domains"), json!({ "name": name })).await;
    got.ok(201);
    got
}

async fn smtp_user(rig: &Rig, tenant: &str, label: &str) -> Value {
    let body = json!({ "sending_domain": "news.acme.example", "label": label, "operation_tag": "t1" });
    rig.post(&format!("{tenant}/smtp-users"), body).await.ok(201).clone()
}

async fn lets_in(rig: &Rig, minted: &Value, ask_only: bool) -> bool {
    let body = json!({ "username": minted["smtp_user"]["username"], "password": minted["password"], "ask_only": ask_only });
    rig.post("/test/smtp-login", body).await.ok(200)["accepted"].as_bool().unwrap()
}

fn path(tenant: &str, minted: &Value) -> String {
    format!("{tenant}/smtp-users/{}", minted["smtp_user"]["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_recreated_domain_has_other_records() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let first = sending_domain(&rig, &tenant, "News.Acme.Example").await;
    assert_eq!((&first.body["name"], &first.body["verified"]), (&json!("news.acme.example"), &json!(false)));
    assert_eq!(first.body["cnames"].as_array().unwrap().len(), 3);
    rig.post(&format!("{tenant}/sending-domains"), json!({ "name": "news.acme.example" })).await.refused(409, "domain_taken");
    rig.delete(&format!("{tenant}/sending-domains/{}", first.id())).await.ok(204);
    let second = sending_domain(&rig, &tenant, "news.acme.example").await;
    assert!(second.id() != first.id());
    let names = |got: &Got| -> Vec<String> {
        got.body["cnames"].as_array().unwrap().iter().flat_map(|c| [c["name"].to_string(), c["target"].to_string()]).collect()
    };
    assert!(names(&first).iter().all(|name| !names(&second).contains(name)), "none of the old records serves the new domain");
}

#[tokio::test]
async fn a_password_is_shown_once() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    sending_domain(&rig, &tenant, "news.acme.example").await;
    let body = json!({ "sending_domain": "news.acme.example", "label": "crm" });
    let call = async || rig.send("POST", &format!("{tenant}/smtp-users"), &[("idempotency-key", "k1")], body.clone()).await;
    let first = call().await;
    let again = call().await;
    assert!(first.ok(201)["password"].as_str().unwrap().len() == 32);
    assert_eq!((again.ok(201).get("password"), again.header("idempotent-replay")), (None, "true"));
    assert_eq!(again.body["smtp_user"], first.body["smtp_user"]);
    let shown = rig.get(&path(&tenant, &first.body)).await;
    assert_eq!((shown.ok(200).get("password"), &shown.body["token"]), (None, &json!("initial")));
    assert!(!rig.get("/operations/k1").await.ok(200).to_string().contains(first.body["password"].as_str().unwrap()));
}

#[tokio::test]
async fn a_sign_in_is_seen_and_a_reset_ends_the_old_password_at_once() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    sending_domain(&rig, &tenant, "news.acme.example").await;
    let crm = smtp_user(&rig, &tenant, "crm").await;
    assert!(lets_in(&rig, &crm, true).await);
    assert_eq!(rig.get(&path(&tenant, &crm)).await.ok(200)["never_connected"], true, "asking is no connection");
    let mark = rig.mark(&tenant).await;
    assert!(lets_in(&rig, &crm, false).await);
    let seen = rig.get(&path(&tenant, &crm)).await;
    assert_eq!((&seen.ok(200)["never_connected"], &seen.body["last_connection_at"]), (&json!(false), &json!("2026-12-01T08:00:00Z")));
    assert_eq!(rig.mark(&tenant).await, mark, "a sign-in is no change of the tenant");
    let reset = format!("{}/reset", path(&tenant, &crm));
    rig.send("POST", &reset, &[("if-match", "\"v9\"")], json!({ "token": "x" })).await.refused(412, "version_mismatch");
    let second = rig.send("POST", &reset, &[("if-match", "\"v1\"")], json!({ "token": "2026-12" })).await;
    assert_eq!(second.ok(200)["smtp_user"]["token"], "2026-12");
    assert!(!lets_in(&rig, &crm, true).await && lets_in(&rig, &second.body, true).await);
    let third = rig.post(&reset, json!({ "token": "blocked:2026-12-01", "discard": true })).await;
    assert_eq!(third.ok(200).get("password"), None, "nobody ever sees it");
    assert!(!lets_in(&rig, &second.body, true).await);
}

#[tokio::test]
async fn a_deleted_domain_switches_its_users_off_for_good_and_keeps_its_history() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let domain = sending_domain(&rig, &tenant, "news.acme.example").await;
    let crm = smtp_user(&rig, &tenant, "crm").await;
    rig.delete(&format!("{tenant}/sending-domains/{}", domain.id())).await.ok(204);
    assert!(!lets_in(&rig, &crm, true).await);
    sending_domain(&rig, &tenant, "news.acme.example").await;
    assert!(!lets_in(&rig, &crm, true).await, "a domain of the same name does not switch it on again");
    assert_eq!(rig.get(&path(&tenant, &crm)).await.ok(200)["enabled"], false);
    rig.post(&format!("{}/reset", path(&tenant, &crm)), json!({ "token": "x" })).await.refused(409, "disabled");
    let history = rig.get(&format!("{tenant}/sending-history?sending_domain=news.acme.example")).await;
    let what: Vec<&str> = history.ok(200)["items"].as_array().unwrap().iter().map(|e| e["what"].as_str().unwrap()).collect();
    assert_eq!(what, ["domain-created", "user-created", "user-disabled", "domain-deleted", "domain-created"]);
}

#[tokio::test]
async fn a_deleted_user_is_gone_for_good() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let domain = sending_domain(&rig, &tenant, "news.acme.example").await;
    let crm = smtp_user(&rig, &tenant, "crm").await;
    rig.delete(&tenant).await.refused(409, "not_empty");
    rig.delete(&path(&tenant, &crm)).await.ok(204);
    assert!(!lets_in(&rig, &crm, true).await);
    rig.get(&path(&tenant, &crm)).await.refused(404, "not_found");
    let again = smtp_user(&rig, &tenant, "crm").await;
    assert!(again["smtp_user"]["username"] != crm["smtp_user"]["username"] && again["password"] != crm["password"]);
    rig.delete(&path(&tenant, &again)).await.ok(204);
    rig.delete(&format!("{tenant}/sending-domains/{}", domain.id())).await.ok(204);
    rig.delete(&tenant).await.ok(204);
}

#[tokio::test]
async fn values_are_judged() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let other = rig.tenant("other").await;
    sending_domain(&rig, &other, "other.example").await;
    sending_domain(&rig, &tenant, "news.acme.example").await;
    let users = format!("{tenant}/smtp-users");
    for body in [
        json!({ "sending_domain": "no.example", "label": "crm" }),
        json!({ "sending_domain": "other.example", "label": "crm" }),
        json!({ "sending_domain": "news.acme.example", "label": "" }),
        json!({ "sending_domain": "news.acme.example", "label": "crm", "token": "" }),
        json!({ "sending_domain": "news.acme.example", "label": "crm", "username": "mine" }),
    ] {
        rig.post(&users, body).await.refused(422, "invalid");
    }
    rig.post(&format!("{tenant}/sending-domains"), json!({ "name": "no dots" })).await.refused(422, "invalid");
    let crm = smtp_user(&rig, &tenant, "crm").await;
    let named = rig.get(&format!("{users}?username={}", crm["smtp_user"]["username"].as_str().unwrap())).await;
    assert_eq!((named.ok(200)["total"].as_u64(), named.header("etag")), (Some(1), "\"v1\""));
    let renamed = rig.patch(&path(&tenant, &crm), json!({ "label": "CRM" })).await;
    assert_eq!((&renamed.ok(200)["label"], renamed.header("etag")), (&json!("CRM"), "\"v2\""));
    rig.get(&format!("{other}/smtp-users/{}", crm["smtp_user"]["id"].as_str().unwrap())).await.refused(404, "not_found");
}
