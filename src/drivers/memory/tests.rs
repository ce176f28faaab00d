//! The panel in memory keeps its own rules, and breaks where it is told to.

use crate::base::clock::BoxFuture;
use crate::base::{Clock, DomainName, ProviderName, Secret, SecretRef, TenantName, Timestamp};
use crate::drivers::memory::writer::MemoryWriter;
use crate::drivers::memory::{Damage, Injected, MemoryOptions, MemoryPanel, MemoryUser};
use crate::model::capability::{ProofRule, UsersBy};
use crate::model::{Answer, Fault, Field, Key, Kind, LiveUser, Object, OpId, Origin, Reason, Scope, StepOutcome, Value};
use crate::plan::{Action, Batch, Cause, Change, Facts, Precondition, Risk, Step};
use crate::port::{Apply, Driver, Secrets};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

struct TestClock(Mutex<Timestamp>);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
    fn sleep(&self, span: Duration) -> BoxFuture<'_, ()> {
        let mut now = self.0.lock().unwrap();
        *now = now.checked_add(span).unwrap();
        Box::pin(async {})
    }
}

pub(super) struct NoSecrets;

impl Secrets for NoSecrets {
    fn get(&self, what: &SecretRef) -> Result<Secret, Fault> {
        Err(Fault::Local { text: what.to_string() })
    }
}

fn acme() -> TenantName {
    TenantName::parse("acme").unwrap()
}

fn edge() -> ProviderName {
    ProviderName::parse("edge").unwrap()
}

fn set(texts: &[&str]) -> Value {
    Value::Set(texts.iter().map(ToString::to_string).collect())
}

fn panel(options: MemoryOptions) -> (MemoryPanel, Arc<TestClock>) {
    let clock = Arc::new(TestClock(Mutex::new("2026-12-01T08:00:00Z".parse().unwrap())));
    (MemoryPanel::new(options, clock.clone()), clock)
}

/// A panel with tenant `acme` (`t1`), `acme.example` with alias domain `acme.test`, and `jane` with one alias.
fn seeded(options: MemoryOptions) -> (MemoryPanel, MemoryWriter) {
    let (panel, _) = panel(options);
    let tenant = panel.seed_tenant("acme");
    let attrs = BTreeMap::from([
        (Field::DomainDestination, Value::List(vec!["mx.acme.example:25".into()])),
        (Field::DomainRelayCheck, Value::text("smtp")),
        (Field::DomainAliasDomains, set(&["acme.test"])),
    ]);
    panel.seed_domain(&tenant, "acme.example", attrs);
    let mut jane = MemoryUser::new("jane@acme.example");
    jane.aliases.insert("j@acme.test".into());
    panel.seed_user(&tenant, jane);
    let writer = panel.writer(&acme(), Some(&tenant));
    (panel, writer)
}

fn step(action: Action, kind: Kind, name: &str, changes: Vec<Change>) -> Step {
    let key = Key::new(&acme(), kind, name);
    let id = Step::digest("memory", &key, None, action, &changes);
    let (only_if, facts) = (Precondition::default(), Facts::default());
    Step {
        id,
        action,
        key,
        changes,
        provider: edge(),
        risk: Risk::R1,
        why: Cause::Declared,
        after: Vec::new(),
        only_if,
        at: None,
        stops: BTreeSet::new(),
        counted: BTreeSet::new(),
        always_approved: false,
        evidence: Vec::new(),
        facts,
        notes: Vec::new(),
        hand_off: None,
        secrets: BTreeMap::new(),
        sink: None,
    }
}

fn change(field: Field, before: Option<Value>, after: Value) -> Change {
    Change { field, before, after: Some(after) }
}

fn user(name: &str, aliases: &[&str]) -> Step {
    step(Action::Create, Kind::User, name, vec![change(Field::UserAliases, None, set(aliases))])
}

async fn send(writer: &MemoryWriter, op: &str, steps: Vec<Step>) -> Result<Answer, Fault> {
    writer.apply(&Batch { bulk: false, steps }, &OpId(op.into())).await
}

async fn outcome(writer: &MemoryWriter, op: &str, step: Step) -> StepOutcome {
    send(writer, op, vec![step]).await.unwrap().outcomes.remove(0).1
}

