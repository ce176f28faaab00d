//! Tests of the planner, a file for each subject; the names say which sentence of the law is shown.

mod converge;
mod generate;
mod heads;
mod names;
mod people;
mod reading;
mod renames;
mod tombstones;

use crate::plan::{Plan, Step, Verdict};

/// `action kind/name`, in the order of the plan.
fn texts(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|s| format!("{} {}", s.action.word(), s.key)).collect()
}

/// The only step with this text.
fn step<'p>(plan: &'p Plan, text: &str) -> &'p Step {
    let found: Vec<&Step> = plan.steps.iter().filter(|s| format!("{} {}", s.action.word(), s.key) == text).collect();
    assert_eq!(found.len(), 1, "{text} in {:#?}", texts(plan));
    found[0]
}

/// Whether a step is blocked, and its reason in words.
fn blocked(plan: &Plan, text: &str) -> String {
    match plan.verdict(step(plan, text).id) {
        Verdict::Blocked(reason) => reason.to_string(),
        other => panic!("{text} is {other:?}"),
    }
}

fn all_go(plan: &Plan) -> bool {
    plan.steps.iter().all(|s| plan.verdict(s.id) == Verdict::Go)
}
