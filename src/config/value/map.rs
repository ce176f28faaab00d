//! Tables whose keys are names: `[domains."acme.example"]`, `[providers.edge]`.
//!
//! A domain written without quotes (`[domains.acme.example]`) is TOML for tables in tables; it is recognised, reported
//! with the quoted form, and read all the same, so that its own mistakes are shown in the same run.

use super::scalar::{Refused, Text};
use super::texts::Label;
use crate::base::{DomainName, ProviderName, Span};
use crate::config::reading::context::quoted;
use crate::config::reading::{Adding, Part, Reading, Table};
use crate::config::rules;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// A name that is a key.
pub trait KeyName: Ord + Clone + std::fmt::Display {
    /// Whether it has dots, so that a missing quote breaks it.
    const DOTTED: bool;
    /// Checks and takes it.
    ///
    /// # Errors
    /// [`Refused`] says what is wrong.
    fn key(text: &str) -> Result<Self, Refused>;
}

impl KeyName for DomainName {
    const DOTTED: bool = true;
    fn key(text: &str) -> Result<Self, Refused> {
        Self::take(text)
    }
}
impl KeyName for ProviderName {
    const DOTTED: bool = false;
    fn key(text: &str) -> Result<Self, Refused> {
        Self::take(text)
    }
}
impl KeyName for Label {
    const DOTTED: bool = false;
    fn key(text: &str) -> Result<Self, Refused> {
        Self::take(text)
    }
}

/// Named tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Map<K, T> {
    /// By canonical name.
    pub all: BTreeMap<K, T>,
    /// The header, or the first of its parts.
    pub span: Span,
}

impl<K: KeyName, T: Table> Part for Map<K, T> {
    fn read(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self> {
        let table = cx.table(value)?;
        let mut map = Self { all: BTreeMap::new(), span: cx.span(value.span()) };
        for (key, value) in table.iter() {
            match K::key(key.get_ref()) {
                Ok(name) => map.take(name, value, cx),
                Err(refused) => map.refused_key(&refused, key, value, cx),
            }
        }
        Some(map)
    }
    fn span(&self) -> Span {
        self.span
    }
    fn add(&mut self, other: Self, cx: &mut Adding<'_>) {
        for (name, table) in other.all {
            let text = name.to_string();
            match self.all.entry(name) {
                std::collections::btree_map::Entry::Vacant(free) => drop(free.insert(table)),
                std::collections::btree_map::Entry::Occupied(mut have) => cx.inside(&text, |cx| have.get_mut().add(table, cx)),
            }
        }
    }
}

impl<K: KeyName, T: Table> Map<K, T> {
    fn take(&mut self, name: K, value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) {
        let Some(table) = cx.inside(&name.to_string(), |cx| T::read(value, cx)) else { return };
        let one = Self { all: BTreeMap::from([(name, table)]), span: self.span };
        let mut adding = Adding::at(cx.tenant, cx.way.clone());
        self.add(one, &mut adding);
        cx.findings.append(adding.findings);
    }
    fn refused_key(&mut self, refused: &Refused, key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) {
        let mut found = Vec::new();
        if K::DOTTED {
            pieces(key.get_ref().to_string(), key.span().end, value, T::KEYS, &mut found);
        }
        let sound: Vec<_> = found.into_iter().filter_map(|(text, end, value)| Some((K::key(&text).ok()?, text, end, value))).collect();
        if sound.is_empty() {
            let span = cx.span(key.span());
            let finding = refused.rule.finding(refused.title.clone()).at(span, format!("a name in {}", cx.here()));
            cx.push(match &refused.instead {
                Some(with) => finding.replace(refused.fix.clone(), span, super::super::reading::context::written_key(with)),
                None => finding.fix(refused.fix.clone()),
            });
        }
        for (name, text, end, value) in sound {
            unquoted(&text, key.span().start, end, cx);
            self.take(name, value, cx);
        }
    }
}

/// The dotted names that unquoted headers were meant to be: where tables in tables end, or a known key begins.
fn pieces<'t, 'i>(
    name: String,
    end: usize,
    value: &'t Spanned<DeValue<'i>>,
    keys: &[&str],
    found: &mut Vec<(String, usize, &'t Spanned<DeValue<'i>>)>,
) {
    let DeValue::Table(table) = value.get_ref() else { return };
    if is_leaf(table, keys) {
        if name.contains('.') {
            found.push((name, end, value));
        }
        return;
    }
    for (key, value) in table.iter() {
        pieces(format!("{name}.{}", key.get_ref()), key.span().end, value, keys, found);
    }
}

fn is_leaf(table: &DeTable<'_>, keys: &[&str]) -> bool {
    table.is_empty() || table.iter().any(|(key, value)| keys.contains(&key.get_ref().as_ref()) || !value.get_ref().is_table())
}

fn unquoted(name: &str, start: usize, end: usize, cx: &mut Reading<'_>) {
    let (span, good) = (cx.span(start..end), quoted(name));
    let header = format!("[{}.{good}]", cx.way.join("."));
    let finding = rules::UNQUOTED.finding(format!("{name} must stand in quotes: {header}"));
    let finding =
        finding.at(span, "without quotes each dot starts a table of its own").note("every header of this domain needs the quotes");
    let one_piece = cx.head.text.get(start..end).is_some_and(|t| t.chars().filter(|c| !c.is_whitespace()).eq(name.chars()));
    let fix = format!("write {header}");
    cx.push(if one_piece { finding.replace(fix, span, good) } else { finding.fix(fix) });
}

impl<'de, K: serde::Deserialize<'de> + Ord, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Map<K, T> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(d).map(|all| Self { all, span: crate::config::reading::part::nowhere() })
    }
}

impl<K, T: JsonSchema> JsonSchema for Map<K, T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("MapOf{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": generator.subschema_for::<T>() })
    }
}
