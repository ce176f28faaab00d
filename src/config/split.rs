//! Cuts a TOML file of any size into its head and the stretches of `[[users]]` tables, as chunks of it come in.
//!
//! Invariants: head segments and ranges together are the file, each byte once and in order (only a byte order mark is
//! in neither); where chunks begin and end does not matter; no more than the head and one line is held. On valid TOML
//! the stretches are those that a parser would find. A range ends where another table begins.
//! Deliberately absent: parsing. What is wrong inside of a piece is found by whoever decodes that piece.

use crate::base::Findings;
use crate::base::limits::{HEAD_BYTES, ROW_BYTES};
use crate::base::span::{FileId, Place, Span};
use crate::config::csv_rules::ROW_TOO_LONG;
use crate::config::encoding;
use crate::config::head_text::HeadText;
use crate::config::rules::TOO_LARGE;
use crate::config::toml_lines::{LineReader, Starts};
use memchr::memchr;
use std::ops::Range;

/// A file cut in two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitText {
    /// Everything but users.
    pub head: HeadText,
    /// The stretches of `[[users]]` tables, in bytes of the file, in order. Each starts at a `[[users]]` line.
    pub ranges: Vec<Range<u64>>,
    /// Whether all of the file was taken. If not, an error among the findings says why, and the head is not worth parsing.
    pub whole: bool,
}

/// Takes a file chunk by chunk and cuts it.
#[derive(Debug)]
pub struct Splitter {
    file: FileId,
    head: HeadText,
    ranges: Vec<Range<u64>>,
    reader: LineReader,
    /// A line whose end has not come yet.
    line: Vec<u8>,
    /// Where the next line starts.
    at: u64,
    /// The head segment that is being filled, and where it starts.
    segment: Vec<u8>,
    segment_at: u64,
    /// Start of the stretch and of the row that are being read.
    rows: Option<Rows>,
    /// Where the value starts that is still open.
    open_at: u64,
    /// Something ends the reading: the rest is ignored, and a finding says so.
    refused: bool,
}

#[derive(Debug, Clone, Copy)]
struct Rows {
    stretch: u64,
    row: u64,
    told: bool,
}

