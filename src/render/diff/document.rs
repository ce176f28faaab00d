//! The two documents of each object that a plan changes or that differs.

use crate::base::printable::printable;
use crate::model::{Field, Key, Kind, Value};
use crate::plan::{Action, Plan};

/// An object on both sides, as text that looks like the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectDiff {
    /// `user bob@acme.example`.
    pub object: String,
    /// Where it is declared; a word where it is not.
    pub place: String,
    /// What is live; empty where it is not there.
    pub live: String,
    /// What is declared; empty where it goes.
    pub desired: String,
}

/// The objects of a plan, in its order, then the differences that are no steps.
#[must_use]
pub fn objects(plan: &Plan) -> Vec<ObjectDiff> {
    let mut all = Vec::new();
    for step in &plan.steps {
        let side = |live: bool| -> Vec<(Field, Option<&Value>)> {
            step.changes.iter().map(|c| (c.field, if live { c.before.as_ref() } else { c.after.as_ref() })).collect()
        };
        let live = if step.action == Action::Create { String::new() } else { document(&step.key, &side(true)) };
        let desired = if step.action == Action::Delete { String::new() } else { document(&step.key, &side(false)) };
        let place = step.at.as_ref().map_or_else(|| "not declared".to_owned(), |at| printable(&at.to_string()).into_owned());
        all.push(ObjectDiff { object: title(&step.key), place, live, desired });
    }
    for differs in &plan.report.differs {
        let side = |live: bool| -> Vec<(Field, Option<&Value>)> {
            differs.fields.iter().map(|(f, l, d)| (*f, if live { l.as_ref() } else { d.as_ref() })).collect()
        };
        let place = differs.at.as_ref().map_or_else(|| "not declared".to_owned(), |at| printable(&at.to_string()).into_owned());
        let (live, desired) = (document(&differs.key, &side(true)), document(&differs.key, &side(false)));
        all.push(ObjectDiff { object: format!("{} (no step: {})", title(&differs.key), printable(&differs.why)), place, live, desired });
    }
    all
}

fn title(key: &Key) -> String {
    format!("{} {}", key.kind, printable(&key.name))
}

/// An object as the files would write it: its header, then a line for each value; sets with a line for each member.
fn document(key: &Key, values: &[(Field, Option<&Value>)]) -> String {
    let mut out = header(key);
    for (field, value) in values {
        match value {
            None => {}
            Some(Value::Set(members)) if members.is_empty() => out.push_str(&format!("{} = []\n", field.name())),
            Some(Value::Set(members)) => {
                out.push_str(&format!("{} = [\n", field.name()));
                members.iter().for_each(|m| out.push_str(&format!("    {},\n", quoted(m))));
                out.push_str("]\n");
            }
            Some(Value::Token(token)) => out.push_str(&format!("# {}: secret, compared by its token {}\n", field.name(), quoted(token))),
            Some(value) => out.push_str(&format!("{} = {}\n", field.name(), written(value))),
        }
    }
    out
}

fn header(key: &Key) -> String {
    let name = quoted(&key.name);
    match key.kind {
        Kind::Tenant => format!("[tenant]\nname = {name}\n"),
        Kind::PasswordPolicy => "[password_policy]\n".to_owned(),
        Kind::Domain => format!("[domains.{name}]\n"),
        Kind::Directory => format!("[domains.{name}.directory]\n"),
        Kind::Discovery => format!("[domains.{name}.discovery]\n"),
        Kind::Continuity => format!("[domains.{name}.continuity]\n"),
        Kind::User => format!("[[users]]\naddress = {name}\n"),
        Kind::SendingDomain => format!("[sending_domains.{name}]\n"),
        Kind::SmtpUser => format!("[smtp_users.{name}]\n"),
    }
}

fn written(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Switch(on) => on.to_string(),
        Value::Number(n) => n.to_string(),
        Value::List(all) => format!("[{}]", all.iter().map(|t| quoted(t)).collect::<Vec<_>>().join(", ")),
        Value::Set(all) => format!("[{}]", all.iter().map(|t| quoted(t)).collect::<Vec<_>>().join(", ")),
        Value::Token(token) => quoted(token),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", printable(&text.replace('\\', "\\\\").replace('"', "\\\"")))
}
