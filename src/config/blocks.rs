//! Cuts a stretch of rows into blocks of whole rows, so that a buffer of fixed size serves files of any size.
//!
//! The reader's loop: fill a buffer of `BLOCK_BYTES + ROW_BYTES`, hand out [`whole_rows`] of it, move the rest to the
//! front, fill again. Invariant: decoding the blocks one by one gives the rows of the whole. 0 bytes of a full buffer
//! are a row beyond `ROW_BYTES`: hand the whole buffer to the decoder, which refuses it by name.
//! Deliberately absent: reading.

use crate::config::rows::RowShape;
use crate::config::toml_lines::{LineReader, Starts};
use memchr::{memchr, memmem, memrchr};

/// How many of `bytes`, which start at the start of a row, are whole rows. `at_end`: nothing follows, all of it is.
#[must_use]
pub fn whole_rows(shape: &RowShape, bytes: &[u8], at_end: bool) -> usize {
    if at_end {
        return bytes.len();
    }
    match shape {
        RowShape::Csv(_) => memrchr(b'\n', bytes).map_or(0, |newline| newline + 1),
        RowShape::Toml => last_users_line(bytes),
    }
}

/// Start of the last row of which the header line is whole.
fn last_users_line(bytes: &[u8]) -> usize {
    let strings_over_lines = memmem::find(bytes, b"\"\"\"").is_some() || memmem::find(bytes, b"'''").is_some();
    if !strings_over_lines && let Some(at) = memmem::rfind(bytes, b"\n[[users]]") {
        return at + 1;
    }
    let (mut reader, mut at, mut last) = (LineReader::default(), 0, 0);
    while let Some(newline) = memchr(b'\n', &bytes[at..]) {
        if reader.line(&bytes[at..=at + newline]) == Starts::Users {
            last = at;
        }
        at += newline + 1;
    }
    last
}

/// A row of a block of `[[users]]` tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowPiece {
    /// Start of its header line.
    pub start: usize,
    /// Start of the next row, or of what is no row.
    pub end: usize,
    /// End of its last line with content; blank lines and comments behind it are not the row's.
    pub content_end: usize,
}

/// The rows of a block of `[[users]]` tables, in order. Another table ends them.
#[derive(Debug, Clone)]
pub(crate) struct RowPieces<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> RowPieces<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }
    fn line(&self, at: usize) -> &'a [u8] {
        let rest = &self.bytes[at..];
        &rest[..memchr(b'\n', rest).map_or(rest.len(), |newline| newline + 1)]
    }
}

impl Iterator for RowPieces<'_> {
    type Item = RowPiece;

    fn next(&mut self) -> Option<RowPiece> {
        let mut reader = LineReader::default();
        let mut start = None;
        let mut content_end = self.at;
        let mut at = self.at;
        while at < self.bytes.len() {
            let line = self.line(at);
            let open = reader.is_open();
            match (reader.line(line), start) {
                (Starts::Blank, _) if !open => {}
                (Starts::Table, None) => {
                    self.at = self.bytes.len();
                    return None;
                }
                (Starts::Users | Starts::Table, Some(start)) => {
                    self.at = at;
                    return Some(RowPiece { start, end: at, content_end });
                }
                (Starts::Users | Starts::UsersPart | Starts::Content | Starts::Blank, _) => {
                    start = start.or(Some(at));
                    content_end = at + line.trim_ascii_end().len();
                }
            }
            at += line.len();
        }
        self.at = at;
        start.map(|start| RowPiece { start, end: at, content_end })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::rows::CsvLayout;

    #[test]
    fn csv_is_cut_at_the_last_newline() {
        let csv = RowShape::Csv(CsvLayout { delimiter: b',', columns: Vec::new(), rows_from: 0 });
        assert_eq!(whole_rows(&csv, b"a\nb\nc", false), 4);
        assert_eq!(whole_rows(&csv, b"a\nb\nc", true), 5);
        assert_eq!(whole_rows(&csv, b"abc", false), 0);
    }

    #[test]
    fn toml_is_cut_at_the_last_user() {
        fn cut(text: &str) -> &str {
            &text[whole_rows(&RowShape::Toml, text.as_bytes(), false)..]
        }
        assert_eq!(cut("[[users]]\na = 1\n[[users]]\nb = 2"), "[[users]]\nb = 2");
        assert_eq!(cut("[[users]]\na = '''\n[[users]]\n'''\nb = 2\n"), "[[users]]\na = '''\n[[users]]\n'''\nb = 2\n");
        assert_eq!(cut("[[users]]\na = ''''''\n [[ users ]]\nb = 2\n"), " [[ users ]]\nb = 2\n");
        assert_eq!(cut("[[users]]\na = 1\n"), "[[users]]\na = 1\n");
    }

    #[test]
    fn pieces_end_with_their_content() {
        let text = "# first\n[[users]]\na = 1\n[users.password]\nenv = \"X\"\n\n# next\n[[users]]\nb = '''\n\n'''\n\n[tenant]\n[[users]]\n";
        let pieces: Vec<_> = RowPieces::new(text.as_bytes()).map(|p| &text[p.start..p.content_end]).collect();
        assert_eq!(pieces, ["[[users]]\na = 1\n[users.password]\nenv = \"X\"", "[[users]]\nb = '''\n\n'''"]);
    }
}
