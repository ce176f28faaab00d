//! What Modoboa's API does that nobody would expect: each once, by its own words, and what the driver makes of it.

use crate::modoboa::site::{Site, hosted, removed, user};
use crate::support::modoboa::{Modoboa, Who};
use reqwest::Method;
use serde_json::{Value, json};

/// An object without what a change leaves behind by itself, and without these attributes.
fn rest(mut object: Value, managed: &[&str]) -> Value {
    let fields = object.as_object_mut().expect("an object");
    for name in managed.iter().chain(&["last_modification", "mbalias_count", "mailbox_count", "domainalias_count"]) {
        fields.remove(*name);
    }
    object
}

/// A relay domain, a hosted domain, an account and its alias, with all that can be set and that mailwright does not manage.
async fn decorated(panel: &Modoboa) {
    let acme = panel.hosted("acme.example").await;
    let more = json!({ "quota": "10 GB", "default_mailbox_quota": "100", "message_limit": 50, "enable_dns_checks": false });
    panel.patch(&format!("/domains/{acme}/"), more.clone()).await;
    let relay = panel.relayed("relay.example", "mx.relay.example", 25, false).await;
    panel.patch(&format!("/domains/{relay}/"), more).await;
    let settings = json!({ "relay_target_host": "mx.relay.example", "relay_target_port": 25, "x_note": "ours" });
    let body = json!({ "type": "relaydomain", "transport": { "service": "relay", "settings": settings } });
    panel.patch(&format!("/domains/{relay}/"), body).await;
    let jane = panel.account("jane@acme.example", "Jane", "Doe", &["j@acme.example"]).await;
    let more = json!({ "language": "de", "phone_number": "+33612345678", "secondary_email": "jane@elsewhere.example",
        "mailbox": { "use_domain_quota": false, "quota": "50", "message_limit": 9, "is_send_only": false } });
    panel.patch(&format!("/accounts/{jane}/"), more).await;
    let alias = panel.path("aliases", "j@acme.example").await.unwrap();
    panel.patch(&alias, json!({ "recipients": ["jane@acme.example"], "description": "ours", "expire_at": "2099-01-01T00:00:00Z" })).await;
}

/// What is there of the decorated things that mailwright does not manage.
async fn unmanaged(panel: &Modoboa, jane: &str) -> Vec<Value> {
    let mut relay = rest(panel.object("domains", "relay.example").await, &[]);
    for key in ["relay_target_host", "relay_target_port", "relay_verify_recipients"] {
        relay["transport"]["settings"].as_object_mut().unwrap().remove(key);
    }
    let mut account = rest(panel.object("accounts", jane).await, &["username", "first_name", "last_name", "aliases", "is_active"]);
    account["mailbox"].as_object_mut().unwrap().remove("full_address");
    let alias = rest(panel.object("aliases", "j@acme.example").await, &["recipients"]);
    vec![relay, rest(panel.object("domains", "acme.example").await, &[]), account, alias]
}

