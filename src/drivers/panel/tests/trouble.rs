//! Answers that are lost, leases that are lost, and batches that stop half-way.

use super::rig::{Rig, change, create_user, done, observed, send, set, step};
use crate::model::{Fault, Field, Kind, OpId, StepOutcome, Value};
use crate::plan::{Action, Batch};
use crate::port::Apply;

#[tokio::test]
async fn a_lost_answer_is_looked_up_under_its_key() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    done(&writer, "warm", vec![create_user("warm@acme.example", &[])]).await;
    rig.losses.next(1);
    let answer = send(&writer, "a", vec![create_user("jane@acme.example", &[])]).await.unwrap();
    assert_eq!(answer.outcomes[0].1, StepOutcome::AlreadyDone);
    let jane = rig.user(&remote, "jane@acme.example").await;
    assert_eq!(answer.created[0].1, jane.incarnation.clone().unwrap());
    // an update and a delete whose answers are lost
    let last = change(Field::UserLastName, Some(Value::text("")), Value::text("Doe"));
    rig.losses.next(1);
    let update = observed(step(Action::Update, Kind::User, "jane@acme.example", vec![last]), &jane);
    assert_eq!(send(&writer, "b", vec![update]).await.unwrap().outcomes[0].1, StepOutcome::AlreadyDone);
    rig.losses.next(1);
    let delete = observed(step(Action::Delete, Kind::User, "jane@acme.example", vec![]), &jane);
    assert_eq!(send(&writer, "c", vec![delete]).await.unwrap().outcomes[0].1, StepOutcome::AlreadyDone);
    assert_eq!(rig.users(&remote).await.len(), 1);
}

#[tokio::test]
async fn with_the_look_up_lost_too_the_outcome_is_unknown_and_a_repeat_does_nothing_twice() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    done(&writer, "warm", vec![create_user("warm@acme.example", &[])]).await;
    rig.losses.next(2);
    let jane = create_user("jane@acme.example", &["j@acme.test"]);
    let fault = send(&writer, "a", vec![jane.clone()]).await.unwrap_err();
    assert!(matches!(fault, Fault::OutcomeUnknown { .. }), "{fault:?}");
    // a new run, which repeats the operation id
    let writer = rig.writer(Some(&remote));
    writer.lease("rig").await.unwrap();
    assert_eq!(send(&writer, "a", vec![jane.clone()]).await.unwrap().outcomes[0].1, StepOutcome::AlreadyDone);
    // another operation id is another call, which the panel refuses
    let other = send(&writer, "b", vec![jane]).await.unwrap().outcomes.remove(0).1;
    assert!(matches!(other, StepOutcome::Failed(Fault::Conflict { .. })), "{other:?}");
    assert_eq!(rig.users(&remote).await.len(), 2);
}

#[tokio::test]
async fn a_lost_bulk_answer_creates_nobody_twice() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    done(&writer, "warm", vec![create_user("warm@acme.example", &[])]).await;
    let batch = Batch { bulk: true, steps: (0..40).map(|i| create_user(&format!("u{i}@acme.example"), &[])).collect() };
    rig.losses.next(1);
    let answer = writer.apply(&batch, &OpId("b".into())).await.unwrap();
    assert!(answer.outcomes.iter().all(|o| o.1 == StepOutcome::AlreadyDone));
    assert_eq!(rig.users(&remote).await.len(), 41);
}

#[tokio::test]
async fn a_key_that_was_used_for_another_form_of_the_step_took_effect() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    done(&writer, "warm", vec![create_user("jane@acme.example", &["a@acme.example"])]).await;
    let jane = rig.user(&remote, "jane@acme.example").await;
    let more = change(Field::UserAliases, Some(set(&["a@acme.example"])), set(&["a@acme.example", "b@acme.example"]));
    let update = observed(step(Action::Update, Kind::User, "jane@acme.example", vec![more]), &jane);
    done(&writer, "x", vec![update.clone()]).await;
    let other = change(Field::UserAliases, Some(set(&[])), set(&["c@acme.example"]));
    done(&writer, "y", vec![step(Action::Update, Kind::User, "jane@acme.example", vec![other])]).await;
    // the same step under the same operation would now be written with `c` in the set: another body, the same effect
    assert_eq!(send(&writer, "x", vec![update]).await.unwrap().outcomes[0].1, StepOutcome::AlreadyDone);
    assert_eq!(rig.user(&remote, "jane@acme.example").await.aliases, ["a@acme.example", "b@acme.example", "c@acme.example"]);
}

#[tokio::test]
async fn a_writer_that_was_overtaken_is_fenced_off() {
    let rig = Rig::new().await;
    let (old, remote) = rig.acme().await;
    let new = rig.writer(Some(&remote));
    // the same holder takes its own lease over at once (S12.1)
    new.lease("rig").await.unwrap();
    let fault = send(&old, "a", vec![create_user("jane@acme.example", &[])]).await.unwrap_err();
    assert!(matches!(fault, Fault::Fenced { .. }), "{fault:?}");
    assert!(matches!(old.renew().await, Err(Fault::Fenced { .. })));
    old.release().await.unwrap();
    done(&new, "a", vec![create_user("jane@acme.example", &[])]).await;
}

#[tokio::test]
async fn a_batch_goes_on_after_a_refusal_and_stops_after_a_broken_connection() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    let name = |n: &str| format!("{n}@acme.example");
    let taken = create_user(&name("b"), &["a@acme.example"]);
    let answer = send(&writer, "a", vec![create_user(&name("a"), &[]), taken, create_user(&name("c"), &[])]).await.unwrap();
    let outcomes: Vec<_> = answer.outcomes.iter().map(|o| &o.1).collect();
    assert!(matches!(outcomes[..], [StepOutcome::Done, StepOutcome::Failed(Fault::Conflict { .. }), StepOutcome::Done]), "{outcomes:?}");
    // the second call's answer and its look-up are lost: the first is done, the third was not sent
    let writes = rig.server.traffic().writes;
    let lost = vec![create_user(&name("d"), &[]), create_user(&name("e"), &[]), create_user(&name("f"), &[])];
    let mut steps = lost.clone();
    steps.truncate(1);
    done(&writer, "b", steps).await;
    rig.losses.next(0);
    assert_eq!(rig.server.traffic().writes - writes, 1);
    rig.losses.next(2);
    let fault = send(&writer, "b", lost[1..].to_vec()).await.unwrap_err();
    assert!(matches!(fault, Fault::OutcomeUnknown { .. }), "{fault:?}");
    assert_eq!(rig.server.traffic().writes - writes, 2, "the third was not sent");
    // the whole batch again: what took effect is not done twice
    let answer = send(&writer, "b", lost).await.unwrap();
    let outcomes: Vec<_> = answer.outcomes.iter().map(|o| &o.1).collect();
    assert!(matches!(outcomes[..], [StepOutcome::AlreadyDone, StepOutcome::AlreadyDone, StepOutcome::Done]), "{outcomes:?}");
    assert_eq!(rig.users(&remote).await.len(), 5);
}
