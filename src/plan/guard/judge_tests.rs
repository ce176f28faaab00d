//! What the guards of one tenant hold, and what they let go.

use super::*;
use crate::model::{Authority, Key};
use crate::plan::step::{Edge, Risk, Stage, Until, Verdict};
use crate::plan::testing_plans::{aliases, at, create, delete, desired, observed, plan, relay_check, set};

fn users(n: usize) -> Vec<Step> {
    (0..n).map(|i| delete("acme", &format!("u{i}@acme.example"))).collect()
}
fn judged(steps: Vec<Step>, own: u64, r: &Remembered, p: &Policy) -> Plan {
    let mut plan = plan("acme", steps);
    judge(&mut plan, &desired("acme", Authority::AddDeleteOld), &observed("acme", own), r, p, at(0));
    plan
}
fn with_memory() -> Remembered {
    Remembered { exists: true, ..Remembered::default() }
}
fn evidence(plan: &Plan, n: usize) -> Vec<Evidence> {
    match plan.verdict(plan.steps[n].id) {
        Verdict::Gated { gates } => {
            gates.iter().filter_map(|g| if let Gate::Guard { evidence, .. } = g { Some(*evidence) } else { None }).collect()
        }
        Verdict::Go | Verdict::Waiting(_) | Verdict::Blocked(_) => vec![],
    }
}
fn verdicts(plan: &Plan) -> Vec<Verdict> {
    plan.steps.iter().map(|s| plan.verdict(s.id)).collect()
}

#[test]
fn within_the_budget_all_go_and_over_it_none() {
    let p = judged(users(5), 100, &with_memory(), &Policy::default());
    assert!(verdicts(&p).iter().all(|v| *v == Verdict::Go));
    let mut steps = users(6);
    steps.push(create("acme", "jane@acme.example"));
    let p = judged(steps, 100, &with_memory(), &Policy::default());
    assert!((0..6).all(|n| evidence(&p, n) == [Evidence::Budget, Evidence::Budget]), "domain and tenant");
    assert_eq!(p.verdict(p.steps[6].id), Verdict::Go, "other steps go on (S7.6)");
    assert_eq!(p.budgets.len(), 2);
    assert_eq!((p.budgets[0].planned, p.budgets[0].allowed, p.budgets[0].of), (6, 5, 100));
    assert!(p.report.cannot_tell.is_empty());
}

#[test]
fn deletions_of_the_last_day_count_and_without_memory_it_says_so() {
    let yesterday = |n: i64| (at(-3600 * n), Key::new(&"acme".parse_name(), crate::model::Kind::User, format!("old{n}@acme.example")));
    let r = Remembered { exists: true, deletions: (1..=4).map(yesterday).collect(), ..Remembered::default() };
    let p = judged(users(2), 100, &r, &Policy::default());
    assert_eq!(evidence(&p, 0), [Evidence::Budget, Evidence::Budget]);
    let old = Remembered { deletions: r.deletions.iter().map(|(_, k)| (at(-90_000), k.clone())).collect(), ..r };
    assert_eq!(judged(users(2), 100, &old, &Policy::default()).verdict(users(2)[0].id), Verdict::Go);
    let p = judged(users(2), 100, &Remembered::default(), &Policy::default());
    assert_eq!(p.report.cannot_tell, [NO_MEMORY]);
}

trait ParseName {
    fn parse_name(&self) -> crate::base::TenantName;
}
impl ParseName for str {
    fn parse_name(&self) -> crate::base::TenantName {
        crate::plan::testing_plans::tenant(self)
    }
}

#[test]
fn aliases_count_by_address_and_the_whole_step_is_held() {
    let before = ["a@acme.example", "b@acme.example", "c@acme.example"];
    let p = judged(vec![aliases("acme", "kim@acme.example", &before, &[])], 10, &with_memory(), &Policy::default());
    assert_eq!(evidence(&p, 0), [Evidence::Budget, Evidence::Budget]);
    assert_eq!(p.budgets[0].planned, 3);
}

