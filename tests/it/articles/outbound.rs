//! Sending domains and SMTP users: what deleting one does. The clock starts at 2026-12-01T08:00:00Z.

use super::outbound_rig::{DOMAIN, Site, id};
use serde_json::{Value, json};

#[tokio::test]
async fn a_sending_domain_can_be_deleted() {
    let (site, domain) = Site::new().await;
    site.delete_domain(&domain).await;
    let (_, list) = site.call("GET", "/sending-domains", Value::Null).await;
    assert_eq!(list["total"], 0);
}

#[tokio::test]
async fn an_smtp_user_can_be_deleted() {
    let (site, _) = Site::new().await;
    let (crm, shop) = (site.user(DOMAIN, "crm").await, site.user(DOMAIN, "shop").await);
    site.delete_user(&crm).await;
    let (_, list) = site.call("GET", "/smtp-users", Value::Null).await;
    assert_eq!((&list["total"], &list["items"][0]["label"]), (&json!(1), &json!("shop")));
    assert!(site.lets_in(&shop).await, "the other is not touched");
}

#[tokio::test]
async fn a_deleted_domain_cannot_be_reactivated() {
    let (site, domain) = Site::new().await;
    site.publish(&domain);
    site.delete_domain(&domain).await;
    let path = format!("/sending-domains/{}", domain["id"].as_str().unwrap());
    for (method, path) in [("GET", path.clone()), ("POST", format!("{path}/verify")), ("DELETE", path)] {
        assert_eq!(site.call(method, &path, Value::Null).await.0, 404, "{method} {path}");
    }
    assert_ne!(site.domain(DOMAIN).await["id"], domain["id"], "the one of the same name is another");
}

#[tokio::test]
async fn a_recreated_domain_has_new_records() {
    let (site, domain) = Site::new().await;
    site.delete_domain(&domain).await;
    let again = site.domain(DOMAIN).await;
    let texts = |d: &Value| -> Vec<String> {
        d["cnames"].as_array().unwrap().iter().flat_map(|c| [c["name"].to_string(), c["target"].to_string()]).collect()
    };
    assert_eq!(texts(&again).len(), 6);
    assert!(texts(&domain).iter().all(|text| !texts(&again).contains(text)));
}

#[tokio::test]
async fn the_dns_must_be_reconfigured() {
    let (site, domain) = Site::new().await;
    assert_eq!(site.verify(&domain).await, (false, 3));
    site.publish(&domain);
    assert_eq!(site.verify(&domain).await, (true, 0));
    site.delete_domain(&domain).await;
    let again = site.domain(DOMAIN).await;
    assert_eq!(site.verify(&again).await, (false, 3), "the old records say nothing of the new domain");
    site.publish(&again);
    assert_eq!(site.verify(&again).await, (true, 0));
}

#[tokio::test]
async fn a_deleted_smtp_user_cannot_be_reactivated() {
    let (site, _) = Site::new().await;
    let crm = site.user(DOMAIN, "crm").await;
    site.delete_user(&crm).await;
    assert_eq!(site.shown(&crm).await.0, 404);
    assert_eq!(site.call("POST", &format!("/smtp-users/{}/reset", id(&crm)), json!({ "token": "x" })).await.0, 404);
    let wish = json!({ "sending_domain": DOMAIN, "label": "crm", "username": crm["smtp_user"]["username"] });
    assert_eq!(site.call("POST", "/smtp-users", wish).await.0, 422, "nobody chooses a user name");
}

#[tokio::test]
async fn a_new_smtp_user_has_another_name_and_password() {
    let (site, _) = Site::new().await;
    let crm = site.user(DOMAIN, "crm").await;
    site.delete_user(&crm).await;
    let again = site.user(DOMAIN, "crm").await;
    assert_ne!(again["smtp_user"]["username"], crm["smtp_user"]["username"]);
    assert_ne!(again["password"], crm["password"]);
}

#[tokio::test]
async fn every_application_must_be_configured_again() {
    let (site, _) = Site::new().await;
    let crm = site.user(DOMAIN, "crm").await;
    site.delete_user(&crm).await;
    let again = site.user(DOMAIN, "crm").await;
    assert!(!site.lets_in(&crm).await, "what the application knows");
    let mixed = json!({ "smtp_user": again["smtp_user"], "password": crm["password"] });
    assert!(!site.lets_in(&mixed).await && site.lets_in(&again).await, "both are new");
}

#[tokio::test]
async fn deleting_a_domain_disables_all_its_users() {
    let (site, domain) = Site::new().await;
    site.domain("other.example").await;
    let (crm, shop, other) = (site.user(DOMAIN, "crm").await, site.user(DOMAIN, "shop").await, site.user("other.example", "crm").await);
    site.delete_domain(&domain).await;
    for (user, enabled) in [(&crm, false), (&shop, false), (&other, true)] {
        assert_eq!(site.shown(user).await.1["enabled"], enabled);
        assert_eq!(site.lets_in(user).await, enabled);
    }
}

