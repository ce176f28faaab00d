//! The run's budget, the brake and vanished tenants.

use super::*;
use crate::base::ExitCode;
use crate::plan::Leg;
use crate::plan::exit::exit_code;
use crate::plan::testing_plans::{create, delete, plan, provider, tenant};

fn fleet(tenants: usize, deleting: usize, each: usize) -> (Vec<Plan>, BTreeSet<TenantName>) {
    let plans: Vec<Plan> = (0..tenants)
        .map(|t| {
            let name = format!("t{t:03}");
            let gone = if t < deleting { each } else { 0 };
            let steps = (0..gone).map(|i| delete(&name, &format!("u{i}@{name}.example")));
            plan(&name, steps.chain([create(&name, &format!("new@{name}.example"))]).collect())
        })
        .collect();
    let declared = plans.iter().map(|p| p.tenant.clone()).collect();
    (plans, declared)
}
fn gated(plans: &[Plan]) -> usize {
    plans.iter().flat_map(|p| p.verdicts.values()).filter(|v| matches!(v, Verdict::Gated { .. })).count()
}

#[test]
fn over_the_runs_budget_no_tenant_deletes() {
    let (mut plans, declared) = fleet(3, 3, 8);
    judge_fleet(&mut plans, &declared, &Remembered::default(), &Policy::default());
    assert_eq!(gated(&plans), 0, "24 of 25");
    let (mut plans, declared) = fleet(3, 3, 9);
    judge_fleet(&mut plans, &declared, &Remembered::default(), &Policy::default());
    assert_eq!(gated(&plans), 27);
    assert!(plans.iter().all(|p| exit_code(p) == ExitCode::NeedsApproval));
    assert!(plans.iter().all(|p| p.verdict(p.steps[9].id) == Verdict::Go), "creates go on");
}

#[test]
fn the_brake_needs_more_than_three_and_more_than_a_tenth() {
    for (tenants, deleting, braked) in [(3, 3, false), (4, 4, true), (40, 4, false), (39, 4, true), (100, 10, false), (100, 11, true)] {
        let (mut plans, declared) = fleet(tenants, deleting, 1);
        judge_fleet(&mut plans, &declared, &Remembered::default(), &Policy::default());
        assert_eq!(gated(&plans), if braked { deleting } else { 0 }, "{deleting} of {tenants}");
    }
}

#[test]
fn another_provider_is_not_braked() {
    let (mut plans, declared) = fleet(8, 8, 1);
    for plan in plans.iter_mut().skip(5) {
        plan.provider = provider("other");
        plan.steps.iter_mut().for_each(|s| s.provider = provider("other"));
    }
    judge_fleet(&mut plans, &declared, &Remembered::default(), &Policy::default());
    assert_eq!(gated(&plans), 5);
}

#[test]
fn s9_1_a_vanished_tenant_stops_the_run_until_it_is_released() {
    let (mut plans, declared) = fleet(9, 0, 0);
    let mut known = declared.clone();
    known.insert(tenant("gone"));
    let r = Remembered { exists: true, tenants: known, ..Remembered::default() };
    let released = Policy { released: [tenant("gone")].into(), ..Policy::default() };
    assert!(judge_fleet(&mut plans, &declared, &r, &released).is_empty());
    assert!(plans.iter().all(|p| exit_code(p) == ExitCode::Pending));
    assert_eq!(judge_fleet(&mut plans, &declared, &r, &Policy::default()), [tenant("gone")]);
    assert!(plans.iter().all(|p| exit_code(p) == ExitCode::Blocked));
}

#[test]
fn s7_7_what_a_tenant_deletes_on_a_second_panel_counts_there() {
    let (mut plans, declared) = fleet(8, 4, 1);
    let leg = || Leg { provider: provider("relay"), origin: "relay:test".into(), remote: None, change_mark: None };
    plans.iter_mut().for_each(|p| p.outbound = Some(leg()));
    let two = |plans: &mut [Plan]| plans.iter_mut().take(2).for_each(|p| p.steps.iter_mut().for_each(|s| s.provider = provider("relay")));
    two(&mut plans);
    judge_fleet(&mut plans, &declared, &Remembered::default(), &Policy::default());
    assert_eq!(gated(&plans), 0, "two on each of them");
    let (mut plans, declared) = fleet(8, 6, 1);
    plans.iter_mut().for_each(|p| p.outbound = Some(leg()));
    two(&mut plans);
    judge_fleet(&mut plans, &declared, &Remembered::default(), &Policy::default());
    assert_eq!(gated(&plans), 4, "four on one");
}
