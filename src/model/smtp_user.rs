//! An SMTP user as declared; the panel mints user name and password, shown once (S10).

use crate::base::span::{Span, Spanned};
use crate::base::{DomainName, SecretRef};
use crate::model::credential::Sink;
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
    /// Whether the sink outlives the machine that writes it (S10.3).
    pub durable: bool,
}

impl SmtpUser {
    /// Its sink, where one is declared.
    #[must_use]
    pub fn sink(&self) -> Option<Sink> {
        self.credential.as_ref().map(|place| Sink { place: place.value.clone(), durable: self.durable })
    }
    /// The label by which it is found where no user name is known (S4.1): as declared, else its name in files.
    #[must_use]
    pub fn known_as(&self) -> &str {
        self.label.as_ref().map_or(self.name.as_str(), |l| l.value.as_str())
    }
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
