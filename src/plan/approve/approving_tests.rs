//! What approvals cover and refuse (S8), and what goes with what.

use super::*;
use crate::base::span::{FileId, Span};
use crate::model::approval::ByHand;
use crate::model::{Approval, Authority, Evidence, Kind, Policy};
use crate::plan::guard::{judge, judge_fleet};
use crate::plan::step::{Edge, Risk, Stage};
use crate::plan::testing_plans::{aliases, at, create, delete, desired, observed, plan, relay_check};

const DAY: i64 = 86_400;

fn judged(whose: &str, steps: Vec<Step>, own: u64) -> Plan {
    let mut plan = plan(whose, steps);
    judge(&mut plan, &desired(whose, Authority::AddDeleteOld), &observed(whose, own), &memory(), &Policy::default(), at(0));
    plan
}
fn memory() -> Remembered {
    Remembered { exists: true, ..Remembered::default() }
}
fn approval(steps: &[&Step], evidence: &[Evidence]) -> Approval {
    Approval {
        at: Span::new(FileId(0), 0..1),
        plan: None,
        steps: steps.iter().map(|s| s.id).collect(),
        by_hand: None,
        evidence: evidence.iter().copied().collect(),
        reason: "tested".into(),
        approver: "ann".into(),
        created: at(-DAY),
        expires: at(2 * DAY),
    }
}
fn by_hand(step: &Step, incarnation: Option<&str>) -> Approval {
    let incarnation = incarnation.map(Into::into);
    let hand = ByHand { tenant: None, kind: step.key.kind, key: step.key.name.clone(), action: step.action.word().into(), incarnation };
    Approval { by_hand: Some(hand), ..approval(&[], &[]) }
}
fn run(plans: Vec<Plan>, all: Vec<Approval>, r: &Remembered) -> Vec<Result<ApprovedPlan, Refusal>> {
    let yes = Some(Consent { how: "--yes".into() });
    approve(plans, &Approvals { all }, yes, r, at(0)).into_iter().map(|(_, result)| result).collect()
}
/// Steps that go and reasons of those that stay.
fn outcome(plan: Plan, all: Vec<Approval>, r: &Remembered) -> (usize, Vec<String>) {
    match run(vec![plan], all, r).remove(0) {
        Ok(p) => (p.batches().iter().map(|b| b.steps.len()).sum(), p.stays().iter().map(|(_, w)| w.clone()).collect()),
        Err(Refusal::NothingMayGo { stays }) => (0, stays.into_iter().map(|(_, w)| w).collect()),
        Err(other) => panic!("{other:?}"),
    }
}
fn domain_check() -> (Step, Plan) {
    let step = relay_check("acme", "acme.example");
    (step.clone(), judged("acme", vec![step], 10))
}
fn stays(all: Vec<Approval>, r: &Remembered) -> String {
    let (goes, mut stays) = outcome(domain_check().1, all, r);
    assert_eq!(goes, 0, "{stays:?}");
    stays.remove(0)
}

#[test]
fn consent_answers_the_question_and_never_a_gate() {
    assert_eq!(
        approve(vec![plan("acme", vec![])], &Approvals::default(), None, &memory(), at(0))[0].1.clone().unwrap_err(),
        Refusal::Nothing
    );
    let small = judged("acme", vec![create("acme", "jane@acme.example")], 10);
    assert_eq!(approve(vec![small.clone()], &Approvals::default(), None, &memory(), at(0))[0].1.clone().unwrap_err(), Refusal::NoConsent);
    assert_eq!(outcome(small, vec![], &memory()).0, 1);
    assert_eq!(stays(vec![], &memory()), "needs approval: always (change of relay_check) (nobody approved it)");
}

#[test]
fn an_approval_covers_its_step_until_it_expires() {
    let (step, p) = domain_check();
    let approved = run(vec![p], vec![approval(&[&step], &[])], &memory()).remove(0).unwrap();
    assert_eq!(approved.approved_until(step.id), Some(at(2 * DAY)));
    assert!(approved.stays().is_empty());
}