/// Whatever is left out of a write may be reset by it; nothing that nobody named is (S2.4).
#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_named_is_never_reset() {
    let Some(site) = Site::new() else { return };
    decorated(&site.panel).await;
    let before = unmanaged(&site.panel, "jane@acme.example").await;
    assert_eq!(
        (&before[0]["quota"], &before[0]["transport"]["settings"]["x_note"]),
        (&json!("10240"), &json!("ours")),
        "numbers come as text"
    );
    let relay = |to: &str, more: &str| format!("[domains.\"relay.example\"]\nrelay_check = \"smtp\"\ndestination = \"{to}\"\n{more}");
    let jane = |name: &str, more: &str| hosted("", &format!("[[users]]\naddress = \"jane@acme.example\"\nfirst_name = \"{name}\"\n{more}"));
    let rename = "[[renamed]]\nfrom = \"jane@acme.example\"\nto = \"jd@acme.example\"\n";
    let password = "password = { env = \"JANE_PW\", rotate = \"2099-01-01\" }\n";
    for (step, text) in [
        ("recipients are verified", relay("mx.relay.example:25", "")),
        ("another destination", relay("mx2.relay.example:26", "")),
        ("an alias domain", relay("mx2.relay.example:26", "alias_domains = [\"relay.test\"]\n")),
        ("another name", jane("Janet", "")),
        ("an alias more", jane("Janet", "aliases = [\"j@acme.example\", \"jj@acme.example\"]\n")),
        ("a password", jane("Janet", password)),
        ("an alias domain of the hosted one", hosted("alias_domains = [\"acme.test\"]", "")),
    ] {
        site.apply(&text).await;
        assert_eq!(unmanaged(&site.panel, "jane@acme.example").await, before, "{step}");
    }
    site.apply(&(hosted("", &user("jd", "")) + rename)).await;
    assert_eq!(unmanaged(&site.panel, "jd@acme.example").await, before, "a rename");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_is_deleted_though_delete_is_refused() {
    let Some(site) = Site::new() else { return };
    site.panel.hosted("acme.example").await;
    let path = site.panel.path("domains", "acme.example").await.unwrap();
    let (status, answer) = site.panel.send(Who::Admin, Method::DELETE, &path, Value::Null).await;
    assert_eq!((status, answer), (400, json!({ "name": ["This field is required."] })));
    site.apply(&removed("domain", "acme.example")).await;
    assert!(site.panel.path("domains", "acme.example").await.is_none());
}

/// A list without pages, and lists with more than fits on one.
#[tokio::test(flavor = "multi_thread")]
async fn bare_lists_are_read_whole() {
    let Some(site) = Site::new() else { return };
    let acme = site.panel.hosted("acme.example").await;
    for n in 0..120 {
        site.panel.domain_alias(&format!("a{n}.example"), &acme).await;
    }
    assert!(site.panel.get("/domainaliases/").await.is_array());
    let names: Vec<String> = (0..120).map(|n| format!("\"a{n}.example\"")).collect();
    let planned = site.plan(&hosted(&format!("alias_domains = [{}]", names.join(", ")), "")).await;
    assert!(planned.code == 0 && planned.out.contains("nothing to do"), "{}{}", planned.out, planned.err);
}

/// A name that is taken in a way that no list of the same kind shows is refused with 400, and that is said.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_taken_is_named() {
    let Some(site) = Site::new() else { return };
    let acme = site.panel.hosted("acme.example").await;
    site.panel.domain_alias("relay.example", &acme).await;
    let (status, answer) = site.panel.send(Who::Admin, Method::POST, "/domains/", json!({ "name": "relay.example" })).await;
    assert_eq!((status, answer), (400, json!({ "name": ["domain alias with this name already exists"] })));
    site.write("[domains.\"relay.example\"]\nrelay_check = \"smtp\"\ndestination = \"mx.relay.example:25\"\n");
    let applied = site.run(&["apply", "--yes"]).await;
    assert_eq!(applied.code, 3, "{}{}", applied.out, applied.err);
    assert!(applied.out.contains("`relay.example` is held by domain/acme.example"), "{}", applied.out);
    assert_eq!(site.panel.all("domains").await.len(), 1, "nothing was made");
}

/// Deleting a domain leaves its accounts behind, without a mailbox; they have the name, and no list of a domain shows them.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_a_domain_left_behind() {
    let Some(site) = Site::new() else { return };
    let acme = site.panel.hosted("acme.example").await;
    site.panel.account("jane@acme.example", "Jane", "Doe", &[]).await;
    site.panel.post(&format!("/domains/{acme}/delete/"), json!({})).await;
    assert!(site.panel.object("accounts", "jane@acme.example").await["mailbox"].is_null());
    site.panel.hosted("acme.example").await;
    site.write(&hosted("", &user("jane", "")));
    let applied = site.run(&["apply", "--yes"]).await;
    if applied.code == 0 {
        assert_eq!(site.panel.postmap("aliases", "jane@acme.example"), "jane@acme.example", "{}", applied.out);
    } else {
        let said = applied.out + &applied.err;
        assert!(said.contains("jane@acme.example") && said.contains("mailbox"), "{said}");
    }
}

