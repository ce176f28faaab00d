//! Import jobs, the nightly creation of users, and the filter's verdict. The clock starts at 2026-12-01T08:00:00Z.

use super::filter_rig::Site;
use crate::support::destination::destination;
use serde_json::{Value, json};

const GREETING: &str = "220 mx.acme.example ESMTP\r\n";

#[tokio::test]
async fn a_deleted_user_creeps_back() {
    let site = Site::new("smtp").await;
    let id = site.add("old").await;
    let (status, _) = site.send("DELETE", &site.below(&format!("/users/{id}")), Value::Null).await;
    assert_eq!((status, site.names().await.as_str()), (204, ""));
    site.mails("old", 2, "clean", "2026-12-01T12:00:00Z").await;
    site.clock("2026-12-01T23:00:00Z").await;
    let users = site.users().await;
    assert_eq!((users.len(), &users[0]["address"], &users[0]["origin"]), (1, &json!("old@acme.example"), &json!("smtp")));
    assert_ne!(users[0]["id"], json!(id), "another user of the same address");
}

#[tokio::test]
async fn the_number_creeps_up_again() {
    let site = Site::new("smtp").await;
    let mut counts = Vec::new();
    for day in 1..=3 {
        for local in ["a", "b", "c"].iter().take(day) {
            site.mails(local, 2, "clean", &format!("2026-12-0{day}T12:00:00Z")).await;
        }
        site.clock(&format!("2026-12-0{day}T23:30:00Z")).await;
        counts.push(site.users().await.len());
    }
    assert_eq!(counts, [1, 2, 3]);
}

#[tokio::test]
async fn users_are_deleted_one_by_one() {
    let site = Site::new("control-panel").await;
    let (one, _two) = (site.add("one").await, site.add("two").await);
    let (status, _) = site.send("DELETE", &site.below(&format!("/users/{one}")), Value::Null).await;
    assert_eq!((status, site.names().await.as_str(), site.verdict("one").await.0), (204, "two", 550));
}

#[tokio::test]
async fn many_go_in_one_change() {
    let site = Site::new("control-panel").await;
    for local in ["a", "b", "c", "d"] {
        site.add(local).await;
    }
    assert_eq!(site.import("add-delete-old", &["a"]).await.0, 202);
    site.clock("2026-12-01T09:00:00Z").await;
    assert_eq!(site.names().await, "a");
    let (_, jobs) = site.send("GET", &site.below("/imports"), Value::Null).await;
    assert_eq!((&jobs["total"], &jobs["items"][0]["deleted"]), (&json!(1), &json!(3)));
}

#[tokio::test]
async fn two_clean_mails_make_a_user() {
    let site = Site::new("smtp").await;
    site.mails("jane", 1, "clean", "2026-12-01T09:00:00Z").await;
    site.mails("jane", 1, "clean", "2026-12-01T22:59:59Z").await;
    site.clock("2026-12-01T23:00:00Z").await;
    assert_eq!(site.names().await, "jane");
}

#[tokio::test]
async fn one_clean_mail_makes_nobody() {
    let site = Site::new("smtp").await;
    site.mails("jane", 1, "clean", "2026-12-01T09:00:00Z").await;
    site.clock("2026-12-03T08:00:00Z").await;
    assert_eq!(site.names().await, "");
}

#[tokio::test]
async fn mails_of_two_nights_do_not_add_up() {
    let site = Site::new("smtp").await;
    site.mails("jane", 1, "clean", "2026-12-01T22:00:00Z").await;
    site.mails("jane", 1, "clean", "2026-12-01T23:30:00Z").await;
    site.clock("2026-12-03T08:00:00Z").await;
    assert_eq!(site.names().await, "");
}

#[tokio::test]
async fn spam_makes_nobody() {
    let site = Site::new("smtp").await;
    site.mails("jane", 50, "spam", "2026-12-01T09:00:00Z").await;
    site.mails("jane", 1, "clean", "2026-12-01T10:00:00Z").await;
    site.clock("2026-12-02T08:00:00Z").await;
    assert_eq!(site.names().await, "");
    let (_, seen) = site.send("GET", &site.below("/recipients"), Value::Null).await;
    assert_eq!(seen["items"][0]["mails_30d"], 1, "spam is no evidence either");
}

