//! `schema = "mailwright/v1"`: the line that opens every file and fixes what its words mean (S20).

use super::scalar::Text;
use super::{Refused, Scalar};
use crate::config::rules;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// The version that this release reads.
pub const SCHEMA: &str = "mailwright/v1";

/// The marker. It says nothing but the version, so two files of a tenant may both have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version;

impl Text for Version {
    fn take(text: &str) -> Result<Self, Refused> {
        if text == SCHEMA {
            return Ok(Self);
        }
        let newer = text.strip_prefix("mailwright/v").is_some_and(|v| v.parse::<u32>().is_ok_and(|v| v > 1));
        let title = if newer {
            format!("this file is written for `{}`, which this release cannot read", crate::base::printable::printable_short(text, 40))
        } else {
            "this is not a schema that mailwright knows".to_owned()
        };
        let fix = if newer { "install a newer release of mailwright".to_owned() } else { format!("write `schema = \"{SCHEMA}\"`") };
        Err(Refused { rule: &rules::SCHEMA_LINE, title, fix, instead: (!newer).then(|| SCHEMA.to_owned()) })
    }
}
super::scalar::text_scalars!(Version);

/// The marker with its place; unlike other values it may stand in several files of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(transparent)]
pub struct Marker(pub super::At<Version>);

impl crate::config::reading::Part for Marker {
    fn read(value: &toml::Spanned<toml::de::DeValue<'_>>, cx: &mut crate::config::reading::Reading<'_>) -> Option<Self> {
        let span = cx.span(value.span());
        Version::scalar(value, cx).map(|value| Marker(super::At { value, span }))
    }
    fn span(&self) -> crate::base::Span {
        self.0.span
    }
    fn add(&mut self, _: Self, _: &mut crate::config::reading::Adding<'_>) {}
}

impl<'de> serde::Deserialize<'de> for Version {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(d)?;
        Self::take(&text).map_err(|refused| serde::de::Error::custom(refused.title))
    }
}

impl JsonSchema for Marker {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Version".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "const": SCHEMA })
    }
}
