//! A step as it is shown: sign, object, risk, verdict, cause, what changes, what is known, what must be told.

use crate::base::Timestamp;
use crate::base::printable::printable;
use crate::model::{Field, Kind, Reason, Value};
use crate::plan::{Action, Change, Facts, Plan, Risk, Step, Until, Verdict};
use crate::render::view::moment::{ago, moment};
use crate::render::view::words;
use schemars::JsonSchema;
use serde::Serialize;

/// Whether a step goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// It goes, with a yes.
    Go,
    /// It is not sent yet.
    Waiting,
    /// It needs an approval.
    Gated,
    /// It needs an approval and has one.
    Approved,
    /// Left out by a selector.
    LeftOut,
    /// No approval can lift it.
    Blocked,
}

/// An attribute before and after; for sets what comes and what goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AttributeView {
    /// Its key in files.
    pub name: String,
    /// Before; `None`: not there, or write-only.
    pub before: Option<String>,
    /// After; `None`: gone.
    pub after: Option<String>,
    /// Members of a set that come.
    pub added: Vec<String>,
    /// Members of a set that go.
    pub removed: Vec<String>,
}

/// Evidence that an approval must name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EvidenceView {
    /// Its name.
    pub name: String,
    /// What it says.
    pub lines: Vec<String>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepView {
    /// Its digest, in full.
    pub id: String,
    /// What is done.
    pub action: Action,
    /// To what kind of object.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// How dangerous.
    pub risk: Risk,
    /// Whether it goes.
    pub held: Held,
    /// The verdict in a few words; empty for a step that simply goes.
    pub verdict: String,
    /// Why it is held, a line each.
    pub reasons: Vec<String>,
    /// Where it is declared: `file:line`.
    pub place: Option<String>,
    /// Why it is there; empty where the place says it all.
    pub cause: String,
    /// What is known of the object, or what it will be: a few words each.
    pub summary: Vec<String>,
    /// What changes.
    pub attributes: Vec<AttributeView>,
    /// Addresses that stop receiving mail by it.
    pub stops: Vec<String>,
    /// Evidence for its approval.
    pub evidence: Vec<EvidenceView>,
    /// Sentences for people.
    pub notes: Vec<String>,
    /// For a person: what to do.
    pub hand_off: Option<String>,
}

/// A step of a plan as it is shown at the moment `now`.
#[must_use]
pub fn step(plan: &Plan, step: &Step, now: Timestamp) -> StepView {
    let (held, verdict, reasons) = verdict(plan, step, now);
    let as_summary = step.action == Action::Create && step.key.kind == Kind::User;
    // A panel makes a policy with its tenant, so the declared one is a change of it.
    let of_a_new_tenant = plan.remote.is_none() && step.key.kind == Kind::PasswordPolicy;
    StepView {
        id: step.id.to_string(),
        action: step.action,
        kind: step.key.kind,
        name: printable(&step.key.name).into_owned(),
        risk: step.risk,
        held,
        verdict,
        reasons,
        place: step.at.as_ref().map(|at| printable(&at.to_string()).into_owned()),
        cause: if of_a_new_tenant { "of the new tenant".to_owned() } else { words::cause(step) },
        summary: if as_summary { new_user(&step.changes) } else { known(step, now) },
        attributes: if as_summary || step.action == Action::Delete { Vec::new() } else { step.changes.iter().map(attribute).collect() },
        stops: step.stops.iter().map(|a| printable(a).into_owned()).collect(),
        evidence: step.evidence.iter().map(|(e, text)| EvidenceView { name: e.to_string(), lines: words::lines(text) }).collect(),
        notes: step.notes.iter().flat_map(|n| words::lines(n)).collect(),
        hand_off: step.hand_off.as_ref().map(|t| words::one_line(t)),
    }
}

fn verdict(plan: &Plan, step: &Step, now: Timestamp) -> (Held, String, Vec<String>) {
    match plan.verdict(step.id) {
        Verdict::Go => (Held::Go, in_budget(plan, step), Vec::new()),
        Verdict::Waiting(Until::Edge { why, at: Some(at), .. }) => {
            (Held::Waiting, format!("waits until {}", moment(now, at)), words::lines(&why))
        }
        Verdict::Waiting(Until::Edge { why, at: None, .. }) => (Held::Waiting, "waits".to_owned(), words::lines(&why)),
        Verdict::Waiting(Until::Moment { at }) => (Held::Waiting, format!("waits until {}", moment(now, at)), Vec::new()),
        Verdict::Waiting(Until::Person { who, since }) => {
            let since = since.map_or_else(String::new, |at| format!(" · asked {}", ago(now, at)));
            (Held::Waiting, "waits for a person".to_owned(), words::lines(&format!("{who}{since}")))
        }
        Verdict::Gated { gates } => gated(plan, step, gates.iter().map(words::gate).collect(), now),
        Verdict::Blocked(Reason::LeftOut { option }) => (Held::LeftOut, "left out".to_owned(), words::lines(&option)),
        Verdict::Blocked(reason) => (Held::Blocked, "blocked".to_owned(), words::lines(&reason.to_string())),
    }
}