#[test]
fn expired_too_long_and_post_dated_approvals_are_refused() {
    let (step, _) = domain_check();
    let with = |created: i64, expires: i64| vec![Approval { created: at(created), expires: at(expires), ..approval(&[&step], &[]) }];
    assert!(stays(with(-2 * DAY, 0), &memory()).contains("expired on"));
    assert!(stays(with(-DAY, 14 * DAY), &memory()).contains("longer than 14 days"));
    assert!(stays(with(DAY, 2 * DAY), &memory()).contains("still to come"));
}

#[test]
fn an_approval_is_spent_by_its_effect_and_a_later_one_is_another() {
    let (step, p) = domain_check();
    let spent = |seconds| Remembered { spent: BTreeMap::from([(step.id, at(seconds))]), ..memory() };
    assert!(stays(vec![approval(&[&step], &[])], &spent(-60)).contains("was spent on"));
    assert_eq!(outcome(p, vec![approval(&[&step], &[])], &spent(-2 * DAY)).0, 1);
}

#[test]
fn r4_needs_a_short_approval_and_something_that_can_tell() {
    let mut step = relay_check("acme", "acme.example");
    step.risk = Risk::R4;
    let p = |s: &Step| judged("acme", vec![s.clone()], 10);
    let long = Approval { expires: at(3 * DAY), ..approval(&[&step], &[]) };
    assert!(outcome(p(&step), vec![long], &memory()).1[0].contains("the most for R4"));
    assert_eq!(outcome(p(&step), vec![approval(&[&step], &[])], &memory()).0, 1);
    step.only_if.incarnation = None;
    assert!(outcome(p(&step), vec![approval(&[&step], &[])], &Remembered::default()).1[0].contains("R4 is refused"));
}

#[test]
fn evidence_must_be_named() {
    let mut step = relay_check("acme", "acme.example");
    step.evidence = vec![(Evidence::Rejects, "2 addresses would bounce".into())];
    let p = judged("acme", vec![step.clone()], 10);
    let (goes, why) = outcome(p.clone(), vec![approval(&[&step], &[Evidence::Cascade])], &memory());
    assert!(goes == 0 && why[0].contains("does not name the evidence `rejects`"), "{why:?}");
    assert_eq!(outcome(p, vec![approval(&[&step], &[Evidence::Rejects])], &memory()).0, 1);
}

#[test]
fn a_run_that_is_wider_than_approved_is_refused_whole_and_a_narrower_one_goes() {
    let steps: Vec<Step> = (0..6).map(|i| delete("acme", &format!("u{i}@acme.example"))).collect();
    let p = judged("acme", steps.clone(), 100);
    let narrow = approval(&steps[..5].iter().collect::<Vec<_>>(), &[Evidence::Budget]);
    let (goes, why) = outcome(p.clone(), vec![narrow.clone()], &memory());
    assert!(goes == 0 && why.iter().any(|w| w.contains("wider than the approval: 1 more")), "{why:?}");
    let rest = approval(&[&steps[5]], &[Evidence::Budget]);
    assert_eq!(outcome(p.clone(), vec![narrow, rest], &memory()).0, 6, "two approvals add up");
    let all = approval(&steps.iter().collect::<Vec<_>>(), &[Evidence::Budget]);
    let cut_short = judged("acme", steps[4..].to_vec(), 4);
    assert_eq!(outcome(p, vec![all.clone()], &memory()).0, 6);
    assert_eq!(outcome(cut_short, vec![all], &memory()).0, 2, "a run that was cut short needs no second one");
}

#[test]
fn by_hand_covers_one_step_and_names_its_incarnation() {
    let (step, p) = domain_check();
    assert_eq!(outcome(p, vec![by_hand(&step, Some("id-acme.example"))], &memory()).0, 1);
    assert!(stays(vec![by_hand(&step, None)], &memory()).contains("must name it: incarnation = \""));
    assert!(stays(vec![by_hand(&step, Some("other"))], &memory()).contains("another incarnation"));
    let mut wrong = by_hand(&step, Some("id-acme.example"));
    wrong.by_hand.as_mut().unwrap().kind = Kind::User;
    assert!(stays(vec![wrong], &memory()).contains("nobody approved it"));
    let twins = vec![judged("acme", vec![relay_check("acme", "x.example")], 9), judged("beta", vec![relay_check("beta", "x.example")], 9)];
    let both = by_hand(&relay_check("acme", "x.example"), Some("id-x.example"));
    assert!(run(twins, vec![both], &memory()).iter().all(Result::is_err), "one approval, two steps");
}

