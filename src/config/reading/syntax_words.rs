//! What the TOML parser's messages mean to a person, and the usual remedies.
//!
//! The parser's own words are kept where no better are known. Deliberately absent: places in files (`syntax`).

use super::context::quoted;
use super::syntax::line_at;
use std::ops::Range;

/// A syntax error in words; ranges are in the text.
pub struct Words {
    /// One line: what is wrong.
    pub title: String,
    /// What stands at the place.
    pub label: String,
    /// The place, where it is better known than the parser tells.
    pub at: Option<Range<usize>>,
    /// What to do.
    pub fix: String,
    /// What would stand there instead.
    pub replace: Option<(Range<usize>, String)>,
}

fn words(title: &str, label: &str, fix: &str) -> Words {
    Words { title: title.into(), label: label.into(), at: None, fix: fix.into(), replace: None }
}

/// Explains a message of the parser about a range of the text.
#[must_use]
pub fn explain(message: &str, text: &str, at: Range<usize>) -> Words {
    let line = line_at(text, at.start);
    let has = |part: &str| message.starts_with(part);
    if text[line.clone()].contains(['“', '”', '„', '‘', '’']) {
        return typographic(text, line);
    }
    if has("string values must be quoted") || has("invalid boolean") || has("invalid float") {
        return bare_word(text, at, line);
    }
    if has("invalid basic string") || has("invalid literal string") || has("invalid multi-line") {
        let mut out = words("a text is not closed", "the closing quote is missing", "close the text with the quote that opened it");
        if !has("invalid multi-line") && at.start == at.end {
            let end = line.start + text[line].trim_end().len();
            let quote = if has("invalid literal") { "'" } else { "\"" };
            out.replace = Some((end..end, quote.into()));
        }
        return out;
    }
    if has("unclosed table") || has("unclosed array table") {
        let mut out = words("a header is not closed", "`]` is missing", "close the header");
        let header = &text[line.clone()];
        let brackets = if header.trim_start().starts_with("[[") { "]]" } else { "]" };
        let (end, open) = (line.start + header.trim_end().len(), line.start + header.trim_end().trim_end_matches(']').len());
        if header.contains(' ') && !header.contains('"') && at.start < end {
            out.fix = "close the header; names with spaces or dots stand in quotes".into();
        } else {
            out.replace = Some((open..end, brackets.into()));
        }
        return out;
    }
    structure(message, text, at, line)
}

fn structure(message: &str, text: &str, at: Range<usize>, line: Range<usize>) -> Words {
    let has = |part: &str| message.starts_with(part);
    if has("key with no value") || has("invalid unquoted key") {
        let key = text[line.clone()].trim_start();
        let after = key.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == ' ');
        if after.starts_with(':') {
            return colon(line.end - after.len());
        }
    }
    if has("key with no value") {
        return words("a key has no value", "`=` and a value are missing", "write `key = value`");
    }
    if has("extra `=`") {
        let mut out = words("there is an `=` too many", "remove it", "write one `=` only");
        let rest = &text[at.end..line.end];
        out.replace = Some((at.start..at.end + (rest.len() - rest.trim_start().len()), String::new()));
        return out;
    }
    if has("unexpected key or value") {
        let rest = text[at.start..line.end].trim();
        if rest == "," || rest == "]" {
            let start = at.start + text[at.start..line.end].len() - text[at.start..line.end].trim_start().len();
            let mut out = words(&format!("there is a `{rest}` too many"), "nothing may follow here", "remove it");
            out.at = Some(start..start + 1);
            out.replace = Some((start..start + 1, String::new()));
            return out;
        }
        return words("something follows a value on the same line", "a new line is expected here", "write one key on a line");
    }
    if has("missing comma") || has("unclosed array") || has("unclosed inline table") {
        let (what, close) = if message.contains("array") { ("list", "]") } else { ("table in braces", "}") };
        return words(
            &format!("a {what} is not closed or lacks a comma"),
            &format!("`,` or `{close}` is missing before this"),
            &format!("add the missing `,` or `{close}`"),
        );
    }
    if has("missing escaped value") || has("invalid escape") || message.contains("unicode value") {
        let fix = "write `/` in paths, `\\\\` for a backslash, or the text in single quotes";
        let mut out = words("a backslash in a text starts an escape", "this escape is unknown", fix);
        out.at = text[line.start..at.start].rfind('\\').map(|n| line.start + n..at.end.max(line.start + n + 1));
        return out;
    }
    if has("invalid unquoted key") {
        return words("a key with this character stands in quotes", "not allowed in a bare key", "put the key into quotes: \"…\"");
    }
    if has("invalid key-value pair") && text[line].trim_start().starts_with('{') {
        return words("this looks like JSON, not TOML", "TOML has no outer braces", "write `key = value` lines below `[headers]`");
    }
    other(message)
}

fn colon(at: usize) -> Words {
    let mut out = words("a key is followed by `:`", "TOML writes `=`", "write `=` instead of `:`");
    out.at = Some(at..at + 1);
    out.replace = Some((at..at + 1, " =".into()));
    out
}

fn other(message: &str) -> Words {
    let (title, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let fix = if message.contains("date") {
        "write a day of the calendar as YYYY-MM-DD"
    } else if title == "unexpected leading zero" {
        "write the number without leading zeros, or in quotes if it is a text"
    } else if message.starts_with("cannot extend value") {
        "write the whole table in one place"
    } else {
        "correct the marked place"
    };
    let label = if expected.is_empty() { "here".to_owned() } else { format!("expected {expected}") };
    words(title, &label, fix)
}

/// A value without quotes, or none at all; `True` and `yes` are recognised.
fn bare_word(text: &str, at: Range<usize>, line: Range<usize>) -> Words {
    let tail = &text[at.start..line.end];
    let value = tail.split('#').next().unwrap_or(tail).trim_end();
    if value.is_empty() {
        return words("a key has no value", "the value is missing", "write a value, or remove the key: then it is not managed");
    }
    let range = at.start..at.start + value.len();
    let truth = match value.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some("true"),
        "false" | "no" | "off" => Some("false"),
        _ => None,
    };
    let mut out = words("a text stands without quotes", "texts stand in double quotes", "put it into quotes");
    if let Some(word) = truth {
        out = words("switches are `true` and `false`", "not a switch of TOML", &format!("write {word}"));
        out.replace = Some((range.clone(), word.into()));
    } else if value.ends_with('%') && value.trim_end_matches('%').trim().parse::<u32>().is_ok() {
        let number = value.trim_end_matches('%').trim();
        out = words("percents are plain numbers", "without `%`", &format!("write {number}"));
        out.replace = Some((range.clone(), number.into()));
    } else if !value.contains(['"', '\'', '[', '{', '=']) {
        out.replace = Some((range.clone(), quoted(value)));
    }
    out.at = Some(range);
    out
}

/// Quotes of a word processor.
fn typographic(text: &str, line: Range<usize>) -> Words {
    let shown = &text[line.clone()];
    let mut out = words("typographic quotes are letters to TOML", "from here on", "write plain double quotes");
    out.at = shown.find(['“', '”', '„', '‘', '’']).map(|n| line.start + n..line.end);
    let plain: String = shown.chars().map(|c| if matches!(c, '“' | '”' | '„' | '‘' | '’') { '"' } else { c }).collect();
    out.replace = Some((line, plain));
    out
}
