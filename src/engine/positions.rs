//! Lines and columns of places, and the lines around them, computed only for what is shown (DESIGN: provenance).
//!
//! A file is streamed once for all its places, so a finding in a file of a million rows costs one pass over bytes.

use crate::base::limits::FINDINGS_PER_RULE;
use crate::base::span::{FileId, Place, Span};
use crate::base::{Finding, Findings};
use crate::model::Fault;
use crate::model::observed::SourcePos;
use crate::port::Source;
use crate::render::{Excerpt, Excerpts};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes read at once while counting lines.
const CHUNK: u64 = 1 << 20;
/// Bytes around a place that are read for its excerpt; a longer line is cut there.
const WINDOW: u64 = 2048;

/// The positions of places, by place. A place whose file cannot be read any more is left out.
///
/// # Errors
/// [`Fault::Local`] only where reading fails for another reason than a missing file.
pub fn positions(source: &dyn Source, files: &[String], places: &BTreeSet<Place>) -> Result<BTreeMap<Place, SourcePos>, Fault> {
    let mut by_file: BTreeMap<FileId, Vec<u64>> = BTreeMap::new();
    for place in places {
        by_file.entry(place.file()).or_default().push(place.offset());
    }
    let mut found = BTreeMap::new();
    for (id, offsets) in by_file {
        let Some(name) = files.get(id.0 as usize) else { continue };
        match lines(source, name, &offsets) {
            Ok(lines) => {
                for (offset, (line, column)) in offsets.into_iter().zip(lines) {
                    found.insert(Place::new(id, offset), SourcePos { file: name.clone(), line, column });
                }
            }
            Err(Fault::Missing { .. }) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(found)
}

/// Line and column (in characters, from 1) of sorted offsets.
fn lines(source: &dyn Source, name: &str, offsets: &[u64]) -> Result<Vec<(u32, u32)>, Fault> {
    let mut out = Vec::with_capacity(offsets.len());
    let (mut chunk, mut line, mut line_start) = (Vec::new(), 1u32, 0u64);
    let mut at = 0u64;
    let mut wanted = offsets.iter().copied().peekable();
    while wanted.peek().is_some() {
        source.read(name, at..at + CHUNK, &mut chunk)?;
        let end = at + chunk.len() as u64;
        let mut from = 0usize;
        while let Some(offset) = wanted.next_if(|o| *o < end || chunk.is_empty()) {
            let stop = usize::try_from(offset.saturating_sub(at)).unwrap_or(0).min(chunk.len());
            count(&chunk[from..stop], at + from as u64, &mut line, &mut line_start);
            from = stop;
            out.push((line, column(source, name, line_start, offset)?));
        }
        count(&chunk[from..], at + from as u64, &mut line, &mut line_start);
        if chunk.is_empty() {
            break;
        }
        at = end;
    }
    Ok(out)
}

fn count(bytes: &[u8], base: u64, line: &mut u32, line_start: &mut u64) {
    for newline in memchr::memchr_iter(b'\n', bytes) {
        *line += 1;
        *line_start = base + newline as u64 + 1;
    }
}

fn column(source: &dyn Source, name: &str, line_start: u64, offset: u64) -> Result<u32, Fault> {
    let mut bytes = Vec::new();
    let from = line_start.max(offset.saturating_sub(WINDOW));
    source.read(name, from..offset, &mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let text = if line_start == 0 { text.trim_start_matches('\u{feff}') } else { &text };
    Ok(u32::try_from(text.chars().count()).unwrap_or(u32::MAX - 1) + 1)
}

/// The lines around every place of the findings.
///
/// # Errors
/// As [`positions`].
pub fn excerpts(source: &dyn Source, files: &[String], findings: &Findings) -> Result<Excerpts, Fault> {
    let most = FINDINGS_PER_RULE * findings.counts().len().max(1);
    let spans: BTreeSet<Span> = findings.sorted().into_iter().take(most).flat_map(spans_of).collect();
    let places = spans.iter().map(|s| s.place).collect();
    let positions = positions(source, files, &places)?;
    let concealed: Vec<Span> = findings.sorted().into_iter().filter_map(|f| f.conceal).collect();
    let mut all = Excerpts::new();
    for span in spans {
        if let Some(at) = positions.get(&span.place) {
            all.insert(span, excerpt(source, at, span, &concealed)?);
        }
    }
    Ok(all)
}

/// Overwrites what may not be shown (S10.1), byte for byte, so that places stay right.
fn conceal(bytes: &mut [u8], from: u64, file: FileId, concealed: &[Span]) {
    for span in concealed.iter().filter(|s| s.place.file() == file) {
        let range = span.range();
        let at = |offset: u64| usize::try_from(offset.saturating_sub(from)).unwrap_or(usize::MAX).min(bytes.len());
        let (start, end) = (at(range.start), at(range.end));
        bytes[start..end].iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b'*');
    }
}

fn spans_of(finding: &Finding) -> Vec<Span> {
    let fix = finding.fix.iter().filter_map(|f| f.replace.as_ref().map(|(span, _)| *span));
    finding.at.iter().chain(&finding.also).map(|l| l.span).chain(fix).collect()
}

fn excerpt(source: &dyn Source, at: &SourcePos, span: Span, concealed: &[Span]) -> Result<Excerpt, Fault> {
    let range = span.range();
    let from = range.start.saturating_sub(WINDOW);
    let mut bytes = Vec::new();
    source.read(&at.file, from..range.end.min(range.start + WINDOW) + WINDOW, &mut bytes)?;
    conceal(&mut bytes, from, span.place.file(), concealed);
    let start = usize::try_from(range.start - from).unwrap_or(0).min(bytes.len());
    let end = (start + span.len as usize).min(bytes.len());
    // one line before, the lines of the span, one line after
    let line_start = memchr::memrchr(b'\n', &bytes[..start]).map_or(0, |n| n + 1);
    let before = line_start.checked_sub(1).map(|n| memchr::memrchr(b'\n', &bytes[..n]).map_or(0, |n| n + 1));
    let first = before.unwrap_or(line_start);
    let line_end = |from: usize| memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |n| from + n);
    let last = line_end(end);
    let after = if last < bytes.len() { line_end(last + 1) } else { last };
    let lossy = |range: std::ops::Range<usize>| String::from_utf8_lossy(&bytes[range]).into_owned();
    let mark_start = lossy(first..start).len();
    let mark_end = mark_start + lossy(start..end).len();
    let first_line = if first < line_start { at.line.saturating_sub(1).max(1) } else { at.line };
    let text = lossy(first..after);
    Ok(Excerpt { file: at.file.clone(), line: at.line, column: at.column, first_line, text, mark: mark_start..mark_end })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{RuleId, Severity};
    use crate::store::MemorySource;

    #[test]
    fn lines_columns_and_excerpts() {
        let text = "first\nsécond = 1\r\nthird = \"x\"\nfourth";
        let source = MemorySource::new([("a.toml", text)]);
        let files = vec!["a.toml".to_owned()];
        let third = text.find('"').unwrap();
        let one = text.find('1').unwrap();
        let places = [Place::new(FileId(0), third as u64), Place::new(FileId(0), one as u64), Place::new(FileId(0), 0)].into();
        let found: Vec<(u32, u32)> = positions(&source, &files, &places).unwrap().into_values().map(|p| (p.line, p.column)).collect();
        assert_eq!(found, [(1, 1), (2, 10), (3, 9)]);

        let span = Span::new(FileId(0), third..third + 3);
        let mut findings = Findings::new();
        findings.push(Finding::new(RuleId("MW0001"), Severity::Error, "t").at(span, "here"));
        let all = excerpts(&source, &files, &findings).unwrap();
        let got = &all[&span];
        assert_eq!((got.line, got.column, got.first_line), (3, 9, 2));
        assert_eq!(&got.text[got.mark.clone()], "\"x\"");
        assert_eq!(got.text, "sécond = 1\r\nthird = \"x\"\nfourth");
    }

    #[test]
    fn what_is_concealed_is_not_in_any_excerpt() {
        let text = "token = \"hunter2\"\nurl = 1\n";
        let source = MemorySource::new([("a.toml", text)]);
        let mut findings = Findings::new();
        let secret = Span::new(FileId(0), 8..17);
        findings.push(Finding::new(RuleId("MW0001"), Severity::Error, "t").at(secret, "here").conceal(secret));
        let near = Span::new(FileId(0), 18..21);
        findings.push(Finding::new(RuleId("MW0001"), Severity::Error, "u").at(near, "near"));
        let all = excerpts(&source, &["a.toml".to_owned()], &findings).unwrap();
        assert_eq!(all[&secret].text, "token = *********\nurl = 1");
        assert!(all.values().all(|e| !e.text.contains("hunter2")));
    }

    #[test]
    fn a_large_file_is_streamed() {
        let mut text = "0123456789\n".repeat(300_000);
        text.push_str("end");
        let source = MemorySource::new([("a.csv", text.clone())]);
        let place = Place::new(FileId(0), text.len() as u64 - 2);
        let found = positions(&source, &["a.csv".to_owned()], &[place].into()).unwrap();
        assert_eq!((found[&place].line, found[&place].column), (300_001, 2));
    }
}
