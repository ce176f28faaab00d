//! Directories and discovery, as the articles on users describe them.

use super::filter_rig::Site;
use crate::support::api::Api;
use crate::support::destination::{destination, takes_everything};
use crate::support::slapd::{PEOPLE, Slapd, settings};
use mailwright::panel::PanelOptions;
use reqwest::Method;
use serde_json::{Value, json};

fn named(settings: Value) -> Value {
    json!({ "name": "default", "settings": settings })
}

/// A panel with the domain of a directory of six people, and the paths of both.
async fn corp(relay_check: &str) -> Option<(Slapd, Api, String, String)> {
    let slapd = Slapd::start(6)?;
    let api = Api::new(slapd.options()).await;
    let domain = api.domain("corp", "corp.example", relay_check, &["alias.example"]).await;
    let made = api.post(&format!("{domain}/directories"), named(settings("dc1.corp.example", "ldaps"))).await;
    let path = format!("{domain}/directories/{}", made["id"].as_str().unwrap());
    Some((slapd, api, domain, path))
}

/// A panel and a domain, and no directory to be reached.
async fn alone() -> (Api, String) {
    let api = Api::new(PanelOptions { test_endpoints: true, ..PanelOptions::default() }).await;
    let domain = api.domain("corp", "corp.example", "control-panel", &[]).await;
    (api, domain)
}

