//! Directory synchronisation against a real LDAP server with 2,500 people, and its four failures: each changes nothing,
//! and is shown in the words of whoever refused (S16.1).

use crate::support::api::Api;
use crate::support::engine::{apply, engine_within, plan, said, workspace};
use crate::support::slapd::{PEOPLE, Slapd};
use mailwright::base::ExitCode;
use mailwright::engine::Planned;
use mailwright::plan::Verdict;
use mailwright::store::MemorySource;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

/// A directory on dc1 over LDAPS.
fn ldaps(base: &str) -> Value {
    settings("dc1.corp.example", "ldaps", base)
}

fn settings(host: &str, tls: &str, base: &str) -> Value {
    let port = if tls == "ldaps" { 636 } else { 389 };
    json!({ "host": host, "port": port, "tls": tls, "bind_dn": "cn=sync,ou=service,dc=corp,dc=example",
        "bind_password": "sync-password", "bind_password_label": "initial", "search_base": base })
}

async fn directory(api: &Api, domain: &str, settings: Value) -> String {
    let made = api.post(&format!("{domain}/directories"), json!({ "name": "default", "settings": settings })).await;
    format!("{domain}/directories/{}", made["id"].as_str().unwrap())
}

/// The tenant as files have it: the directory on `host`, with one more line.
fn files(url: &str, host: &str, more: &str) -> MemorySource {
    let text = format!(
        "schema = \"mailwright/v1\"\n[tenant]\nname = \"corp\"\nprovider = \"edge\"\n[domains.\"corp.example\"]\n\
         [domains.\"corp.example\".directory]\nhost = \"{host}\"\nport = 636\ntls = \"ldaps\"\n\
         bind_dn = \"cn=sync,ou=service,dc=corp,dc=example\"\nbind_password = {{ env = \"BIND\" }}\n{more}\n"
    );
    MemorySource::new([("mailwright.toml", workspace(url)), ("tenants/corp.toml", text)])
}

/// Plans, and applies, with these files.
async fn run(api: &Api, host: &str, more: &str) -> (Planned, ExitCode) {
    let memory = tempfile::tempdir().unwrap();
    let engine = |n: &str| engine_within(files(&api.panel.url(), host, more), &api.panel.token, memory.path(), n, Duration::from_secs(60));
    let planned = plan(&engine("plan")).await;
    let applied = apply(&engine("apply")).await;
    (planned, applied.exit)
}

fn base(base: &str) -> String {
    format!("search_base = \"{base}\"")
}

