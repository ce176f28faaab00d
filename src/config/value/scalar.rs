//! Single values: how each is taken from TOML, and how a text is checked.

use crate::base::{Address, DomainName, ProviderName, RuleDoc, TenantName};
use crate::config::reading::Reading;
use crate::config::reading::context::quoted;
use crate::config::rules;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use toml::Spanned;
use toml::de::DeValue;

/// A single value.
pub trait Scalar: Sized {
    /// Takes it; `None` after a finding.
    fn scalar(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self>;
}

/// Why a text was refused: the rule, the reason, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The rule.
    pub rule: &'static RuleDoc,
    /// One line: what is wrong.
    pub title: String,
    /// What to do, in words.
    pub fix: String,
    /// The text that was most likely meant, where there is no doubt.
    pub instead: Option<String>,
}

/// A text that is checked when it is read.
pub trait Text: Sized {
    /// Checks and takes it.
    ///
    /// # Errors
    /// [`Refused`] says what is wrong.
    fn take(text: &str) -> Result<Self, Refused>;
}

/// Reads a checked text.
pub fn text<T: Text>(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<T> {
    let DeValue::String(written) = value.get_ref() else {
        cx.wrong_type(value, "a text");
        return None;
    };
    T::take(written).map_err(|refused| refuse(&refused, value, cx)).ok()
}

fn refuse(refused: &Refused, value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) {
    let span = cx.span(value.span());
    let finding = refused.rule.finding(refused.title.clone()).at(span, format!("`{}` is not right", cx.last()));
    cx.push(match &refused.instead {
        Some(instead) => finding.replace(refused.fix.clone(), span, quoted(instead)),
        None => finding.fix(refused.fix.clone()),
    });
}

/// Makes types of texts scalars, with serde and schema in accord.
macro_rules! text_scalars {
    ($($ty:ty),* $(,)?) => { $(
        impl $crate::config::value::Scalar for $ty {
            fn scalar(
                value: &toml::Spanned<toml::de::DeValue<'_>>,
                cx: &mut $crate::config::reading::Reading<'_>,
            ) -> Option<Self> {
                $crate::config::value::scalar::text(value, cx)
            }
        }
    )* };
}
pub(crate) use text_scalars;

/// Makes types plain strings in the schema, with a format for editors and a line of help.
macro_rules! text_schemas {
    ($($ty:ty: $($format:literal)?),* $(,)?) => { $(
        impl JsonSchema for $ty {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($ty).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string" $(, "format": $format)? })
            }
        }
    )* };
}

impl Text for String {
    fn take(text: &str) -> Result<Self, Refused> {
        Ok(text.to_owned())
    }
}

impl Text for Address {
    fn take(text: &str) -> Result<Self, Refused> {
        Address::parse(text).map_err(|error| {
            let inner = text.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>')).unwrap_or(text).trim();
            let instead = Address::parse(inner).ok().map(|a| a.to_string());
            Refused {
                rule: &rules::ADDRESS,
                title: error.to_string(),
                fix: "write a bare address, such as jane@acme.example".into(),
                instead,
            }
        })
    }
}

impl Text for DomainName {
    fn take(text: &str) -> Result<Self, Refused> {
        DomainName::parse(text).map_err(|error| domain_refused(text, error.to_string()))
    }
}

/// The refusal of a domain name; an address, an URL or a `*.` in front are recognised.
#[must_use]
pub fn domain_refused(text: &str, title: String) -> Refused {
    let bare = text.trim().trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("*.");
    let bare = bare.trim_end_matches('/').trim_start_matches('@').trim();
    let bare = bare.rsplit_once('@').map_or(bare, |(_, domain)| domain);
    let instead = DomainName::parse(bare).ok().map(|d| d.to_string());
    Refused { rule: &rules::DOMAIN, title, fix: "write a domain name, such as acme.example".into(), instead }
}

impl Text for TenantName {
    fn take(text: &str) -> Result<Self, Refused> {
        TenantName::parse(text).map_err(|error| name_refused(text, &error.to_string()))
    }
}

impl Text for ProviderName {
    fn take(text: &str) -> Result<Self, Refused> {
        ProviderName::parse(text).map_err(|error| name_refused(text, &error.to_string()))
    }
}

/// The refusal of a name, with the nearest good one.
#[must_use]
pub fn name_refused(text: &str, title: &str) -> Refused {
    let near: String = text.trim().to_lowercase().replace(['_', ' ', '.'], "-");
    let instead = TenantName::parse(&near).ok().map(|n| n.to_string());
    let fix = "write lower-case letters, digits and inner hyphens".into();
    Refused { rule: &rules::NAME, title: title.to_owned(), fix, instead }
}

impl Scalar for bool {
    fn scalar(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self> {
        let found = value.get_ref().as_bool();
        if found.is_none() {
            cx.wrong_type(value, "`true` or `false`");
        }
        found
    }
}

text_scalars!(String, Address, DomainName, TenantName, ProviderName);
text_schemas!(Address: "email", DomainName: "idn-hostname", TenantName: , ProviderName: );
