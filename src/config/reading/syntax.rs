//! One recoverable parse, and what the parser says turned into findings: the first of each line, with a usual remedy.
//!
//! A file with a syntax error is not read further: the tree holds placeholders, and followers of one mistake would hide
//! it. Other files go on.

use super::Reading;
use super::syntax_words::explain;
use crate::base::Finding;
use crate::base::limits::HEAD_BYTES;
use crate::config::rules;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// Parses the head of a file; `None` after findings.
pub fn parse<'i>(cx: &mut Reading<'i>) -> Option<toml::Spanned<DeTable<'i>>> {
    let text: &'i str = &cx.head.text;
    if text.len() > HEAD_BYTES {
        let finding = rules::TOO_LARGE.finding(format!("the file has {} bytes outside its users; the limit is {HEAD_BYTES}", text.len()));
        cx.push(finding.at(cx.span(0..0), "this file").fix("move users into `[[users]]` tables or a CSV"));
        return None;
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Some(document);
    }
    for error in first_per_line(text, &errors) {
        let finding = finding_of(error, text, document.get_ref(), cx);
        cx.push(finding);
    }
    None
}

/// The first error of each line, in file order.
fn first_per_line<'e>(text: &str, errors: &'e [toml::de::Error]) -> Vec<&'e toml::de::Error> {
    let mut first: BTreeMap<usize, (usize, &'e toml::de::Error)> = BTreeMap::new();
    for error in errors {
        let start = error.span().map_or(0, |s| s.start);
        let line = line_at(text, start).start;
        let slot = first.entry(line).or_insert((start, error));
        if start < slot.0 {
            *slot = (start, error);
        }
    }
    let mut kept: Vec<&toml::de::Error> = Vec::new();
    let mut open_until = 0;
    for (start, error) in first.values() {
        // what follows an array or table that was left open says nothing new until the next header
        if *start < open_until {
            continue;
        }
        let message = error.message();
        if message.starts_with("missing comma") || message.starts_with("unclosed") && !message.starts_with("unclosed table") {
            open_until = text[*start..].find("\n[").map_or(text.len(), |n| start + n + 1);
        }
        kept.push(error);
    }
    kept
}

/// The line around an offset, without its end.
#[must_use]
pub fn line_at(text: &str, offset: usize) -> Range<usize> {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let start = text[..offset].rfind('\n').map_or(0, |n| n + 1);
    let end = text[offset..].find('\n').map_or(text.len(), |n| offset + n);
    start..end
}

fn finding_of(error: &toml::de::Error, text: &str, tree: &DeTable<'_>, cx: &Reading<'_>) -> Finding {
    let at = error.span().unwrap_or(0..0);
    let at = at.start.min(text.len())..at.end.min(text.len());
    if error.message().starts_with("duplicate key") {
        return duplicate(&at, text, tree, cx);
    }
    let line = line_at(text, at.start);
    let words = explain(error.message(), text, at.clone());
    let finding = rules::SYNTAX.finding(words.title).at(cx.span(words.at.unwrap_or(at)), words.label);
    if let Some(start) = secret_in(&text[line.clone()]) {
        // the usual remedies repeat what stands there
        return finding.conceal(cx.span(line.start + start..line.end)).fix(crate::config::value::secret::REMEDY);
    }
    match words.replace {
        Some((range, with)) => finding.replace(words.fix, cx.span(range), with),
        None => finding.fix(words.fix),
    }
}

/// Where on a line the value of a key with a telling name begins; a table of references is no secret.
fn secret_in(line: &str) -> Option<usize> {
    let equals = line.find('=')?;
    let value = line[equals + 1..].trim_start();
    let telling = super::unknown::is_telling(&line[..equals]);
    (telling && !value.starts_with('{')).then(|| line.len() - value.len())
}

fn duplicate(at: &Range<usize>, text: &str, tree: &DeTable<'_>, cx: &Reading<'_>) -> Finding {
    let name = text.get(at.clone()).unwrap_or("this").trim_matches(['"', '\'']);
    let mut places = Vec::new();
    key_places(tree, name, &mut places);
    places.retain(|p| p.end <= at.start);
    let finding = rules::DUPLICATE.finding(format!("`{}` is written twice", crate::base::printable::printable_short(name, 60)));
    let finding = finding.at(cx.span(at.clone()), "again here").fix("remove one of the two, or put both into one table");
    match places.as_slice() {
        [first] => finding.also(cx.span(first.clone()), "first here"),
        _ => finding,
    }
}

fn key_places(table: &DeTable<'_>, name: &str, found: &mut Vec<Range<usize>>) {
    for (key, value) in table.iter() {
        if key.get_ref() == name {
            found.push(key.span());
        }
        match value.get_ref() {
            DeValue::Table(inner) => key_places(inner, name, found),
            DeValue::Array(list) => list.iter().filter_map(|v| v.get_ref().as_table()).for_each(|t| key_places(t, name, found)),
            DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {}
        }
    }
}
