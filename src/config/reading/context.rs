//! What a reader of values has in hand: the text, whose it is, the way of keys to where it stands, and the findings.

use crate::base::{Finding, Findings, Span, TenantName};
use crate::config::head_text::HeadText;
use crate::config::path::PathError;
use crate::config::rules;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The hand of a reader.
pub struct Reading<'a> {
    /// The text with its way back to the file.
    pub head: &'a HeadText,
    /// The file's name relative to the workspace; paths in it are relative to it.
    pub name: &'a str,
    /// Whose file it is; findings carry it.
    pub tenant: Option<&'a TenantName>,
    /// The tables that this kind of file knows, with their keys: an unknown key may belong to another of them.
    pub known: &'static [(&'static str, &'static [&'static str])],
    /// What was found.
    pub findings: Findings,
    /// The keys on the way from the root.
    pub way: Vec<String>,
}

impl<'a> Reading<'a> {
    /// A reader at the root of a file.
    #[must_use]
    pub fn new(head: &'a HeadText, name: &'a str, tenant: Option<&'a TenantName>) -> Self {
        Self { head, name, tenant, known: &[], findings: Findings::new(), way: Vec::new() }
    }
    /// The span in the file of a range of the text.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        self.head.span(range)
    }
    /// Adds a finding, with the tenant where it is known.
    pub fn push(&mut self, finding: Finding) {
        self.findings.push(match self.tenant {
            Some(tenant) => finding.of(tenant),
            None => finding,
        });
    }
    /// Where we are, as a person would write the header: `[domains."acme.example".users]`.
    #[must_use]
    pub fn here(&self) -> String {
        if self.way.is_empty() { "the top of the file".into() } else { format!("[{}]", self.way.join(".")) }
    }
    /// Reads the value of one key, if it is written.
    pub fn key<T: super::Part>(&mut self, table: &DeTable<'_>, name: &str) -> Option<T> {
        let value = table.get(name)?;
        self.inside(name, |cx| T::read(value, cx))
    }
    /// Does something one key deeper.
    pub fn inside<T>(&mut self, key: &str, f: impl FnOnce(&mut Self) -> T) -> T {
        self.way.push(written_key(key));
        let out = f(self);
        self.way.pop();
        out
    }
    /// The table that a value must be.
    pub fn table<'t, 'i>(&mut self, value: &'t Spanned<DeValue<'i>>) -> Option<&'t DeTable<'i>> {
        if let DeValue::Table(table) = value.get_ref() {
            return Some(table);
        }
        self.wrong_type(value, "a table");
        None
    }
    /// Says that a value has the wrong type.
    pub fn wrong_type(&mut self, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let (name, found) = (self.last(), type_word(value.get_ref()));
        let span = self.span(value.span());
        let finding = rules::WRONG_TYPE.finding(format!("`{name}` must be {wanted}")).at(span, format!("this is {found}"));
        self.push(match retyped(value.get_ref(), wanted) {
            Some(with) => finding.replace(format!("write {wanted}"), span, with),
            None => finding.fix(format!("write {wanted}")),
        });
    }
    /// The last key on the way.
    #[must_use]
    pub fn last(&self) -> String {
        self.way.last().cloned().unwrap_or_else(|| "this".into())
    }
    /// Says that a required key is missing, unless it is written and was refused.
    pub fn required(&mut self, table: &DeTable<'_>, name: &str, at: Span) {
        // the line that opens a file is asked for before the tables are read
        if table.contains_key(name) || (name == "schema" && self.way.is_empty()) {
            return;
        }
        let finding = rules::MISSING_KEY.finding(format!("`{name}` is missing in {}", self.here()));
        self.push(finding.at(at, format!("no `{name}` here")).fix(format!("add `{name} = …`")));
    }
}

/// The finding for a refused path.
#[must_use]
pub fn refused_path(error: &PathError, span: Span, written: &str) -> Finding {
    let finding = rules::PATH.finding(error.to_string()).at(span, "refused");
    match error {
        PathError::Backslash => finding.replace(error.remedy(), span, quoted(&written.replace('\\', "/"))),
        PathError::Empty | PathError::Absolute(_) | PathError::Outside(_) | PathError::Device(_) | PathError::Invisible(_) => {
            finding.fix(error.remedy())
        }
    }
}

/// A key as it must be written: bare or quoted.
#[must_use]
pub fn written_key(key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'));
    if bare { key.to_owned() } else { quoted(key) }
}

/// A text as a TOML basic string.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if crate::base::printable::is_invisible(c) => out.push_str(&format!("\\U{:08X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn type_word(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "a switch",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// The same value in the wanted type, where there is no doubt about it.
fn retyped(value: &DeValue<'_>, wanted: &str) -> Option<String> {
    match value {
        DeValue::String(text) if wanted.contains("whole number") => text.trim().parse::<u32>().ok().map(|n| n.to_string()),
        DeValue::String(text) if wanted.contains("`true` or `false`") => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some("true".into()),
            "false" | "no" | "off" => Some("false".into()),
            _ => None,
        },
        DeValue::String(text) if wanted.starts_with("a list") => Some(format!("[{}]", quoted(text))),
        DeValue::Integer(n) if wanted == "a text" => Some(quoted(n.as_str())),
        DeValue::Array(list) if wanted == "a text" && list.len() == 1 => list.first()?.get_ref().as_str().map(quoted),
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => None,
    }
}
