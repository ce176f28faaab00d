//! Somebody changes things in Modoboa with a token of his own: drift finds all of it, and the panel's own trail says who.

use crate::modoboa::site::{Site, hosted, user};
use crate::support::modoboa::Who;
use reqwest::Method;
use serde_json::{Value, json};

impl Site {
    /// A change by the other administrator.
    async fn somebody(&self, method: Method, path: &str, body: Value) {
        let (status, answer) = self.panel.send(Who::Other, method, path, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_by_another_administrator_are_found() {
    let Some(site) = Site::new() else { return };
    let relay = "[domains.\"relay.example\"]\nrelay_check = \"smtp\"\ndestination = \"mx.relay.example:25\"\n";
    let jane = "[[users]]\naddress = \"jane@acme.example\"\nfirst_name = \"Jane\"\naliases = [\"j@acme.example\", \"jd@acme.example\"]\n";
    site.apply(&(relay.to_owned() + &hosted("alias_domains = [\"acme.test\"]", &(jane.to_owned() + &user("bob", ""))))).await;
    let quiet = site.run(&["drift"]).await;
    assert!(quiet.code == 0 && quiet.out.contains("no drift"), "{}{}", quiet.out, quiet.err);

    let path = async |list: &str, name: &str| site.panel.path(list, name).await.unwrap();
    site.somebody(Method::PATCH, &path("accounts", "jane@acme.example").await, json!({ "first_name": "Janet" })).await;
    site.somebody(Method::DELETE, &path("aliases", "jd@acme.example").await, Value::Null).await;
    site.somebody(Method::DELETE, &path("accounts", "bob@acme.example").await, Value::Null).await;
    site.somebody(Method::DELETE, &path("domainaliases", "acme.test").await, Value::Null).await;
    let settings = json!({ "relay_target_host": "evil.example", "relay_target_port": 25, "relay_verify_recipients": false });
    let body = json!({ "type": "relaydomain", "transport": { "service": "relay", "settings": settings } });
    site.somebody(Method::PATCH, &path("domains", "relay.example").await, body).await;
    let eve = json!({ "username": "eve@acme.example", "role": "SimpleUsers", "password": "Correct-Horse-7" });
    site.somebody(Method::POST, "/accounts/", eve).await;

    let drift = site.run(&["drift"]).await;
    assert_eq!(drift.code, 2, "{}{}", drift.out, drift.err);
    for text in [
        "first_name",
        "Janet → Jane",
        "jd@acme.example",
        "user bob@acme.example",
        "acme.test",
        "evil.example:25",
        "relay_check",
        "eve@acme.example",
    ] {
        assert!(drift.out.contains(text), "{text} is not in\n{}", drift.out);
    }

    // Modoboa's own trail: who, by name of the object, and to the minute when; not what
    let trail = site.panel.get("/logs/audit-trail/?page_size=100").await;
    let lines: Vec<&str> = trail["results"].as_array().unwrap().iter().filter_map(|l| l["message"].as_str()).collect();
    for (object, verb) in [
        ("user 'jane@acme.example'", "modified"),
        ("alias 'jd@acme.example'", "deleted"),
        ("user 'bob@acme.example'", "deleted"),
        ("user 'eve@acme.example'", "added"),
        ("domain 'relay.example'", "modified"),
    ] {
        let found = lines.iter().any(|l| l.contains(&format!("{object} {verb} by user other")));
        assert!(found, "{object} {verb} is not in\n{}", lines.join("\n"));
    }

    // what was declared comes back, and the trail says who brought it
    let applied = site.run(&["apply", "--yes"]).await;
    assert!(matches!(applied.code, 0 | 4), "{}{}", applied.out, applied.err);
}
