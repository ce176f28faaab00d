//! Import jobs: taken at once, effective later, one at a time.

use super::rig::{Got, Rig};
use serde_json::{Value, json};

async fn seeded(rig: &Rig) -> String {
    let tenant = rig.tenant("acme").await;
    let domain = rig.domain(&tenant, "acme.example").await;
    for origin in ["manual", "directory", "unknown"] {
        rig.user_of(origin, &format!("{origin}@acme.example"), &[]).await;
    }
    domain
}

async fn advance(rig: &Rig, minutes: u64) {
    rig.post("/test/clock", json!({ "advance_seconds": minutes * 60 })).await.ok(200);
}

async fn import(rig: &Rig, domain: &str, mode: &str, users: Value) -> Got {
    rig.post(&format!("{domain}/imports"), json!({ "mode": mode, "users": users })).await
}

#[tokio::test]
async fn a_list_is_taken_at_once_and_acts_within_its_window() {
    let rig = Rig::new().await;
    let domain = seeded(&rig).await;
    let rows = json!([{ "address": "new@acme.example" }, { "address": "directory@acme.example" }, { "address": "bad" }]);
    let got = import(&rig, &domain, "add-delete-old", rows).await;
    let job = got.ok(202).clone();
    assert_eq!((&job["status"], &job["sent"], &job["accepted"], &job["created"]), (&json!("accepted"), &json!(3), &json!(1), &json!(0)));
    assert_eq!(job["ignored"], json!({ "invalid-address": 1, "directory-owned": 1 }));
    assert_eq!(job["effective_from"], "2026-12-01T08:30:00Z");
    assert_eq!(job["effective_until"], "2026-12-01T09:00:00Z");
    assert!(got.header("location").ends_with(job["id"].as_str().unwrap()));
    // nothing of it acts before its window, all of it acts after
    advance(&rig, 29).await;
    assert_eq!(rig.addresses(&domain).await, ["directory@acme.example", "manual@acme.example", "unknown@acme.example"]);
    advance(&rig, 31).await;
    assert_eq!(rig.addresses(&domain).await, ["directory@acme.example", "new@acme.example", "unknown@acme.example"]);
    let job = rig.get(&format!("{domain}/imports/{}", job["id"].as_str().unwrap())).await;
    assert_eq!((&job.ok(200)["status"], &job.body["created"], &job.body["deleted"]), (&json!("effective"), &json!(1), &json!(1)));
    let at = job.body["finished_at"].as_str().unwrap();
    assert!(("2026-12-01T08:30:00Z"..="2026-12-01T09:00:00Z").contains(&at), "{at}");
    // the user was made when the job acted, although the clock jumped
    let new = rig.get(&format!("{domain}/users?address=new@acme.example")).await.body["items"][0].clone();
    assert_eq!(new["created_at"], at);
    let rows = rig.get(&format!("{domain}/imports/{}/rows?limit=2", job.body["id"].as_str().unwrap())).await;
    assert_eq!((&rows.ok(200)["total"], &rows.body["items"][1]["address"]), (&json!(3), &json!("directory@acme.example")));
    let cursor = rows.body["next_cursor"].as_str().unwrap();
    let rest = rig.get(&format!("{domain}/imports/{}/rows?limit=2&cursor={cursor}", job.body["id"].as_str().unwrap())).await;
    assert_eq!(rest.ok(200)["items"], json!([{ "address": "bad" }]));
}

#[tokio::test]
async fn one_job_of_a_domain_at_a_time() {
    let rig = Rig::new().await;
    let domain = seeded(&rig).await;
    import(&rig, &domain, "add", json!([{ "address": "a@acme.example" }])).await.ok(202);
    let second = import(&rig, &domain, "add", json!([{ "address": "b@acme.example" }])).await;
    second.refused(409, "import_running");
    assert_eq!(second.body["retry_at"], "2026-12-01T09:00:00Z");
    advance(&rig, 60).await;
    import(&rig, &domain, "add", json!([{ "address": "b@acme.example" }])).await.ok(202);
    let list = rig.get(&format!("{domain}/imports")).await;
    let statuses: Vec<&Value> = list.ok(200)["items"].as_array().unwrap().iter().map(|job| &job["status"]).collect();
    assert_eq!(statuses, ["effective", "accepted"]);
}

#[tokio::test]
async fn a_list_that_changed_meanwhile_makes_the_job_fail() {
    let rig = Rig::new().await;
    let domain = seeded(&rig).await;
    let fingerprint = rig.get(&format!("{domain}/users/fingerprint")).await.ok(200)["fingerprint"].clone();
    let body = |fp: &Value| json!({ "mode": "add-delete-old", "users": [{ "address": "new@acme.example" }], "expected_fingerprint": fp });
    let path = format!("{domain}/imports");
    rig.post(&path, body(&json!("0000"))).await.refused(412, "fingerprint_mismatch");
    let id = rig.post(&path, body(&fingerprint)).await.id();
    rig.user(&domain, "late@acme.example", &[]).await;
    advance(&rig, 60).await;
    let job = rig.get(&format!("{path}/{id}")).await;
    assert_eq!((&job.ok(200)["status"], &job.body["accepted"]), (&json!("failed"), &json!(0)));
    assert!(job.body["failure"].as_str().unwrap().contains("list of users"));
    assert_eq!(rig.addresses(&domain).await.len(), 4);
    for users in [json!([]), json!([{ "address": "bad" }])] {
        import(&rig, &domain, "add-delete-old", users).await.refused(422, "invalid");
    }
}
