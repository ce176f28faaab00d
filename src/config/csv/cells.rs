//! One line of CSV into its cells.
//!
//! A cell is quoted from its first character to its last, or not at all; quotes inside are doubled (RFC 4180).

use memchr::memchr;
use std::borrow::Cow;

/// A cell of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    /// The text without quotes.
    pub text: Cow<'a, str>,
    /// Where it starts in its line, behind an opening quote.
    pub start: usize,
    /// Its length in the line, without quotes.
    pub len: usize,
}

/// A quote that cannot be read for certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QuoteTrouble {
    /// Opened at this offset and not closed on the line.
    Open(usize),
    /// A quote in the middle of a field, or text behind a closing quote.
    Misplaced(usize),
}

/// Cuts a line that has no quote.
pub(crate) fn plain<'a>(line: &'a str, delimiter: u8, cells: &mut Vec<Part<'a>>) {
    let bytes = line.as_bytes();
    let mut start = 0;
    cells.clear();
    loop {
        let len = memchr(delimiter, &bytes[start..]).unwrap_or(bytes.len() - start);
        cells.push(Part { text: Cow::Borrowed(&line[start..start + len]), start, len });
        start += len + 1;
        if start > bytes.len() {
            return;
        }
    }
}

/// Cuts a line that may have quotes. On trouble `cells` holds those before it.
pub(crate) fn quoted<'a>(line: &'a str, delimiter: u8, cells: &mut Vec<Part<'a>>) -> Result<(), QuoteTrouble> {
    let bytes = line.as_bytes();
    let mut start = 0;
    cells.clear();
    loop {
        let next = if bytes.get(start) == Some(&b'"') {
            let end = closing_quote(bytes, start + 1).ok_or(QuoteTrouble::Open(start))?;
            let raw = &line[start + 1..end];
            let text = if raw.contains('"') { Cow::Owned(raw.replace("\"\"", "\"")) } else { Cow::Borrowed(raw) };
            cells.push(Part { text, start: start + 1, len: raw.len() });
            end + 1
        } else {
            let len = memchr(delimiter, &bytes[start..]).unwrap_or(bytes.len() - start);
            if let Some(quote) = memchr(b'"', &bytes[start..start + len]) {
                return Err(QuoteTrouble::Misplaced(start + quote));
            }
            cells.push(Part { text: Cow::Borrowed(&line[start..start + len]), start, len });
            start + len
        };
        match bytes.get(next) {
            None => return Ok(()),
            Some(c) if *c == delimiter => start = next + 1,
            Some(_) => return Err(QuoteTrouble::Misplaced(next - 1)),
        }
    }
}

fn closing_quote(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let quote = at + memchr(b'"', bytes.get(at..)?)?;
        if bytes.get(quote + 1) != Some(&b'"') {
            return Some(quote);
        }
        at = quote + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Result<Vec<String>, QuoteTrouble> {
        let mut cells = Vec::new();
        quoted(line, b',', &mut cells)?;
        Ok(cells.iter().map(|c| c.text.to_string()).collect())
    }

    #[test]
    fn quotes_are_taken_off() {
        assert_eq!(texts("a,\"b,\"\"c\"\"\",,\"\"").unwrap(), ["a", "b,\"c\"", "", ""]);
        assert_eq!(texts("").unwrap(), [""]);
        assert_eq!(texts("a,").unwrap(), ["a", ""]);
    }

    #[test]
    fn uncertain_quotes_are_refused() {
        assert_eq!(texts("a,\"b"), Err(QuoteTrouble::Open(2)));
        assert_eq!(texts("a,\"b\"\""), Err(QuoteTrouble::Open(2)));
        assert_eq!(texts("a,b \"c\""), Err(QuoteTrouble::Misplaced(4)));
        assert_eq!(texts("a,\"b\"c"), Err(QuoteTrouble::Misplaced(4)));
    }

    #[test]
    fn both_ways_agree_without_quotes() {
        for line in ["", ",", "a", "a,b", "a,,b,", "ü;x\t"] {
            for delimiter in [b',', b';', b'\t'] {
                let (mut one, mut two) = (Vec::new(), Vec::new());
                plain(line, delimiter, &mut one);
                quoted(line, delimiter, &mut two).unwrap();
                assert_eq!(one, two);
            }
        }
    }
}