#[test]
fn emptied_and_shrunk_stop_and_every_gate_is_named() {
    let p = judged(users(2), 2, &with_memory(), &Policy::default());
    assert_eq!(evidence(&p, 0), [Evidence::Emptied]);
    let p = judged(users(3), 12, &with_memory(), &Policy::default());
    assert_eq!(evidence(&p, 0), [Evidence::Shrunk, Evidence::Budget, Evidence::Budget]);
    assert_eq!(p.report.stopped.len(), 3);
}

#[test]
fn named_deletions_have_their_own_budget() {
    let named = |n| {
        users(n).into_iter().map(|mut s| {
            s.why = crate::plan::step::Cause::Removed { since: "2026-11-20".into(), reason: None };
            s
        })
    };
    let p = judged(named(20).collect(), 1000, &with_memory(), &Policy::default());
    assert!(verdicts(&p).iter().all(|v| *v == Verdict::Go));
    let p = judged(named(21).collect(), 1000, &with_memory(), &Policy::default());
    assert_eq!(evidence(&p, 0), [Evidence::Budget]);
}

#[test]
fn irreversible_kinds_have_no_budget() {
    let mut step = crate::plan::testing_plans::step(
        "acme",
        crate::model::Kind::SmtpUser,
        "shop",
        crate::plan::step::Action::Delete,
        Some("9"),
        vec![],
    );
    step.risk = Risk::R3;
    step.counted.insert("shop".into());
    let p = judged(vec![step], 100, &with_memory(), &Policy::default());
    assert_eq!(evidence(&p, 0), [Evidence::Budget]);
}

#[test]
fn always_approved_is_gated_and_what_follows_waits() {
    let check = relay_check("acme", "acme.example");
    let mut next = create("acme", "jane@acme.example");
    next.after = vec![Edge { step: check.id, stage: Stage::Visible, why: "the check first".into() }];
    let mut last = aliases("acme", "kim@acme.example", &[], &["k@acme.example"]);
    last.after = vec![Edge { step: next.id, stage: Stage::Accepted, why: "jane first".into() }];
    let p = judged(vec![check.clone(), next.clone(), last], 10, &with_memory(), &Policy::default());
    assert_eq!(p.verdict(check.id), Verdict::Gated { gates: vec![Gate::Always { what: "always (change of relay_check)".into() }] });
    let waits = |step, why: &str| Verdict::Waiting(Until::Edge { step, why: why.into(), at: None });
    assert_eq!(verdicts(&p)[1..], [waits(check.id, "the check first"), waits(next.id, "jane first")]);
}

#[test]
fn a_guard_never_lifts_what_is_stronger_and_twice_is_once() {
    let mut p = plan("acme", users(3));
    set(&mut p, 0, Verdict::Blocked(Reason::Moved));
    set(&mut p, 1, Verdict::Waiting(Until::Moment { at: at(9) }));
    let (d, o) = (desired("acme", Authority::AddDeleteOld), observed("acme", 1));
    judge(&mut p, &d, &o, &with_memory(), &Policy::default(), at(0));
    let once = p.clone();
    assert_eq!(p.verdict(p.steps[0].id), Verdict::Blocked(Reason::Moved));
    assert!(matches!(p.verdict(p.steps[1].id), Verdict::Waiting(Until::Moment { .. })));
    assert_eq!(evidence(&p, 2), [Evidence::Emptied]);
    judge(&mut p, &d, &o, &with_memory(), &Policy::default(), at(0));
    assert_eq!(p, once);
}

#[test]
fn more_billable_mailboxes_than_allowed_are_gated() {
    let steps: Vec<Step> = (0..3).map(|i| create("acme", &format!("n{i}@acme.example"))).collect();
    let mut policy = Policy::default();
    policy.guards.billable_growth = Some(2);
    assert!(matches!(judged(steps.clone(), 10, &with_memory(), &policy).verdict(steps[0].id), Verdict::Gated { .. }));
    policy.guards.billable_growth = Some(3);
    assert_eq!(judged(steps.clone(), 10, &with_memory(), &policy).verdict(steps[0].id), Verdict::Go);
}
