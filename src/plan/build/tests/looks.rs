//! How the tests of the planner look at a plan: its steps in words, one step, one verdict.

use crate::plan::{Plan, Step, Verdict};

/// `action kind/name`, in the order of the plan.
pub(super) fn texts(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|s| format!("{} {}", s.action.word(), s.key)).collect()
}

/// The only step with this text.
pub(super) fn step<'p>(plan: &'p Plan, text: &str) -> &'p Step {
    let found: Vec<&Step> = plan.steps.iter().filter(|s| format!("{} {}", s.action.word(), s.key) == text).collect();
    assert_eq!(found.len(), 1, "{text} in {:#?}", texts(plan));
    found[0]
}

/// Whether a step is blocked, and its reason in words.
pub(super) fn blocked(plan: &Plan, text: &str) -> String {
    match plan.verdict(step(plan, text).id) {
        Verdict::Blocked(reason) => reason.to_string(),
        other => panic!("{text} is {other:?}"),
    }
}

pub(super) fn all_go(plan: &Plan) -> bool {
    plan.steps.iter().all(|s| plan.verdict(s.id) == Verdict::Go)
}

/// A line for each step, for failures.
pub(super) fn brief(plan: &Plan) -> String {
    let line = |s: &Step| {
        let changes: Vec<String> = s
            .changes
            .iter()
            .map(|c| {
                let text = |v: &Option<crate::model::Value>| v.as_ref().map_or("-".to_owned(), ToString::to_string);
                format!("{} {} → {}", c.field.name(), text(&c.before), text(&c.after))
            })
            .collect();
        let text = (changes.join("; "), &s.stops, plan.verdict(s.id));
        format!("  {} {} because {:?}: {} stops {:?} {:?}\n", s.action.word(), s.key, s.why, text.0, text.1, text.2)
    };
    plan.steps.iter().map(line).collect()
}
