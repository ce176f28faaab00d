//! What Postfix reads after each apply, by its own `postmap` on the tables that Modoboa writes for it.

use crate::modoboa::site::{Site, hosted, removed, user};
use crate::support::modoboa::{Modoboa, Who};
use reqwest::Method;
use serde_json::json;

/// Table, key, and what stands there; nothing: the empty text.
type Reads = (&'static str, &'static str, &'static str);

fn reads(panel: &Modoboa, state: &str, all: &[Reads]) {
    for (map, key, said) in all {
        assert_eq!(panel.postmap(map, key), *said, "{state}: {map} {key}");
    }
}

impl Site {
    /// Applies, and asks Postfix.
    async fn state(&self, state: &str, text: &str, all: &[Reads]) {
        self.apply(text).await;
        reads(&self.panel, state, all);
    }
}

const VERIFIED: &str = "reject_unverified_recipient";

/// The witness itself: each table says what it should of objects that were made by hand.
#[tokio::test(flavor = "multi_thread")]
async fn the_witness_sees_each_kind_of_object() {
    let Some(panel) = Modoboa::take() else { return };
    let acme = panel.hosted("acme.example").await;
    panel.relayed("relay.example", "mx.relay.example", 2525, true).await;
    panel.account("jane@acme.example", "Jane", "Doe", &["j@acme.example"]).await;
    panel.domain_alias("acme.test", &acme).await;
    reads(
        &panel,
        "by hand",
        &[
            ("domains", "acme.example", "acme.example"),
            ("domains", "relay.example", ""),
            ("relaydomains", "relay.example", "relay.example"),
            ("transport", "relay.example", "relay:[mx.relay.example]:2525"),
            ("relay-recipient-verification", "x@relay.example", VERIFIED),
            ("aliases", "jane@acme.example", "jane@acme.example"),
            ("aliases", "j@acme.example", "jane@acme.example"),
            ("aliases", "nobody@acme.example", ""),
            ("domain-aliases", "acme.test", "acme.example"),
        ],
    );
    let (status, _) = panel.send(Who::Other, Method::POST, "/domains/", json!({ "name": "other.example" })).await;
    assert_eq!(status, 201);
    assert_eq!(panel.postmap("domains", "other.example"), "other.example");
}

const RELAY: &str = "[domains.\"relay.example\"]\nrelay_check = \"smtp\"\n";

#[tokio::test(flavor = "multi_thread")]
async fn relay_domains() {
    let Some(site) = Site::new() else { return };
    let there = ("relaydomains", "relay.example", "relay.example");
    let verified = ("relay-recipient-verification", "x@relay.example", VERIFIED);
    let to = |host: &str, more: &str| format!("{RELAY}destination = \"{host}\"\n{more}");
    let transport = |to: &'static str| ("transport", "relay.example", to);

    let first = transport("relay:[mx.relay.example]:2525");
    site.state("a new relay domain", &to("mx.relay.example:2525", ""), &[there, verified, first]).await;
    let second = transport("relay:[192.0.2.7]:25");
    site.state("another destination", &to("192.0.2.7:25", ""), &[there, verified, second]).await;
    let third = transport("relay:[2001:db8::7]:26");
    site.state("an IPv6 destination", &to("[2001:db8::7]:26", ""), &[there, verified, third]).await;
    let alias = ("domain-aliases", "relay.test", "relay.example");
    let text = to("[2001:db8::7]:26", "alias_domains = [\"relay.test\"]\n");
    site.state("an alias domain", &text, &[there, verified, third, alias]).await;
    let gone = ("domain-aliases", "relay.test", "");
    let text = to("[2001:db8::7]:26", "alias_domains = []\n");
    site.state("no alias domain any more", &text, &[there, verified, third, gone]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_domain_that_somebody_made() {
    let Some(site) = Site::new() else { return };
    site.panel.relayed("relay.example", "mx.relay.example", 25, false).await;
    let transport = ("transport", "relay.example", "relay:[mx.relay.example]:25");
    reads(&site.panel, "by hand", &[transport, ("relay-recipient-verification", "x@relay.example", "")]);
    let verified = ("relay-recipient-verification", "x@relay.example", VERIFIED);
    site.state("recipients are verified", RELAY, &[transport, verified]).await;
    let gone = [
        ("relaydomains", "relay.example", ""),
        ("transport", "relay.example", ""),
        ("relay-recipient-verification", "x@relay.example", ""),
    ];
    site.state("the domain is removed", &removed("domain", "relay.example"), &gone).await;
}

const WHOLE: &str = "[domains.\"acme.example\".users]\nauthority = \"add-delete-old\"\n";

#[tokio::test(flavor = "multi_thread")]
async fn mailboxes_and_aliases() {
    let Some(site) = Site::new() else { return };
    let domain = ("domains", "acme.example", "acme.example");
    let jane = ("aliases", "jane@acme.example", "jane@acme.example");
    let bob = ("aliases", "bob@acme.example", "bob@acme.example");
    let desk = |to: &'static str| ("aliases", "desk@acme.example", to);

    let text = hosted("", &(user("jane", "\"desk@acme.example\"") + &user("bob", "")));
    site.state("mailboxes and an alias", &text, &[domain, jane, bob, desk("jane@acme.example")]).await;
    let text = hosted("", &(user("jane", "") + &user("bob", "\"desk@acme.example\"")));
    site.state("the alias moves", &text, &[jane, bob, desk("bob@acme.example")]).await;
    let text = hosted(WHOLE, &(user("jane", "") + &user("bob", "")));
    site.state("the alias goes", &text, &[jane, bob, desk("")]).await;
    let text = hosted("", &(user("jane", "") + "[[users]]\naddress = \"rob@acme.example\"\n")) + RENAMED;
    let rob = [("aliases", "rob@acme.example", "rob@acme.example"), ("aliases", "bob@acme.example", "rob@acme.example")];
    site.state("a rename that keeps the old address", &text, &rob).await;
    let text = hosted("alias_domains = [\"acme.test\"]", &user("jane", ""));
    let both = [("domain-aliases", "acme.test", "acme.example"), ("aliases", "@acme.test", "@acme.example")];
    site.state("an alias domain", &text, &both).await;
    let text = hosted("alias_domains = []", &user("jane", "")) + &removed("user", "rob@acme.example");
    let gone = [
        jane,
        ("aliases", "rob@acme.example", ""),
        ("aliases", "bob@acme.example", ""),
        ("domain-aliases", "acme.test", ""),
        ("aliases", "@acme.test", ""),
    ];
    site.state("a mailbox and an alias domain are removed", &text, &gone).await;
}

const RENAMED: &str = "[[renamed]]\nfrom = \"bob@acme.example\"\nto = \"rob@acme.example\"\n";

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_declares_stays() {
    let Some(site) = Site::new() else { return };
    let acme = site.panel.hosted("acme.example").await;
    site.panel.account("jane@acme.example", "Jane", "Doe", &["j@acme.example"]).await;
    site.panel.account("kim@acme.example", "Kim", "Lund", &[]).await;
    site.panel.alias("team@acme.example", &["jane@acme.example", "kim@acme.example"]).await;
    site.panel.alias("@acme.example", &["jane@acme.example"]).await;
    site.panel.alias("away@acme.example", &["x@elsewhere.example"]).await;
    site.panel.domain_alias("acme.test", &acme).await;
    let stays = [
        ("aliases", "j@acme.example", "jane@acme.example"),
        ("aliases", "team@acme.example", "jane@acme.example,kim@acme.example"),
        ("aliases", "@acme.example", "jane@acme.example"),
        ("aliases", "away@acme.example", "x@elsewhere.example"),
        ("aliases", "kim@acme.example", "kim@acme.example"),
        ("domain-aliases", "acme.test", "acme.example"),
    ];
    reads(&site.panel, "by hand", &stays);
    let text = hosted("", &user("jane", "\"jd@acme.example\""));
    site.state("an alias more", &text, &stays).await;
    reads(&site.panel, "an alias more", &[("aliases", "jd@acme.example", "jane@acme.example")]);

    // the whole list of a user's aliases is the list of those that are the user's own
    let text = hosted("[domains.\"acme.example\".users]\naliases_authority = \"add-delete-old\"\n", &user("jane", "\"jd@acme.example\""));
    site.apply(&text).await;
    reads(&site.panel, "fewer aliases", &[("aliases", "j@acme.example", ""), ("aliases", "jd@acme.example", "jane@acme.example")]);
    reads(&site.panel, "fewer aliases", &stays[1..]);
}

/// Modoboa refuses the mail of an account that is off, which is not what inactive means here.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_off_stays_off() {
    let Some(site) = Site::new() else { return };
    site.panel.hosted("acme.example").await;
    let pk = site.panel.account("jane@acme.example", "Jane", "Doe", &["j@acme.example"]).await;
    site.panel.patch(&format!("/accounts/{pk}/"), json!({ "is_active": false })).await;
    let off = [("aliases", "jane@acme.example", ""), ("aliases", "j@acme.example", "")];
    reads(&site.panel, "off", &off);
    let planned = site.plan(&hosted("", "[[users]]\naddress = \"jane@acme.example\"\nstatus = \"active\"\n")).await;
    assert_eq!(planned.code, 3, "{}{}", planned.out, planned.err);
    assert!(planned.out.contains("Modoboa refuses the mail"), "{}", planned.out);
    let applied = site.run(&["apply", "--yes"]).await;
    assert_eq!(applied.code, 3, "{}{}", applied.out, applied.err);
    reads(&site.panel, "still off", &off);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_that_is_removed_takes_its_mailboxes_along() {
    let Some(site) = Site::new() else { return };
    site.panel.hosted("acme.example").await;
    site.panel.hosted("other.example").await;
    site.panel.account("jane@acme.example", "Jane", "Doe", &["j@acme.example", "jane@other.example"]).await;
    let gone = [
        ("domains", "acme.example", ""),
        ("aliases", "jane@acme.example", ""),
        ("aliases", "j@acme.example", ""),
        ("aliases", "jane@other.example", ""),
        ("domains", "other.example", "other.example"),
    ];
    site.state("the domain is removed", &removed("domain", "acme.example"), &gone).await;
    assert_eq!(site.panel.all("domains").await.len(), 1);

    // and can come back with the same people
    let text = hosted("", &user("jane", ""));
    let back = [("domains", "acme.example", "acme.example"), ("aliases", "jane@acme.example", "jane@acme.example")];
    site.state("the domain comes back", &text, &back).await;
}
