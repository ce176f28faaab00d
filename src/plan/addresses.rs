//! Which addresses a step gives to its object and which it takes from it: read from the step alone.
//!
//! Invariant: only users are looked at; alias domains are counted by the ledger. What a [`Action::Move`] takes from its
//! giver is no loss here: the address is held before and after.

use crate::model::{Field, Kind, Value};
use crate::plan::step::{Action, Cause, Change, Step};
use std::collections::{BTreeMap, BTreeSet};

/// Addresses that the object has after the step and had not before.
#[must_use]
pub fn gained(step: &Step) -> BTreeSet<&str> {
    let (before, after) = (held_before(step), held_after(step));
    after.difference(&before).copied().collect()
}

/// Addresses that the object had before the step and has no longer after it.
#[must_use]
pub fn lost(step: &Step) -> BTreeSet<&str> {
    let (before, after) = (held_before(step), held_after(step));
    before.difference(&after).copied().collect()
}

/// Who takes an address that some of these steps give to their objects: address → step.
#[must_use]
pub fn takers<'a>(steps: impl Iterator<Item = &'a Step>) -> BTreeMap<&'a str, &'a Step> {
    steps.flat_map(|s| gained(s).into_iter().map(move |a| (a, s))).collect()
}

/// The step among `takers` that takes an address which this one frees: they go together or not at all, else the address
/// would be nobody's (S4.5).
#[must_use]
pub fn taker<'a>(from: &Step, takers: &BTreeMap<&str, &'a Step>) -> Option<&'a Step> {
    lost(from).iter().find_map(|a| takers.get(a).copied()).filter(|to| to.id != from.id)
}

fn held_before(step: &Step) -> BTreeSet<&str> {
    let own = match (step.action, &step.why) {
        (Action::Create, _) => None,
        (Action::Rename, Cause::Renamed { from }) => Some(from.as_str()),
        _ => Some(step.key.name.as_str()),
    };
    held(step, own, |c| c.before.as_ref())
}

fn held_after(step: &Step) -> BTreeSet<&str> {
    let own = (step.action != Action::Delete).then_some(step.key.name.as_str());
    held(step, own, |c| c.after.as_ref())
}

fn held<'a>(step: &'a Step, own: Option<&'a str>, side: impl Fn(&'a Change) -> Option<&'a Value>) -> BTreeSet<&'a str> {
    if step.key.kind != Kind::User {
        return BTreeSet::new();
    }
    let aliases = step.changes.iter().filter(|c| c.field == Field::UserAliases).filter_map(side);
    let texts = aliases.flat_map(|v| match v {
        Value::Set(set) => set.iter().map(String::as_str).collect(),
        Value::List(list) => list.iter().map(String::as_str).collect(),
        Value::Text(_) | Value::Switch(_) | Value::Number(_) | Value::Token(_) => Vec::new(),
    });
    own.into_iter().chain(texts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing_plans::{aliases, create, delete, rename};

    #[test]
    fn what_is_gained_and_lost() {
        let d = delete("acme", "bob@acme.example");
        assert_eq!(lost(&d), BTreeSet::from(["bob@acme.example"]));
        let u = aliases("acme", "kim@acme.example", &["a@acme.example", "b@acme.example"], &["b@acme.example", "c@acme.example"]);
        assert_eq!((lost(&u), gained(&u)), (BTreeSet::from(["a@acme.example"]), BTreeSet::from(["c@acme.example"])));
        let r = rename("acme", "old@acme.example", "new@acme.example", true);
        assert!(lost(&r).is_empty(), "the old address stays as alias");
        assert_eq!(gained(&r), BTreeSet::from(["new@acme.example"]));
        assert_eq!(lost(&rename("acme", "old@acme.example", "new@acme.example", false)), BTreeSet::from(["old@acme.example"]));
        let steps = [aliases("acme", "kim@acme.example", &[], &["bob@acme.example"]), create("acme", "jane@acme.example")];
        assert_eq!(taker(&d, &takers(steps.iter())).map(|s| s.id), Some(steps[0].id));
        assert_eq!(taker(&d, &takers(steps[1..].iter())), None);
    }
}
