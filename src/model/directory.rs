//! A domain's directory as declared.

use crate::base::SecretRef;
use crate::base::span::{Span, Spanned};
use crate::model::field::Field;
use crate::model::user::words;
use crate::model::value::Value;

words!(
    /// How the connection to the directory is protected.
    Tls {
        /// Not at all.
        None = "none",
        /// StartTLS on the plain port.
        StartTls = "starttls",
        /// TLS from the start, port 636.
        Ldaps = "ldaps",
    }
);

words!(
    /// What kind of directory.
    Source {
        /// An LDAP server.
        Ldap = "ldap",
        /// Microsoft Entra ID; consent is a step for a person.
        Entra = "entra",
    }
);

words!(
    /// How often a panel reads a directory (S6.1).
    Schedule {
        /// Each hour.
        Minutes60 = "60-minutes",
        /// Each third hour.
        Hours3 = "3-hours",
        /// Three times a day.
        ThreeADay = "3-a-day",
    }
);

/// A bind password by reference, with the text that says when it is new (S10.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BindPassword {
    /// Where it is to be had.
    pub from: SecretRef,
    /// `rotate`, where it is written.
    pub rotate: Option<Spanned<String>>,
}

/// The token of a password without a `rotate` text.
pub const INITIAL: &str = "initial";

impl BindPassword {
    /// What stands for it where passwords are compared.
    #[must_use]
    pub fn token(&self) -> &str {
        self.rotate.as_ref().map_or(INITIAL, |r| &r.value)
    }
}

/// A directory; `None` is not managed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// The table's header.
    pub at: Span,
    /// In use; `false` switches off.
    pub enabled: Option<Spanned<bool>>,
    /// LDAP or Entra.
    pub source: Option<Spanned<Source>>,
    /// Host.
    pub host: Option<Spanned<String>>,
    /// Port.
    pub port: Option<Spanned<u16>>,
    /// TLS mode.
    pub tls: Option<Spanned<Tls>>,
    /// Bind name.
    pub bind_dn: Option<Spanned<String>>,
    /// Bind password, by reference.
    pub bind_password: Option<Spanned<BindPassword>>,
    /// Search base.
    pub search_base: Option<Spanned<String>>,
    /// Filter.
    pub filter: Option<Spanned<String>>,
    /// Fewest users of a synchronisation.
    pub min_users: Option<Spanned<u32>>,
    /// How often it is read.
    pub schedule: Option<Spanned<Schedule>>,
}

impl Directory {
    /// Calls `each` with every declared attribute and its place; the bind password as token.
    pub fn visit(&self, each: &mut dyn FnMut(Field, Value, Span)) {
        if let Some(v) = &self.enabled {
            each(Field::DirectoryEnabled, Value::Switch(v.value), v.span);
        }
        if let Some(v) = &self.source {
            each(Field::DirectorySource, Value::text(v.value.word()), v.span);
        }
        if let Some(v) = &self.port {
            each(Field::DirectoryPort, Value::Number(i64::from(v.value)), v.span);
        }
        if let Some(v) = &self.tls {
            each(Field::DirectoryTls, Value::text(v.value.word()), v.span);
        }
        if let Some(v) = &self.bind_password {
            each(Field::DirectoryBindPassword, Value::Token(v.value.token().to_owned()), v.span);
        }
        if let Some(v) = &self.min_users {
            each(Field::DirectoryMinUsers, Value::Number(i64::from(v.value)), v.span);
        }
        if let Some(v) = &self.schedule {
            each(Field::DirectorySchedule, Value::text(v.value.word()), v.span);
        }
        for (field, v) in [
            (Field::DirectoryHost, &self.host),
            (Field::DirectoryBindDn, &self.bind_dn),
            (Field::DirectorySearchBase, &self.search_base),
            (Field::DirectoryFilter, &self.filter),
        ] {
            if let Some(v) = v {
                each(field, Value::text(&v.value), v.span);
            }
        }
    }
}