/// An alias that somebody else has gets a further recipient without a word; so nothing is taken from anybody.
#[tokio::test(flavor = "multi_thread")]
async fn an_alias_of_somebody_else_is_a_conflict() {
    let Some(site) = Site::new() else { return };
    site.panel.hosted("acme.example").await;
    site.panel.account("jane@acme.example", "Jane", "Doe", &[]).await;
    site.panel.account("bob@acme.example", "Bob", "Stone", &["desk@acme.example"]).await;
    site.panel.alias("team@acme.example", &["bob@acme.example", "jane@acme.example"]).await;
    for taken in ["desk@acme.example", "team@acme.example", "bob@acme.example"] {
        let planned = site.plan(&hosted("", &user("jane", &format!("\"{taken}\"")))).await;
        assert!(!matches!(planned.code, 0 | 2), "{taken}: {}{}", planned.out, planned.err);
        let applied = site.run(&["apply", "--yes"]).await;
        assert_ne!(applied.code, 0, "{}", applied.out);
    }
    assert_eq!(site.panel.postmap("aliases", "desk@acme.example"), "bob@acme.example");
    assert_eq!(site.panel.postmap("aliases", "team@acme.example"), "bob@acme.example,jane@acme.example");
    assert_eq!(site.panel.postmap("aliases", "bob@acme.example"), "bob@acme.example");
}

/// An alias that is off is switched on with its recipients, without which Modoboa answers 500.
#[tokio::test(flavor = "multi_thread")]
async fn an_alias_that_is_off_is_switched_on() {
    let Some(site) = Site::new() else { return };
    site.panel.hosted("acme.example").await;
    site.panel.account("jane@acme.example", "Jane", "Doe", &["j@acme.example"]).await;
    let path = site.panel.path("aliases", "j@acme.example").await.unwrap();
    let (status, _) = site.panel.send(Who::Admin, Method::PATCH, &path, json!({ "enabled": false })).await;
    assert_eq!(status, 500);
    site.panel.patch(&path, json!({ "enabled": false, "recipients": ["jane@acme.example"] })).await;
    assert_eq!(site.panel.postmap("aliases", "j@acme.example"), "");
    site.apply(&hosted("", &user("jane", "\"j@acme.example\""))).await;
    assert_eq!(site.panel.postmap("aliases", "j@acme.example"), "jane@acme.example");
}

/// What Modoboa refuses of a password is shown in its words, without the password.
#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_refused_is_not_shown() {
    let Some(site) = Site::new() else { return };
    site.panel.hosted("acme.example").await;
    site.write(&hosted("", "[[users]]\naddress = \"jane@acme.example\"\npassword = { env = \"WEAK_PW\" }\n"));
    let applied = site.run(&["apply", "--yes"]).await;
    let said = applied.out + &applied.err;
    assert!(applied.code != 0 && said.contains("too short"), "{said}");
    assert!(!said.contains("abc12"), "{said}");
    assert!(site.panel.path("accounts", "jane@acme.example").await.is_none());
}

