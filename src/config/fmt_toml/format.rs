//! The entry and the walk over the document.

use super::spacing::{array, before, behind, has_comment, inline_table, string};
use crate::base::{FileId, Findings, Span};
use crate::config::head_text::HeadText;
use crate::config::reading::{Reading, syntax};
use crate::config::rules;
use toml_edit::visit_mut::{VisitMut, visit_array_mut, visit_inline_table_mut, visit_table_like_kv_mut, visit_table_mut};
use toml_edit::{Array, DocumentMut, Formatted, InlineTable, Item, KeyMut, Table, TableLike};

/// Formats a TOML file of a workspace.
///
/// # Errors
/// Findings (in file 0) where the text is not TOML, or holds a comment that TOML 1.0 has no place for.
pub fn fmt_toml(text: &str) -> Result<String, Findings> {
    let unix = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut document: DocumentMut = unix.parse().map_err(|_| syntax_findings(text))?;
    let mut walk = Walk::default();
    walk.visit_document_mut(&mut document);
    let trailing = before(document.trailing().as_str().unwrap_or_default(), false);
    document.set_trailing(trailing);
    if walk.lost_comment {
        return Err(refused("a comment inside a table in braces has no place in TOML 1.0", "move the comment above the key"));
    }
    let out = format!("{}\n", document.to_string().trim_start_matches('\n').trim_end());
    if meaning(&out) != meaning(&unix) {
        return Err(refused("this file cannot be formatted without changing its meaning", "please report it; the file is left as it is"));
    }
    Ok(if out == "\n" { String::new() } else { out })
}

/// The document as data; `12:30` and `12:30:00` are one time.
pub(super) fn meaning(text: &str) -> Option<toml::Value> {
    let table: toml::Table = text.parse().ok()?;
    Some(with_seconds(toml::Value::Table(table)))
}

fn with_seconds(value: toml::Value) -> toml::Value {
    use toml::Value::{Array, Boolean, Datetime, Float, Integer, String, Table};
    match value {
        Datetime(mut at) => {
            if let Some(time) = &mut at.time {
                time.second = time.second.or(Some(0));
            }
            Datetime(at)
        }
        Array(list) => Array(list.into_iter().map(with_seconds).collect()),
        Table(table) => Table(table.into_iter().map(|(key, value)| (key, with_seconds(value))).collect()),
        other @ (String(_) | Integer(_) | Float(_) | Boolean(_)) => other,
    }
}

fn refused(title: &str, fix: &str) -> Findings {
    let mut findings = Findings::new();
    findings.push(rules::UNFORMATTED.finding(title).at(Span::new(FileId(0), 0..0), "this file").fix(fix));
    findings
}

fn syntax_findings(text: &str) -> Findings {
    let head = HeadText::new_whole(FileId(0), text.to_owned());
    let mut cx = Reading::new(&head, "", None);
    let readable = syntax::parse(&mut cx).is_some();
    if readable { refused("this file cannot be formatted", "please report it; the file is left as it is") } else { cx.findings }
}

/// The walk; it notes what it cannot keep.
#[derive(Default)]
struct Walk {
    lost_comment: bool,
}

impl VisitMut for Walk {
    fn visit_table_mut(&mut self, table: &mut Table) {
        let prefix = before(table.decor().prefix().and_then(|p| p.as_str()).unwrap_or_default(), true);
        let suffix = behind(table.decor().suffix().and_then(|s| s.as_str()).unwrap_or_default());
        table.decor_mut().set_prefix(prefix);
        table.decor_mut().set_suffix(suffix);
        visit_table_mut(self, table);
    }
    fn visit_table_like_mut(&mut self, table: &mut dyn TableLike) {
        for (key, item) in table.iter_mut() {
            self.visit_table_like_kv_mut(key, item);
        }
    }
    fn visit_table_like_kv_mut(&mut self, mut key: KeyMut<'_>, item: &mut Item) {
        let prefix = key.leaf_decor().prefix().and_then(|p| p.as_str()).unwrap_or_default().to_owned();
        key.fmt();
        key.dotted_decor_mut().set_prefix("");
        key.dotted_decor_mut().set_suffix("");
        let header = item.is_table() || item.is_array_of_tables();
        key.leaf_decor_mut().set_prefix(if header { String::new() } else { before(&prefix, false) });
        key.leaf_decor_mut().set_suffix(if header { "" } else { " " });
        if let Item::Value(value) = item {
            let suffix = behind(value.decor().suffix().and_then(|s| s.as_str()).unwrap_or_default());
            value.decor_mut().set_prefix(" ");
            value.decor_mut().set_suffix(suffix);
        }
        visit_table_like_kv_mut(self, key, item);
    }
    fn visit_inline_table_mut(&mut self, table: &mut InlineTable) {
        self.lost_comment |= has_comment(table);
        visit_inline_table_mut(self, table);
        inline_table(table);
    }
    fn visit_array_mut(&mut self, list: &mut Array) {
        visit_array_mut(self, list);
        array(list);
    }
    fn visit_string_mut(&mut self, text: &mut Formatted<String>) {
        string(text);
    }
    fn visit_datetime_mut(&mut self, at: &mut Formatted<toml_edit::Datetime>) {
        // TOML 1.1 may leave the seconds out, 1.0 may not
        let mut whole = *at.value();
        let Some(time) = whole.time.as_mut().filter(|time| time.second.is_none()) else { return };
        time.second = Some(0);
        let mut written = Formatted::new(whole);
        *written.decor_mut() = at.decor().clone();
        *at = written;
    }
}
