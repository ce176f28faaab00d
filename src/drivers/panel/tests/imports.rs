//! The whole list as one import: what is sent, what is told, and what acts later.

use super::rig::{Rig, change, create_user, done, observed, scope, set, step};
use crate::model::{Field, JobStage, Kind, LiveJob, Object, OpId, StepOutcome, Value};
use crate::plan::{Action, Batch, Step};
use crate::port::Apply as _;
use std::time::Duration;

async fn jobs(rig: &Rig, remote: &str) -> Vec<LiveJob> {
    let scope = scope(Kind::Domain, true, Some("acme.example"));
    let page = rig.reader.jobs(&scope, Some(remote), None).await.unwrap();
    assert_eq!(page.total, Some(page.count));
    let mut all = Vec::new();
    let mut each = |object: Object<'_>| {
        if let Object::Job(job) = object {
            all.push(job)
        }
    };
    rig.reader.decode(&page, &mut each).unwrap();
    all
}

/// Five users; then one is to go, one to change, one to come.
async fn cleanup(rig: &Rig, writer: &crate::drivers::panel::apply::Writer, remote: &str) -> Vec<Step> {
    let users = (0..5).map(|n| create_user(&format!("u{n}@acme.example"), &[&format!("a{n}@acme.example")]));
    done(writer, "seed", users.collect()).await;
    let live = rig.users(remote).await;
    let update = vec![change(Field::UserLastName, Some(Value::text("")), Value::text("New"))];
    vec![
        observed(step(Action::Delete, Kind::User, "u0@acme.example", vec![]), &live[0]),
        observed(step(Action::Update, Kind::User, "u1@acme.example", update), &live[1]),
        create_user("new@acme.example", &["n@acme.example"]),
    ]
}

#[tokio::test]
async fn a_list_is_taken_at_once_and_acts_later() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    let batch = Batch { bulk: true, steps: cleanup(&rig, &writer, &remote).await };
    assert!(batch.replaces());
    let answer = writer.apply(&batch, &OpId("a".into())).await.unwrap();
    for (_, outcome) in &answer.outcomes {
        let StepOutcome::Accepted { until, text } = outcome else { panic!("{outcome:?}") };
        assert_eq!(until.to_string(), "2026-12-01T09:00:00Z");
        assert!(text.contains("5 rows sent, 5 accepted, 0 ignored"), "{text}");
    }
    let job = &jobs(&rig, &remote).await[0];
    assert_eq!((job.stage, job.replaces, job.rows.len()), (JobStage::Accepted, true, 5));
    // who is not changed is named by the address only: what hangs on it stays
    let quiet = job.rows.iter().find(|r| r.address == "u2@acme.example").unwrap();
    assert!(quiet.values.is_empty());
    let new = job.rows.iter().find(|r| r.address == "new@acme.example").unwrap();
    assert_eq!(new.values.get(&Field::UserAliases), Some(&set(&["n@acme.example"])));

    rig.clock.advance(Duration::from_secs(3600));
    rig.server.run_due().await.unwrap();
    let names: Vec<String> = rig.users(&remote).await.iter().map(|u| u.address.to_string()).collect();
    assert_eq!(names, ["new", "u1", "u2", "u3", "u4"].map(|n| format!("{n}@acme.example")));
    let changed = rig.user(&remote, "u1@acme.example").await;
    assert_eq!((changed.last_name.as_ref(), changed.aliases.len()), ("New", 1));
    let job = &jobs(&rig, &remote).await[0];
    assert_eq!((job.stage, job.rows.len()), (JobStage::Effective, 0), "rows of what went well are not read");
}

#[tokio::test]
async fn a_call_that_was_taken_is_not_sent_twice() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    let batch = Batch { bulk: true, steps: cleanup(&rig, &writer, &remote).await };
    let op = OpId("a".into());
    let first = writer.apply(&batch, &op).await.unwrap();
    // a crash: the next run repeats the operation, once before the list acts and once after
    for minutes in [0, 60] {
        rig.clock.advance(Duration::from_secs(minutes * 60));
        rig.server.run_due().await.unwrap();
        assert_eq!(writer.apply(&batch, &op).await.unwrap().outcomes, first.outcomes);
        assert_eq!(jobs(&rig, &remote).await.len(), 1);
    }
}

#[tokio::test]
async fn a_step_that_no_longer_fits_is_left_out_and_told() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    let steps = cleanup(&rig, &writer, &remote).await;
    // somebody changes the one who was to go
    let live = rig.user(&remote, "u0@acme.example").await;
    let touch = vec![change(Field::UserLastName, Some(Value::text("")), Value::text("Kept"))];
    done(&writer, "late", vec![observed(step(Action::Update, Kind::User, "u0@acme.example", touch), &live)]).await;
    let answer = writer.apply(&Batch { bulk: true, steps }, &OpId("a".into())).await.unwrap();
    assert!(matches!(&answer.outcomes[0].1, StepOutcome::Failed(fault) if fault.to_string().contains("another by now")), "{answer:?}");
    assert!(matches!(&answer.outcomes[1].1, StepOutcome::Accepted { text, .. } if text.contains("6 rows sent")), "{answer:?}");
    rig.clock.advance(Duration::from_secs(3600));
    rig.server.run_due().await.unwrap();
    assert_eq!(rig.user(&remote, "u0@acme.example").await.last_name, "Kept");
}

#[tokio::test]
async fn an_empty_list_is_never_sent() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    done(&writer, "seed", vec![create_user("only@acme.example", &[])]).await;
    let live = rig.user(&remote, "only@acme.example").await;
    let gone = observed(step(Action::Delete, Kind::User, "only@acme.example", vec![]), &live);
    let fault = writer.apply(&Batch { bulk: true, steps: vec![gone] }, &OpId("a".into())).await.unwrap_err();
    assert!(fault.to_string().contains("never sent"), "{fault}");
    assert!(jobs(&rig, &remote).await.is_empty());
}
