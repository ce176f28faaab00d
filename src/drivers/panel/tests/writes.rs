//! Every kind of step against the real panel.

use super::rig::{Rig, change, create_domain, create_user, done, observed, send, set, step};
use crate::model::{Fault, Field, Kind, OpId, Origin, StepOutcome, UserKind, UserStatus, Value};
use crate::plan::{Action, Batch, Cause};
use crate::port::Apply;

#[tokio::test]
async fn a_tenant_grows_under_its_own_lease() {
    let rig = Rig::new().await;
    let writer = rig.writer(None);
    assert_eq!(writer.lease("me").await.unwrap().fencing_token, None, "there is no tenant to hold yet");
    let answer = done(&writer, "a", vec![super::rig::create_tenant()]).await;
    let remote = answer.created[0].1.clone();
    let steps = vec![create_domain("acme.example", &["acme.test"]), create_user("jane@acme.example", &["j@acme.test"])];
    assert_eq!(done(&writer, "b", steps).await.created.len(), 2);
    let jane = rig.user(&remote, "jane@acme.example").await;
    assert_eq!((jane.origin, jane.kind, jane.status), (Origin::Manual, UserKind::Mailbox, UserStatus::Active));
    assert_eq!(jane.aliases, ["j@acme.test"]);
    // the lease was taken when the tenant came to be: another holder waits
    let other = rig.writer(Some(&remote)).lease("other").await.unwrap_err();
    assert!(matches!(&other, Fault::Fenced { text } if text.contains("until")), "{other:?}");
    writer.renew().await.unwrap();
    writer.release().await.unwrap();
    writer.release().await.unwrap();
    let lease = rig.writer(Some(&remote)).lease("other").await.unwrap();
    assert_eq!(lease.fencing_token, Some(2));
    assert!(lease.change_mark.is_some());
}

#[tokio::test]
async fn the_policy_keeps_what_nobody_named() {
    let rig = Rig::new().await;
    let (writer, _) = rig.acme().await;
    let policy = |field, value| step(Action::Update, Kind::PasswordPolicy, "acme", vec![change(field, None, value)]);
    let long = policy(Field::PolicyMinLength, Value::Number(14));
    done(&writer, "a", vec![long.clone()]).await;
    let mut upper = policy(Field::PolicyUpper, Value::Switch(true));
    upper.only_if.version = Some("2".into());
    done(&writer, "b", vec![upper.clone()]).await;
    let live: crate::wire::PasswordPolicy = {
        let remote = writer.remote().unwrap();
        rig.driver.api().show(&["tenants", &remote, "password-policy"]).await.unwrap().json().unwrap()
    };
    assert_eq!((live.min_length, live.upper, live.digit), (14, true, false));
    assert_eq!(send(&writer, "c", vec![long]).await.unwrap().outcomes[0].1, StepOutcome::AlreadyDone);
    let mut stale = policy(Field::PolicyDigit, Value::Switch(true));
    stale.only_if.version = Some("2".into());
    let outcome = send(&writer, "d", vec![stale]).await.unwrap().outcomes.remove(0).1;
    assert!(matches!(outcome, StepOutcome::Failed(Fault::Conflict { .. })), "{outcome:?}");
}