#[tokio::test]
async fn users_are_made_at_eleven() {
    let site = Site::new("smtp").await;
    site.mails("jane", 2, "clean", "2026-12-01T09:00:00Z").await;
    site.clock("2026-12-01T22:59:59Z").await;
    assert_eq!(site.names().await, "");
    site.clock("2026-12-02T07:00:00Z").await;
    assert_eq!(site.users().await[0]["created_at"], "2026-12-01T23:00:00Z");
}

#[tokio::test]
async fn an_import_leaves_only_its_list() {
    let site = Site::new("control-panel").await;
    site.add("old").await;
    site.add("stays").await;
    site.import("add-delete-old", &["stays", "new"]).await;
    site.clock("2026-12-01T09:00:00Z").await;
    assert_eq!(site.names().await, "new stays");
    assert_eq!((site.verdict("old").await.0, site.verdict("new").await.0), (550, 250));
}

#[tokio::test]
async fn an_import_needs_no_deletion_before() {
    let site = Site::new("control-panel").await;
    let kept = site.add("stays").await;
    site.import("add-delete-old", &["stays"]).await;
    site.clock("2026-12-01T09:00:00Z").await;
    // the same user, not one made again: what hangs on it is still there
    assert_eq!(site.users().await[0]["id"], json!(kept));
}

#[tokio::test]
async fn an_import_is_confirmed_at_once() {
    let site = Site::new("control-panel").await;
    let (status, job) = site.import("add", &["a", "b", "a"]).await;
    assert_eq!((status, &job["status"], &job["sent"], &job["accepted"]), (202, &json!("accepted"), &json!(3), &json!(2)));
    assert_eq!(job["ignored"], json!({ "duplicate-row": 1 }));
    let (_, again) = site.send("GET", &site.below(&format!("/imports/{}", job["id"].as_str().unwrap())), Value::Null).await;
    assert_eq!(again, job);
}

#[tokio::test]
async fn an_import_acts_within_its_window() {
    let site = Site::new("control-panel").await;
    let (_, job) = site.import("add", &["a"]).await;
    assert_eq!((&job["effective_from"], &job["effective_until"]), (&json!("2026-12-01T08:30:00Z"), &json!("2026-12-01T09:00:00Z")));
    site.clock("2026-12-01T08:29:59Z").await;
    assert_eq!((site.names().await.as_str(), site.verdict("a").await.0), ("", 550));
    site.clock("2026-12-01T09:00:00Z").await;
    assert_eq!((site.names().await.as_str(), site.verdict("a").await.0), ("a", 250));
}

#[tokio::test]
async fn ldap_without_a_directory_defers() {
    let site = Site::new("ldap").await;
    site.add("jane").await;
    let (code, reason) = site.verdict("jane").await;
    assert_eq!(code, 451, "{reason}");
    assert!(reason.contains("directory"), "{reason}");
}

#[tokio::test]
async fn the_destination_says_who_is_there() {
    let site = Site::at("smtp", &destination(&["jane"], GREETING).await, None).await;
    let (code, reason) = site.verdict("jane").await;
    assert_eq!(code, 250, "{reason}");
}

#[tokio::test]
async fn an_unknown_recipient_is_rejected() {
    let site = Site::at("smtp", &destination(&["jane"], GREETING).await, None).await;
    // not even a user of the list is taken where the destination does not know it
    site.add("gone").await;
    for local in ["gone", "never"] {
        let (code, reason) = site.verdict(local).await;
        assert_eq!(code, 550, "{reason}");
        assert!(reason.contains("no such mailbox"), "{reason}");
    }
}

#[tokio::test]
async fn each_period_has_one_run() {
    let site = Site::new("smtp").await;
    site.mails("first", 2, "clean", "2026-12-01T10:00:00Z").await;
    site.mails("second", 2, "clean", "2026-12-02T10:00:00Z").await;
    site.clock("2026-12-03T08:00:00Z").await;
    let made: Vec<String> = site.users().await.iter().map(|u| u["created_at"].as_str().unwrap().to_owned()).collect();
    assert_eq!(made, ["2026-12-01T23:00:00Z", "2026-12-02T23:00:00Z"]);
}

#[tokio::test]
async fn the_run_is_on_the_panels_wall() {
    // 23:00 in New York is 04:00 UTC in winter
    let site = Site::at("smtp", "127.0.0.1:9", Some("America/New_York")).await;
    site.mails("jane", 2, "clean", "2026-12-01T10:00:00Z").await;
    site.clock("2026-12-02T03:59:59Z").await;
    assert_eq!(site.names().await, "");
    site.clock("2026-12-02T04:00:00Z").await;
    assert_eq!(site.names().await, "jane");
    let (_, panel) = site.send("GET", "/panel", Value::Null).await;
    assert_eq!(panel["time_zone"], "America/New_York");
}