fn refused(outcome: &StepOutcome) -> bool {
    matches!(outcome, StepOutcome::Failed(Fault::Conflict { .. } | Fault::Rejected { .. } | Fault::Missing { .. }))
}

fn scope(kind: Kind, domain: Option<&str>) -> Scope {
    Scope { provider: edge(), tenant: Some(acme()), domain: domain.map(|d| DomainName::parse(d).unwrap()), kind }
}

async fn users(panel: &MemoryPanel, domain: Option<&str>) -> Result<Vec<LiveUser<'static>>, Fault> {
    let reader = panel.driver(&edge()).reader(&NoSecrets)?;
    let scope = scope(Kind::User, domain);
    let (mut users, mut from) = (Vec::new(), None);
    loop {
        let page = reader.fetch(&scope, Some("t1"), from).await?;
        let mut each = |object: Object<'_>| match object {
            Object::User(user) => users.push(user.into_owned()),
            other => panic!("{other:?}"),
        };
        reader.decode(&page, &mut each)?;
        match page.next {
            Some(next) => from = Some(next),
            None => return Ok(users),
        }
    }
}

#[tokio::test]
async fn everything_from_nothing() {
    let (panel, _) = panel(MemoryOptions::default());
    let writer = panel.writer(&acme(), None);
    writer.lease("me").await.unwrap();
    let domain = vec![
        change(Field::DomainDestination, None, Value::List(vec!["mx.acme.example:25".into()])),
        change(Field::DomainRelayCheck, None, Value::text("smtp")),
    ];
    let steps = vec![
        step(Action::Create, Kind::Tenant, "acme", vec![]),
        step(Action::Update, Kind::PasswordPolicy, "acme", vec![change(Field::PolicyMinLength, None, Value::Number(12))]),
        step(Action::Create, Kind::Domain, "acme.example", domain),
        user("bob@acme.example", &["b@acme.example"]),
    ];
    let answer = send(&writer, "a", steps).await.unwrap();
    assert!(answer.outcomes.iter().all(|o| o.1 == StepOutcome::Done), "{answer:?}");
    assert_eq!(answer.created.iter().map(|c| c.1.as_str()).collect::<Vec<_>>(), ["t1", "d2", "u3"]);
    let tenant = panel.dump().remove("t1").unwrap();
    assert_eq!((tenant.name.as_str(), tenant.change_mark, tenant.users.len()), ("acme", 3, 1));
    assert_eq!(
        (&tenant.policy.attrs[&Field::PolicyMinLength], &tenant.policy.attrs[&Field::PolicyUpper]),
        (&Value::Number(12), &Value::Switch(false))
    );
    let other = panel.writer(&acme(), Some("t1"));
    assert!(matches!(other.lease("other").await, Err(Fault::Fenced { .. })));
    assert!(matches!(send(&other, "x", vec![user("x@acme.example", &[])]).await, Err(Fault::Fenced { .. })));
    writer.release().await.unwrap();
    assert_eq!(other.lease("other").await.unwrap().fencing_token, Some(2));
    assert!(matches!(writer.lease("me").await, Err(Fault::Fenced { .. })));
}

#[tokio::test]
async fn a_lease_ends_by_the_clock() {
    let (panel, clock) = panel(MemoryOptions::default());
    panel.seed_tenant("acme");
    let (one, two) = (panel.writer(&acme(), Some("t1")), panel.writer(&acme(), Some("t1")));
    one.lease("one").await.unwrap();
    clock.sleep(Duration::from_secs(59)).await;
    one.renew().await.unwrap();
    clock.sleep(Duration::from_secs(59)).await;
    assert!(two.lease("two").await.is_err());
    clock.sleep(Duration::from_secs(1)).await;
    two.lease("two").await.unwrap();
    assert!(one.renew().await.is_err());
}

