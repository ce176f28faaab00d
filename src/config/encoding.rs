//! Bytes that are not UTF-8, and how they would read (S21).
//!
//! Nothing is guessed: the reading as windows-1252 is shown, never used. Invariant: a line that may hold a password is
//! not repeated in a message. Deliberately absent: other code pages.

use crate::base::span::{FileId, Place, Span};
use crate::base::{Finding, Findings};
use crate::config::csv_rules::{NOT_UTF8, UTF16};
use memchr::{memchr, memrchr};

/// The byte order mark of UTF-8.
pub(crate) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The characters of windows-1252 from 0x80 to 0x9F; `\0` where it has none (the WHATWG maps those to C1 controls).
const HIGH: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“', '”', '•', '–', '—', '˜', '™',
    'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

fn to_char(byte: u8) -> char {
    match byte {
        0x80..=0x9f if HIGH[usize::from(byte - 0x80)] != '\0' => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

fn to_byte(c: char) -> Option<u8> {
    match u8::try_from(u32::from(c)) {
        Ok(byte) => Some(byte),
        Err(_) => HIGH.iter().position(|h| *h == c).and_then(|i| u8::try_from(i + 0x80).ok()),
    }
}

/// The bytes as windows-1252.
pub(crate) fn reading(bytes: &[u8]) -> String {
    bytes.iter().map(|b| to_char(*b)).collect()
}

/// What a text was before its UTF-8 was read as windows-1252 and encoded again; `None` where it was not.
pub(crate) fn decoded_once(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let bytes: Vec<u8> = text.chars().map(to_byte).collect::<Option<_>>()?;
    let once = String::from_utf8(bytes).ok()?;
    (!once.chars().any(char::is_control)).then_some(once)
}

/// Whether a file starts like UTF-16: a byte order mark, or a zero byte beside a letter.
pub(crate) fn utf16(start: &[u8], file: FileId) -> Option<Finding> {
    let looks = match start {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => true,
        [a, b, c, d, ..] => (*a == 0 && *c == 0 && *b != 0 && *d != 0) || (*b == 0 && *d == 0 && *a != 0 && *c != 0),
        _ => false,
    };
    let at = Span { place: Place::new(file, 0), len: 2 };
    looks.then(|| UTF16.finding("the file is UTF-16, not UTF-8").at(at, "it starts with these bytes").fix(UTF16.fix))
}

/// The finding for bytes of a line (or of a whole row) that are not UTF-8. `offset` is where `bytes` start in the file.
pub(crate) fn not_utf8(bytes: &[u8], file: FileId, offset: u64, error: std::str::Utf8Error) -> Finding {
    let bad = error.valid_up_to();
    let len = error.error_len().unwrap_or(bytes.len() - bad);
    let span = Span { place: Place::new(file, offset + bad as u64), len: u32::try_from(len).unwrap_or(1) };
    let from = memrchr(b'\n', &bytes[..bad]).map_or(0, |newline| newline + 1);
    let to = memchr(b'\n', &bytes[bad..]).map_or(bytes.len(), |newline| bad + newline);
    let line = &bytes[from..to];
    let found = NOT_UTF8.finding(format!("byte 0x{:02X} is not UTF-8", bytes[bad])).at(span, "this byte").fix(NOT_UTF8.fix);
    if line.to_ascii_lowercase().windows(8).any(|w| w == b"password") {
        return found;
    }
    found.note(format!("as windows-1252 it would read `{}`", word(line, bad - from)))
}

/// The word around an offset as windows-1252, at most forty characters to either side.
fn word(line: &[u8], at: usize) -> String {
    let ends = |b: &u8| matches!(b, b',' | b';' | b'\t' | b'"' | b'\'' | b'\r' | b'|');
    let from = line[..at].iter().rposition(ends).map_or(0, |i| i + 1).max(at.saturating_sub(40));
    let to = line[at..].iter().position(ends).map_or(line.len(), |i| at + i).min(at + 40);
    crate::base::printable::printable(&reading(&line[from..to])).into_owned()
}

/// The text; bytes that are not UTF-8 become `?`, one for one so that offsets stay, and a finding for each line.
pub(crate) fn text_or_findings(bytes: Vec<u8>, file: FileId, offset: u64, findings: &mut Findings) -> String {
    let mut bytes = match String::from_utf8(bytes) {
        Ok(text) => return text,
        Err(error) => error.into_bytes(),
    };
    let mut from = 0;
    while from < bytes.len() {
        let end = memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |newline| from + newline + 1);
        if let Err(error) = std::str::from_utf8(&bytes[from..end]) {
            findings.push(not_utf8(&bytes[from..end], file, offset + from as u64, error));
            bytes[from..end].iter_mut().filter(|b| !b.is_ascii()).for_each(|b| *b = b'?');
        }
        from = end;
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// The text of a small file that is read whole. A byte order mark becomes spaces, so that offsets stay. `None`: UTF-16.
#[must_use]
pub fn text_of(mut bytes: Vec<u8>, file: FileId, findings: &mut Findings) -> Option<String> {
    if let Some(finding) = utf16(&bytes, file) {
        findings.push(finding);
        return None;
    }
    if bytes.starts_with(BOM) {
        bytes[..BOM.len()].fill(b' ');
    }
    Some(text_or_findings(bytes, file, 0, findings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_was_encoded_twice_is_known() {
        assert_eq!(decoded_once("MÃ¼ller").as_deref(), Some("Müller"));
        assert_eq!(decoded_once("FranÃ§ois â€“ x").as_deref(), Some("François – x"));
        assert_eq!(decoded_once("Müller"), None);
        assert_eq!(decoded_once("Miller"), None);
        assert_eq!(decoded_once("Łukasz"), None);
    }

    #[test]
    fn the_reading_is_shown() {
        let line: &[u8] = &[b"jane@acme.example,Jane,M".as_slice(), b"\xfcller,x"].concat();
        let error = std::str::from_utf8(line).unwrap_err();
        let found = not_utf8(line, FileId(1), 100, error);
        assert_eq!(found.notes, ["as windows-1252 it would read `Müller`"]);
        assert_eq!(found.at.unwrap().span.range(), 124..125);
        let line: &[u8] = &[b"password = \"s".as_slice(), b"\xfc\""].concat();
        assert!(not_utf8(line, FileId(1), 0, std::str::from_utf8(line).unwrap_err()).notes.is_empty());
    }

    #[test]
    fn a_head_keeps_its_length() {
        let mut findings = Findings::new();
        let text = text_or_findings(b"a\xff\xfe\nb\xc3\xbc\n\xffc".to_vec(), FileId(0), 10, &mut findings);
        assert_eq!(text, "a??\nbü\n?c");
        assert_eq!(findings.errors(), 2);
        assert_eq!(findings.sorted()[1].at.as_ref().unwrap().span.range(), 18..19);
    }

    #[test]
    fn utf16_is_named() {
        for start in [&b"\xff\xfea\0"[..], b"\xfe\xff\0a", b"a\0d\0", b"\0a\0d"] {
            assert!(utf16(start, FileId(0)).is_some());
        }
        assert!(utf16(b"addr", FileId(0)).is_none() && utf16(b"", FileId(0)).is_none());
    }
}