#[tokio::test]
async fn late_mail_waits_for_the_next_run() {
    let site = Site::new("smtp").await;
    site.clock("2026-12-01T23:00:01Z").await;
    site.mails("jane", 2, "clean", "2026-12-01T23:00:01Z").await;
    site.clock("2026-12-02T22:59:00Z").await;
    assert_eq!(site.names().await, "");
    site.clock("2026-12-02T23:00:00Z").await;
    assert_eq!(site.names().await, "jane");
}

#[tokio::test]
async fn the_list_decides() {
    let site = Site::new("control-panel").await;
    site.add("jane").await;
    assert_eq!((site.verdict("jane").await.0, site.verdict("bob").await.0), (250, 550));
    // mail makes nobody here
    site.mails("bob", 9, "clean", "2026-12-01T10:00:00Z").await;
    site.clock("2026-12-03T08:00:00Z").await;
    assert_eq!(site.names().await, "jane");
}

#[tokio::test]
async fn a_file_is_added_to_the_list() {
    let site = Site::new("control-panel").await;
    site.add("there").await;
    assert_eq!(site.import("add", &["new"]).await.0, 202);
    site.clock("2026-12-01T09:00:00Z").await;
    assert_eq!(site.names().await, "new there");
}

#[tokio::test]
async fn a_user_is_added_alone() {
    let site = Site::new("control-panel").await;
    site.add("jane").await;
    let users = site.users().await;
    assert_eq!((&users[0]["origin"], site.verdict("jane").await.0), (&json!("manual"), 250));
}

#[tokio::test]
async fn users_are_pasted_in() {
    let site = Site::new("control-panel").await;
    let users = json!([{ "address": "a@acme.example" }, { "address": "b@acme.example" }]);
    let (status, answer) = site.send("POST", &site.below("/users/bulk"), json!({ "mode": "add", "users": users })).await;
    assert_eq!((status, &answer["created"], site.names().await.as_str()), (200, &json!(2), "a b"));
}

#[tokio::test]
async fn the_night_makes_users_with_their_origin() {
    let site = Site::new("smtp").await;
    site.mails("jane", 2, "clean", "2026-12-01T10:00:00Z").await;
    site.clock("2026-12-02T08:00:00Z").await;
    let jane = &site.users().await[0];
    assert_eq!((&jane["origin"], &jane["kind"], &jane["status"]), (&json!("smtp"), &json!("mailbox"), &json!("active")));
    assert_eq!(jane["billable"], true, "and it is charged for");
}

#[tokio::test]
async fn a_destination_that_is_down_defers() {
    // nobody listens at one, the other is too busy, a third speaks no SMTP
    let gone = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().to_string()
    };
    for first in ["421 too busy\r\n", "HTTP/1.1 400 Bad Request\r\n"] {
        let busy = destination(&["jane"], first).await;
        for at in [&gone, &busy] {
            let site = Site::at("smtp", at, None).await;
            let (code, reason) = site.verdict("jane").await;
            assert_eq!(code, 451, "{reason}");
        }
    }
}

#[tokio::test]
async fn fourteen_days_pass_at_once() {
    let site = Site::new("smtp").await;
    for day in 1..=14 {
        site.mails(&format!("d{day:02}"), 2, "clean", &format!("2026-12-{day:02}T12:00:00Z")).await;
    }
    site.clock("2026-12-15T08:00:00Z").await;
    let made: Vec<String> = site.users().await.iter().map(|u| u["created_at"].as_str().unwrap().to_owned()).collect();
    let nights: Vec<String> = (1..=14).map(|day| format!("2026-12-{day:02}T23:00:00Z")).collect();
    assert_eq!(made, nights);
}

#[tokio::test]
async fn one_import_at_a_time() {
    let site = Site::new("control-panel").await;
    assert_eq!(site.import("add", &["a"]).await.0, 202);
    let (status, problem) = site.import("add", &["b"]).await;
    assert_eq!((status, &problem["code"], &problem["retry_at"]), (409, &json!("import_running"), &json!("2026-12-01T09:00:00Z")));
    site.clock("2026-12-01T09:00:00Z").await;
    assert_eq!(site.import("add", &["b"]).await.0, 202);
}