#[tokio::test]
async fn users_change_and_only_what_is_named() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    done(&writer, "a", vec![create_user("jane@acme.example", &["one@acme.example"])]).await;
    let writer = rig.writer(Some(&remote));
    writer.lease("rig").await.unwrap();
    let jane = rig.user(&remote, "jane@acme.example").await;
    let named = change(Field::UserLastName, Some(Value::text("")), Value::text("Doe"));
    let kind = change(Field::UserKind, Some(Value::text("mailbox")), Value::text("shared"));
    let status = change(Field::UserStatus, Some(Value::text("active")), Value::text("inactive"));
    let more = change(Field::UserAliases, Some(set(&["one@acme.example"])), set(&["one@acme.example", "two@acme.example"]));
    let update = |changes| observed(step(Action::Update, Kind::User, "jane@acme.example", changes), &jane);
    done(&writer, "b", vec![update(vec![named, kind, status])]).await;
    // the second step was planned on the same observation; our own first write does not trip it
    done(&writer, "c", vec![update(vec![more])]).await;
    let live = rig.user(&remote, "jane@acme.example").await;
    assert_eq!((&*live.first_name, &*live.last_name, live.kind, live.status), ("Jäne", "Doe", UserKind::Shared, UserStatus::Inactive));
    assert_eq!(live.aliases, ["one@acme.example", "two@acme.example"]);
    assert!(!live.billable);
    // another run's writer, on an old observation, is refused
    let late = rig.writer(Some(&remote));
    late.lease("rig").await.unwrap();
    let clear = change(Field::UserLastName, Some(Value::text("")), Value::text("X"));
    let outcome = send(&late, "d", vec![update(vec![clear])]).await.unwrap().outcomes.remove(0).1;
    assert!(matches!(&outcome, StepOutcome::Failed(Fault::Conflict { .. })), "{outcome:?}");
    let gone = observed(step(Action::Delete, Kind::User, "jane@acme.example", vec![]), &live);
    done(&late, "e", vec![gone.clone()]).await;
    assert_eq!(send(&late, "f", vec![gone]).await.unwrap().outcomes[0].1, StepOutcome::AlreadyDone);
    assert!(rig.users(&remote).await.is_empty());
}

#[tokio::test]
async fn a_rename_keeps_the_id_and_the_old_address() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    done(&writer, "a", vec![create_user("jane@acme.example", &["j@acme.test"])]).await;
    let jane = rig.user(&remote, "jane@acme.example").await;
    let aliases = change(Field::UserAliases, Some(set(&["j@acme.test"])), set(&["jane@acme.example", "j@acme.test", "jd@acme.test"]));
    let last = change(Field::UserLastName, Some(Value::text("")), Value::text("Doe"));
    let mut rename = observed(step(Action::Rename, Kind::User, "jane.doe@acme.example", vec![aliases, last]), &jane);
    rename.why = Cause::Renamed { from: "jane@acme.example".into() };
    done(&writer, "b", vec![rename.clone()]).await;
    let live = rig.user(&remote, "jane.doe@acme.example").await;
    assert_eq!(live.incarnation, jane.incarnation);
    assert_eq!(live.aliases, ["j@acme.test", "jane@acme.example", "jd@acme.test"]);
    assert_eq!(live.last_name, "Doe");
    // without the old address among its aliases it goes
    let jane = live;
    let less = change(Field::UserAliases, None, set(&[]));
    let mut rename = observed(step(Action::Rename, Kind::User, "jd@acme.example", vec![less]), &jane);
    rename.why = Cause::Renamed { from: "jane.doe@acme.example".into() };
    done(&writer, "c", vec![rename]).await;
    assert!(!rig.user(&remote, "jd@acme.example").await.aliases.iter().any(|a| a == "jane.doe@acme.example"));
}

#[tokio::test]
async fn an_alias_moves_between_users_with_their_other_changes_intact() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    done(&writer, "a", vec![create_user("jane@acme.example", &["info@acme.example", "j@acme.test"]), create_user("bob@acme.example", &[])])
        .await;
    let (jane, bob) = (rig.user(&remote, "jane@acme.example").await, rig.user(&remote, "bob@acme.example").await);
    let writer = rig.writer(Some(&remote));
    writer.lease("rig").await.unwrap();
    let gain = change(Field::UserAliases, Some(set(&[])), set(&["info@acme.example"]));
    let mut moving = observed(step(Action::Move, Kind::User, "bob@acme.example", vec![gain]), &bob);
    moving.why = Cause::Moved { from: jane_key() };
    done(&writer, "b", vec![moving.clone()]).await;
    // planned on the same observation: jane loses nothing more than the plan says, though she lost `info` meanwhile
    let both = set(&["info@acme.example", "j@acme.test"]);
    let with = change(Field::UserAliases, Some(both), set(&["info@acme.example", "j@acme.test", "jane.d@acme.test"]));
    done(&writer, "c", vec![observed(step(Action::Update, Kind::User, "jane@acme.example", vec![with]), &jane)]).await;
    assert_eq!(rig.user(&remote, "bob@acme.example").await.aliases, ["info@acme.example"]);
    assert_eq!(rig.user(&remote, "jane@acme.example").await.aliases, ["j@acme.test", "jane.d@acme.test"]);
    assert_eq!(send(&writer, "b", vec![moving]).await.unwrap().outcomes[0].1, StepOutcome::AlreadyDone);
}

