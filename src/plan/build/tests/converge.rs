//! Properties of whole plans over random tenants, on a panel that refuses what a careful panel refuses.

use super::brief;
use super::generate::case;
use crate::plan::testing::Case;
use crate::plan::{Plan, Verdict};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn has_blocked(plan: &Plan) -> bool {
    plan.steps.iter().any(|s| matches!(plan.verdict(s.id), Verdict::Blocked(_)))
}

fn declared_names(case: &Case) -> BTreeSet<String> {
    let names =
        case.users.iter().flat_map(|u| std::iter::once(u.address.to_string()).chain(u.aliases.iter().flatten().map(ToString::to_string)));
    names.collect()
}

/// Applies and plans again, with everything that is said about the way checked.
fn check(mut case: Case) -> (bool, bool) {
    let plan = case.plan();
    assert_eq!(plan.verdicts.len(), plan.steps.len(), "step ids are unique");
    let batched: Vec<_> = plan.batches.iter().flat_map(|(_, ids)| ids.clone()).collect();
    assert_eq!(batched, plan.steps.iter().map(|s| s.id).collect::<Vec<_>>(), "batches are the steps, in order");
    let before = case.live.names();
    let made = case.live.apply(&plan);
    let after = case.live.names();
    let stopped: BTreeSet<String> = before.difference(&after).cloned().collect();
    let said: BTreeSet<String> = made.iter().flat_map(|s| s.stops.clone()).collect();
    assert_eq!(stopped, said, "addresses that stop are named by the step that stops them (S7.4)");
    let declared = declared_names(&case);
    let lost: Vec<_> = stopped.intersection(&declared).collect();
    assert!(lost.is_empty(), "declared and live before, gone after: {lost:?}\n{}", brief(&plan));
    let again = case.plan();
    if !has_blocked(&plan) {
        assert!(again.is_empty(), "not settled: {}\nafter {}", brief(&again), brief(&plan));
    }
    // whatever was blocked: nothing is done twice, and a third plan is the second
    let made = case.live.apply(&again);
    assert!(made.is_empty() || has_blocked(&plan));
    (plan.is_empty(), has_blocked(&plan))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// S5.4: after an apply in which nothing was blocked, the plan is empty; and every step is one that a panel takes.
    #[test]
    fn s5_4_plans_converge(seed in any::<u64>()) {
        check(case(seed));
    }

    /// S5.4: after a crash at any point, running again converges.
    #[test]
    fn s5_4_cut_plans_converge(seed in any::<u64>(), at in any::<usize>()) {
        check_cut(case(seed), at);
    }

    /// S1.4: what is not read is not written, and blocks what rests on it.
    #[test]
    fn s1_4_nothing_unread_is_written(seed in any::<u64>(), first in any::<bool>()) {
        check_unread(case(seed), first);
    }

    /// S5.4: files, rows, pages and their order change neither bytes nor id.
    #[test]
    fn s5_4_order_is_irrelevant(seed in any::<u64>()) {
        let mut one = case(seed);
        let first = serde_json::to_string(&one.plan()).unwrap();
        one.shuffle = seed | 1;
        prop_assert_eq!(&serde_json::to_string(&one.plan()).unwrap(), &first);
        let id = one.plan().id;
        one.users.reverse();
        prop_assert_eq!(one.plan().id, id);
    }
}

/// Cut after some steps: one more run converges, without doing anything twice (S5.4).
fn check_cut(mut case: Case, at: usize) {
    let plan = case.plan();
    if has_blocked(&plan) || plan.is_empty() {
        return;
    }
    case.live.apply_first(&plan, at % plan.steps.len());
    let rest = case.plan();
    assert!(!has_blocked(&rest), "blocked after a cut: {}\nfirst {}", brief(&rest), brief(&plan));
    case.live.apply(&rest);
    let again = case.plan();
    assert!(again.is_empty(), "not settled: {}\nafter {}\nfirst {}", brief(&again), brief(&rest), brief(&plan));
}

/// With one list of users unread: nothing in it is written, and no address begins anywhere (S1.4).
fn check_unread(mut case: Case, first: bool) {
    let name = crate::plan::testing::domain(if first { "acme.example" } else { "beta.example" });
    let here = |live: &crate::plan::testing::Live| live.objects(crate::model::Kind::User, Some(&name));
    case.unread.insert((crate::model::Kind::User, Some(name.clone())));
    let (before, names) = (here(&case.live), case.live.names());
    let plan = case.plan();
    case.live.apply(&plan);
    assert_eq!(here(&case.live), before, "written in a part that was not read: {}", brief(&plan));
    assert!(case.live.names().is_subset(&names), "an address began: {}", brief(&plan));
    assert!(!plan.is_complete());
}

/// The generator is worth its name: most cases have something to do, and some are blocked.
#[test]
fn random_tenants_are_neither_empty_nor_mostly_blocked() {
    let all: Vec<(bool, bool)> = (0..400).map(|seed| check(case(seed))).collect();
    let empty = all.iter().filter(|(empty, _)| *empty).count();
    let blocked = all.iter().filter(|(_, blocked)| *blocked).count();
    assert!(empty < 40 && blocked > 20 && blocked < 300, "{empty} empty, {blocked} blocked of {}", all.len());
}
