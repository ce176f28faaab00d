//! A domain's continuity as declared (S15).

use crate::base::span::{Span, Spanned};
use crate::model::field::Field;
use crate::model::value::Value;

/// The term that is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Length in months, at least 12.
    pub months: u32,
    /// First day.
    pub from: jiff::civil::Date,
}

/// Continuity; `None` is not managed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continuity {
    /// The table's header.
    pub at: Span,
    /// On or off.
    pub enabled: Option<Spanned<bool>>,
    /// Outgoing mail by the customer's own server during a failure.
    pub outgoing_via_own_server: Option<Spanned<bool>>,
    /// The term.
    pub term: Option<Spanned<Term>>,
}

impl Continuity {
    /// Calls `each` with every declared attribute and its place.
    pub fn visit(&self, each: &mut dyn FnMut(Field, Value, Span)) {
        if let Some(v) = &self.enabled {
            each(Field::ContinuityEnabled, Value::Switch(v.value), v.span);
        }
        if let Some(v) = &self.outgoing_via_own_server {
            each(Field::ContinuityOutgoing, Value::Switch(v.value), v.span);
        }
        if let Some(v) = &self.term {
            each(Field::ContinuityTerm, Value::text(format!("{} months from {}", v.value.months, v.value.from)), v.span);
        }
    }
}