async fn addresses(api: &Api, domain: &str) -> Vec<String> {
    api.users(domain).await.iter().map(|u| u["address"].as_str().unwrap().split('@').next().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_pulled_from_the_directory_by_themselves() {
    let Some((_slapd, api, domain, _)) = corp("control-panel").await else { return };
    api.advance(3600).await;
    let users = api.users(&domain).await;
    assert!(users.len() == 6 && users.iter().all(|u| u["origin"] == "directory"));
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_managed_in_one_place() {
    let Some((_slapd, api, domain, _)) = corp("control-panel").await else { return };
    api.advance(3600).await;
    let user = format!("{domain}/users/{}", api.users(&domain).await[0]["id"].as_str().unwrap());
    for (method, body) in [(Method::PATCH, json!({ "first_name": "Eve" })), (Method::DELETE, Value::Null)] {
        assert_eq!(api.refused(method, &user, body).await, (409, "directory_owned".to_owned()));
    }
}

#[tokio::test]
async fn the_host_is_a_name_or_an_address() {
    let (api, domain) = alone().await;
    for host in ["dc1.corp.example", "127.0.0.1"] {
        let body = json!({ "name": host, "settings": settings(host, "none") });
        assert_eq!(api.post(&format!("{domain}/directories"), body).await["host"], host);
    }
}

#[tokio::test]
async fn the_port_is_389_or_636() {
    let (api, domain) = alone().await;
    let path = format!("{domain}/directories");
    let mut body = named(settings("dc1.corp.example", "none"));
    body["settings"]["port"] = json!(3268);
    assert_eq!(api.refused(Method::POST, &path, body).await.0, 422);
    for (name, tls, port) in [("plain", "none", 389), ("tls", "ldaps", 636)] {
        let body = json!({ "name": name, "settings": settings("dc1.corp.example", tls) });
        assert_eq!(api.post(&path, body).await["port"], port);
    }
}

#[tokio::test]
async fn tls_needs_a_host_name() {
    let (api, domain) = alone().await;
    let body = named(settings("127.0.0.1", "ldaps"));
    assert_eq!(api.refused(Method::POST, &format!("{domain}/directories"), body).await, (422, "invalid".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_the_directory_is_named_for_the_search() {
    let Some((_slapd, api, _, path)) = corp("control-panel").await else { return };
    let wrong = json!({ "bind_dn": "cn=nobody,ou=service,dc=corp,dc=example", "bind_password": "sync-password" });
    let tested = api.post(&format!("{path}/test"), wrong).await;
    assert_eq!(tested["outcome"], "failed");
    assert!(tested["error"].as_str().unwrap().starts_with("rc=49 (invalidCredentials)"), "{tested}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_base_says_where_the_users_are() {
    let Some((_slapd, api, _, path)) = corp("control-panel").await else { return };
    let count = async |base: &str| api.post(&format!("{path}/test"), json!({ "search_base": base })).await["count"].clone();
    assert_eq!((count(PEOPLE).await, count("ou=groups,dc=corp,dc=example").await), (json!(6), json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_runs_every_sixty_minutes() {
    let Some((slapd, api, domain, path)) = corp("control-panel").await else { return };
    api.advance(3599).await;
    assert!(api.users(&domain).await.is_empty());
    api.advance(1).await;
    assert_eq!(api.users(&domain).await.len(), 6);
    slapd.modify(&format!("dn: cn=user0000,{PEOPLE}\nchangetype: delete\n"));
    api.advance(3600).await;
    assert_eq!((api.users(&domain).await.len(), api.get(&path).await["status"]["next_run_at"].clone()), (5, json!("2026-12-01T11:00:00Z")));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_has_a_mail_address_comes() {
    let Some((slapd, api, domain, path)) = corp("control-panel").await else { return };
    slapd.modify(&format!("dn: cn=user0000,{PEOPLE}\nchangetype: modify\ndelete: mail\n-\ndelete: proxyAddresses\n"));
    api.advance(3600).await;
    assert_eq!((api.users(&domain).await.len(), api.get(&path).await["status"]["last_count"].clone()), (5, json!(5)));
}

#[tokio::test(flavor = "multi_thread")]
async fn additions_and_changes_are_reported() {
    let Some((slapd, api, _, path)) = corp("control-panel").await else { return };
    api.advance(3600).await;
    slapd.modify(&format!("dn: cn=user0000,{PEOPLE}\nchangetype: modify\nreplace: givenName\ngivenName: Ann\n"));
    slapd.modify(&format!("dn: cn=user0001,{PEOPLE}\nchangetype: delete\n"));
    api.advance(3600).await;
    let status = api.get(&path).await["status"].clone();
    assert_eq!((&status["last_success_at"], &status["last_count"]), (&json!("2026-12-01T10:00:00Z"), &json!(5)));
    let audit = api.get("/audit?limit=1000").await.to_string();
    assert!(audit.contains("6 users: 6 new, 0 changed, 0 gone") && audit.contains("5 users: 0 new, 1 changed, 1 gone"), "{audit}");
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_with_the_server_is_reported() {
    let Some((slapd, api, domain, path)) = corp("control-panel").await else { return };
    api.advance(3600).await;
    slapd.down();
    api.advance(3600).await;
    let status = api.get(&path).await["status"].clone();
    assert!(status["last_error"].as_str().unwrap().contains("dc1.corp.example:636"), "{status}");
    assert_eq!((status["last_success_at"].clone(), api.users(&domain).await.len()), (json!("2026-12-01T09:00:00Z"), 6));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_directory_can_be_read_every_three_hours() {
    let Some((_slapd, api, domain, path)) = corp("control-panel").await else { return };
    let changed = api.patch(&path, json!({ "settings": { "schedule": "3-hours" } })).await;
    assert_eq!(changed["status"]["next_run_at"], "2026-12-01T09:00:00Z");
    api.advance(3600).await;
    assert_eq!((api.users(&domain).await.len(), api.get(&path).await["status"]["next_run_at"].clone()), (6, json!("2026-12-01T12:00:00Z")));
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_is_taken_for_users_of_the_directory_only() {
    let Some((_slapd, api, domain, _)) = corp("control-panel").await else { return };
    api.advance(3600).await;
    let tenant = domain.split("/domains").next().unwrap();
    let code = async |address: &str| api.get(&format!("{tenant}/recipients/{address}")).await["code"].clone();
    assert_eq!([code("user0000@corp.example").await, code("u0@alias.example").await], [json!(250), json!(250)]);
    assert_eq!(code("nobody@corp.example").await, json!(550));
    assert_eq!(addresses(&api, &domain).await.len(), 6);
}

/// A domain whose destination takes jane and info, with discovery on until Christmas.
async fn discovering() -> Site {
    let site = Site::at("control-panel", &destination(&["jane", "info"], "220 mx\r\n").await, None).await;
    let (status, said) = site.send("PUT", &site.below("/discovery"), json!({ "enabled": true, "until": "2026-12-24" })).await;
    assert_eq!((status, &said["enabled"]), (200, &json!(true)), "{said}");
    site
}

/// One mail each of the morning, and the night after it.
async fn one_day(site: &Site) {
    for local in ["jane", "info", "gone"] {
        site.mails(local, 1, "clean", "2026-12-01T09:00:00Z").await;
    }
    site.clock("2026-12-02T00:00:00Z").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_the_server_takes_is_added_by_itself() {
    let site = discovering().await;
    one_day(&site).await;
    assert_eq!(site.names().await, "info jane");
    assert!(site.users().await.iter().all(|u| u["origin"] == "discovery"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_the_server_refuses_is_not_added() {
    let site = discovering().await;
    one_day(&site).await;
    assert!(!site.names().await.contains("gone"));
    assert_eq!(site.verdict("gone").await.0, 550);
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_flows_before_the_list_is_complete() {
    let site = discovering().await;
    assert!(site.names().await.is_empty());
    assert_eq!(site.verdict("jane").await.0, 250);
    let (_, off) = site.send("PUT", &site.below("/discovery"), json!({ "enabled": false })).await;
    assert_eq!((off["enabled"].clone(), site.verdict("jane").await.0), (json!(false), 550));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_find_is_billable() {
    let site = discovering().await;
    one_day(&site).await;
    assert!(site.users().await.iter().all(|u| u["billable"] == true && u["kind"] == "mailbox"));
    assert_eq!(site.send("GET", &site.below("/discovery"), Value::Null).await.1["finds"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alias_or_a_room_is_corrected_by_hand() {
    let site = discovering().await;
    one_day(&site).await;
    let info = site.users().await[0]["id"].as_str().unwrap().to_owned();
    let (status, user) = site.send("PATCH", &site.below(&format!("/users/{info}")), json!({ "kind": "resource" })).await;
    assert_eq!((status, &user["billable"]), (200, &json!(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn discovery_is_no_solution_for_ever() {
    let site = Site::new("control-panel").await;
    for body in
        [json!({ "enabled": true }), json!({ "enabled": true, "until": "2027-03-01" }), json!({ "enabled": true, "until": "2026-11-30" })]
    {
        assert_eq!(site.send("PUT", &site.below("/discovery"), body).await.0, 422);
    }
    let site = discovering().await;
    site.mails("jane", 1, "clean", "2026-12-25T09:00:00Z").await;
    site.clock("2026-12-26T00:00:00Z").await;
    assert_eq!(site.names().await, "", "nobody comes after its last day");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_everything_is_found_out() {
    let site = discovering().await;
    let (_, said) = site.send("POST", &site.below("/catch-all-probe"), Value::Null).await;
    assert_eq!((&said["probe"]["outcome"], &said["finds"]), (&json!("selective"), &json!(0)), "{said}");
    let open = Site::at("control-panel", &takes_everything().await, None).await;
    let (_, said) = open.send("POST", &open.below("/catch-all-probe"), Value::Null).await;
    assert_eq!(said["probe"]["outcome"], "catch-all", "{said}");
}
