//! The changes of a step as values.

use crate::model::user::{UserKind, UserStatus};
use crate::model::{Fault, Field, Value};
use crate::plan::Step;
use std::collections::BTreeSet;

/// A step that does not fit what the panel said it can do.
pub(super) fn defect(step: &Step, what: &str) -> Fault {
    Fault::Local { text: format!("{} of {}: {what}; please report this", step.action.word(), step.key) }
}

/// The value of a change, read by `read`; a value of another shape is a defect.
fn after<'a, T>(step: &'a Step, field: Field, read: impl FnOnce(&'a Value) -> Option<T>) -> Result<Option<T>, Fault> {
    let Some(change) = step.changes.iter().find(|c| c.field == field) else { return Ok(None) };
    let value = change.after.as_ref().and_then(read);
    value.map(Some).ok_or_else(|| defect(step, &format!("{field} has no value that fits")))
}

/// A text.
pub(super) fn text(step: &Step, field: Field) -> Result<Option<String>, Fault> {
    after(step, field, |v| if let Value::Text(text) = v { Some(text.clone()) } else { None })
}

/// A user's kind.
pub(super) fn kind(step: &Step) -> Result<Option<UserKind>, Fault> {
    after(step, Field::UserKind, |v| if let Value::Text(word) = v { UserKind::parse(word) } else { None })
}

/// A user's status.
pub(super) fn status(step: &Step) -> Result<Option<UserStatus>, Fault> {
    after(step, Field::UserStatus, |v| if let Value::Text(word) = v { UserStatus::parse(word) } else { None })
}

/// A set after the step.
pub(super) fn set(step: &Step, field: Field) -> Result<Option<BTreeSet<String>>, Fault> {
    after(step, field, |v| if let Value::Set(set) = v { Some(set.clone()) } else { None })
}

/// A set before the step.
pub(super) fn set_before(step: &Step, field: Field) -> BTreeSet<String> {
    match step.changes.iter().find(|c| c.field == field).and_then(|c| c.before.as_ref()) {
        Some(Value::Set(set)) => set.clone(),
        Some(Value::Text(_) | Value::Switch(_) | Value::Number(_) | Value::List(_) | Value::Token(_)) | None => BTreeSet::new(),
    }
}

/// Refuses a step that changes something that cannot be written.
pub(super) fn only(step: &Step, fields: &[Field]) -> Result<(), Fault> {
    match step.changes.iter().find(|c| !fields.contains(&c.field)) {
        None => Ok(()),
        Some(change) => Err(Fault::Rejected { text: format!("{} cannot be written by this driver", change.field) }),
    }
}
