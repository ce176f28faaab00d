//! The header of a CSV list: what separates the cells and what the columns are.
//!
//! The separator is the one with which most names of the header are known.

use super::cells::{Part, quoted};
use super::columns::{NAMES, other_name};
use crate::base::nearest::nearest;
use crate::base::printable::printable_short;
use crate::base::span::{FileId, Place, Span};
use crate::base::{Finding, Findings};
use crate::config::csv_rules::{
    BAD_SEPARATOR, COLUMN_TWICE, CONTROL, LIST_COLUMNS, NO_ADDRESS_COLUMN, NO_HEADER, QUOTE_OPEN, ROTATE_ALONE, UNKNOWN_COLUMN,
};
use crate::config::encoding::{BOM, not_utf8, utf16};
use crate::config::reading::unknown::is_telling;
use crate::config::rows::{Column, CsvLayout};
use memchr::memchr;

/// The separators that are known, the likeliest first.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// Most characters of a written column name in a message.
const SHOWN: usize = 60;

/// Reads the header of a list of users from the start of its file: the first `ROW_BYTES` of it, or all. `None` where no
/// row could be read for certain; a finding says why. Refused columns are errors too, but rows can be checked further.
#[must_use]
pub fn csv_layout(bytes: &[u8], file: FileId, findings: &mut Findings) -> Option<CsvLayout> {
    let header = Header::find(bytes, file, findings)?;
    header.layout(findings)
}

/// As [`csv_layout`], for `[[removed]] users_from`: a column other than `address` is an error.
#[must_use]
pub fn tombstone_layout(bytes: &[u8], file: FileId, findings: &mut Findings) -> Option<CsvLayout> {
    let header = Header::find(bytes, file, findings)?;
    let layout = header.layout(findings)?;
    if let Some(index) = layout.columns.iter().position(|c| !matches!(c, Column::Address | Column::Refused)) {
        let name = layout.columns[index].name();
        let found = LIST_COLUMNS.finding(format!("a list of removed users has a column `{name}`"));
        findings.push(found.at(header.cell_span(&header.cells(layout.delimiter)[index]), "not `address`").fix(LIST_COLUMNS.fix));
        return None;
    }
    Some(layout)
}

/// The header line.
pub(super) struct Header<'a> {
    file: FileId,
    line: &'a str,
    /// Where it starts in the file.
    pub start: usize,
    /// Where the line below it starts.
    pub end: usize,
}