fn gated(plan: &Plan, step: &Step, mut why: Vec<String>, now: Timestamp) -> (Held, String, Vec<String>) {
    if let Some(until) = plan.report.approved.get(&step.id) {
        return (Held::Approved, format!("approved until {}", moment(now, *until)), why);
    }
    why.extend(plan.report.not_approved.get(&step.id).map(|dead| format!("none holds: {}", words::one_line(dead))));
    (Held::Gated, "needs approval".to_owned(), why)
}

fn in_budget(plan: &Plan, step: &Step) -> String {
    words::budget(plan, step).map_or_else(String::new, |b| format!("in budget ({} of {})", b.planned + b.recent.unwrap_or(0), b.allowed))
}

/// What a new user will be, in the order in which a person would say it.
fn new_user(changes: &[Change]) -> Vec<String> {
    let text = |field| changes.iter().find(|c| c.field == field).and_then(|c| c.after.as_ref());
    let mut parts = Vec::new();
    let names: Vec<String> = [Field::UserFirstName, Field::UserLastName]
        .into_iter()
        .filter_map(text)
        .filter_map(|v| match v {
            Value::Text(t) if !t.is_empty() => Some(printable(t).into_owned()),
            Value::Text(_) | Value::Switch(_) | Value::Number(_) | Value::List(_) | Value::Set(_) | Value::Token(_) => None,
        })
        .collect();
    if !names.is_empty() {
        parts.push(names.join(" "));
    }
    parts.extend([Field::UserKind, Field::UserStatus].into_iter().filter_map(text).map(ToString::to_string));
    match text(Field::UserAliases) {
        Some(Value::Set(aliases)) if aliases.len() > 3 => parts.push(format!("{} aliases", aliases.len())),
        Some(Value::Set(aliases)) if !aliases.is_empty() => parts.push(format!("aliases {}", Value::Set(aliases.clone()))),
        Some(_) | None => {}
    }
    if changes.iter().any(|c| c.field == Field::UserPassword && !c.is_invite()) {
        parts.push("with a password".to_owned());
    }
    if let Some(Value::Text(group)) = text(Field::UserGroup).filter(|v| **v != Value::text("")) {
        parts.push(format!("group {}", printable(group)));
    }
    parts
}

/// What is known of the live object; said where something is deleted, moved or dangerous.
fn known(step: &Step, now: Timestamp) -> Vec<String> {
    let Facts { origin, billable, mails_30d, last_mail_at, created_at, aliases, was: _ } = &step.facts;
    let worth = step.risk >= Risk::R3 || matches!(step.action, Action::Delete | Action::Move | Action::Rename);
    let mut parts = Vec::new();
    if !worth {
        return parts;
    }
    parts.extend(origin.map(|o| format!("origin {o}")));
    parts.extend(aliases.map(|n| words::count(n, "alias", "aliases")));
    let last = last_mail_at.map(|at| ago(now, at));
    match (mails_30d, last) {
        (Some(0), None) => parts.push("no mail in 30 days".to_owned()),
        (Some(n), Some(last)) => parts.push(format!("{} in 30 days, last {last}", words::count(*n, "mail", "mails"))),
        (Some(n), None) => parts.push(format!("{} in 30 days", words::count(*n, "mail", "mails"))),
        (None, Some(last)) => parts.push(format!("last mail {last}")),
        (None, None) => {}
    }
    parts.extend(created_at.map(|at| format!("created {}", ago(now, at))));
    parts.extend(billable.filter(|b| *b).map(|_| "billable".to_owned()));
    parts
}

fn attribute(change: &Change) -> AttributeView {
    let said = |v: &Option<Value>| v.as_ref().map(ToString::to_string);
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    if let (Some(Value::Set(before)), Some(Value::Set(after))) = (&change.before, &change.after) {
        added = after.difference(before).map(|t| printable(t).into_owned()).collect();
        removed = before.difference(after).map(|t| printable(t).into_owned()).collect();
    }
    AttributeView { name: change.field.name().to_owned(), before: said(&change.before), after: said(&change.after), added, removed }
}
