//! A domain's address discovery as declared (S16.2).

use crate::base::span::{Span, Spanned};
use crate::model::field::Field;
use crate::model::value::Value;

/// Discovery; `None` is not managed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovery {
    /// The table's header.
    pub at: Span,
    /// On or off.
    pub enabled: Option<Spanned<bool>>,
    /// Its last day.
    pub until: Option<Spanned<jiff::civil::Date>>,
}

impl Discovery {
    /// Calls `each` with every declared attribute and its place.
    pub fn visit(&self, each: &mut dyn FnMut(Field, Value, Span)) {
        if let Some(v) = &self.enabled {
            each(Field::DiscoveryEnabled, Value::Switch(v.value), v.span);
        }
        if let Some(v) = &self.until {
            each(Field::DiscoveryUntil, Value::text(v.value.to_string()), v.span);
        }
    }
}
