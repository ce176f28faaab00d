//! A tenant's rules for passwords.

use crate::base::span::{Span, Spanned};
use crate::model::field::Field;
use crate::model::value::Value;

/// The policy; `None` is not managed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// The table's header.
    pub at: Span,
    /// Least length in characters.
    pub min_length: Option<Spanned<u32>>,
    /// Upper-case letter required.
    pub upper: Option<Spanned<bool>>,
    /// Lower-case letter required.
    pub lower: Option<Spanned<bool>>,
    /// Digit required.
    pub digit: Option<Spanned<bool>>,
    /// Special character required.
    pub special: Option<Spanned<bool>>,
    /// Length in characters of passwords that the panel makes up.
    pub generated_length: Option<Spanned<u32>>,
    /// Special characters in passwords that the panel makes up.
    pub generated_special: Option<Spanned<bool>>,
}

impl PasswordPolicy {
    /// Calls `each` with every declared attribute and its place.
    pub fn visit(&self, each: &mut dyn FnMut(Field, Value, Span)) {
        for (field, v) in [(Field::PolicyMinLength, &self.min_length), (Field::PolicyGeneratedLength, &self.generated_length)] {
            if let Some(v) = v {
                each(field, Value::Number(i64::from(v.value)), v.span);
            }
        }
        for (field, v) in [
            (Field::PolicyUpper, &self.upper),
            (Field::PolicyLower, &self.lower),
            (Field::PolicyDigit, &self.digit),
            (Field::PolicySpecial, &self.special),
            (Field::PolicyGeneratedSpecial, &self.generated_special),
        ] {
            if let Some(v) = v {
                each(field, Value::Switch(v.value), v.span);
            }
        }
    }
    /// Whether what is declared makes passwords strong: 8 characters or more, upper, lower, digit (S15).
    #[must_use]
    pub fn is_strong(&self) -> bool {
        let on = |v: &Option<Spanned<bool>>| v.as_ref().is_some_and(|s| s.value);
        self.min_length.as_ref().is_some_and(|n| n.value >= 8) && on(&self.upper) && on(&self.lower) && on(&self.digit)
    }
}
