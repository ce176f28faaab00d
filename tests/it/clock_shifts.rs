//! The days on which the clock is shifted, on a panel in Amsterdam, over HTTP: there 02:30 is left out on 28 March 2027 and
//! comes twice on 31 October.

use crate::support::api::Api;
use mailwright::panel::PanelOptions;
use serde_json::json;

/// A panel with a clock on the wall of Amsterdam, set to a moment, and a domain.
async fn amsterdam(now: &str, relay_check: &str) -> (Api, String) {
    let time_zone = Some(jiff::tz::TimeZone::get("Europe/Amsterdam").unwrap());
    let api = Api::new(PanelOptions { test_endpoints: true, time_zone, ..PanelOptions::default() }).await;
    let domain = api.domain("acme", "acme.example", relay_check, &[]).await;
    api.post("/test/clock", json!({ "now": now })).await;
    (api, domain)
}

async fn mail(api: &Api, local: &str, at: &str) {
    api.post("/test/mail", json!({ "recipient": format!("{local}@acme.example"), "count": 2, "at": at })).await;
}

/// When whom was made, by address.
async fn made(api: &Api, domain: &str) -> Vec<String> {
    let one = |u: &serde_json::Value| format!("{} {}", u["address"].as_str().unwrap(), u["created_at"].as_str().unwrap());
    api.users(domain).await.iter().map(one).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nightly_creation_keeps_to_eleven_by_the_clock_on_the_wall() {
    let (api, domain) = amsterdam("2027-03-27T12:00:00Z", "smtp").await;
    mail(&api, "before", "2027-03-27T21:59:00Z").await;
    // half an hour after the run, half an hour before and half an hour after the hour that is left out
    mail(&api, "after", "2027-03-27T22:30:00Z").await;
    mail(&api, "early", "2027-03-28T00:30:00Z").await;
    mail(&api, "late", "2027-03-28T01:30:00Z").await;
    api.post("/test/clock", json!({ "now": "2027-03-28T20:59:59Z" })).await;
    assert_eq!(made(&api, &domain).await, ["before@acme.example 2027-03-27T22:00:00Z"], "23:00 is 22:00 UTC on the 27th");
    api.advance(1).await;
    let of_28th = ["after", "before", "early", "late"].map(|local| {
        let at = if local == "before" { "2027-03-27T22:00:00Z" } else { "2027-03-28T21:00:00Z" };
        format!("{local}@acme.example {at}")
    });
    assert_eq!(made(&api, &domain).await, of_28th, "23 hours later it is 23:00 again");

    let (api, domain) = amsterdam("2027-10-30T12:00:00Z", "smtp").await;
    // half past two, both times
    mail(&api, "first", "2027-10-31T00:30:00Z").await;
    mail(&api, "second", "2027-10-31T01:30:00Z").await;
    api.post("/test/clock", json!({ "now": "2027-10-31T21:59:59Z" })).await;
    assert!(made(&api, &domain).await.is_empty(), "the day has 25 hours");
    api.advance(1).await;
    let at = "2027-10-31T22:00:00Z";
    assert_eq!(made(&api, &domain).await, [format!("first@acme.example {at}"), format!("second@acme.example {at}")], "one run for both");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_is_read_once_an_hour_whatever_the_wall_says() {
    for (from, hours) in [
        ("2027-03-27T23:30:00Z", ["2027-03-28T00:00:00Z", "2027-03-28T01:00:00Z", "2027-03-28T02:00:00Z"]),
        ("2027-10-30T23:30:00Z", ["2027-10-31T00:00:00Z", "2027-10-31T01:00:00Z", "2027-10-31T02:00:00Z"]),
    ] {
        let (api, domain) = amsterdam(from, "control-panel").await;
        // nobody listens there: each run is written down as one that failed
        let settings = json!({ "host": "127.0.0.1", "bind_dn": "cn=a", "bind_password": "x", "search_base": "dc=a" });
        let made = api.post(&format!("{domain}/directories"), json!({ "name": "default", "settings": settings })).await;
        let path = format!("{domain}/directories/{}", made["id"].as_str().unwrap());
        assert_eq!(made["status"]["next_run_at"], hours[0]);
        for hour in hours {
            api.post("/test/clock", json!({ "now": hour })).await;
            let status = api.get(&path).await["status"].clone();
            assert_eq!(status["last_run_at"], hour);
            let gap = |at: &serde_json::Value| at.as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_second();
            assert_eq!(gap(&status["next_run_at"]) - gap(&status["last_run_at"]), 3600);
        }
    }
}