fn jane_key() -> crate::model::Key {
    crate::model::Key::new(&super::rig::acme(), Kind::User, "jane@acme.example")
}

#[tokio::test]
async fn domains_change_and_go() {
    let rig = Rig::new().await;
    let (writer, _) = rig.acme().await;
    let check = change(Field::DomainRelayCheck, Some(Value::text("control-panel")), Value::text("smtp"));
    let aliases = change(Field::DomainAliasDomains, Some(set(&["acme.test"])), set(&["acme.invalid"]));
    done(&writer, "a", vec![step(Action::Update, Kind::Domain, "acme.example", vec![check, aliases])]).await;
    let taken = send(&writer, "b", vec![create_domain("acme.invalid", &[])]).await.unwrap().outcomes.remove(0).1;
    assert!(matches!(&taken, StepOutcome::Failed(Fault::Conflict { .. })), "{taken:?}");
    done(&writer, "c", vec![create_user("jane@acme.example", &[])]).await;
    let full = send(&writer, "d", vec![step(Action::Delete, Kind::Domain, "acme.example", vec![])]).await.unwrap().outcomes.remove(0).1;
    assert!(matches!(&full, StepOutcome::Failed(Fault::Conflict { text }) if text.contains("users")), "{full:?}");
    let bare = step(Action::Create, Kind::Domain, "b.example", vec![]);
    let bare = send(&writer, "e", vec![bare]).await.unwrap().outcomes.remove(0).1;
    assert!(matches!(&bare, StepOutcome::Failed(Fault::Rejected { text }) if text.contains("destination")), "{bare:?}");
}

#[tokio::test]
async fn bulk_creates_many_and_names_what_was_ignored() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    done(&writer, "a", vec![create_user("jane@acme.example", &["taken@acme.example"])]).await;
    let mut steps: Vec<_> = (0..30).map(|i| create_user(&format!("u{i}@acme.example"), &[])).collect();
    steps.insert(7, create_user("x@acme.example", &["taken@acme.example"]));
    let batch = Batch { bulk: true, steps };
    let before = rig.server.traffic().writes;
    let answer = writer.apply(&batch, &OpId("b".into())).await.unwrap();
    assert_eq!(rig.server.traffic().writes - before, 1, "one call for all");
    let ids: Vec<_> = batch.steps.iter().map(|s| s.id).collect();
    assert_eq!(answer.outcomes.iter().map(|o| o.0).collect::<Vec<_>>(), ids, "in the order of the batch");
    assert!(matches!(&answer.outcomes[7].1, StepOutcome::Ignored(text) if text.contains("another user")));
    assert_eq!(answer.outcomes.iter().filter(|o| o.1 == StepOutcome::Done).count(), 30);
    assert_eq!(rig.users(&remote).await.len(), 31);
    // a later step on a user of the bulk call finds it by its address
    let named = change(Field::UserLastName, None, Value::text("Doe"));
    done(&writer, "c", vec![step(Action::Update, Kind::User, "u3@acme.example", vec![named])]).await;
    let again = writer.apply(&batch, &OpId("b".into())).await.unwrap();
    assert_eq!(again.outcomes[0].1, StepOutcome::AlreadyDone);
    assert_eq!(rig.user(&remote, "u3@acme.example").await.last_name, "Doe", "the repeated call did nothing");
}

#[tokio::test]
async fn what_cannot_be_written_is_not_called_done() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    let mut with = create_user("jane@acme.example", &[]);
    with.changes.push(change(Field::UserGroup, None, Value::text("staff")));
    let outcome = send(&writer, "a", vec![with]).await.unwrap().outcomes.remove(0).1;
    assert!(matches!(&outcome, StepOutcome::Failed(Fault::Rejected { text }) if text.contains("user.group")), "{outcome:?}");
    assert!(rig.users(&remote).await.is_empty());
}
