//! What is suspicious in the names of people and other free texts of a row (S21), in CSV and TOML alike.
//!
//! Names are data of the customer: they are shown and kept as written, never repaired. Invariant: a plain ASCII name
//! costs one pass over its bytes. Deliberately absent: addresses and words, which are checked where they get meaning.

use crate::base::printable::{is_invisible, printable};
use crate::base::span::{Place, Span};
use crate::base::{Findings, Severity};
use crate::config::csv_rules::{CONTROL, DOUBLE_ENCODED, INVISIBLE, POWERSHELL_ARRAY, QUESTION_MARK, REPLACEMENT, SPACES};
use crate::config::encoding;
use crate::config::rows::{Cell, RawRow};
use crate::config::rules::SECRET_SHAPE;

/// Checks the names and the group of a row, and that a password's variable is a name and not the password.
pub(crate) fn check_texts(row: &RawRow<'_>, findings: &mut Findings) {
    if let Some(password) = row.password.as_ref().filter(|p| p.source == crate::config::rows::PasswordSource::Env) {
        check_variable(&password.from, findings);
    }
    for (name, cell) in [("first_name", &row.first_name), ("last_name", &row.last_name), ("group", &row.group)] {
        if let Some(cell) = cell
            && !is_plain(cell.text.as_bytes())
        {
            check(name, cell, findings);
        }
    }
}

/// Most likely the password itself: it is not shown.
fn check_variable(cell: &Cell<'_>, findings: &mut Findings) {
    let good = cell.text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_');
    if !good || cell.text.is_empty() || cell.text.as_bytes()[0].is_ascii_digit() {
        let found = SECRET_SHAPE.finding("a password's variable is not the name of an environment variable");
        let found = found.at(cell.span, "letters, digits and `_`").conceal(cell.span);
        findings.push(found.fix("write the name of a variable, without `$`; a secret itself never stands in a file"));
    }
}

fn is_plain(text: &[u8]) -> bool {
    let odd = text.iter().fold(false, |odd, c| odd | !(0x20..0x7f).contains(c) | matches!(c, b'?' | b'['));
    !odd && text.first() != Some(&b' ') && text.last() != Some(&b' ')
}

fn check(name: &str, cell: &Cell<'_>, findings: &mut Findings) {
    let text = &*cell.text;
    if is_powershell_array(text) {
        return findings.push(powershell_array(cell));
    }
    if text.trim() != text {
        let title = format!("`{name}` has spaces at its start or end");
        let mut found = SPACES.finding(title).at(cell.span, "this text").replace(SPACES.fix, cell.span, text.trim());
        found.severity = Severity::Warning;
        findings.push(found);
    }
    check_characters(name, cell, findings);
    if name == "group" {
        return;
    }
    if let Some(at) = text.find('?') {
        let found = QUESTION_MARK.finding(format!("`{name}` contains `?`")).at(part(cell, at, 1), "usually a lost letter");
        findings.push(found.fix(QUESTION_MARK.fix));
    }
    if let Some(once) = encoding::decoded_once(text) {
        let found = DOUBLE_ENCODED.finding(format!("`{name}` was encoded twice")).at(cell.span, format!("most likely `{once}`"));
        findings.push(found.replace("write the repaired text", cell.span, once));
    }
}

fn check_characters(name: &str, cell: &Cell<'_>, findings: &mut Findings) {
    let text = &*cell.text;
    if let Some((at, c)) = text.char_indices().find(|(_, c)| c.is_control()) {
        let title = format!("`{name}` contains the control character U+{:04X}", u32::from(c));
        findings.push(CONTROL.finding(title).at(part(cell, at, c.len_utf8()), "here").fix(CONTROL.fix));
    } else if let Some((at, c)) = text.char_indices().find(|(_, c)| is_invisible(*c)) {
        let title = format!("`{name}` contains the invisible character U+{:04X}", u32::from(c));
        let clean: String = text.chars().filter(|c| !is_invisible(*c)).collect();
        let found = INVISIBLE.finding(title).at(part(cell, at, c.len_utf8()), format!("`{}`", printable(text)));
        findings.push(found.replace(INVISIBLE.fix, cell.span, clean));
    }
    if let Some(at) = text.find('\u{fffd}') {
        let title = format!("`{name}` contains U+FFFD, the mark of a lost letter");
        findings.push(REPLACEMENT.finding(title).at(part(cell, at, 3), "here").fix(REPLACEMENT.fix));
    }
}

/// Whether a cell is what PowerShell writes for a list.
pub(crate) fn is_powershell_array(text: &str) -> bool {
    text.starts_with("System.") && text.ends_with(']') && text.contains('[')
}

/// The finding for such a cell.
pub(crate) fn powershell_array(cell: &Cell<'_>) -> crate::base::Finding {
    let title = format!("the cell is `{}`: PowerShell wrote a type and not the values", printable(&cell.text));
    POWERSHELL_ARRAY.finding(title).at(cell.span, "the values are lost").fix(POWERSHELL_ARRAY.fix)
}

/// A part of a cell; the whole cell where its text is not the bytes that stand there (escapes).
fn part(cell: &Cell<'_>, at: usize, len: usize) -> Span {
    if cell.text.len() != cell.span.len as usize {
        return cell.span;
    }
    let place = Place::new(cell.span.place.file(), cell.span.place.offset() + at as u64);
    Span { place, len: u32::try_from(len).unwrap_or(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileId;

    fn found(name: &str) -> Vec<(&'static str, Severity, std::ops::Range<u64>, Option<String>)> {
        let place = Place::new(FileId(0), 10);
        let mut row = RawRow::new(place);
        row.last_name = Some(Cell { text: name.into(), span: Span { place, len: u32::try_from(name.len()).unwrap() } });
        let mut findings = Findings::new();
        check_texts(&row, &mut findings);
        let one = |f: &crate::base::Finding| {
            let fix = f.fix.as_ref().and_then(|x| x.replace.as_ref()).map(|r| r.1.clone());
            (f.rule.0, f.severity, f.at.as_ref().unwrap().span.range(), fix)
        };
        findings.sorted().into_iter().map(one).collect()
    }

    #[test]
    fn suspicious_names_are_found() {
        use Severity::{Error, Warning};
        assert_eq!(found("Müller-Lüdenscheidt"), []);
        assert_eq!(found("O'Neil"), []);
        assert_eq!(found("M?ller"), [("MW0114", Warning, 11..12, None)]);
        assert_eq!(found("MÃ¼ller"), [("MW0115", Warning, 10..19, Some("Müller".into()))]);
        assert_eq!(found("System.String[]"), [("MW0116", Error, 10..25, None)]);
        assert_eq!(found("Do\u{200b}e"), [("MW0117", Warning, 12..15, Some("Doe".into()))]);
        assert_eq!(found("Do\0e"), [("MW0110", Error, 12..13, None)]);
        assert_eq!(found("M\u{fffd}ller"), [("MW0118", Error, 11..14, None)]);
        assert_eq!(found(" Doe"), [("MW0113", Warning, 10..14, Some("Doe".into()))]);
    }
}
