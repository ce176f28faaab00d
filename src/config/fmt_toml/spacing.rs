//! The spacing of single pieces: what stands before a key or header, behind a value, inside brackets and braces.

use toml_edit::{Array, Formatted, InlineTable, Value};

/// What stands before a key or header: comments without indentation, at most one blank line in a row. A header has a
/// blank line before it or before its comments.
#[must_use]
pub fn before(raw: &str, header: bool) -> String {
    let mut lines: Vec<&str> = raw.split('\n').map(str::trim).collect();
    // the last piece is the indentation of the line that follows
    if lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    lines.dedup_by(|a, b| a.is_empty() && b.is_empty());
    let mut out = String::with_capacity(raw.len() + 1);
    if header && !lines.iter().any(|line| line.is_empty()) {
        out.push('\n');
    }
    for line in lines {
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// What stands behind a value or header: nothing, or one space and the comment.
#[must_use]
pub fn behind(raw: &str) -> String {
    let comment = raw.trim();
    if comment.is_empty() { String::new() } else { format!(" {comment}") }
}

/// Whether a table in braces holds a comment (TOML 1.1).
#[must_use]
pub fn has_comment(table: &InlineTable) -> bool {
    let own = table.trailing().as_str().is_some_and(|t| t.contains('#'));
    own || table.get_values().iter().any(|(keys, value)| {
        let keys = keys.iter().any(|key| commented(key.leaf_decor()) || commented(key.dotted_decor()));
        keys || commented(value.decor())
    })
}

fn commented(decor: &toml_edit::Decor) -> bool {
    let in_text = |raw: Option<&toml_edit::RawString>| raw.and_then(|r| r.as_str()).is_some_and(|t| t.contains('#'));
    in_text(decor.prefix()) || in_text(decor.suffix())
}

/// `{ a = 1, b = 2 }` on one line.
pub fn inline_table(table: &mut InlineTable) {
    table.set_trailing("");
    table.set_trailing_comma(false);
    let last = table.get_values().len().saturating_sub(1);
    let mut at = 0;
    space_values(table, &mut at, last);
}

fn space_values(table: &mut InlineTable, at: &mut usize, last: usize) {
    for (mut key, value) in table.iter_mut() {
        key.fmt();
        key.dotted_decor_mut().set_prefix("");
        key.dotted_decor_mut().set_suffix("");
        key.leaf_decor_mut().set_prefix(" ");
        key.leaf_decor_mut().set_suffix(" ");
        if let Value::InlineTable(inner) = value
            && inner.is_dotted()
        {
            space_values(inner, at, last);
            continue;
        }
        value.decor_mut().set_prefix(" ");
        value.decor_mut().set_suffix(if *at == last { " " } else { "" });
        *at += 1;
    }
}

/// `[a, b]` where it stands on one line; a list over several lines keeps its layout and comments.
pub fn array(list: &mut Array) {
    let open = |raw: Option<&toml_edit::RawString>| raw.and_then(|r| r.as_str()).is_some_and(|t| t.contains('\n'));
    let lines = list.trailing().as_str().is_some_and(|t| t.contains('\n'));
    if lines || list.iter().any(|v| open(v.decor().prefix()) || open(v.decor().suffix())) {
        return;
    }
    list.set_trailing("");
    list.set_trailing_comma(false);
    for (at, value) in list.iter_mut().enumerate() {
        value.decor_mut().set_prefix(if at == 0 { "" } else { " " });
        value.decor_mut().set_suffix("");
    }
}

/// Double quotes where nothing in the text needs single ones; escapes of TOML 1.1 in the form of 1.0.
pub fn string(text: &mut Formatted<String>) {
    let Some(written) = text.as_repr().and_then(|r| r.as_raw().as_str()).map(str::to_owned) else { return };
    let plain = !text.value().contains(|c: char| c == '"' || c == '\\' || c.is_control());
    let single = written.starts_with('\'') && !written.starts_with("'''") && plain;
    let newer = written.starts_with('"') && (escapes(&written, 'e') || escapes(&written, 'x'));
    if single || newer {
        text.fmt();
    }
}

/// Whether a basic string uses an escape.
fn escapes(written: &str, letter: char) -> bool {
    let mut chars = written.chars();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.next() == Some(letter) {
            return true;
        }
    }
    false
}