impl<'a> Header<'a> {
    /// Finds the first line with content behind a byte order mark and a `sep=` line.
    pub(super) fn find(bytes: &'a [u8], file: FileId, findings: &mut Findings) -> Option<Self> {
        if let Some(found) = utf16(bytes, file) {
            findings.push(found);
            return None;
        }
        let mut at = if bytes.starts_with(BOM) { BOM.len() } else { 0 };
        let (start, line, end) = loop {
            let Some((line, end)) = line_at(bytes, at) else {
                findings.push(NO_HEADER.finding("the file is empty").at(point(file, at, 0), "nothing here").fix(NO_HEADER.fix));
                return None;
            };
            if is_separator_line(line) {
                if !line.get(4).is_none_or(|c| DELIMITERS.contains(c)) {
                    let found =
                        BAD_SEPARATOR.finding("this separator is not supported").at(point(file, at + 4, line.len() - 4), "named here");
                    findings.push(found.fix(BAD_SEPARATOR.fix));
                    return None;
                }
            } else if !line.trim_ascii().is_empty() {
                break (at, line, end);
            }
            at = end;
        };
        let line = match std::str::from_utf8(line) {
            Ok(line) => line,
            Err(error) => {
                findings.push(not_utf8(line, file, start as u64, error));
                return None;
            }
        };
        if let Some(cr) = line.find(['\r', '\0']) {
            let title = "the header contains a control character (lines must end with LF or CRLF)";
            findings.push(CONTROL.finding(title).at(point(file, start + cr, 1), "here").fix("save the file with LF line ends"));
            return None;
        }
        Some(Self { file, line, start, end })
    }
    fn cells(&self, delimiter: u8) -> Vec<Part<'a>> {
        let mut cells = Vec::new();
        // trouble with quotes is told once, by `layout`; what was read before it serves for counting
        let _ = quoted(self.line, delimiter, &mut cells);
        cells
    }
    fn cell_span(&self, cell: &Part<'_>) -> Span {
        point(self.file, self.start + cell.start, cell.len)
    }
    /// The separator with which most names are known; then the one that gives most cells.
    fn delimiter(&self) -> u8 {
        let score = |delimiter: u8| {
            let cells = self.cells(delimiter);
            let known = cells.iter().filter(|c| Column::parse(&c.text).is_some()).count();
            (known, cells.len())
        };
        let mut best = (DELIMITERS[0], score(DELIMITERS[0]));
        for delimiter in DELIMITERS {
            if score(delimiter) > best.1 {
                best = (delimiter, score(delimiter));
            }
        }
        best.0
    }
    fn layout(&self, findings: &mut Findings) -> Option<CsvLayout> {
        let delimiter = self.delimiter();
        if quoted(self.line, delimiter, &mut Vec::new()).is_err() {
            let at = point(self.file, self.start, self.line.len());
            findings.push(
                QUOTE_OPEN.finding("a quote in the header is open or misplaced").at(at, "this line").fix("write the names without quotes"),
            );
            return None;
        }
        let cells = self.cells(delimiter);
        if cells.iter().any(|c| c.text.contains('@')) && cells.iter().all(|c| Column::parse(&c.text).is_none()) {
            let at = point(self.file, self.start, self.line.len());
            let fix = format!("put a line with the names of the columns first, chosen of: {}", NAMES.join(" "));
            findings.push(NO_HEADER.finding("the file has no header line").at(at, "the first line is a row").fix(fix));
            return None;
        }
        let mut columns: Vec<Column> = Vec::with_capacity(cells.len());
        let mut meant_address = false;
        for (index, cell) in cells.iter().enumerate() {
            let column = Column::parse(&cell.text).unwrap_or_else(|| {
                let (found, meant) = self.unknown(cell, index);
                meant_address |= meant == Some("address");
                findings.push(found);
                Column::Refused
            });
            match columns.iter().position(|c| *c == column && column != Column::Refused) {
                Some(first) => {
                    findings.push(self.twice(&cells[first], cell));
                    columns.push(Column::Refused);
                }
                None => columns.push(column),
            }
        }
        self.check_set(&columns, &cells, meant_address, findings)?;
        if cells.iter().zip(&columns).any(|(cell, column)| *column == Column::Refused && is_telling(&cell.text)) {
            // cells below may hold secrets: no excerpt of a row may be shown
            return None;
        }
        Some(CsvLayout { delimiter, columns, rows_from: self.end as u64 })
    }
    fn check_set(&self, columns: &[Column], cells: &[Part<'_>], meant_address: bool, findings: &mut Findings) -> Option<()> {
        if let Some(rotate) = columns.iter().position(|c| *c == Column::Rotate)
            && !columns.contains(&Column::PasswordEnv)
        {
            findings.push(
                ROTATE_ALONE.finding(ROTATE_ALONE.title).at(self.cell_span(&cells[rotate]), "of which password?").fix(ROTATE_ALONE.fix),
            );
        }
        if columns.contains(&Column::Address) {
            return Some(());
        }
        if !meant_address {
            let at = point(self.file, self.start, self.line.len());
            findings.push(NO_ADDRESS_COLUMN.finding(NO_ADDRESS_COLUMN.title).at(at, "these columns").fix(NO_ADDRESS_COLUMN.fix));
        }
        None
    }
    fn unknown(&self, cell: &Part<'_>, index: usize) -> (Finding, Option<&'static str>) {
        let at = self.cell_span(cell);
        if cell.text.trim().is_empty() {
            let found = UNKNOWN_COLUMN.finding(format!("column {} has no name", index + 1)).at(at, "here");
            return (found.fix("remove the column, with its separator in every row"), None);
        }
        let found = UNKNOWN_COLUMN.finding(format!("unknown column `{}`", printable_short(&cell.text, SHOWN))).at(at, "not known");
        let meant = nearest(&cell.text, NAMES).or_else(|| other_name(&cell.text));
        let found = match meant {
            Some(name) => found.replace(format!("did you mean `{name}`?"), at, name),
            None => found.fix(format!("remove the column, or name it one of: {}", NAMES.join(" "))),
        };
        (found, meant)
    }
    fn twice(&self, first: &Part<'_>, again: &Part<'_>) -> Finding {
        COLUMN_TWICE
            .finding(format!("the column `{}` is there twice", again.text))
            .at(self.cell_span(again), "again")
            .also(self.cell_span(first), "first here")
            .fix(COLUMN_TWICE.fix)
    }
}

fn point(file: FileId, start: usize, len: usize) -> Span {
    Span { place: Place::new(file, start as u64), len: u32::try_from(len).unwrap_or(u32::MAX) }
}

/// The line at an offset without its end, and the offset of the next line.
fn line_at(bytes: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
    let (line, next) = memchr(b'\n', rest).map_or((rest, rest.len()), |newline| (&rest[..newline], newline + 1));
    Some((line.strip_suffix(b"\r").unwrap_or(line), at + next))
}

/// Excel's line that names the separator.
pub(super) fn is_separator_line(line: &[u8]) -> bool {
    line.len() <= 5 && line.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"sep="))
}