#[tokio::test]
async fn names_are_unique_and_inside_the_tenant() {
    let (panel, writer) = seeded(MemoryOptions::default());
    for bad in [
        user("jane@acme.example", &[]),
        user("j@acme.test", &[]),
        user("bob@other.example", &[]),
        user("bob@acme.example", &["j@acme.test"]),
        user("bob@acme.example", &["b@other.example"]),
        user("bob@acme.example", &["bob@acme.example"]),
        step(Action::Create, Kind::Domain, "acme.test", vec![]),
        step(Action::Create, Kind::Tenant, "acme", vec![]),
        step(Action::Delete, Kind::Domain, "acme.example", vec![]),
        step(Action::Update, Kind::Domain, "acme.example", vec![change(Field::DomainAliasDomains, None, set(&[]))]),
        step(Action::Update, Kind::User, "nobody@acme.example", vec![]),
    ] {
        let what = bad.key.to_string();
        let outcome = outcome(&writer, &what, bad).await;
        assert!(refused(&outcome), "{what}: {outcome:?}");
    }
    assert_eq!(panel.dump()["t1"].change_mark, 2, "nothing took effect");
}

#[tokio::test]
async fn users_change_rename_move_and_go() {
    let (panel, writer) = seeded(MemoryOptions::default());
    let more = change(Field::UserAliases, Some(set(&["j@acme.test"])), set(&["j@acme.test", "x@acme.test"]));
    let mut update = step(Action::Update, Kind::User, "jane@acme.example", vec![more]);
    update.only_if.version = Some("1".into());
    assert_eq!(outcome(&writer, "a", update.clone()).await, StepOutcome::Done);
    let last = vec![change(Field::UserLastName, None, Value::text("Doe"))];
    let mut second = step(Action::Update, Kind::User, "jane@acme.example", last);
    second.only_if.version = Some("1".into());
    assert_eq!(outcome(&writer, "b", second.clone()).await, StepOutcome::Done, "our own first write does not trip it");
    let stranger = panel.writer(&acme(), Some("t1"));
    assert!(refused(&outcome(&stranger, "c", second).await));
    assert_eq!(outcome(&writer, "d", user("bob@acme.example", &[])).await, StepOutcome::Done);
    let mut moving =
        step(Action::Move, Kind::User, "bob@acme.example", vec![change(Field::UserAliases, Some(set(&[])), set(&["j@acme.test"]))]);
    moving.why = Cause::Moved { from: Key::new(&acme(), Kind::User, "jane@acme.example") };
    assert_eq!(outcome(&writer, "e", moving.clone()).await, StepOutcome::Done);
    assert_eq!(outcome(&writer, "e", moving).await, StepOutcome::AlreadyDone);
    let keep = change(Field::UserAliases, Some(set(&["x@acme.test"])), set(&["x@acme.test", "jane@acme.example"]));
    let mut rename = step(Action::Rename, Kind::User, "jd@acme.example", vec![keep]);
    rename.why = Cause::Renamed { from: "jane@acme.example".into() };
    assert_eq!(outcome(&writer, "f", rename).await, StepOutcome::Done);
    let tenant = panel.dump().remove("t1").unwrap();
    let jd = &tenant.users["jd@acme.example"];
    assert_eq!((jd.id.as_str(), jd.last_name.as_str(), jd.version), ("u3", "Doe", 5));
    assert_eq!(jd.aliases.iter().map(String::as_str).collect::<Vec<_>>(), ["jane@acme.example", "x@acme.test"]);
    assert!(tenant.users["bob@acme.example"].aliases.contains("j@acme.test"));
    let gone = step(Action::Delete, Kind::User, "jd@acme.example", vec![]);
    assert_eq!(outcome(&writer, "g", gone.clone()).await, StepOutcome::Done);
    assert_eq!(outcome(&writer, "h", gone).await, StepOutcome::AlreadyDone);
    let mut namesake = step(Action::Delete, Kind::User, "bob@acme.example", vec![]);
    namesake.only_if.incarnation = Some("u999".into());
    assert_eq!(outcome(&writer, "i", namesake).await, StepOutcome::AlreadyDone);
    assert!(panel.dump()["t1"].users.contains_key("bob@acme.example"), "another incarnation is not touched");
}

