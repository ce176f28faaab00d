//! The changes of a step, typed: what every driver reads from a step before it makes its calls.
//!
//! Deliberately absent: the words of one panel; [`Changes::word`] takes the driver's own reading of them.

use crate::model::{Fault, Field, Value};
use crate::plan::{Change, Step};
use std::collections::BTreeSet;

/// A step that does not fit what this driver said it can do: a defect of ours, and nothing is sent.
pub(super) fn defect(step: &Step, what: &str) -> Fault {
    Fault::Local { text: format!("{} of {}: {what}; please report this", step.action.word(), step.key) }
}

/// Typed sight of a step's changes.
pub(super) struct Changes<'a>(pub(super) &'a Step);

impl<'a> Changes<'a> {
    /// Refuses a step that changes something which no call here would carry: it must not be called done.
    pub(super) fn only(step: &'a Step, fields: &[Field]) -> Result<Self, Fault> {
        match step.changes.iter().find(|c| !fields.contains(&c.field)) {
            None => Ok(Self(step)),
            Some(change) => Err(Fault::Rejected { text: format!("{} cannot be written by this driver", change.field) }),
        }
    }
    /// A change of one attribute.
    pub(super) fn change(&self, field: Field) -> Option<&'a Change> {
        self.0.changes.iter().find(|c| c.field == field)
    }
    fn value<T>(&self, field: Field, read: impl FnOnce(&'a Value) -> Option<T>) -> Result<Option<T>, Fault> {
        let Some(change) = self.change(field) else { return Ok(None) };
        let value = change.after.as_ref().and_then(read);
        value.map(Some).ok_or_else(|| defect(self.0, &format!("{field} has no value that fits")))
    }
    /// A text.
    pub(super) fn text(&self, field: Field) -> Result<Option<String>, Fault> {
        self.value(field, |v| if let Value::Text(text) = v { Some(text.clone()) } else { None })
    }
    /// A switch.
    pub(super) fn switch(&self, field: Field) -> Result<Option<bool>, Fault> {
        self.value(field, |v| if let Value::Switch(on) = v { Some(*on) } else { None })
    }
    /// A small number.
    pub(super) fn number(&self, field: Field) -> Result<Option<u32>, Fault> {
        self.value(field, |v| if let Value::Number(n) = v { u32::try_from(*n).ok() } else { None })
    }
    /// Texts in order.
    pub(super) fn list(&self, field: Field) -> Result<Option<Vec<String>>, Fault> {
        self.value(field, |v| if let Value::List(list) = v { Some(list.clone()) } else { None })
    }
    /// Texts without order.
    pub(super) fn set(&self, field: Field) -> Result<Option<BTreeSet<String>>, Fault> {
        self.value(field, |v| if let Value::Set(set) = v { Some(set.clone()) } else { None })
    }
    /// What the set was before; empty where the object was not there.
    pub(super) fn set_before(&self, field: Field) -> BTreeSet<String> {
        match self.change(field).and_then(|c| c.before.as_ref()) {
            Some(Value::Set(set)) => set.clone(),
            Some(Value::Text(_) | Value::Switch(_) | Value::Number(_) | Value::List(_) | Value::Token(_)) | None => BTreeSet::new(),
        }
    }
    /// What the step adds to a set.
    pub(super) fn added(&self, field: Field) -> Result<BTreeSet<String>, Fault> {
        let before = self.set_before(field);
        Ok(self.set(field)?.unwrap_or_default().into_iter().filter(|text| !before.contains(text)).collect())
    }
    /// The set that shall be there, where `now` is there: what the step adds and takes away, and nothing else of it.
    pub(super) fn set_over(&self, field: Field, now: Option<&BTreeSet<String>>) -> Result<Option<BTreeSet<String>>, Fault> {
        let Some(after) = self.set(field)? else { return Ok(None) };
        let Some(now) = now else { return Ok(Some(after)) };
        let before = self.set_before(field);
        let kept = now.iter().filter(|text| !before.contains(*text) || after.contains(*text)).cloned();
        Ok(Some(kept.chain(self.added(field)?).collect()))
    }
    /// A word that the driver reads.
    pub(super) fn word<T>(&self, field: Field, read: fn(&str) -> Option<T>) -> Result<Option<T>, Fault> {
        self.value(field, |v| if let Value::Text(word) = v { read(word) } else { None })
    }
}
