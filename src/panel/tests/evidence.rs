//! Mail counts, recipients and the clock.

use super::rig::Rig;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn mails_are_counted_for_who_gets_them() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let domain = rig.domain(&tenant, "acme.example").await;
    rig.patch(&domain, json!({ "alias_domains": ["acme.test"] })).await.ok(200);
    let jane = rig.user(&domain, "jane@acme.example", &["j@acme.example"]).await;
    let bob = rig.user(&domain, "bob@acme.example", &["bobby@acme.test"]).await;
    let feed = [
        ("jane@acme.example", 3, "2026-11-30T10:00:00Z"),
        ("j@acme.example", 2, "2026-11-29T10:00:00Z"),
        ("jane@acme.test", 1, "2026-12-01T07:00:00Z"),
        ("bobby@acme.test", 5, "2026-11-20T00:00:00Z"),
        ("Reception@acme.example", 41, "2026-12-01T07:12:00Z"),
        ("gone@acme.example", 9, "2026-11-01T23:59:59Z"),
    ];
    for (recipient, count, at) in feed {
        rig.post("/test/mail", json!({ "recipient": recipient, "count": count, "at": at })).await.ok(204);
    }
    let user = rig.get(&format!("{domain}/users/{jane}")).await;
    assert_eq!((&user.ok(200)["mails_30d"], &user.body["last_mail_at"]), (&json!(6), &json!("2026-12-01T07:00:00Z")));
    let users = rig.get(&format!("{domain}/users?address=bob@acme.example")).await;
    assert_eq!((&users.ok(200)["items"][0]["mails_30d"], &users.body["items"][0]["id"]), (&json!(5), &json!(bob)));
    let got = rig.get(&format!("{domain}/recipients?limit=3")).await;
    let row = |address: &str, mails: u64, at: &str, known: &str| json!({ "address": address, "mails_30d": mails, "last_mail_at": at, "known": known });
    let first = [
        row("bobby@acme.test", 5, "2026-11-20T00:00:00Z", "alias"),
        row("j@acme.example", 2, "2026-11-29T10:00:00Z", "alias"),
        row("jane@acme.example", 3, "2026-11-30T10:00:00Z", "user"),
    ];
    assert_eq!((&got.ok(200)["items"], &got.body["total"]), (&json!(first), &json!(5)), "mail of 30 days ago does not count");
    let next = got.body["next_cursor"].as_str().unwrap();
    let got = rig.get(&format!("{domain}/recipients?cursor={next}")).await;
    let second =
        [row("jane@acme.test", 1, "2026-12-01T07:00:00Z", "user"), row("reception@acme.example", 41, "2026-12-01T07:12:00Z", "none")];
    assert_eq!((&got.ok(200)["items"], got.body.get("next_cursor")), (&json!(second), None));
    rig.clock.advance(Duration::from_secs(30 * 86_400));
    assert_eq!(rig.get(&format!("{domain}/recipients")).await.ok(200)["total"], 0);
    assert_eq!(rig.get(&format!("{domain}/users/{jane}")).await.ok(200)["mails_30d"], 0);
}

#[tokio::test]
async fn mail_is_fed_to_domains_of_the_panel_only() {
    let rig = Rig::new().await;
    let (one, two) = (rig.tenant("one").await, rig.tenant("two").await);
    rig.domain(&one, "acme.example").await;
    let mark = rig.mark(&one).await;
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    rig.post("/test/mail", json!({ "tenant": id(&one), "recipient": "a@acme.example", "count": 1 })).await.ok(204);
    rig.post("/test/mail", json!({ "tenant": id(&two), "recipient": "a@acme.example", "count": 1 })).await.refused(422, "invalid");
    rig.post("/test/mail", json!({ "recipient": "a@else.example", "count": 1 })).await.refused(422, "invalid");
    rig.post("/test/mail", json!({ "recipient": "a@acme.example", "count": 0 })).await.refused(422, "invalid");
    assert_eq!(rig.mark(&one).await, mark, "mail is no change");
}

#[tokio::test]
async fn the_clock_can_be_set_and_advanced() {
    let rig = Rig::new().await;
    assert_eq!(rig.get("/test/clock").await.ok(200)["now"], "2026-12-01T08:00:00Z");
    assert_eq!(rig.post("/test/clock", json!({ "advance_seconds": 3600 })).await.ok(200)["now"], "2026-12-01T09:00:00Z");
    rig.post("/test/clock", json!({ "now": "2027-01-01T00:00:00Z" })).await.ok(200);
    assert_eq!(rig.get("/panel").await.ok(200)["now"], "2027-01-01T00:00:00Z");
    for bad in
        [json!({}), json!({ "now": "2027-01-01T00:00:00Z", "advance_seconds": 1 }), json!({ "advance_seconds": -1 }), json!({ "now": "x" })]
    {
        rig.post("/test/clock", bad).await.refused(422, "invalid");
    }
}
