//! `--only`, `--exclude`, `--max-risk`: apply a part and name the rest (S7.8).
//!
//! Invariant: what is left out keeps its digest, so an approval of it holds on. A step that needs another that is left
//! out, or frees an address that another would take, is left out with it: a part is never less safe than the whole.

use crate::base::{Address, DomainName};
use crate::model::{Key, Kind, Reason};
use crate::plan::addresses::{taker, takers};
use crate::plan::pattern::matches;
use crate::plan::step::{Risk, Step, StepId, Verdict};
use crate::plan::tenant_plan::Plan;
use std::collections::BTreeMap;
use std::fmt;

/// A selector: `user/bob@acme.example`, `domain/*`, `*/*.acme.example`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    kind: String,
    name: String,
}

/// Why a selector was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    /// No `/`.
    #[error("the selector `{0}` names no kind before a `/`")]
    NoSlash(String),
    /// A kind that does not exist.
    #[error("`{0}` is no kind of object; kinds are {all}", all = Kind::ALL.map(Kind::word).join(", "))]
    Kind(String),
    /// Nothing after the `/`.
    #[error("`{0}` names nothing after `/`; write `*` for all")]
    NoName(String),
}

impl Selector {
    /// Reads a selector. Names become canonical, so `user/Bob@Acme.Example` finds the same user.
    ///
    /// # Errors
    /// [`SelectorError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let (kind, name) = text.split_once('/').ok_or_else(|| SelectorError::NoSlash(text.to_owned()))?;
        if !kind.contains('*') && Kind::parse(kind).is_none() {
            return Err(SelectorError::Kind(kind.to_owned()));
        }
        if name.is_empty() {
            return Err(SelectorError::NoName(text.to_owned()));
        }
        Ok(Self { kind: kind.to_owned(), name: canonical(name) })
    }
    /// Whether it selects an object.
    #[must_use]
    pub fn selects(&self, key: &Key) -> bool {
        matches(&self.kind, key.kind.word()) && matches(&self.name, &key.name)
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}

fn canonical(name: &str) -> String {
    if name.contains('*') {
        return name.to_lowercase();
    }
    let address = Address::parse(name).map(|a| a.as_str().to_owned());
    let domain = || DomainName::parse(name).map(|d| d.as_str().to_owned());
    address.or_else(|_| domain()).unwrap_or_else(|_| name.to_owned())
}

/// Blocks what is not chosen as left out. An empty `only` chooses everything.
pub fn select(plan: &mut Plan, only: &[Selector], exclude: &[Selector], max_risk: Option<Risk>) {
    let mut left: BTreeMap<StepId, String> = BTreeMap::new();
    for step in &plan.steps {
        if let Some(option) = unchosen(step, only, exclude, max_risk) {
            left.insert(step.id, option);
        }
    }
    let by_id: BTreeMap<StepId, &Step> = plan.steps.iter().map(|s| (s.id, s)).collect();
    let mut size = usize::MAX;
    while size != left.len() {
        size = left.len();
        let taken = takers(plan.steps.iter().filter(|s| left.contains_key(&s.id)));
        for step in &plan.steps {
            if let Some(option) = follows(step, &by_id, &taken, &left) {
                left.insert(step.id, option);
            }
        }
    }
    for step in &plan.steps {
        if let Some(option) = left.remove(&step.id) {
            plan.report.left_out.push((step.key.clone(), option.clone()));
            plan.verdicts.insert(step.id, Verdict::Blocked(Reason::LeftOut { option }));
        }
    }
}

fn unchosen(step: &Step, only: &[Selector], exclude: &[Selector], max_risk: Option<Risk>) -> Option<String> {
    if !only.is_empty() && !only.iter().any(|s| s.selects(&step.key)) {
        return Some("--only".into());
    }
    if let Some(selector) = exclude.iter().find(|s| s.selects(&step.key)) {
        return Some(format!("--exclude {selector}"));
    }
    let risk = max_risk.filter(|most| step.risk > *most)?;
    Some(format!("--max-risk {risk:?}"))
}

