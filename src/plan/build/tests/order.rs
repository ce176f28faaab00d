//! Order and verdicts that follow from it.

use super::{step, texts};
use crate::model::{Kind, Reason};
use crate::plan::build::draft::{Draft, Phase};
use crate::plan::build::ground::Ground;
use crate::plan::build::order::sort;
use crate::plan::testing::{Case, NOW, user};
use crate::plan::{Action, Gate, Stage, Until, Verdict};

fn drafts(names: &[(&str, Phase)], edges: &[(usize, usize)]) -> Vec<Draft> {
    let case = Case::new();
    let desired = case.desired();
    let observed = case.observed(&desired);
    let (rows, capabilities) = (case.details(), [].into());
    let ground = Ground {
        desired: &desired,
        observed: &observed,
        rows: &rows,
        remembered: &case.remembered,
        capabilities: &capabilities,
        policy: &case.policy,
        now: NOW.parse().unwrap(),
    };
    let make = |(name, phase): &(&str, Phase)| ground.draft(Action::Update, ground.key(Kind::User, name), None, Vec::new(), *phase);
    let mut all: Vec<Draft> = names.iter().map(make).collect();
    for (later, earlier) in edges {
        let id = all[*earlier].step.id;
        all[*later].after(id, Stage::Accepted, "test");
    }
    all
}

fn names(drafts: &[Draft]) -> Vec<&str> {
    drafts.iter().map(|d| d.step.key.name.as_str()).collect()
}

#[test]
fn a_step_comes_as_early_as_those_that_wait_for_it() {
    let all = [("add", Phase::Adds), ("free", Phase::Removes), ("a-remove", Phase::Removes)];
    assert_eq!(names(&sort(drafts(&all, &[(0, 1)]))), ["free", "add", "a-remove"]);
    assert_eq!(names(&sort(drafts(&all, &[]))), ["add", "a-remove", "free"]);
}

#[test]
fn s5_1_a_circle_is_a_diagnostic_and_no_panic() {
    let all = [("a", Phase::Adds), ("b", Phase::Adds), ("c", Phase::Removes), ("behind", Phase::Adds)];
    let sorted = sort(drafts(&all, &[(0, 1), (1, 0), (3, 0)]));
    assert_eq!(names(&sorted), ["c", "a", "b", "behind"]);
    let text = "these steps wait for each other: update user/a, update user/b, update user/behind".to_owned();
    assert_eq!(sorted[1].verdict, Verdict::Blocked(Reason::Ambiguous { text }));
    assert_eq!(sorted[0].verdict, Verdict::Go);
}

#[test]
fn s5_3_a_step_waits_where_one_that_it_needs_is_gated() {
    let keep = |r: &mut crate::config::Removed| {
        r.keep_address = Some(crate::plan::testing::case::at(crate::plan::testing::address("heir")));
    };
    let case = Case::new().declare(user("heir", &[])).live("heir", &[]).live("z", &[]);
    let mut plan = case.tombstone(Kind::User, "z@acme.example", keep).plan();
    assert_eq!(texts(&plan), ["delete user/z@acme.example", "update user/heir@acme.example"]);
    let (delete, update) = (plan.steps[0].id, plan.steps[1].id);
    assert_eq!(plan.verdict(update), Verdict::Go);
    plan.verdicts.insert(delete, Verdict::Gated { gates: vec![Gate::Always { what: "test".into() }] });
    crate::plan::build::hold_dependents(&mut plan);
    assert!(matches!(plan.verdict(update), Verdict::Waiting(Until::Edge { step, .. }) if step == delete));
    assert_eq!(step(&plan, "update user/heir@acme.example").after.len(), 1);
}