#[tokio::test]
async fn what_the_directory_owns_is_not_ours() {
    let (panel, writer) = seeded(MemoryOptions::default());
    for origin in [Origin::Directory, Origin::Office365] {
        panel.seed_user("t1", MemoryUser { origin, ..MemoryUser::new("dir@acme.example") });
        let gone = step(Action::Delete, Kind::User, "dir@acme.example", vec![]);
        assert!(refused(&outcome(&writer, "a", gone).await), "{origin}");
        let batch = Batch { bulk: true, steps: vec![user("dir@acme.example", &[])] };
        let answer = writer.apply(&batch, &OpId(origin.word().into())).await.unwrap();
        assert!(matches!(&answer.outcomes[0].1, StepOutcome::Ignored(text) if text.contains("kept by")), "{origin}");
    }
}

#[tokio::test]
async fn a_lost_answer_took_effect_and_a_repeat_does_nothing_twice() {
    let (panel, writer) = seeded(MemoryOptions::default());
    let lost = Fault::OutcomeUnknown { text: "lost".into() };
    let after = lost.clone();
    panel.inject(move |call| call.writes.then(|| Injected::After(after.clone())));
    assert_eq!(send(&writer, "a", vec![user("bob@acme.example", &[])]).await.unwrap_err(), lost);
    panel.heal();
    let again = send(&writer, "a", vec![user("bob@acme.example", &[])]).await.unwrap();
    assert_eq!((&again.outcomes[0].1, again.created.len()), (&StepOutcome::AlreadyDone, 1));
    let before = panel.dump();
    panel.inject(|call| call.what.contains("carl").then_some(Injected::Before(Fault::Throttled { after_seconds: Some(1) })));
    let steps = vec![user("al@acme.example", &[]), user("carl@acme.example", &[]), user("dan@acme.example", &[])];
    let answer = send(&writer, "b", steps).await.unwrap();
    assert!(matches!(
        [&answer.outcomes[0].1, &answer.outcomes[1].1, &answer.outcomes[2].1],
        [StepOutcome::Done, StepOutcome::Failed(Fault::Throttled { .. }), StepOutcome::Failed(Fault::Retry { .. })]
    ));
    assert_eq!(panel.dump()["t1"].users.len(), before["t1"].users.len() + 1);
}

#[tokio::test]
async fn bulk_is_one_call_with_ignored_rows() {
    let (panel, writer) = seeded(MemoryOptions::default());
    let mut steps: Vec<Step> = (0..5).map(|i| user(&format!("u{i}@acme.example"), &[])).collect();
    steps.push(user("x@acme.example", &["j@acme.test"]));
    let batch = Batch { bulk: true, steps };
    let answer = writer.apply(&batch, &OpId("a".into())).await.unwrap();
    assert_eq!(answer.outcomes.iter().filter(|o| o.1 == StepOutcome::Done).count(), 5);
    assert!(matches!(answer.outcomes[5].1, StepOutcome::Ignored(_)));
    assert_eq!((panel.calls(), panel.dump()["t1"].change_mark), ((1, 1), 3));
    assert!(panel.dump()["t1"].users.values().filter(|u| u.origin == Origin::Import).count() == 5);
    assert!(writer.apply(&batch, &OpId("a".into())).await.unwrap().outcomes.iter().all(|o| o.1 == StepOutcome::AlreadyDone));
}

#[tokio::test]
async fn pages_follow_the_options() {
    let options = MemoryOptions { page_size: 2, proof: ProofRule::EndMark, users_by: UsersBy::Tenant, ..MemoryOptions::default() };
    let (panel, _writer) = seeded(options);
    for i in 0..4 {
        panel.seed_user("t1", MemoryUser::new(&format!("u{i}@acme.example")));
    }
    panel.seed_mail("t1", "ghost@acme.test", 9);
    assert_eq!(users(&panel, None).await.unwrap().len(), 5);
    assert_eq!(users(&panel, Some("acme.example")).await.unwrap().len(), 5);
    assert!(matches!(users(&panel, Some("other.example")).await, Err(Fault::Missing { .. })));
    let driver = panel.driver(&edge());
    assert_eq!((driver.capabilities().pages.proof, driver.capabilities().pages.users_by), (ProofRule::EndMark, UsersBy::Tenant));
    let reader = driver.reader(&NoSecrets).unwrap();
    let page = reader.fetch(&scope(Kind::Domain, None), Some("t1"), None).await.unwrap();
    assert_eq!((page.total, page.count), (None, 1));
    let page = reader.recipients(&scope(Kind::User, Some("acme.example")), Some("t1"), None).await.unwrap();
    assert_eq!(page.count, 1);
    for (name, there) in [("jane@acme.example", true), ("j@acme.test", false), ("nobody@other.example", false)] {
        let found = reader.one(&Key::new(&acme(), Kind::User, name), Some("t1")).await.unwrap();
        assert_eq!(found.is_some(), there, "{name}");
    }
    let everyone = Scope { tenant: None, ..scope(Kind::Tenant, None) };
    assert_eq!(reader.fetch(&everyone, None, None).await.unwrap().count, 1);
}

