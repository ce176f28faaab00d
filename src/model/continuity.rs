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

impl Term {
    /// Reads its text, `12 months from 2026-12-01`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (months, from) = text.split_once(" months from ")?;
        Some(Self { months: months.parse().ok()?, from: from.parse().ok()? })
    }
}

impl std::fmt::Display for Term {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} months from {}", self.months, self.from)
    }
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
            each(Field::ContinuityTerm, Value::text(v.value.to_string()), v.span);
        }
    }
}
