//! Lists: of values (set in one file, no value twice), one-or-many, and arrays of tables (which add up over files).

use super::{At, Scalar};
use crate::base::Span;
use crate::config::reading::{Adding, Part, Reading};
use crate::config::rules;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use toml::Spanned;
use toml::de::{DeArray, DeValue};

/// A list of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T> {
    /// The values in the order in which they are written.
    pub all: Vec<At<T>>,
    /// The whole list.
    pub span: Span,
}

/// One value, or a list of at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOrMany<T>(pub List<T>);

/// An array of tables; files add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables<T> {
    /// The tables in file order.
    pub all: Vec<T>,
    /// The first header.
    pub span: Span,
}

fn items<T: Scalar + PartialEq>(list: &DeArray<'_>, cx: &mut Reading<'_>) -> Vec<At<T>> {
    let mut all: Vec<At<T>> = Vec::new();
    for item in list.iter() {
        let Some(item) = <At<T> as Part>::read(item, cx) else { continue };
        match all.iter().find(|have| have.value == item.value) {
            None => all.push(item),
            Some(have) => {
                let finding = rules::LISTED_TWICE.finding(format!("`{}` lists the same value twice", cx.last()));
                let finding = finding.at(item.span, "again here").also(have.span, "first here");
                cx.push(finding.fix("remove one of the two"));
            }
        }
    }
    all
}

impl<T: Scalar + PartialEq> Part for List<T> {
    fn read(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self> {
        let span = cx.span(value.span());
        let DeValue::Array(list) = value.get_ref() else {
            cx.wrong_type(value, "a list in brackets");
            return None;
        };
        Some(Self { all: items(list, cx), span })
    }
    fn span(&self) -> Span {
        self.span
    }
}

impl<T: Scalar + PartialEq> Part for OneOrMany<T> {
    fn read(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self> {
        let span = cx.span(value.span());
        match value.get_ref() {
            DeValue::Array(list) if list.is_empty() => {
                let finding = rules::WRONG_TYPE.finding(format!("`{}` is an empty list", cx.last()));
                cx.push(finding.at(span, "at least one value is needed").fix("write a value, or remove the key: then it is not managed"));
                None
            }
            DeValue::Array(list) => Some(Self(List { all: items(list, cx), span })),
            DeValue::String(_) => <At<T> as Part>::read(value, cx).map(|one| Self(List { all: vec![one], span })),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Table(_) => {
                cx.wrong_type(value, "a text or a list of texts");
                None
            }
        }
    }
    fn span(&self) -> Span {
        self.0.span
    }
}

impl<T: Part> Part for Tables<T> {
    fn read(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self> {
        let span = cx.span(value.span());
        let DeValue::Array(list) = value.get_ref() else {
            let (name, is_table) = (cx.last(), value.get_ref().is_table());
            let finding = rules::WRONG_TYPE.finding(format!("`{name}` is a list of tables")).at(span, "this is not a list");
            let header = format!("[{name}]");
            let written = is_table && cx.head.text.get(value.span()).is_some_and(|t| t == header);
            let fix = format!("write `[[{name}]]`, once for each of them");
            cx.push(if written { finding.replace(fix, span, format!("[{header}]")) } else { finding.fix(fix) });
            return None;
        };
        Some(Self { all: list.iter().filter_map(|item| T::read(item, cx)).collect(), span })
    }
    fn span(&self) -> Span {
        self.span
    }
    fn add(&mut self, other: Self, _: &mut Adding<'_>) {
        self.all.extend(other.all);
    }
}

impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for List<T> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Vec::deserialize(d).map(|all| Self { all, span: crate::config::reading::part::nowhere() })
    }
}

impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Tables<T> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Vec::deserialize(d).map(|all| Self { all, span: crate::config::reading::part::nowhere() })
    }
}

impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(OneOrManyVisitor(std::marker::PhantomData))
    }
}

struct OneOrManyVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: serde::Deserialize<'de>> serde::de::Visitor<'de> for OneOrManyVisitor<T> {
    type Value = OneOrMany<T>;
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text or a list of texts")
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        let one = <At<T> as serde::Deserialize>::deserialize(serde::de::value::StrDeserializer::<E>::new(text))?;
        Ok(OneOrMany(List { all: vec![one], span: crate::config::reading::part::nowhere() }))
    }
    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        serde::Deserialize::deserialize(serde::de::value::SeqAccessDeserializer::new(seq)).map(OneOrMany)
    }
}

macro_rules! array_schema {
    ($ty:ident, $name:literal, $generator:ident => $schema:expr) => {
        impl<T: JsonSchema> JsonSchema for $ty<T> {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                format!(concat!($name, "{}"), T::schema_name()).into()
            }
            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}
array_schema!(List, "ListOf", g => json_schema!({ "type": "array", "items": g.subschema_for::<T>(), "uniqueItems": true }));
array_schema!(Tables, "TablesOf", g => json_schema!({ "type": "array", "items": g.subschema_for::<T>() }));
array_schema!(OneOrMany, "OneOrMany", g => json_schema!({
    "anyOf": [
        g.subschema_for::<T>(),
        { "type": "array", "items": g.subschema_for::<T>(), "minItems": 1, "uniqueItems": true },
    ]
}));
