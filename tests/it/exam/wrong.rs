//! What a run may have changed, written from the law and not from the executor: nothing but what its plan names.
//!
//! A wrong write deletes something, or resets an attribute, that the plan does not name. Compared is what is live before a
//! run and after it, object by object, so it does not matter by which call it came.

use crate::exam::expected::kind_of;
use crate::exam::picture::{Attrs, PASSWORD, Picture, json_of, show};
use mailwright::model::{Field, Kind, Value};
use mailwright::plan::{Action, Cause, Plan, Step};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// Every change that no step of the plan names, in words. `None`: there was no plan, so nothing may have changed.
pub fn writes(plan: Option<&Plan>, before: &Picture, after: &Picture) -> Vec<String> {
    let steps = plan.map_or(&[][..], |plan| &plan.steps);
    let named = Named(steps);
    let mut all = Vec::new();
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for key in keys {
        match (before.get(key), after.get(key)) {
            (Some(_), None) if !named.goes(key) => all.push(format!("{key} is gone, and no step says so")),
            (None, Some(_)) if !named.comes(key) => all.push(format!("{key} came, and no step says so")),
            (Some(was), Some(is)) => all.extend(named.changed(key, was, is)),
            (Some(_), None) | (None, Some(_) | None) => {}
        }
    }
    all
}

/// Whether a plan takes anything away, so that a `DELETE` may have been sent.
pub fn takes_away(plan: Option<&Plan>) -> bool {
    let shrinks = |before: &Value, after: &Value| match (before, after) {
        (Value::Set(before), Value::Set(after)) => !before.is_subset(after),
        (Value::Switch(on), Value::Switch(stays)) => *on && !stays,
        (_, _) => false,
    };
    let changes = |s: &Step| s.changes.iter().any(|c| c.before.as_ref().zip(c.after.as_ref()).is_some_and(|(b, a)| shrinks(b, a)));
    plan.is_some_and(|plan| {
        plan.steps.iter().any(|s| matches!(s.action, Action::Delete | Action::Block | Action::Rename | Action::Move) || changes(s))
    })
}

/// What steps name.
struct Named<'a>(&'a [Step]);

impl Named<'_> {
    fn of<'s>(&'s self, key: &'s str) -> impl Iterator<Item = &'s Step> {
        self.0.iter().filter(move |s| show(&s.key) == key)
    }
    fn any(&self, action: Action, kind: Kind) -> bool {
        self.0.iter().any(|s| s.action == action && s.key.kind == kind)
    }
    /// Whether the domain or tenant that an object hangs on is in a step of this action.
    fn owner(&self, key: &str, action: Action) -> bool {
        let name = key.split_once('/').map_or("", |(_, name)| name);
        let domain = match kind_of(key) {
            Kind::User => name.rsplit('@').next(),
            Kind::Directory | Kind::Discovery | Kind::Continuity => name.split('/').next(),
            Kind::Tenant | Kind::PasswordPolicy | Kind::Domain | Kind::SendingDomain | Kind::SmtpUser => None,
        };
        let is = |s: &&Step| s.action == action && s.key.kind == Kind::Domain && Some(s.key.name.as_str()) == domain;
        self.0.iter().any(|s| is(&s) || (s.action == action && s.key.kind == Kind::Tenant))
    }
    fn goes(&self, key: &str) -> bool {
        let renamed = |s: &&Step| s.action == Action::Rename && matches!(&s.why, Cause::Renamed { from } if key == format!("user/{from}"));
        let label = kind_of(key) == Kind::SmtpUser && self.any(Action::Delete, Kind::SmtpUser);
        self.of(key).any(|s| s.action == Action::Delete) || self.owner(key, Action::Delete) || self.0.iter().any(|s| renamed(&s)) || label
    }
    fn comes(&self, key: &str) -> bool {
        let makes = |action| matches!(action, Action::Create | Action::Mint | Action::Rename | Action::Buy);
        // parts are there with their owners
        let part = kind_of(key).is_part() && self.owner(key, Action::Create);
        let label = kind_of(key) == Kind::SmtpUser && self.any(Action::Mint, Kind::SmtpUser);
        self.of(key).any(|s| makes(s.action)) || part || label
    }

    /// Attributes that changed otherwise than a step says.
    fn changed(&self, key: &str, was: &Attrs, is: &Attrs) -> Vec<String> {
        let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        let differ = names.into_iter().filter(|name| was.get(*name) != is.get(*name));
        let wrong = differ.filter_map(|name| {
            let (before, after) = (was.get(name).unwrap_or(&Json::Null), is.get(name).unwrap_or(&Json::Null));
            let fine = match (before.as_array(), after.as_array()) {
                (Some(before), Some(after)) if name != "destination" => self.set_is_named(key, name, before, after),
                (_, _) => self.value_is_named(key, name, before, after),
            };
            (!fine).then(|| format!("{key} {name}: {before} became {after}, and no step says so"))
        });
        // a login is told by its label, which steps do not name
        if kind_of(key) == Kind::SmtpUser { Vec::new() } else { wrong.collect() }
    }

    fn changes<'s>(&'s self, key: &'s str, name: &'s str) -> impl Iterator<Item = (Option<Json>, Json)> + 's {
        let one = move |c: &mailwright::plan::Change| {
            let field = c.field.name() == name || (name == PASSWORD && c.field == Field::UserPassword);
            field.then(|| (c.before.as_ref().map(json_of), c.after.as_ref().map_or(Json::Null, json_of)))
        };
        // what is made anew after it went has everything anew
        self.of(key).flat_map(move |s| s.changes.iter().filter_map(one).collect::<Vec<_>>())
    }

    /// The new value is a step's, and what it replaced is what the step saw.
    fn value_is_named(&self, key: &str, name: &str, before: &Json, after: &Json) -> bool {
        let anew = self.of(key).any(|s| s.action == Action::Create || s.action == Action::Delete);
        let saw = |seen: &Option<Json>| anew || name == PASSWORD || seen.as_ref().is_none_or(|seen| seen == before);
        self.changes(key, name).any(|(seen, wanted)| wanted == *after && saw(&seen))
    }

    /// What came into a set and what went from it is named, by its own steps or by a move to or from another object.
    fn set_is_named(&self, key: &str, name: &str, before: &[Json], after: &[Json]) -> bool {
        let (mut may_come, mut may_go): (Vec<Json>, Vec<Json>) = (Vec::new(), Vec::new());
        let list = |value: &Json| value.as_array().cloned().unwrap_or_default();
        for (seen, wanted) in self.changes(key, name) {
            let (seen, wanted) = (seen.as_ref().map(list).unwrap_or_default(), list(&wanted));
            may_come.extend(wanted.iter().filter(|w| !seen.contains(w)).cloned());
            may_go.extend(seen.iter().filter(|s| !wanted.contains(s)).cloned());
        }
        for step in self.0 {
            match &step.why {
                Cause::Moved { from } if show(from) == key => {
                    let taken = step.changes.iter().filter_map(|c| c.after.as_ref()).map(json_of);
                    may_go.extend(taken.flat_map(|v| list(&v)));
                    may_go.push(step.key.name.clone().into());
                }
                Cause::Renamed { from } if show(&step.key) == key => may_come.push(from.clone().into()),
                _ => {}
            }
        }
        let came = after.iter().filter(|v| !before.contains(v)).all(|v| may_come.contains(v));
        came && before.iter().filter(|v| !after.contains(v)).all(|v| may_go.contains(v))
    }
}