#[tokio::test]
async fn damage_shows_in_the_page() {
    let (panel, _writer) = seeded(MemoryOptions::default());
    panel.seed_user("t1", MemoryUser::new("bob@acme.example"));
    let reader = panel.driver(&edge()).reader(&NoSecrets).unwrap();
    for damage in Damage::ALL {
        panel.inject(move |_| Some(Injected::Damaged(damage)));
        let page = reader.fetch(&scope(Kind::User, Some("acme.example")), Some("t1"), None).await;
        match (damage, page) {
            (Damage::Truncated | Damage::Html, Err(Fault::Retry { reason: Reason::Malformed { .. } })) => {}
            (Damage::Short | Damage::Empty | Damage::WrongTotal | Damage::Doubled, Ok(page)) => {
                assert_ne!(page.total, Some(page.count), "{damage:?}");
            }
            (damage, page) => panic!("{damage:?}: {page:?}"),
        }
    }
    panel.inject(|_| Some(Injected::Before(Fault::Retry { reason: Reason::TimedOut { seconds: 60 } })));
    assert!(users(&panel, Some("acme.example")).await.is_err());
    panel.heal();
    assert_eq!(users(&panel, Some("acme.example")).await.unwrap().len(), 2);
}

#[tokio::test]
async fn recipients_and_the_word_of_the_destination_are_read_under_their_domain() {
    let (panel, _writer) = seeded(MemoryOptions::default());
    panel.seed_mail("t1", "jane@acme.example", 9);
    panel.seed_mail("t1", "info@acme.test", 41);
    let reader = panel.driver(&edge()).reader(&NoSecrets).unwrap();
    let domain = scope(Kind::Domain, Some("acme.example"));
    let page = reader.recipients(&domain, Some("t1"), None).await.unwrap();
    let mut seen = Vec::new();
    reader
        .decode(&page, &mut |object| {
            let Object::Recipient { address, mails_30d, .. } = object else { panic!("{object:?}") };
            seen.push((address.into_owned(), mails_30d));
        })
        .unwrap();
    assert_eq!(seen, [("info@acme.test".to_owned(), 41), ("jane@acme.example".to_owned(), 9)]);
    for takes_all in [None, Some(false), Some(true)] {
        panel.seed_catch_all("t1", "acme.example", takes_all);
        assert_eq!(reader.catch_all(&domain, Some("t1")).await.unwrap().takes_all, takes_all);
    }
    assert_eq!(panel.calls().1, 0, "questions are reads");
}

#[tokio::test]
async fn nobody_goes_while_the_tenant_is_frozen() {
    let (panel, writer) = seeded(MemoryOptions::default());
    panel.freeze("t1", true);
    let delete = || step(Action::Delete, Kind::User, "jane@acme.example", Vec::new());
    assert!(matches!(outcome(&writer, "a", delete()).await, StepOutcome::Failed(Fault::Conflict { .. })));
    panel.freeze("t1", false);
    assert_eq!(outcome(&writer, "b", delete()).await, StepOutcome::Done);
}

#[tokio::test]
async fn the_same_calls_give_the_same_panel() {
    let mut dumps = Vec::new();
    for _ in 0..2 {
        let (panel, writer) = seeded(MemoryOptions::default());
        send(&writer, "a", vec![user("bob@acme.example", &[]), user("al@acme.example", &["a@acme.test"])]).await.unwrap();
        dumps.push(serde_json::to_string(&panel.dump()).unwrap());
    }
    assert_eq!(dumps[0], dumps[1]);
}
