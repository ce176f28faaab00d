//! The lines of a block of CSV as cells, with what is wrong in a line as a whole.

use super::cells::{Part, QuoteTrouble, plain, quoted};
use crate::base::limits::ROW_BYTES;
use crate::base::span::{FileId, Place, Span};
use crate::base::{Finding, Findings};
use crate::config::csv_rules::{CELL_COUNT, CONTROL, QUOTE_MISPLACED, QUOTE_OPEN, ROW_TOO_LONG};
use crate::config::encoding::not_utf8;
use crate::config::rows::{Column, CsvLayout};
use memchr::memchr;
use std::ops::Range;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// White space, or cells without text.
    Blank,
    /// As many cells as the header has, in [`Lines::cells`].
    Cells,
    /// Something that a finding tells.
    Wrong,
}

/// Reads a block line by line.
pub(super) struct Lines<'a> {
    pub file: FileId,
    /// Where the block starts in its file.
    offset: u64,
    bytes: &'a [u8],
    /// The block as text, where all of it is UTF-8.
    text: Option<&'a str>,
    next: usize,
    next_quote: usize,
    has_nul: bool,
    /// The present line in the block, without its end.
    pub line: Range<usize>,
    /// Its cells.
    pub cells: Vec<Part<'a>>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(file: FileId, offset: u64, bytes: &'a [u8]) -> Self {
        Self {
            file,
            offset,
            bytes,
            text: std::str::from_utf8(bytes).ok(),
            next: 0,
            next_quote: memchr(b'"', bytes).unwrap_or(bytes.len()),
            has_nul: memchr(0, bytes).is_some(),
            line: 0..0,
            cells: Vec::new(),
        }
    }
    /// The span in the file of a stretch of the present line.
    pub(super) fn span(&self, start: usize, len: usize) -> Span {
        let place = Place::new(self.file, self.offset + (self.line.start + start) as u64);
        Span { place, len: u32::try_from(len).unwrap_or(u32::MAX) }
    }
    /// The span of the present line.
    pub(super) fn line_span(&self) -> Span {
        self.span(0, self.line.len())
    }
    /// Goes to the next line; `false` at the end.
    pub(super) fn advance(&mut self) -> bool {
        if self.next >= self.bytes.len() {
            return false;
        }
        let start = self.next;
        let end = memchr(b'\n', &self.bytes[start..]).map_or(self.bytes.len(), |newline| start + newline);
        self.next = end + 1;
        let end = if end > start && self.bytes[end - 1] == b'\r' { end - 1 } else { end };
        self.line = start..end;
        true
    }
    /// Reads the present line.
    pub(super) fn read(&mut self, layout: &CsvLayout, findings: &mut Findings) -> Line {
        let bytes = &self.bytes[self.line.clone()];
        if bytes.first().is_none_or(u8::is_ascii_whitespace) && bytes.trim_ascii().is_empty() {
            return Line::Blank;
        }
        let line = match self.text {
            Some(text) => &text[self.line.clone()],
            None => match std::str::from_utf8(bytes) {
                Ok(line) => line,
                Err(error) => {
                    findings.push(not_utf8(bytes, self.file, self.offset + self.line.start as u64, error));
                    return Line::Wrong;
                }
            },
        };
        if let Some(found) = self.refuse(line) {
            findings.push(found);
            return Line::Wrong;
        }
        if let Err(trouble) = self.cut(line, layout.delimiter) {
            findings.push(self.quote_trouble(trouble, layout));
            return Line::Wrong;
        }
        if self.cells.iter().all(|cell| cell.len == 0) {
            return Line::Blank;
        }
        if self.cells.len() != layout.columns.len() {
            findings.push(self.cell_count(layout));
            return Line::Wrong;
        }
        Line::Cells
    }
    fn cut(&mut self, line: &'a str, delimiter: u8) -> Result<(), QuoteTrouble> {
        if self.next_quote < self.line.start {
            let from = self.line.start;
            self.next_quote = memchr(b'"', &self.bytes[from..]).map_or(self.bytes.len(), |at| from + at);
        }
        if self.next_quote >= self.line.end {
            plain(line, delimiter, &mut self.cells);
            return Ok(());
        }
        quoted(line, delimiter, &mut self.cells)
    }
    fn refuse(&self, line: &str) -> Option<Finding> {
        if line.len() > ROW_BYTES {
            let title = format!("a line of more than {} KiB", ROW_BYTES >> 10);
            return Some(ROW_TOO_LONG.finding(title).at(self.span(0, 1), "it starts here").fix(ROW_TOO_LONG.fix));
        }
        let nul = if self.has_nul { memchr(0, line.as_bytes())? } else { return None };
        Some(CONTROL.finding("the line contains a NUL character").at(self.span(nul, 1), "here").fix(CONTROL.fix))
    }
    fn quote_trouble(&self, trouble: QuoteTrouble, layout: &CsvLayout) -> Finding {
        let name = |i: usize| layout.columns.get(i).copied().map_or("?", Column::name);
        let here = name(self.cells.len());
        match trouble {
            QuoteTrouble::Open(at) => {
                let after: Vec<&str> = layout.columns.iter().skip(self.cells.len() + 1).map(|c| c.name()).collect();
                let cells = if after.is_empty() { String::new() } else { format!("`{}` of this row and ", after.join("`, `")) };
                QUOTE_OPEN
                    .finding(format!("the quote that opens `{here}` is not closed on its line"))
                    .at(self.span(at, 1), "opened here")
                    .note(format!("{cells}every row up to the next quote would vanish into `{here}`"))
                    .note("a quoted field may not go over several lines")
                    .fix(QUOTE_OPEN.fix)
            }
            QuoteTrouble::Misplaced(at) => QUOTE_MISPLACED
                .finding(format!("a quote in the middle of `{here}`"))
                .at(self.span(at, 1), "this quote")
                .note("programs read this differently; one of them would lose text or rows")
                .fix(QUOTE_MISPLACED.fix),
        }
    }
    fn cell_count(&self, layout: &CsvLayout) -> Finding {
        let (is, want) = (self.cells.len(), layout.columns.len());
        let found = CELL_COUNT.finding(format!("{is} cells where the header has {want}"));
        if is < want {
            let missing: Vec<&str> = layout.columns[is..].iter().map(|c| c.name()).collect();
            return found
                .at(self.line_span(), format!("nothing for `{}`", missing.join("`, `")))
                .fix("write one cell for each column; empty ones too");
        }
        let (first, end) = (self.cells[want].start, self.line.len());
        found
            .at(self.span(first, end - first), "no column for this")
            .fix("quote a cell that contains the separator, or remove what is too much")
    }
}
