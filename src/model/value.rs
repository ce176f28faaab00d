//! A value of an attribute, in the one form in which values are compared, digested and shown.

use crate::base::digest::Encoder;
use crate::base::printable::printable;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// A value. Texts are in canonical form where the field has one (addresses, domains, enum words).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// A text or an enum's word; `""` is the cleared value.
    Text(String),
    /// A switch.
    Switch(bool),
    /// A whole number.
    Number(i64),
    /// Texts whose order means something (destinations).
    List(Vec<String>),
    /// Texts whose order means nothing (aliases).
    Set(BTreeSet<String>),
    /// The token of a secret (S10.2); never computed from the secret.
    Token(String),
}

impl Value {
    /// A text value.
    pub fn text(text: impl Into<String>) -> Self {
        Value::Text(text.into())
    }
    /// Writes the value into a digest, with its shape.
    pub fn encode(&self, into: &mut Encoder) {
        match self {
            Value::Text(t) => {
                into.number(1).text(t);
            }
            Value::Switch(b) => {
                into.number(2).number(u64::from(*b));
            }
            Value::Number(n) => {
                into.number(3).bytes(&n.to_le_bytes());
            }
            Value::List(v) => {
                into.number(4).number(v.len() as u64);
                for t in v {
                    into.text(t);
                }
            }
            Value::Set(v) => {
                into.number(5).number(v.len() as u64);
                for t in v {
                    into.text(t);
                }
            }
            Value::Token(t) => {
                into.number(6).text(t);
            }
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, all: &mut dyn Iterator<Item = &String>| {
            let text = all.map(|t| printable(t).into_owned()).collect::<Vec<_>>().join(", ");
            f.write_str(if text.is_empty() { "(none)" } else { &text })
        };
        match self {
            Value::Text(t) if t.is_empty() => f.write_str("\"\""),
            Value::Text(t) => f.write_str(&printable(t)),
            Value::Switch(b) => write!(f, "{b}"),
            Value::Number(n) => write!(f, "{n}"),
            Value::List(v) => joined(f, &mut v.iter()),
            Value::Set(v) => joined(f, &mut v.iter()),
            Value::Token(t) => write!(f, "(secret, token {})", printable(t)),
        }
    }
}