#[tokio::test]
async fn mailings_through_a_deleted_domain_are_blocked_at_once() {
    let (site, domain) = Site::new().await;
    site.publish(&domain);
    site.verify(&domain).await;
    let crm = site.user(DOMAIN, "crm").await;
    assert_eq!(site.sign_in(&crm).await["may_send"], true);
    site.delete_domain(&domain).await;
    let answer = site.sign_in(&crm).await;
    assert_eq!((&answer["accepted"], &answer["may_send"]), (&json!(false), &json!(false)));
    assert!(answer["answer"].as_str().unwrap().contains("sending is refused"), "{answer}");
}

#[tokio::test]
async fn the_history_of_a_deleted_domain_is_kept() {
    let (site, domain) = Site::new().await;
    let crm = site.user(DOMAIN, "crm").await;
    assert!(site.lets_in(&crm).await);
    site.delete_domain(&domain).await;
    assert_eq!(site.history(DOMAIN).await, ["domain-created", "user-created", "login", "user-disabled", "domain-deleted"]);
}

#[tokio::test]
async fn the_credentials_of_a_deleted_user_stop_at_once() {
    let (site, _) = Site::new().await;
    let crm = site.user(DOMAIN, "crm").await;
    assert!(site.lets_in(&crm).await);
    site.delete_user(&crm).await;
    assert!(!site.lets_in(&crm).await);
    assert_eq!(site.history(DOMAIN).await.last().map(String::as_str), Some("user-deleted"));
}

#[tokio::test]
async fn a_reset_blocks_access_for_a_time() {
    let (site, _) = Site::new().await;
    let crm = site.user(DOMAIN, "crm").await;
    let reset = format!("/smtp-users/{}/reset", id(&crm));
    let (status, blocked) = site.call("POST", &reset, json!({ "token": "blocked:2026-12-01", "discard": true })).await;
    assert_eq!((status, blocked.get("password")), (200, None));
    assert!(!site.lets_in(&crm).await);
    let (_, back) = site.call("POST", &reset, json!({ "token": "2026-12" })).await;
    assert!(site.lets_in(&back).await, "and another one lets it in again");
}

#[tokio::test]
async fn the_old_password_ends_and_the_user_stays() {
    let (site, _) = Site::new().await;
    let crm = site.user(DOMAIN, "crm").await;
    let (_, reset) = site.call("POST", &format!("/smtp-users/{}/reset", id(&crm)), json!({ "token": "2026-12" })).await;
    assert!(!site.lets_in(&crm).await && site.lets_in(&reset).await);
    let (status, shown) = site.shown(&crm).await;
    assert_eq!((status, &shown["username"], &shown["token"]), (200, &crm["smtp_user"]["username"], &json!("2026-12")));
}

#[tokio::test]
async fn a_domain_deleted_by_accident_is_added_again() {
    let (site, domain) = Site::new().await;
    site.delete_domain(&domain).await;
    let again = site.domain(DOMAIN).await;
    assert_eq!((&again["name"], &again["verified"]), (&json!(DOMAIN), &json!(false)));
    assert!(site.lets_in(&site.user(DOMAIN, "crm").await).await, "it takes new users");
}

#[tokio::test]
async fn nothing_is_sent_before_the_records_are_there() {
    let (site, domain) = Site::new().await;
    let crm = site.user(DOMAIN, "crm").await;
    let answer = site.sign_in(&crm).await;
    assert_eq!((&answer["accepted"], &answer["may_send"]), (&json!(true), &json!(false)));
    site.publish(&domain);
    site.verify(&domain).await;
    assert_eq!(site.sign_in(&crm).await["may_send"], true);
    site.dns.clear();
    assert_eq!(site.verify(&domain).await, (false, 3), "nor after they are gone");
    assert_eq!(site.sign_in(&crm).await["may_send"], false);
}

#[tokio::test]
async fn the_last_connection_is_shown() {
    let (site, _) = Site::new().await;
    let crm = site.user(DOMAIN, "crm").await;
    let before = site.shown(&crm).await.1;
    assert_eq!((&before["never_connected"], before.get("last_connection_at")), (&json!(true), None));
    site.advance(3600).await;
    assert!(site.lets_in(&crm).await);
    assert_eq!(site.shown(&crm).await.1["last_connection_at"], "2026-12-01T09:00:00Z");
    site.advance(36_000).await;
    assert!(site.lets_in(&crm).await);
    let (_, list) = site.call("GET", "/smtp-users", Value::Null).await;
    assert_eq!(list["items"][0]["last_connection_at"], "2026-12-01T19:00:00Z", "in the list, too");
}

#[tokio::test]
async fn only_a_successful_sign_in_counts() {
    let (site, _) = Site::new().await;
    let crm = site.user(DOMAIN, "crm").await;
    let wrong = json!({ "smtp_user": crm["smtp_user"], "password": "guessed" });
    assert!(!site.lets_in(&wrong).await);
    assert_eq!(site.shown(&crm).await.1["never_connected"], true);
}
