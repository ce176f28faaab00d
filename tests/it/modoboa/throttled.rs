//! Modoboa as it is by itself: five writes a second for each kind of object, and limits on reads.

use crate::modoboa::site::{Site, hosted};
use crate::support::modoboa::{Modoboa, Who};
use reqwest::Method;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn thirty_steps_converge() {
    let Some(panel) = Modoboa::throttled() else { return };
    let site = Site::of(panel, "");
    let relays: String =
        (0..5).map(|n| format!("[domains.\"r{n}.example\"]\nrelay_check = \"smtp\"\ndestination = \"mx{n}.example:25\"\n")).collect();
    let users: String =
        (0..24).map(|n| format!("[[users]]\naddress = \"u{n}@acme.example\"\naliases = [\"a{n}@acme.example\"]\n")).collect();
    let applied = site.apply(&(relays + &hosted("", &users))).await;
    assert!(applied.out.contains("30 done"), "{}", applied.out);
    assert_eq!(site.panel.postmap("aliases", "a23@acme.example"), "u23@acme.example");
    assert_eq!(site.panel.postmap("transport", "r4.example"), "relay:[mx4.example]:25");

    // the limit is there: whoever does not wait is refused
    let mut codes = Vec::new();
    for n in 0..12 {
        codes.push(site.panel.send(Who::Other, Method::POST, "/aliases/", json!({ "address": format!("x{n}@nobody.example") })).await.0);
    }
    assert!(codes.contains(&429), "{codes:?}");
}