/// What cannot be told apart from what was there before.
async fn fixed(api: &Api, domain: &str, path: &str) -> (Vec<Value>, Value, Value) {
    let directory = api.get(path).await;
    (api.users(domain).await, directory["version"].clone(), directory["search_base"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn people_come_change_and_go() {
    let Some(slapd) = Slapd::start(2500) else { return };
    let api = Api::new(slapd.options()).await;
    let domain = api.domain("corp", "corp.example", "control-panel", &["alias.example"]).await;
    api.post(&format!("{domain}/users"), json!({ "address": "user0007@corp.example" })).await;
    let path = directory(&api, &domain, ldaps(PEOPLE)).await;
    let tested = api.post(&format!("{path}/test"), json!({})).await;
    assert_eq!((&tested["outcome"], &tested["count"], &tested["users"]), (&json!("answered"), &json!(2500), &json!(0)));
    assert_eq!(api.users(&domain).await.len(), 1, "a test changes nothing");

    api.advance(3600).await;
    let users = api.users(&domain).await;
    let of = |origin: &str| users.iter().filter(|u| u["origin"] == origin).count();
    assert_eq!((users.len(), of("directory"), of("manual")), (2500, 2499, 1));
    assert_eq!(users.iter().filter(|u| u["status"] == "inactive").count(), 50);
    assert_eq!(users[1]["aliases"], json!(["u1@alias.example"]));
    let status = &api.get(&path).await["status"];
    assert_eq!((&status["last_count"], &status["users"]), (&json!(2500), &json!(2499)));
    assert_eq!(status["last_notes"], "1 users whose address somebody else has on the panel");

    let person = |n: usize| format!("dn: cn=user{n:04},{PEOPLE}\n");
    slapd.modify(&format!("{}changetype: delete\n", person(1)));
    let renamed =
        "changetype: modify\nreplace: proxyAddresses\nproxyAddresses: SMTP:anna@corp.example\nproxyAddresses: smtp:user0002@corp.example\n";
    slapd.modify(&format!("{}{renamed}", person(2)));
    slapd.modify(&format!("{}changetype: modify\nreplace: userAccountControl\nuserAccountControl: 514\n", person(3)));
    api.advance(3600).await;
    let after = api.users(&domain).await;
    let find = |address: &str| after.iter().find(|u| u["address"] == address);
    assert!(find("user0001@corp.example").is_none() && find("user0002@corp.example").is_none() && after.len() == 2499);
    let anna = find("anna@corp.example").unwrap();
    assert_eq!((&anna["id"], &anna["aliases"]), (&users[2]["id"], &json!(["user0002@corp.example"])), "the same person");
    assert_eq!(find("user0003@corp.example").unwrap()["status"], "inactive");

    // nobody else may touch them (S3.3)
    let (status, code) = api.refused(Method::DELETE, &format!("{domain}/users/{}", anna["id"].as_str().unwrap()), Value::Null).await;
    assert_eq!((status, code.as_str()), (409, "directory_owned"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_of_connecting_works() {
    let Some(slapd) = Slapd::start(7) else { return };
    let api = Api::new(slapd.options()).await;
    let domain = api.domain("corp", "corp.example", "control-panel", &[]).await;
    for tls in ["none", "starttls", "ldaps"] {
        let body = json!({ "name": tls, "settings": settings("dc1.corp.example", tls, PEOPLE) });
        let made = api.post(&format!("{domain}/directories"), body).await;
        let tested = api.post(&format!("{domain}/directories/{}/test", made["id"].as_str().unwrap()), json!({})).await;
        assert_eq!((&tested["outcome"], &tested["count"]), (&json!("answered"), &json!(7)), "{tls}: {tested}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_is_down_changes_nothing() {
    let Some(slapd) = Slapd::start(2500) else { return };
    let api = Api::new(slapd.options()).await;
    let domain = api.domain("corp", "corp.example", "control-panel", &[]).await;
    let path = directory(&api, &domain, ldaps(PEOPLE)).await;
    api.advance(3600).await;
    let before = fixed(&api, &domain, &path).await;
    assert_eq!(before.0.len(), 2500);
    slapd.down();
    api.advance(3600).await;
    let error = api.get(&path).await["status"]["last_error"].as_str().unwrap().to_owned();
    assert!(error.starts_with("dc1.corp.example:636: ") && error.contains("refused"), "{error}");
    failure(&api, &domain, &path, &before, "dc1.corp.example", "filter = \"(mail=*)\"", &error).await;
    slapd.up();
    api.advance(3600).await;
    assert!(api.get(&path).await["status"]["last_error"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_or_empty_base_changes_nothing() {
    let Some(slapd) = Slapd::start(2500) else { return };
    let api = Api::new(slapd.options()).await;
    let domain = api.domain("corp", "corp.example", "control-panel", &[]).await;
    let path = directory(&api, &domain, ldaps(PEOPLE)).await;
    api.advance(3600).await;
    let before = fixed(&api, &domain, &path).await;
    let wrong = "rc=32 (noSuchObject), dn: \"dc=corp,dc=example\", text: \"\"";
    failure(&api, &domain, &path, &before, "dc1.corp.example", &base("ou=nobody,dc=corp,dc=example"), wrong).await;
    failure(&api, &domain, &path, &before, "dc1.corp.example", &base("ou=empty,dc=corp,dc=example"), "it holds 0 users; 2500 are kept")
        .await;

    // and where somebody writes it past us, the panel keeps its users
    for (to, error) in [("nobody", wrong), ("empty", "the directory answered with 0 users; 2500 are kept and at least 2000 were expected")]
    {
        api.patch(&path, json!({ "settings": { "search_base": format!("ou={to},dc=corp,dc=example") } })).await;
        api.advance(3600).await;
        let status = api.get(&path).await["status"].clone();
        assert!(status["last_error"].as_str().unwrap().starts_with(error), "{status}");
        assert_eq!((status["last_count"].clone(), api.users(&domain).await), (json!(2500), before.0.clone()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_size_limit_without_pages_changes_nothing() {
    let Some(slapd) = Slapd::start(2500) else { return };
    let mut options = slapd.options();
    options.ldap.unpaged = true;
    let api = Api::new(options).await;
    let domain = api.domain("corp", "corp.example", "control-panel", &[]).await;
    let path = directory(&api, &domain, ldaps(PEOPLE)).await;
    api.advance(3600).await;
    let error = "rc=4 (sizeLimitExceeded), dn: \"\", text: \"\"";
    assert_eq!(api.get(&path).await["status"]["last_error"], error);
    let before = fixed(&api, &domain, &path).await;
    assert!(before.0.is_empty(), "an answer that was cut off after 100 people is none");
    failure(&api, &domain, &path, &before, "dc1.corp.example", "filter = \"(mail=*)\"", error).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_for_another_name_changes_nothing() {
    let Some(slapd) = Slapd::start(2500) else { return };
    let api = Api::new(slapd.options()).await;
    let domain = api.domain("corp", "corp.example", "control-panel", &[]).await;
    let path = directory(&api, &domain, settings("dc2.corp.example", "ldaps", PEOPLE)).await;
    api.advance(3600).await;
    let error = api.get(&path).await["status"]["last_error"].as_str().unwrap().to_owned();
    assert!(error.contains("certificate not valid for name \"dc2.corp.example\""), "{error}");
    let before = fixed(&api, &domain, &path).await;
    assert!(before.0.is_empty());
    failure(&api, &domain, &path, &before, "dc2.corp.example", "filter = \"(mail=*)\"", &error).await;
}

/// A plan that changes what the directory selects: the answer is unknown, the error verbatim, nothing is written.
async fn failure(api: &Api, domain: &str, path: &str, before: &(Vec<Value>, Value, Value), host: &str, more: &str, error: &str) {
    let more = if more.contains("search_base") { more.to_owned() } else { format!("{more}\n{}", base(PEOPLE)) };
    let (planned, applied) = run(api, host, &more).await;
    let step = planned.plans[0].steps.iter().find(|s| s.key.to_string() == "directory/corp.example").expect("a step");
    assert!(matches!(planned.plans[0].verdict(step.id), Verdict::Blocked(_)), "{more}");
    assert_eq!((planned.exit.0, applied), (ExitCode::Incomplete, ExitCode::Incomplete), "{more}");
    let text = said(&planned);
    assert!(text.contains(error), "{error}\nis not in\n{text}");
    assert_eq!(&fixed(api, domain, path).await, before, "{more}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_shows_what_the_directory_would_answer() {
    let Some(slapd) = Slapd::start(100) else { return };
    let api = Api::new(slapd.options()).await;
    let domain = api.domain("corp", "corp.example", "control-panel", &["alias.example"]).await;
    let path = directory(&api, &domain, ldaps(PEOPLE)).await;
    api.advance(3600).await;
    let settled = format!("{}\nfilter = \"\"", base(PEOPLE));
    let (planned, applied) = run(&api, "dc1.corp.example", &settled).await;
    assert!(planned.plans[0].steps.is_empty() && applied == ExitCode::Done);
    assert!(said(&planned).contains("last synchronised 2026-12-01 09:00 UTC with 100 users"), "{}", said(&planned));

    let nine_in_ten = format!("{}\nfilter = \"(&(objectClass=user)(!(cn=user000*)))\"", base(PEOPLE));
    let (planned, applied) = run(&api, "dc1.corp.example", &nine_in_ten).await;
    let text = said(&planned);
    assert!(text.contains("users of this directory: 100 → 90 (connection test by the panel, just now)"), "{text}");
    assert!(text.contains("10 of 100 users of this directory are not in its answer"), "{text}");
    // those that stop are named (S7.4), and an alias stops like an address
    let stops: Vec<&str> = planned.plans[0].ledger.stops.iter().map(|s| s.address.as_str()).collect();
    assert_eq!((stops.len(), stops[0], stops[19]), (20, "u0@alias.example", "user0009@corp.example"), "{stops:?}");
    assert_eq!((planned.exit.0, applied), (ExitCode::NeedsApproval, ExitCode::NeedsApproval), "always approved (S7.3)");

    // a password never goes to another host for a question
    let (planned, _) = run(&api, "dc2.corp.example", &settled).await;
    assert!(said(&planned).contains("not judged") && planned.exit.0 == ExitCode::NeedsApproval, "{}", said(&planned));
    assert_eq!(api.get(&path).await["version"], 1, "nothing was written all the while");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_addresses_that_would_stop_come_in_pages() {
    let Some(slapd) = Slapd::start(20) else { return };
    let api = Api::new(slapd.options()).await;
    let domain = api.domain("corp", "corp.example", "control-panel", &["alias.example"]).await;
    let path = directory(&api, &domain, ldaps(PEOPLE)).await;
    api.advance(3600).await;
    let narrower = json!({ "filter": "(&(objectClass=user)(!(cn=user000*)))", "min_users": 1 });
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = api.post(&format!("{path}/test?limit=7{cursor}"), narrower.clone()).await;
        assert_eq!((&page["count"], &page["gone"], &page["stopping"]["total"]), (&json!(10), &json!(10), &json!(20)), "{page}");
        let items = page["stopping"]["items"].as_array().unwrap().clone();
        assert!(items.len() <= 7);
        all.extend(items.iter().map(|i| format!("{} {}", i["address"].as_str().unwrap(), i["user"].as_str().unwrap())));
        match page["stopping"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!((all.len(), all[0].as_str()), (20, "u0@alias.example user0000@corp.example"));
    assert!(all.is_sorted(), "{all:?}");
    let (status, code) = api.refused(Method::POST, &format!("{path}/test?limit=5000"), narrower).await;
    assert_eq!((status, code.as_str()), (422, "invalid"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_refers_elsewhere_is_incomplete_and_changes_nothing() {
    let Some(slapd) = Slapd::start(30) else { return };
    let api = Api::new(slapd.options()).await;
    let domain = api.domain("corp", "corp.example", "control-panel", &[]).await;
    let path = directory(&api, &domain, ldaps(PEOPLE)).await;
    api.advance(3600).await;
    let before = fixed(&api, &domain, &path).await;
    assert_eq!(before.0.len(), 30);
    // a branch that another server keeps
    let branch = format!("ou=branch,{PEOPLE}");
    let elsewhere = "ldap://dc9.corp.example/ou=people,dc=branch,dc=example";
    slapd.modify(&format!(
        "dn: {branch}\nchangetype: add\nobjectClass: referral\nobjectClass: extensibleObject\nou: branch\nref: {elsewhere}\n"
    ));
    // and somebody whom the answer lacks, who must not go by it
    slapd.modify(&format!("dn: cn=user0000,{PEOPLE}\nchangetype: delete\n"));
    api.advance(3600).await;
    let error = api.get(&path).await["status"]["last_error"].as_str().unwrap().to_owned();
    assert!(
        error.starts_with("the answer is incomplete: it refers to ldap://dc9.corp.example/") && error.contains("not followed"),
        "{error}"
    );
    assert_eq!(fixed(&api, &domain, &path).await, before);
    failure(&api, &domain, &path, &before, "dc1.corp.example", "filter = \"(mail=*)\"", "the answer is incomplete: it refers to").await;
    // a base that lies beyond the reference is answered with the reference alone
    failure(&api, &domain, &path, &before, "dc1.corp.example", &base(&branch), "rc=10 (referral)").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn under_relay_check_ldap_the_directory_says_who_is_there() {
    let Some(slapd) = Slapd::start(30) else { return };
    let api = Api::new(slapd.options()).await;
    let domain = api.domain("corp", "corp.example", "ldap", &["alias.example"]).await;
    let path = directory(&api, &domain, ldaps(PEOPLE)).await;
    let tenant = domain.split("/domains").next().unwrap();
    let verdict = async |address: &str| {
        let said = api.get(&format!("{tenant}/recipients/{address}")).await;
        (said["code"].as_u64().unwrap(), said["reason"].as_str().unwrap().to_owned())
    };
    // nothing was synchronised yet: the directory itself is asked
    assert!(api.users(&domain).await.is_empty());
    for known in ["user0007@corp.example", "USER0007@Corp.Example", "user0007@alias.example", "u7@alias.example"] {
        assert_eq!(verdict(known).await, (250, "the directory dc1.corp.example has it".to_owned()), "{known}");
    }
    // a name with a star asks for a star, not for everybody
    for unknown in ["nobody@corp.example", "u7@corp.example", "user000*@corp.example"] {
        assert_eq!(verdict(unknown).await, (550, "no directory has it".to_owned()), "{unknown}");
    }
    slapd.modify(&format!("dn: cn=user0007,{PEOPLE}\nchangetype: delete\n"));
    assert_eq!(verdict("user0007@corp.example").await.0, 550, "it is asked each time");
    slapd.down();
    let (code, reason) = verdict("user0008@corp.example").await;
    assert!(code == 451 && reason.starts_with("a directory could not be asked: dc1.corp.example:636: "), "{code} {reason}");
    slapd.up();
    assert_eq!(verdict("user0008@corp.example").await.0, 250);
    // one that cannot be asked refuses nobody, and one that has the address is enough
    let body = json!({ "name": "second", "settings": settings("dc2.corp.example", "ldaps", PEOPLE) });
    let second = api.post(&format!("{domain}/directories"), body).await;
    assert_eq!((verdict("user0008@corp.example").await.0, verdict("nobody@corp.example").await.0), (250, 451));
    api.patch(&format!("{domain}/directories/{}", second["id"].as_str().unwrap()), json!({ "enabled": false })).await;
    assert_eq!(verdict("nobody@corp.example").await.0, 550, "a directory that is off is not asked");
    api.patch(&path, json!({ "enabled": false })).await;
    assert_eq!(verdict("user0008@corp.example").await, (451, "no directory".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_tenant_keeps_whom_the_directory_no_longer_has() {
    let Some(slapd) = Slapd::start(30) else { return };
    let api = Api::new(slapd.options()).await;
    let domain = api.domain("corp", "corp.example", "control-panel", &[]).await;
    let path = directory(&api, &domain, ldaps(PEOPLE)).await;
    api.advance(3600).await;
    let tenant = domain.split("/domains").next().unwrap();
    api.patch(tenant, json!({ "frozen": true })).await;
    slapd.modify(&format!("dn: cn=user0000,{PEOPLE}\nchangetype: delete\n"));
    api.advance(3600).await;
    let error = api.get(&path).await["status"]["last_error"].as_str().unwrap().to_owned();
    assert!(error.starts_with("1 users are gone in the directory, and the tenant is frozen"), "{error}");
    assert_eq!(api.users(&domain).await.len(), 30);
    api.patch(tenant, json!({ "frozen": false })).await;
    api.advance(3600).await;
    assert_eq!(api.users(&domain).await.len(), 29);
}
