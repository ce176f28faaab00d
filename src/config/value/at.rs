//! A value with its place. In schemas and for serde it is the value alone.

use super::Scalar;
use crate::base::Span;
use crate::base::span::Spanned as Placed;
use crate::config::reading::part::nowhere;
use crate::config::reading::{Part, Reading};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::borrow::Cow;
use toml::Spanned;
use toml::de::DeValue;

/// A value and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl<T> At<T> {
    /// The value in another form, at the same place.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> At<U> {
        At { value: f(self.value), span: self.span }
    }
    /// As the floors above hold it.
    pub fn placed(self) -> Placed<T> {
        Placed::new(self.value, self.span)
    }
}

impl<T: Scalar> Part for At<T> {
    fn read(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self> {
        let span = cx.span(value.span());
        T::scalar(value, cx).map(|value| At { value, span })
    }
    fn span(&self) -> Span {
        self.span
    }
}

impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for At<T> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        T::deserialize(d).map(|value| At { value, span: nowhere() })
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
