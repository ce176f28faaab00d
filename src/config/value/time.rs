//! Days and moments. TOML dates without quotes; the same text in quotes is taken too, because schemas and custom
//! resources know dates as strings only.

use super::Scalar;
use crate::base::{Span, Timestamp};
use crate::config::reading::Reading;
use crate::config::rules;
use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use toml::Spanned;
use toml::de::DeValue;

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(transparent)]
pub struct Day(pub Date);

/// An instant; written with its offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(transparent)]
pub struct Moment(pub Timestamp);

/// The text of a date or time, quoted or not.
fn written(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>, wanted: &str) -> Option<String> {
    match value.get_ref() {
        DeValue::Datetime(at) => Some(at.to_string()),
        DeValue::String(text) => Some(text.trim().to_owned()),
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Array(_) | DeValue::Table(_) => {
            cx.wrong_type(value, wanted);
            None
        }
    }
}

impl Scalar for Day {
    fn scalar(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self> {
        let text = written(value, cx, "a date, such as 2026-12-01")?;
        if text.len() == 10
            && let Ok(day) = text.parse::<Date>()
        {
            return Some(Self(day));
        }
        let day = text.get(..10).and_then(|start| start.parse::<Date>().ok()).or_else(|| other_way_round(&text));
        let span = cx.span(value.span());
        let label = if text.len() > 10 && day.is_some() { "only a day is wanted" } else { "not a date of the form YYYY-MM-DD" };
        bad(cx, span, "date", label, "2026-12-01", day.map(|d| d.to_string()));
        None
    }
}

impl Scalar for Moment {
    fn scalar(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self> {
        let text = written(value, cx, "a time in UTC, such as 2026-12-01T09:30:00Z")?;
        if let Ok(moment) = text.parse::<Timestamp>() {
            return Some(Self(moment));
        }
        let span = cx.span(value.span());
        let with_zone = [format!("{text}Z"), format!("{text}T00:00:00Z")].into_iter().find(|t| t.parse::<Timestamp>().is_ok());
        let label = if with_zone.is_some() { "the offset from UTC is missing" } else { "not a date with time and offset (RFC 3339)" };
        bad(cx, span, "time", label, "2026-12-01T09:30:00Z", with_zone);
        None
    }
}

fn bad(cx: &mut Reading<'_>, span: Span, what: &str, label: &str, example: &str, instead: Option<String>) {
    let finding = rules::DATE.finding(format!("`{}` is not a {what}", cx.last())).at(span, label);
    cx.push(match instead {
        Some(with) => finding.replace(format!("write {with}, without quotes"), span, with),
        None => finding.fix(format!("write it as {example}, without quotes")),
    });
}

/// `20.11.2026` and `2026/11/20` and `20/11/2026` where the day cannot be a month.
fn other_way_round(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(['.', '/', '-']).collect();
    let [first, month, last] = parts.as_slice() else { return None };
    let number = |t: &str| t.parse::<i16>().ok();
    let (year, day) = if first.len() == 4 { (number(first)?, number(last)?) } else { (number(last)?, number(first)?) };
    let sure = first.len() == 4 || text.contains('.') || day > 12;
    let date = Date::new(year, i8::try_from(number(month)?).ok()?, i8::try_from(day).ok()?).ok()?;
    (sure && year >= 1000).then_some(date)
}

impl JsonSchema for Day {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

impl JsonSchema for Moment {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}
