//! An SMTP user as declared; the panel mints user name and password, shown once (S10).

use crate::base::span::{Span, Spanned};
use crate::base::{DomainName, SecretRef};
use crate::model::field::Field;
use crate::model::value::Value;

/// A login for outbound relay; `None` is not managed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpUser {
    /// The name in files.
    pub name: String,
    /// Its header.
    pub at: Span,
    /// The sending domain that it may use.
    pub domain: Option<Spanned<DomainName>>,
    /// A label that the panel keeps.
    pub label: Option<Spanned<String>>,
    /// The minted user name, once it is known (S4.1).
    pub username: Option<Spanned<String>>,
    /// Where the credential is kept: the sink.
    pub credential: Option<Spanned<SecretRef>>,
}

impl SmtpUser {
    /// Calls `each` with every declared attribute and its place; the sink is ours and not an attribute of the panel.
    pub fn visit(&self, each: &mut dyn FnMut(Field, Value, Span)) {
        if let Some(v) = &self.domain {
            each(Field::SmtpUserDomain, Value::text(v.value.as_str()), v.span);
        }
        if let Some(v) = &self.label {
            each(Field::SmtpUserLabel, Value::text(&v.value), v.span);
        }
        if let Some(v) = &self.username {
            each(Field::SmtpUserUsername, Value::text(&v.value), v.span);
        }
    }
}
