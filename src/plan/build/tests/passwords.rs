//! Passwords in plans (S10.2, S7.3).

use super::{step, texts};
use crate::base::SecretRef;
use crate::model::user::{Password, PasswordFrom};
use crate::model::{Field, LiveAccess, Support, User, Value};
use crate::plan::testing::case::{Case, address};
use crate::plan::{Plan, Risk};

/// A panel that sets passwords.
pub(super) fn managed(mut case: Case) -> Case {
    case.can.fields.insert(Field::UserPassword, Support::Managed);
    case
}

pub(super) fn with(name: &str, from: PasswordFrom, rotate: Option<&str>) -> User {
    let password = Some(Password { from, rotate: rotate.map(Into::into) });
    User { password, ..User::bare(address(name)) }
}

pub(super) fn secret() -> PasswordFrom {
    PasswordFrom::Secret(SecretRef::Env("P".into()))
}

fn tokens(plan: &Plan, text: &str) -> (Option<Value>, Option<Value>) {
    let change = &step(plan, text).changes[0];
    (change.before.clone(), change.after.clone())
}

fn access(case: &mut Case, name: &str, label: &str) {
    let label = Some(label.to_owned()).filter(|l| !l.is_empty());
    let access = LiveAccess { has_password: true, password_label: label, ..LiveAccess::default() };
    case.live.user(name).access = Some(Box::new(access));
}

#[test]
fn s10_2_a_new_user_gets_its_password_with_its_creation() {
    let case = managed(Case::new()).declare(with("a", secret(), None)).declare(with("b", PasswordFrom::Invite, None));
    let plan = case.plan();
    assert_eq!(texts(&plan), ["create user/a@acme.example", "create user/b@acme.example"]);
    let (a, b) = (step(&plan, "create user/a@acme.example"), step(&plan, "create user/b@acme.example"));
    let token = |s: &crate::plan::Step| s.changes.iter().find(|c| c.field == Field::UserPassword).unwrap().after.clone();
    assert_eq!((token(a), token(b)), (Some(Value::Token("initial".into())), Some(Value::Token("invite".into()))));
    assert_eq!((a.secrets.len(), b.secrets.len()), (1, 0));
    assert!(b.sends_mail() && !a.sends_mail() && b.risk == Risk::R1);
}

#[test]
fn s7_3_a_password_set_on_a_live_user_is_a_step_of_its_own_and_counts() {
    let mut user = with("a", secret(), Some("2026-12"));
    user.first_name = Some("Ann".into());
    let mut case = managed(Case::new()).declare(user).live("a", &[]);
    access(&mut case, "a", "2026-11");
    let plan = case.plan();
    assert_eq!(texts(&plan), ["update user/a@acme.example", "update user/a@acme.example"]);
    let step = plan.steps.iter().find(|s| s.changes[0].field == Field::UserPassword).unwrap();
    assert_eq!((step.risk, step.counted.len(), step.stops.len(), step.changes.len()), (Risk::R3, 1, 0, 1));
    assert_eq!(step.only_if.version, None, "the other step changes the version");
    assert_eq!(step.changes[0].before, Some(Value::Token("2026-11".into())));
    access(&mut case, "a", "2026-12");
    assert_eq!(texts(&case.plan()).len(), 1, "it is applied");
}

#[test]
fn who_has_no_password_is_asked_once() {
    let mut case = managed(Case::new()).declare(with("a", PasswordFrom::Invite, None)).live("a", &[]);
    let plan = case.plan();
    assert_eq!(tokens(&plan, "update user/a@acme.example").1, Some(Value::Token("invite".into())));
    assert_eq!((plan.steps[0].risk, plan.steps[0].counted.len()), (Risk::R2, 0), "nobody loses anything");
    case.live.user("a").access = Some(Box::new(LiveAccess { mails_sent: 1, ..LiveAccess::default() }));
    assert!(case.plan().is_empty());
}

#[test]
fn what_cannot_be_told_is_counted_and_left_alone() {
    let mut case = managed(Case::new()).live("a", &[]).live("b", &[]);
    case = case.declare(with("a", secret(), Some("2026-12"))).declare(with("b", secret(), None));
    access(&mut case, "a", "");
    let plan = case.plan();
    assert!(plan.is_empty());
    let notes: Vec<&str> = plan.report.notes.iter().map(|n| n.text.as_str()).collect();
    assert!(notes.iter().any(|n| n.starts_with("passwords of 1 live users cannot be compared")), "{notes:?}");
    assert!(notes.iter().any(|n| n.starts_with("1 live users have no password")), "{notes:?}");
}
