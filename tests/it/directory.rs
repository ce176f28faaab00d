//! Directory synchronisation against a real LDAP server with 2,500 people, and how it fails: each failure changes nothing, and
//! is shown in the words of whoever refused (S16.1).

use crate::support::api::Api;
use crate::support::engine::{apply, engine_within, plan, said, workspace};
use crate::support::slapd::{PEOPLE, Slapd, settings};
use mailwright::base::ExitCode;
use mailwright::engine::Planned;
use mailwright::plan::Verdict;
use mailwright::store::MemorySource;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const DC1: &str = "dc1.corp.example";
const DC2: &str = "dc2.corp.example";

/// What is particular to a test.
struct How {
    people: usize,
    relay_check: &'static str,
    alias_domains: &'static [&'static str],
    host: &'static str,
    unpaged: bool,
}

impl Default for How {
    fn default() -> Self {
        Self { people: 2500, relay_check: "control-panel", alias_domains: &[], host: DC1, unpaged: false }
    }
}

/// A directory, and a panel with a domain that takes its people from it.
struct Corp {
    slapd: Slapd,
    api: Api,
    /// `/tenants/ID`
    tenant: String,
    /// `/tenants/ID/domains/ID`
    domain: String,
    /// `/tenants/ID/domains/ID/directories/ID`
    path: String,
}

/// What cannot be told apart from what was there before: the users, and the directory's version and base.
type Fixed = (Vec<Value>, Value, Value);

impl Corp {
    /// Not read yet; `None` where slapd is not installed.
    async fn new(how: How) -> Option<Self> {
        let slapd = Slapd::start(how.people)?;
        let mut options = slapd.options();
        options.ldap.unpaged = how.unpaged;
        let api = Api::new(options).await;
        let domain = api.domain("corp", "corp.example", how.relay_check, how.alias_domains).await;
        let body = json!({ "name": "default", "settings": settings(how.host, "ldaps") });
        let made = api.post(&format!("{domain}/directories"), body).await;
        let path = format!("{domain}/directories/{}", made["id"].as_str().unwrap());
        let tenant = domain.split("/domains").next().unwrap().to_owned();
        Some(Self { slapd, api, tenant, domain, path })
    }
    /// Read once.
    async fn read(how: How) -> Option<Self> {
        let corp = Self::new(how).await?;
        corp.hour().await;
        Some(corp)
    }
    /// The directory is read again.
    async fn hour(&self) {
        self.api.advance(3600).await;
    }
    async fn users(&self) -> Vec<Value> {
        self.api.users(&self.domain).await
    }
    async fn status(&self) -> Value {
        self.api.get(&self.path).await["status"].clone()
    }
    /// Why the last reading changed nothing.
    async fn error(&self) -> String {
        self.status().await["last_error"].as_str().expect("an error").to_owned()
    }
    async fn fixed(&self) -> Fixed {
        let directory = self.api.get(&self.path).await;
        (self.users().await, directory["version"].clone(), directory["search_base"].clone())
    }
    /// Plans, and applies, with the directory on `host` in the files, and one more line.
    async fn run(&self, host: &str, more: &str) -> (Planned, ExitCode) {
        let text = format!(
            "schema = \"mailwright/v1\"\n[tenant]\nname = \"corp\"\nprovider = \"edge\"\n[domains.\"corp.example\"]\n\
             [domains.\"corp.example\".directory]\nhost = \"{host}\"\nport = 636\ntls = \"ldaps\"\n\
             bind_dn = \"cn=sync,ou=service,dc=corp,dc=example\"\nbind_password = {{ env = \"BIND\" }}\n{more}\n"
        );
        let memory = tempfile::tempdir().unwrap();
        let engine = |n: &str| {
            let files = MemorySource::new([("mailwright.toml", workspace(&self.api.panel.url())), ("tenants/corp.toml", text.clone())]);
            engine_within(files, &self.api.panel.token, memory.path(), n, Duration::from_secs(60))
        };
        let planned = plan(&engine("plan")).await;
        let applied = apply(&engine("apply")).await;
        (planned, applied.exit)
    }
    /// A plan that changes what the directory selects: the answer is unknown, the error verbatim, nothing is written.
    async fn failure(&self, before: &Fixed, host: &str, more: &str, error: &str) {
        let more = if more.contains("search_base") { more.to_owned() } else { format!("{more}\n{}", base(PEOPLE)) };
        let (planned, applied) = self.run(host, &more).await;
        let step = planned.plans[0].steps.iter().find(|s| s.key.to_string() == "directory/corp.example").expect("a step");
        assert!(matches!(planned.plans[0].verdict(step.id), Verdict::Blocked(_)), "{more}");
        assert_eq!((planned.exit.0, applied), (ExitCode::Incomplete, ExitCode::Incomplete), "{more}");
        let text = said(&planned);
        assert!(text.contains(error), "{error}\nis not in\n{text}");
        assert_eq!(&self.fixed().await, before, "{more}");
    }
}