/// Why a step that is still chosen must be left out: another that it needs, or that needs it, is.
fn follows(step: &Step, by_id: &BTreeMap<StepId, &Step>, taken: &BTreeMap<&str, &Step>, left: &BTreeMap<StepId, String>) -> Option<String> {
    if left.contains_key(&step.id) {
        return None;
    }
    if let Some((edge, option)) = step.after.iter().find_map(|e| left.get(&e.step).map(|o| (e, o))) {
        let first = by_id.get(&edge.step).map_or_else(String::new, |s| s.key.to_string());
        return Some(format!("{} (it needs {first} first)", plain(option)));
    }
    let taker = taker(step, taken)?;
    let option = left.get(&taker.id).map_or("", |o| plain(o));
    Some(format!("{option} ({} would take its address)", taker.key))
}

/// The option without the words that an earlier step of the chain added.
fn plain(option: &str) -> &str {
    option.split(" (").next().unwrap_or(option)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::step::{Edge, Stage};
    use crate::plan::testing_plans::{aliases, create, delete, plan, relay_check};

    fn only(text: &str) -> Vec<Selector> {
        vec![Selector::parse(text).unwrap()]
    }
    fn gone(p: &Plan) -> Vec<String> {
        p.report.left_out.iter().map(|(k, why)| format!("{k}: {why}")).collect()
    }

    #[test]
    fn selectors_are_read() {
        assert!(Selector::parse("user/Bob@Acme.Example").unwrap().selects(&delete("acme", "bob@acme.example").key));
        assert!(Selector::parse("domain/*").unwrap().selects(&relay_check("acme", "acme.example").key));
        assert!(!Selector::parse("user/*@other.example").unwrap().selects(&delete("acme", "bob@acme.example").key));
        assert_eq!(Selector::parse("bob"), Err(SelectorError::NoSlash("bob".into())));
        assert_eq!(Selector::parse("usr/bob"), Err(SelectorError::Kind("usr".into())));
        assert_eq!(Selector::parse("user/"), Err(SelectorError::NoName("user/".into())));
    }

    #[test]
    fn the_rest_is_named_and_keeps_its_id() {
        let mut p = plan("acme", vec![delete("acme", "bob@acme.example"), create("acme", "jane@acme.example")]);
        let id = p.id;
        select(&mut p, &only("user/jane@acme.example"), &[], None);
        assert_eq!((p.id, gone(&p)), (id, vec!["user/bob@acme.example: --only".to_owned()]));
        assert_eq!(p.verdict(p.steps[0].id), Verdict::Blocked(Reason::LeftOut { option: "--only".into() }));
        assert_eq!(p.verdict(p.steps[1].id), Verdict::Go);
        let mut p = plan("acme", vec![delete("acme", "bob@acme.example"), create("acme", "jane@acme.example")]);
        select(&mut p, &[], &[], Some(Risk::R2));
        assert_eq!(gone(&p), ["user/bob@acme.example: --max-risk R2"]);
    }

    #[test]
    fn what_needs_a_step_that_is_left_out_is_left_out_with_it() {
        let first = create("acme", "jane@acme.example");
        let mut second = relay_check("acme", "acme.example");
        second.after = vec![Edge { step: first.id, stage: Stage::Effective, why: "users first".into() }];
        let mut p = plan("acme", vec![first, second]);
        select(&mut p, &only("domain/*"), &[], None);
        assert_eq!(gone(&p), ["user/jane@acme.example: --only", "domain/acme.example: --only (it needs user/jane@acme.example first)"]);
    }

    #[test]
    fn an_address_is_not_freed_for_nobody() {
        let free = aliases("acme", "bob@acme.example", &["x@acme.example"], &[]);
        let take = aliases("acme", "kim@acme.example", &[], &["x@acme.example"]);
        let mut p = plan("acme", vec![free, take]);
        select(&mut p, &only("user/bob@acme.example"), &[], None);
        assert_eq!(
            gone(&p),
            ["user/bob@acme.example: --only (user/kim@acme.example would take its address)", "user/kim@acme.example: --only"]
        );
    }
}
