//! Whole numbers with bounds that the reader and the schema share.

use super::Scalar;
use crate::config::reading::Reading;
use crate::config::rules;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use toml::Spanned;
use toml::de::DeValue;

/// A whole number from `MIN` to `MAX`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Int<const MIN: u32, const MAX: u32>(pub u32);

impl<const MIN: u32, const MAX: u32> Scalar for Int<MIN, MAX> {
    fn scalar(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self> {
        let DeValue::Integer(written) = value.get_ref() else {
            cx.wrong_type(value, "a whole number without quotes");
            return None;
        };
        let number = i64::from_str_radix(written.as_str(), written.radix()).ok().and_then(|n| u32::try_from(n).ok());
        let found = number.filter(|n| (MIN..=MAX).contains(n)).map(Self);
        if found.is_none() {
            let span = cx.span(value.span());
            let title = format!("`{}` is outside {MIN} to {MAX}", cx.last());
            let finding = rules::RANGE.finding(title).at(span, format!("not from {MIN} to {MAX}"));
            cx.push(finding.fix(format!("write a number from {MIN} to {MAX}")));
        }
        found
    }
}

impl<'de, const MIN: u32, const MAX: u32> serde::Deserialize<'de> for Int<MIN, MAX> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let number = u32::deserialize(d)?;
        if (MIN..=MAX).contains(&number) {
            return Ok(Self(number));
        }
        Err(serde::de::Error::custom(format!("{number} is outside {MIN} to {MAX}")))
    }
}

impl<const MIN: u32, const MAX: u32> JsonSchema for Int<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("Int{MIN}To{MAX}").into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }
}