fn base(base: &str) -> String {
    format!("search_base = \"{base}\"")
}

const FILTER: &str = "filter = \"(mail=*)\"";

#[tokio::test(flavor = "multi_thread")]
async fn people_come_change_and_go() {
    let Some(corp) = Corp::new(How { alias_domains: &["alias.example"], ..How::default() }).await else { return };
    let Corp { slapd, api, domain, path, .. } = &corp;
    api.post(&format!("{domain}/users"), json!({ "address": "user0007@corp.example" })).await;
    let tested = api.post(&format!("{path}/test"), json!({})).await;
    assert_eq!((&tested["outcome"], &tested["count"], &tested["users"]), (&json!("answered"), &json!(2500), &json!(0)));
    assert_eq!(corp.users().await.len(), 1, "a test changes nothing");

    corp.hour().await;
    let users = corp.users().await;
    let of = |origin: &str| users.iter().filter(|u| u["origin"] == origin).count();
    assert_eq!((users.len(), of("directory"), of("manual")), (2500, 2499, 1));
    assert_eq!(users.iter().filter(|u| u["status"] == "inactive").count(), 50);
    assert_eq!(users[1]["aliases"], json!(["u1@alias.example"]));
    let status = corp.status().await;
    assert_eq!((&status["last_count"], &status["users"]), (&json!(2500), &json!(2499)));
    assert_eq!(status["last_notes"], "1 users whose address somebody else has on the panel");

    let person = |n: usize| format!("dn: cn=user{n:04},{PEOPLE}\n");
    slapd.modify(&format!("{}changetype: delete\n", person(1)));
    let renamed =
        "changetype: modify\nreplace: proxyAddresses\nproxyAddresses: SMTP:anna@corp.example\nproxyAddresses: smtp:user0002@corp.example\n";
    slapd.modify(&format!("{}{renamed}", person(2)));
    slapd.modify(&format!("{}changetype: modify\nreplace: userAccountControl\nuserAccountControl: 514\n", person(3)));
    corp.hour().await;
    let after = corp.users().await;
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
    let Some(corp) = Corp::new(How { people: 7, ..How::default() }).await else { return };
    let Corp { api, domain, .. } = &corp;
    for tls in ["none", "starttls", "ldaps"] {
        let body = json!({ "name": tls, "settings": settings(DC1, tls) });
        let made = api.post(&format!("{domain}/directories"), body).await;
        let tested = api.post(&format!("{domain}/directories/{}/test", made["id"].as_str().unwrap()), json!({})).await;
        assert_eq!((&tested["outcome"], &tested["count"]), (&json!("answered"), &json!(7)), "{tls}: {tested}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_is_down_changes_nothing() {
    let Some(corp) = Corp::read(How::default()).await else { return };
    let before = corp.fixed().await;
    assert_eq!(before.0.len(), 2500);
    corp.slapd.down();
    corp.hour().await;
    let error = corp.error().await;
    assert!(error.starts_with("dc1.corp.example:636: ") && error.contains("refused"), "{error}");
    corp.failure(&before, DC1, FILTER, &error).await;
    corp.slapd.up();
    corp.hour().await;
    assert!(corp.status().await["last_error"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_or_empty_base_changes_nothing() {
    let Some(corp) = Corp::read(How::default()).await else { return };
    let before = corp.fixed().await;
    let wrong = "rc=32 (noSuchObject), dn: \"dc=corp,dc=example\", text: \"\"";
    corp.failure(&before, DC1, &base("ou=nobody,dc=corp,dc=example"), wrong).await;
    corp.failure(&before, DC1, &base("ou=empty,dc=corp,dc=example"), "it holds 0 users; 2500 are kept").await;

    // and where somebody writes it past us, the panel keeps its users
    for (to, error) in [("nobody", wrong), ("empty", "the directory answered with 0 users; 2500 are kept and at least 2000 were expected")]
    {
        corp.api.patch(&corp.path, json!({ "settings": { "search_base": format!("ou={to},dc=corp,dc=example") } })).await;
        corp.hour().await;
        let status = corp.status().await;
        assert!(status["last_error"].as_str().unwrap().starts_with(error), "{status}");
        assert_eq!((status["last_count"].clone(), corp.users().await), (json!(2500), before.0.clone()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_size_limit_without_pages_changes_nothing() {
    let Some(corp) = Corp::read(How { unpaged: true, ..How::default() }).await else { return };
    let error = "rc=4 (sizeLimitExceeded), dn: \"\", text: \"\"";
    assert_eq!(corp.error().await, error);
    let before = corp.fixed().await;
    assert!(before.0.is_empty(), "an answer that was cut off after 100 people is none");
    corp.failure(&before, DC1, FILTER, error).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_for_another_name_changes_nothing() {
    let Some(corp) = Corp::read(How { host: DC2, ..How::default() }).await else { return };
    let error = corp.error().await;
    assert!(error.contains("certificate not valid for name \"dc2.corp.example\""), "{error}");
    let before = corp.fixed().await;
    assert!(before.0.is_empty());
    corp.failure(&before, DC2, FILTER, &error).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_shows_what_the_directory_would_answer() {
    let Some(corp) = Corp::read(How { people: 100, alias_domains: &["alias.example"], ..How::default() }).await else { return };
    let settled = format!("{}\nfilter = \"\"", base(PEOPLE));
    let (planned, applied) = corp.run(DC1, &settled).await;
    assert!(planned.plans[0].steps.is_empty() && applied == ExitCode::Done);
    assert!(said(&planned).contains("last synchronised 2026-12-01 09:00 UTC with 100 users"), "{}", said(&planned));

    let nine_in_ten = format!("{}\nfilter = \"(&(objectClass=user)(!(cn=user000*)))\"", base(PEOPLE));
    let (planned, applied) = corp.run(DC1, &nine_in_ten).await;
    let text = said(&planned);
    assert!(text.contains("users of this directory: 100 → 90 (connection test by the panel, just now)"), "{text}");
    assert!(text.contains("10 of 100 users of this directory are not in its answer"), "{text}");
    // those that stop are named (S7.4), and an alias stops like an address
    let stops: Vec<&str> = planned.plans[0].ledger.stops.iter().map(|s| s.address.as_str()).collect();
    assert_eq!((stops.len(), stops[0], stops[19]), (20, "u0@alias.example", "user0009@corp.example"), "{stops:?}");
    assert_eq!((planned.exit.0, applied), (ExitCode::NeedsApproval, ExitCode::NeedsApproval), "always approved (S7.3)");

    // a password never goes to another host for a question
    let (planned, _) = corp.run(DC2, &settled).await;
    assert!(said(&planned).contains("not judged") && planned.exit.0 == ExitCode::NeedsApproval, "{}", said(&planned));
    assert_eq!(corp.api.get(&corp.path).await["version"], 1, "nothing was written all the while");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_addresses_that_would_stop_come_in_pages() {
    let Some(corp) = Corp::read(How { people: 20, alias_domains: &["alias.example"], ..How::default() }).await else { return };
    let narrower = json!({ "filter": "(&(objectClass=user)(!(cn=user000*)))", "min_users": 1 });
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = corp.api.post(&format!("{}/test?limit=7{cursor}", corp.path), narrower.clone()).await;
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
    let (status, code) = corp.api.refused(Method::POST, &format!("{}/test?limit=5000", corp.path), narrower).await;
    assert_eq!((status, code.as_str()), (422, "invalid"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_refers_elsewhere_is_incomplete_and_changes_nothing() {
    let Some(corp) = Corp::read(How { people: 30, ..How::default() }).await else { return };
    let before = corp.fixed().await;
    assert_eq!(before.0.len(), 30);
    // a branch that another server keeps
    let branch = format!("ou=branch,{PEOPLE}");
    let elsewhere = "ldap://dc9.corp.example/ou=people,dc=branch,dc=example";
    corp.slapd.modify(&format!(
        "dn: {branch}\nchangetype: add\nobjectClass: referral\nobjectClass: extensibleObject\nou: branch\nref: {elsewhere}\n"
    ));
    // and somebody whom the answer lacks, who must not go by it
    corp.slapd.modify(&format!("dn: cn=user0000,{PEOPLE}\nchangetype: delete\n"));
    corp.hour().await;
    let error = corp.error().await;
    assert!(
        error.starts_with("the answer is incomplete: it refers to ldap://dc9.corp.example/") && error.contains("not followed"),
        "{error}"
    );
    assert_eq!(corp.fixed().await, before);
    corp.failure(&before, DC1, FILTER, "the answer is incomplete: it refers to").await;
    // a base that lies beyond the reference is answered with the reference alone
    corp.failure(&before, DC1, &base(&branch), "rc=10 (referral)").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn under_relay_check_ldap_the_directory_says_who_is_there() {
    let how = How { people: 30, relay_check: "ldap", alias_domains: &["alias.example"], ..How::default() };
    let Some(corp) = Corp::new(how).await else { return };
    let Corp { slapd, api, tenant, domain, path } = &corp;
    let verdict = async |address: &str| {
        let said = api.get(&format!("{tenant}/recipients/{address}")).await;
        (said["code"].as_u64().unwrap(), said["reason"].as_str().unwrap().to_owned())
    };
    // nothing was synchronised yet: the directory itself is asked
    assert!(corp.users().await.is_empty());
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
    let body = json!({ "name": "second", "settings": settings(DC2, "ldaps") });
    let second = api.post(&format!("{domain}/directories"), body).await;
    assert_eq!((verdict("user0008@corp.example").await.0, verdict("nobody@corp.example").await.0), (250, 451));
    api.patch(&format!("{domain}/directories/{}", second["id"].as_str().unwrap()), json!({ "enabled": false })).await;
    assert_eq!(verdict("nobody@corp.example").await.0, 550, "a directory that is off is not asked");
    api.patch(path, json!({ "enabled": false })).await;
    assert_eq!(verdict("user0008@corp.example").await, (451, "no directory".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_tenant_keeps_whom_the_directory_no_longer_has() {
    let Some(corp) = Corp::read(How { people: 30, ..How::default() }).await else { return };
    corp.api.patch(&corp.tenant, json!({ "frozen": true })).await;
    corp.slapd.modify(&format!("dn: cn=user0000,{PEOPLE}\nchangetype: delete\n"));
    corp.hour().await;
    let error = corp.error().await;
    assert!(error.starts_with("1 users are gone in the directory, and the tenant is frozen"), "{error}");
    assert_eq!(corp.users().await.len(), 30);
    corp.api.patch(&corp.tenant, json!({ "frozen": false })).await;
    corp.hour().await;
    assert_eq!(corp.users().await.len(), 29);
}