/// Parameters are written whole: what is left out of a `PUT` is reset, and nothing is left out.
#[tokio::test(flavor = "multi_thread")]
async fn parameters_that_nobody_named_are_never_reset() {
    let Some(site) = Site::new() else { return };
    let path = "/parameters/global/core/";
    let parameters = async || site.panel.get(path).await["params"].clone();
    let put = async |body: Value| {
        let (status, answer) = site.panel.send(Who::Admin, Method::PUT, path, body).await;
        assert_eq!(status, 200, "{answer}");
    };
    let mut set = parameters().await;
    for (name, value) in [
        ("default_password", json!("Correct-Horse-7")),
        ("ldap_bind_password", json!("not for logs")),
        ("custom_welcome_message", json!("Welcome")),
        ("items_per_page", json!(77)),
        ("log_maximum_age", json!(99)),
        ("update_password_url", json!("https://pw.example/")),
        ("theme_primary_color", json!("#123456")),
        ("send_statistics", json!(false)),
    ] {
        set[name] = value;
    }
    put(set.clone()).await;
    assert_eq!(parameters().await, set);
    let hosted = hosted("", "");
    site.apply(&format!("[password_policy]\ngenerated_length = 20\n{hosted}")).await;
    set["random_password_length"] = json!(20);
    assert_eq!(parameters().await, set);
    let ran = site.apply(&format!("[password_policy]\ngenerated_length = 20\ngenerated_special = true\n{hosted}")).await;
    set["allow_special_characters"] = json!(true);
    assert_eq!(parameters().await, set);
    assert!(!ran.out.contains("not for logs") && !ran.err.contains("not for logs"));
    let short = site.plan(&format!("[password_policy]\ngenerated_length = 7\n{hosted}")).await;
    assert!(short.code != 0 && (short.out + &short.err).contains("8 characters or more"));
    // the same without care: everything else is as a new Modoboa has it
    put(json!({ "random_password_length": 9 })).await;
    assert_ne!(parameters().await["items_per_page"], set["items_per_page"]);
}

/// Rules for passwords that people choose are in a file beside Modoboa: for a person.
#[tokio::test(flavor = "multi_thread")]
async fn rules_for_chosen_passwords_are_for_a_person() {
    let Some(site) = Site::new() else { return };
    site.panel.hosted("acme.example").await;
    let planned = site.plan(&format!("[password_policy]\nmin_length = 12\ngenerated_length = 20\n{}", hosted("", ""))).await;
    assert!(planned.out.contains("AUTH_PASSWORD_VALIDATORS") && planned.out.contains("generated_length"), "{}{}", planned.out, planned.err);
}

/// Served by threads, Modoboa shows defaults instead of what is set to whoever reads parameters beside another request. Whatever
/// is read meanwhile, nothing is written from it.
#[tokio::test(flavor = "multi_thread")]
async fn parameters_are_not_written_from_what_is_read_beside_others() {
    let Some(site) = Site::new() else { return };
    let path = "/parameters/global/core/";
    site.panel.hosted("acme.example").await;
    let mut set = site.panel.get(path).await["params"].clone();
    (set["items_per_page"], set["custom_welcome_message"]) = (json!(77), json!("Welcome"));
    let (status, _) = site.panel.send(Who::Admin, Method::PUT, path, set.clone()).await;
    assert_eq!(status, 200);
    let text = format!("[password_policy]\ngenerated_length = 20\n{}", hosted("", ""));
    site.write(&text);
    let busy = std::sync::atomic::AtomicBool::new(true);
    let others = async {
        while busy.load(std::sync::atomic::Ordering::Relaxed) {
            site.panel.get("/domains/").await;
        }
    };
    let ours = async {
        let ran = site.run(&["apply", "--yes"]).await;
        busy.store(false, std::sync::atomic::Ordering::Relaxed);
        ran
    };
    let (ran, ()) = tokio::join!(ours, others);
    let mut now = site.panel.get(path).await["params"].clone();
    let applied = now["random_password_length"] == json!(20);
    now["random_password_length"] = set["random_password_length"].clone();
    assert_eq!(now, set, "{}{}", ran.out, ran.err);
    let said = ran.out + &ran.err;
    assert!(applied || said.contains("from one read to the next") || said.contains("moved") || ran.code == 5, "{}: {said}", ran.code);
    site.apply(&text).await;
}
