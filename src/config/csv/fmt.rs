//! The one form of a CSV list that `fmt` writes: UTF-8 without mark, comma, LF, quotes only where they are needed.
//!
//! Invariants: writing it again changes nothing; cells, rows, blank lines and their order stay; nothing is trimmed.

use super::layout::{Header, csv_layout, is_separator_line};
use super::lines::{Line, Lines};
use crate::base::Findings;
use crate::base::span::FileId;
use crate::config::encoding::BOM;

/// Formats a whole file.
///
/// # Errors
/// The findings, where a line cannot be read for certain.
pub fn fmt_csv(bytes: &[u8], file: FileId) -> Result<Vec<u8>, Findings> {
    let mut findings = Findings::new();
    let layout = csv_layout(bytes, file, &mut findings);
    let header = Header::find(bytes, file, &mut Findings::new());
    let (Some(layout), Some(header)) = (layout, header) else {
        return Err(findings);
    };
    let mut out = Vec::with_capacity(bytes.len() + 1);
    let start = if bytes.starts_with(BOM) { BOM.len() } else { 0 };
    for line in bytes[start..header.start].split_inclusive(|c| *c == b'\n').map(without_end).filter(|l| !is_separator_line(l)) {
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    let mut lines = Lines::new(file, header.start as u64, &bytes[header.start..]);
    while lines.advance() {
        match lines.read(&layout, &mut findings) {
            Line::Wrong => {}
            Line::Blank if is_white(&bytes[header.start..][lines.line.clone()]) => {
                out.extend_from_slice(&bytes[header.start..][lines.line.clone()]);
                out.push(b'\n');
            }
            Line::Blank | Line::Cells => write_line(&lines, &mut out),
        }
    }
    if findings.has_errors() { Err(findings) } else { Ok(out) }
}

fn is_white(line: &[u8]) -> bool {
    line.trim_ascii().is_empty()
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn write_line(lines: &Lines<'_>, out: &mut Vec<u8>) {
    for (index, cell) in lines.cells.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        if cell.text.contains([',', '"', '\r']) {
            out.push(b'"');
            out.extend_from_slice(cell.text.replace('"', "\"\"").as_bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(cell.text.as_bytes());
        }
    }
    out.push(b'\n');
}