#[test]
fn by_hand_lifts_its_step_though_others_stay() {
    let (one, two) = (relay_check("acme", "acme.example"), relay_check("acme", "b.example"));
    let p = judged("acme", vec![one.clone(), two], 10);
    assert_eq!(outcome(p, vec![by_hand(&one, Some("id-acme.example"))], &memory()).0, 1);
}

#[test]
fn what_waited_for_an_approved_step_goes_with_it_in_the_same_run() {
    let check = relay_check("acme", "acme.example");
    let mut next = create("acme", "jane@acme.example");
    next.after = vec![Edge { step: check.id, stage: Stage::Accepted, why: "the check first".into() }];
    let p = judged("acme", vec![check.clone(), next], 10);
    assert_eq!(outcome(p.clone(), vec![approval(&[&check], &[])], &memory()).0, 2);
    assert_eq!(outcome(p, vec![], &memory()).1[1], "waits for domain/acme.example: the check first");
}

#[test]
fn an_address_is_freed_only_with_its_taker() {
    let free = aliases("acme", "bob@acme.example", &["x@acme.example", "y@acme.example"], &["y@acme.example"]);
    let mut take = aliases("acme", "kim@acme.example", &[], &["x@acme.example"]);
    take.always_approved = true;
    let p = judged("acme", vec![free, take.clone()], 10);
    let (goes, why) = outcome(p.clone(), vec![], &memory());
    assert!(goes == 0 && why[0].contains("user/kim@acme.example would take its address"), "{why:?}");
    assert_eq!(outcome(p, vec![approval(&[&take], &[])], &memory()).0, 2);
}

#[test]
fn approved_deletions_do_not_count_against_brake_and_run() {
    let fleet = || -> Vec<Plan> {
        let names = ["t0", "t1", "t2", "t3"];
        let mut plans: Vec<Plan> =
            names.iter().map(|n| judged(n, vec![delete(n, &format!("u@{n}.example")), create(n, &format!("c@{n}.example"))], 9)).collect();
        let declared = plans.iter().map(|p| p.tenant.clone()).collect();
        judge_fleet(&mut plans, &declared, &memory(), &Policy::default());
        plans
    };
    let goes = |all| run(fleet(), all, &memory()).iter().map(|r| r.as_ref().unwrap().batches().len()).collect::<Vec<_>>();
    assert_eq!(goes(vec![]), [1, 1, 1, 1], "the brake holds all deletions");
    // the domains of these users are not read here, so the sets count as emptied: that gate needs its own approval
    let gate = |n: usize| approval(&[&fleet()[n].steps[0]], &[Evidence::Budget, Evidence::Emptied]);
    assert_eq!(goes(vec![gate(0)]), [2, 1, 1, 1]);
}

#[test]
fn the_brake_falls_for_the_others_when_enough_is_approved() {
    let name = |t: usize| format!("t{t}");
    let plans = || -> Vec<Plan> {
        let one = |t: usize| {
            let mut step = delete(&name(t), "u@acme.example");
            step.always_approved = t == 0;
            judged(&name(t), vec![step], 40)
        };
        let mut plans: Vec<Plan> = (0..4).map(one).collect();
        let declared = plans.iter().map(|p| p.tenant.clone()).collect();
        judge_fleet(&mut plans, &declared, &memory(), &Policy::default());
        plans
    };
    assert!(run(plans(), vec![], &memory()).iter().all(Result::is_err));
    let step = plans()[0].steps[0].clone();
    let after = run(plans(), vec![approval(&[&step], &[Evidence::Budget])], &memory());
    assert!(after.iter().all(Result::is_ok), "three unapproved tenants are not more than three");
}
