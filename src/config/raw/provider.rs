//! `provider = "edge"`, or `{ inbound = "edge", outbound = "relay" }`.

use crate::base::{ProviderName, Span};
use crate::config::reading::part::raw_table;
use crate::config::reading::{Part, Reading};
use crate::config::value::At;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use toml::Spanned;
use toml::de::DeValue;

raw_table! {
    /// Two providers: one for inbound mail, one for outbound.
    ProviderPair {
        /// The provider of inbound mail.
        inbound: At<ProviderName> = required,
        /// The provider of outbound mail.
        outbound: At<ProviderName> = required,
    }
}

/// One provider for both, or two.
#[derive(Debug, Clone, PartialEq)]
pub struct ProviderChoice {
    /// Of inbound mail; `None` where it was missing or refused.
    pub inbound: Option<At<ProviderName>>,
    /// Of outbound mail.
    pub outbound: Option<At<ProviderName>>,
    /// Where it is written.
    pub span: Span,
}

impl Part for ProviderChoice {
    fn read(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self> {
        let span = cx.span(value.span());
        match value.get_ref() {
            DeValue::Table(_) => ProviderPair::read(value, cx).map(|p| Self { inbound: p.inbound, outbound: p.outbound, span }),
            DeValue::String(_) => {
                let one = <At<ProviderName> as Part>::read(value, cx)?;
                Some(Self { inbound: Some(one.clone()), outbound: Some(one), span })
            }
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) => {
                cx.wrong_type(value, "a name, or { inbound = \"…\", outbound = \"…\" }");
                None
            }
        }
    }
    fn span(&self) -> Span {
        self.span
    }
}

impl<'de> serde::Deserialize<'de> for ProviderChoice {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(ChoiceVisitor)
    }
}

struct ChoiceVisitor;

impl<'de> serde::de::Visitor<'de> for ChoiceVisitor {
    type Value = ProviderChoice;
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a name, or a table with inbound and outbound")
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        let span = crate::config::reading::part::nowhere();
        let name = At { value: ProviderName::parse(text).map_err(E::custom)?, span };
        Ok(ProviderChoice { inbound: Some(name.clone()), outbound: Some(name), span })
    }
    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let pair = <ProviderPair as serde::Deserialize>::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        Ok(ProviderChoice { inbound: pair.inbound, outbound: pair.outbound, span: pair.at })
    }
}

impl JsonSchema for ProviderChoice {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "ProviderChoice".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [generator.subschema_for::<ProviderName>(), generator.subschema_for::<ProviderPair>()] })
    }
}