impl Splitter {
    /// For one file, from its first byte.
    #[must_use]
    pub fn new(file: FileId) -> Self {
        Self {
            file,
            head: HeadText::new(file),
            ranges: Vec::new(),
            reader: LineReader::default(),
            line: Vec::new(),
            at: 0,
            segment: Vec::new(),
            segment_at: 0,
            rows: None,
            open_at: 0,
            refused: false,
        }
    }
    /// Takes the next chunk. A row or head beyond its limit is a finding (`MW0111`, `MW0003`), and so is UTF-16.
    pub fn feed(&mut self, mut chunk: &[u8], findings: &mut Findings) {
        if !self.line.is_empty() {
            let end = memchr(b'\n', chunk).map_or(chunk.len(), |newline| newline + 1);
            self.line.extend_from_slice(&chunk[..end]);
            chunk = &chunk[end..];
            if self.line.last() == Some(&b'\n') {
                self.take_line(findings);
            }
        }
        while let Some(newline) = memchr(b'\n', chunk) {
            if self.refused {
                return;
            }
            self.push_line(&chunk[..=newline], findings);
            chunk = &chunk[newline + 1..];
        }
        if self.refused {
            return;
        }
        self.line.extend_from_slice(chunk);
        self.limit_open_line(findings);
    }
    /// The file ends.
    #[must_use]
    pub fn finish(mut self, findings: &mut Findings) -> SplitText {
        if !self.line.is_empty() && !self.refused {
            self.take_line(findings);
        }
        self.end_row(findings);
        self.close(findings);
        SplitText { head: self.head, ranges: self.ranges, whole: !self.refused }
    }
    fn take_line(&mut self, findings: &mut Findings) {
        let line = std::mem::take(&mut self.line);
        self.push_line(&line, findings);
        self.line = line;
        self.line.clear();
    }
    fn push_line(&mut self, line: &[u8], findings: &mut Findings) {
        let text = if self.at == 0 { self.first_line(line, findings) } else { line };
        let was_open = self.reader.is_open();
        let starts = self.reader.line(text);
        match starts {
            Starts::Users => {
                self.end_row(findings);
                let start = self.at + (line.len() - text.len()) as u64;
                if self.rows.is_none() {
                    self.close(findings);
                }
                let stretch = self.rows.map_or(start, |rows| rows.stretch);
                self.rows = Some(Rows { stretch, row: start, told: false });
            }
            Starts::Table if self.rows.is_some() => {
                self.end_row(findings);
                self.close(findings);
            }
            Starts::Table | Starts::UsersPart | Starts::Content | Starts::Blank => {}
        }
        if !was_open && self.reader.is_open() {
            self.open_at = self.at;
        }
        self.at += line.len() as u64;
        match self.rows {
            None => self.push_head(text, findings),
            Some(rows) if self.reader.is_open() && self.at - rows.row > ROW_BYTES as u64 => self.end_row(findings),
            Some(_) => {}
        }
    }
    /// Cuts a byte order mark; UTF-16 is refused as a whole.
    fn first_line<'t>(&mut self, line: &'t [u8], findings: &mut Findings) -> &'t [u8] {
        if let Some(finding) = encoding::utf16(line, self.file) {
            findings.push(finding);
            self.refused = true;
        }
        let text = line.strip_prefix(encoding::BOM).unwrap_or(line);
        self.segment_at = (line.len() - text.len()) as u64;
        text
    }
    fn push_head(&mut self, text: &[u8], findings: &mut Findings) {
        if self.refused {
            return;
        }
        self.segment.extend_from_slice(text);
        if self.head.text.len() + self.segment.len() > HEAD_BYTES {
            self.refuse_head(findings);
        }
    }
    /// A line without end would fill the memory.
    fn limit_open_line(&mut self, findings: &mut Findings) {
        if self.rows.is_some() && self.line.len() > ROW_BYTES {
            self.at += self.line.len() as u64;
            self.end_row(findings);
            self.refused = true;
        } else if self.line.len() > HEAD_BYTES {
            self.refuse_head(findings);
        }
    }
    fn refuse_head(&mut self, findings: &mut Findings) {
        let title = format!("more than {} MiB of text outside of `[[users]]`", HEAD_BYTES >> 20);
        let at = Span { place: Place::new(self.file, self.at), len: 0 };
        findings.push(TOO_LARGE.finding(title).at(at, "here the limit is reached").fix(TOO_LARGE.fix));
        self.refused = true;
        self.segment.clear();
        self.line.clear();
    }
    /// Checks the length of the row that ends before the present line, or that is too long already.
    fn end_row(&mut self, findings: &mut Findings) {
        let Some(rows) = self.rows.as_mut() else { return };
        if self.at - rows.row <= ROW_BYTES as u64 || rows.told {
            return;
        }
        rows.told = true;
        let header = Span { place: Place::new(self.file, rows.row), len: 9 };
        let mut found =
            ROW_TOO_LONG.finding(format!("a user of more than {} KiB", ROW_BYTES >> 10)).at(header, "this table").fix(ROW_TOO_LONG.fix);
        if self.reader.is_open() {
            let open = Span { place: Place::new(self.file, self.open_at), len: 1 };
            found = found.also(open, "a string or bracket is opened here and not closed");
        }
        findings.push(found);
    }
    /// Ends the stretch or segment before the present line.
    fn close(&mut self, findings: &mut Findings) {
        if let Some(rows) = self.rows.take() {
            self.ranges.push(rows.stretch..self.at);
        } else {
            let bytes = std::mem::take(&mut self.segment);
            let text = encoding::text_or_findings(bytes, self.file, self.segment_at, findings);
            self.head.push_segment(self.segment_at, &text);
        }
        self.segment_at = self.at;
    }
}
