//! What the article on continuity says, and what the others say of passwords.

use crate::support::rest::Rest;
use serde_json::{Value, json};

const PASSWORD: &str = "Correct-Horse-7";

impl Rest {
    async fn continuity(&self) -> Value {
        self.get(&format!("{}/continuity", self.domain)).await
    }
    /// Bought from today, and on.
    async fn subscribed() -> Self {
        let rest = Self::new().await;
        rest.buy(json!({ "months": 12, "from": "2026-12-01" })).await.ok(200);
        rest.switch(json!({ "enabled": true, "outgoing_via_own_server": true })).await.ok(200);
        rest
    }
    async fn buy(&self, term: Value) -> crate::support::rest::Got {
        self.post(&format!("{}/continuity/terms", self.domain), term).await
    }
    async fn switch(&self, body: Value) -> crate::support::rest::Got {
        self.patch(&format!("{}/continuity", self.domain), body).await
    }
    async fn destination_fails(&self, fails: bool) -> Value {
        self.post("/test/destination", json!({ "domain": "acme.example", "temporary_error": fails })).await.ok(200)
    }
    async fn mail(&self, address: &str, event: &str) -> String {
        let done = self.post("/test/continuity-mail", json!({ "address": address, "event": event })).await.ok(200);
        done["fate"].as_str().unwrap().to_owned()
    }
    async fn jane(&self) -> String {
        self.user(json!({ "address": "jane@acme.example", "aliases": ["j.doe@acme.example"], "password": { "password": PASSWORD } })).await
    }
    async fn sign_in(&self, address: &str, password: &str) -> Value {
        let body = json!({ "address": address, "password": password });
        let done = self.post("/test/sign-in", body).await.ok(200);
        if done["signed_in"] == true { json!(true) } else { done["why_not"].clone() }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_booked_for_all_users_only() {
    let rest = Rest::subscribed().await;
    rest.switch(json!({ "enabled": true, "users": ["jane@acme.example"] })).await.refused("invalid");
    assert_eq!(rest.continuity().await["scope"], "all-users");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_term_has_twelve_months_at_least() {
    let rest = Rest::new().await;
    let why = rest.buy(json!({ "months": 11, "from": "2026-12-01" })).await.refused("invalid");
    assert!(why.contains("12"), "{why}");
    let live = rest.buy(json!({ "months": 12, "from": "2026-12-01" })).await.ok(200);
    assert_eq!(live["term"], json!({ "months": 12, "from": "2026-12-01", "until": "2027-12-01" }));
    rest.buy(json!({ "months": 12, "from": "2026-12-01" })).await.ok(200);
    assert_eq!(rest.continuity().await["version"], live["version"], "the same term twice is one purchase");
    rest.buy(json!({ "months": 12, "from": "2027-06-01" })).await.refused("in_use");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_term_it_cannot_be_switched_on() {
    let rest = Rest::new().await;
    rest.switch(json!({ "enabled": true })).await.refused("not_bought");
}

#[tokio::test(flavor = "multi_thread")]
async fn switched_on_in_a_failure_it_does_not_act_for_that_one() {
    let rest = Rest::new().await;
    rest.jane().await;
    rest.destination_fails(true).await;
    rest.buy(json!({ "months": 12, "from": "2026-12-01" })).await.ok(200);
    let live = rest.switch(json!({ "enabled": true })).await.ok(200);
    assert_eq!((&live["acts"], &live["fail_over"]["taking_over"]), (&json!(true), &json!(false)));
    assert_eq!(rest.mail("jane@acme.example", "received").await, "not_taken");
    rest.destination_fails(false).await;
    rest.destination_fails(true).await;
    assert_eq!(rest.mail("jane@acme.example", "received").await, "pending", "the next failure is taken over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_term_cannot_begin_long_ago() {
    let rest = Rest::new().await;
    let why = rest.buy(json!({ "months": 12, "from": "2026-11-16" })).await.refused("invalid");
    assert!(why.contains("backwards"), "{why}");
    rest.buy(json!({ "months": 12, "from": "2026-11-17" })).await.ok(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_temporary_error_of_the_destination_starts_it() {
    let rest = Rest::subscribed().await;
    assert_eq!(rest.continuity().await["fail_over"], json!({ "taking_over": false }));
    let live = rest.destination_fails(true).await;
    assert_eq!(live["fail_over"], json!({ "failing_since": "2026-12-01T08:00:00Z", "taking_over": true }));
    assert_eq!(rest.get(&rest.domain).await["failing_over"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_of_registered_users_is_taken_over() {
    let rest = Rest::subscribed().await;
    rest.jane().await;
    rest.destination_fails(true).await;
    assert_eq!(rest.mail("jane@acme.example", "received").await, "pending");
    assert_eq!(rest.mail("j.doe@acme.example", "received").await, "pending", "an alias is the user's own");
    assert_eq!(rest.continuity().await["mails"]["pending"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_of_unknown_addresses_is_not() {
    let rest = Rest::subscribed().await;
    rest.destination_fails(true).await;
    assert_eq!(rest.mail("nobody@acme.example", "received").await, "not_taken");
    // who comes while it fails is too late for what came before
    rest.user(json!({ "address": "nobody@acme.example" })).await;
    assert_eq!(rest.continuity().await["mails"]["pending"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_switched_on_with_outgoing_mail_by_the_own_server() {
    let live = Rest::subscribed().await.continuity().await;
    assert_eq!((&live["enabled"], &live["outgoing_via_own_server"]), (&json!(true), &json!(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_needs_a_password_to_sign_in() {
    let rest = Rest::subscribed().await;
    let user = rest.user(json!({ "address": "kim@acme.example" })).await;
    assert_eq!(rest.sign_in("kim@acme.example", PASSWORD).await, "no_password");
    assert_eq!(rest.continuity().await["readiness"], json!({ "users": 1, "ready": 0, "inactive": 0, "no_password": 1 }));
    let set = rest.send("PUT", &format!("{user}/password"), Some(json!({ "password": PASSWORD, "label": "2026-12" }))).await.ok(200);
    assert_eq!((&set["access"]["password_label"], &set["version"]), (&json!("2026-12"), &json!(2)));
    assert_eq!(rest.sign_in("kim@acme.example", PASSWORD).await, true);
    assert_eq!(rest.sign_in("kim@acme.example", "Wrong-Horse-7").await, "wrong_password");
    assert_eq!(rest.continuity().await["readiness"]["ready"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_must_be_active() {
    let rest = Rest::subscribed().await;
    let user = rest.jane().await;
    rest.patch(&user, json!({ "status": "inactive" })).await.ok(200);
    assert_eq!(rest.sign_in("jane@acme.example", PASSWORD).await, "inactive");
    assert_eq!(rest.continuity().await["readiness"], json!({ "users": 1, "ready": 0, "inactive": 1, "no_password": 0 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn aliases_are_added_to_the_user() {
    let rest = Rest::subscribed().await;
    let user = rest.jane().await;
    rest.destination_fails(true).await;
    assert_eq!(rest.mail("info@acme.example", "received").await, "not_taken");
    rest.patch(&user, json!({ "aliases": ["j.doe@acme.example", "info@acme.example"] })).await.ok(200);
    assert_eq!(rest.mail("info@acme.example", "received").await, "pending");
    assert_eq!(rest.sign_in("info@acme.example", PASSWORD).await, true);
}

#[tokio::test(flavor = "multi_thread")]
async fn users_request_a_password_by_themselves() {
    let rest = Rest::subscribed().await;
    let user = rest.user(json!({ "address": "kim@acme.example", "invite": true })).await;
    assert_eq!(rest.get(&user).await["access"]["mails_sent"], 1);
    let follow = |password: Option<&str>| match password {
        Some(password) => json!({ "address": "kim@acme.example", "password": password }),
        None => json!({ "address": "kim@acme.example" }),
    };
    rest.post("/test/follow-invite", follow(Some(PASSWORD))).await.refused("not_held");
    rest.post("/test/follow-invite", follow(None)).await.ok(200);
    rest.post("/test/follow-invite", follow(Some(PASSWORD))).await.ok(200);
    assert_eq!(rest.sign_in("kim@acme.example", PASSWORD).await, true);
    rest.post("/test/follow-invite", follow(Some("Another-Horse-7"))).await.refused("not_held");
    let again = rest.send("POST", &format!("{user}/invite"), None).await.ok(200);
    assert_eq!((&again["access"]["mails_sent"], &again["access"]["has_password"]), (&json!(2), &json!(true)), "the old one still works");
    rest.advance(8).await;
    rest.post("/test/follow-invite", follow(None)).await.refused("not_held");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_user_signs_in_once_before() {
    let rest = Rest::subscribed().await;
    rest.post("/test/users", json!({ "user": { "address": "dir@acme.example" }, "origin": "directory" })).await.ok(200);
    assert_eq!(rest.continuity().await["readiness"]["no_password"], 1);
    let first = json!({ "address": "dir@acme.example", "password": PASSWORD, "directory_agrees": true });
    assert_eq!(rest.post("/test/sign-in", first).await.ok(200)["signed_in"], true);
    rest.destination_fails(true).await;
    assert_eq!(rest.sign_in("dir@acme.example", PASSWORD).await, true, "now without the directory");
    assert_eq!(rest.continuity().await["readiness"]["ready"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn else_its_password_is_set_by_hand() {
    let rest = Rest::subscribed().await;
    let made = rest.post("/test/users", json!({ "user": { "address": "dir@acme.example" }, "origin": "directory" })).await.ok(200);
    assert_eq!(rest.sign_in("dir@acme.example", PASSWORD).await, "no_password");
    let path = format!("{}/users/{}/password", rest.domain, made["id"].as_str().unwrap());
    rest.send("PUT", &path, Some(json!({ "password": PASSWORD }))).await.ok(200);
    assert_eq!(rest.sign_in("dir@acme.example", PASSWORD).await, true);
}

#[tokio::test(flavor = "multi_thread")]
async fn users_send_and_receive_by_webmail() {
    let rest = Rest::subscribed().await;
    rest.jane().await;
    rest.destination_fails(true).await;
    assert_eq!(rest.sign_in("jane@acme.example", PASSWORD).await, true);
    assert_eq!(rest.mail("jane@acme.example", "received").await, "pending");
    assert_eq!(rest.mail("jane@acme.example", "sent").await, "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_is_archived_from_the_subscription_on() {
    let rest = Rest::new().await;
    rest.jane().await;
    assert_eq!(rest.mail("jane@acme.example", "received").await, "destination");
    rest.buy(json!({ "months": 12, "from": "2026-12-02" })).await.ok(200);
    rest.switch(json!({ "enabled": true })).await.ok(200);
    assert_eq!(rest.mail("jane@acme.example", "received").await, "destination", "its term has not begun");
    rest.advance(1).await;
    assert_eq!(rest.mail("jane@acme.example", "received").await, "archived");
    assert_eq!(rest.mail("jane@acme.example", "sent").await, "archived");
    assert_eq!(rest.continuity().await["mails"]["archived"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_archive_rolls_over_ninety_days() {
    let rest = Rest::subscribed().await;
    rest.jane().await;
    rest.mail("jane@acme.example", "received").await;
    rest.advance(60).await;
    rest.mail("jane@acme.example", "received").await;
    assert_eq!(rest.continuity().await["mails"]["archived"], 2);
    rest.advance(31).await;
    let mails = rest.continuity().await["mails"].clone();
    assert_eq!((&mails["archived"], &mails["archive_days"]), (&json!(1), &json!(90)));
}

#[tokio::test(flavor = "multi_thread")]
async fn released_in_a_failure_a_mail_is_copied_to_the_service() {
    let rest = Rest::subscribed().await;
    rest.jane().await;
    rest.mail("jane@acme.example", "received").await;
    assert_eq!(rest.mail("jane@acme.example", "released-from-archive").await, "destination", "at any time");
    rest.destination_fails(true).await;
    assert_eq!(rest.mail("jane@acme.example", "released-from-archive").await, "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_redelivered_when_the_destination_is_back() {
    let rest = Rest::subscribed().await;
    rest.jane().await;
    rest.destination_fails(true).await;
    rest.mail("jane@acme.example", "received").await;
    rest.mail("jane@acme.example", "sent").await;
    let mails = rest.destination_fails(false).await["mails"].clone();
    assert_eq!((&mails["pending"], &mails["redelivered"]), (&json!(0), &json!(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_in_webmail_is_not_redelivered() {
    let rest = Rest::subscribed().await;
    rest.jane().await;
    rest.destination_fails(true).await;
    rest.mail("jane@acme.example", "received").await;
    rest.mail("jane@acme.example", "received").await;
    assert_eq!(rest.mail("jane@acme.example", "deleted-in-webmail").await, "deleted");
    let mails = rest.destination_fails(false).await["mails"].clone();
    assert_eq!((&mails["pending"], &mails["redelivered"], &mails["deleted"]), (&json!(0), &json!(1), &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_deleted_while_it_fails_over() {
    let rest = Rest::subscribed().await;
    let user = rest.jane().await;
    rest.destination_fails(true).await;
    rest.send("DELETE", &user, None).await.refused("failing_over");
    rest.switch(json!({ "enabled": false })).await.refused("failing_over");
    rest.destination_fails(false).await;
    rest.send("DELETE", &user, None).await.ok(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strong_policy_asks_for_length_and_classes() {
    let rest = Rest::new().await;
    let policy = json!({ "min_length": 8, "upper": true, "lower": true, "digit": true, "special": false });
    rest.send("PUT", &format!("{}/password-policy", rest.tenant), Some(policy)).await.ok(200);
    let user = rest.user(json!({ "address": "kim@acme.example" })).await;
    let set = |password: &str| json!({ "password": password });
    for (password, lacks) in [
        ("Short1", "at least 8 characters"),
        ("no-upper-case-1", "an upper-case letter"),
        ("NO-LOWER-CASE-1", "a lower-case letter"),
        ("No-Digit-At-All", "a digit"),
    ] {
        let why = rest.send("PUT", &format!("{user}/password"), Some(set(password))).await.refused("password_policy");
        assert!(why.ends_with(&format!("lacks: {lacks}")) && !why.contains(password), "{why}");
    }
    rest.send("PUT", &format!("{user}/password"), Some(set("Special-Ch4racters!"))).await.ok(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stricter_policy_does_not_change_old_passwords() {
    let rest = Rest::new().await;
    let user = rest.user(json!({ "address": "kim@acme.example", "password": { "password": "password" } })).await;
    let policy = json!({ "min_length": 12, "upper": true, "lower": true, "digit": true, "special": true });
    rest.send("PUT", &format!("{}/password-policy", rest.tenant), Some(policy)).await.ok(200);
    assert_eq!(rest.sign_in("kim@acme.example", "password").await, true);
    rest.send("PUT", &format!("{user}/password"), Some(json!({ "password": "password" }))).await.refused("password_policy");
}
