//! The text of a TOML file without its `[[users]]` blocks, and the way back from its offsets to the file.
//!
//! Whoever cuts the blocks out pushes what is left, stretch by stretch; the parser sees one small text, and every place
//! that it tells is a place in the large file. Invariant: segments are pushed in file order and do not overlap.
//! Deliberately absent: cutting (`split`) and parsing.

use crate::base::span::{FileId, Place, Span};
use std::ops::Range;

/// What is left of a TOML file when its user blocks are cut out; the whole file where it has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadText {
    /// The file.
    pub file: FileId,
    /// The stretches that are left, joined.
    pub text: String,
    /// For each stretch its start in `text` and its start in the file, both in bytes.
    segments: Vec<(usize, u64)>,
}

impl HeadText {
    /// An empty text, to be filled by [`HeadText::push_segment`].
    #[must_use]
    pub fn new(file: FileId) -> Self {
        Self { file, text: String::new(), segments: Vec::new() }
    }
    /// The text of a file of which nothing was cut.
    #[must_use]
    pub fn new_whole(file: FileId, text: String) -> Self {
        Self { file, text, segments: vec![(0, 0)] }
    }
    /// Adds a stretch of the file that starts there at `file_offset` bytes. A stretch that does not begin at the start
    /// of a line is the caller's mistake.
    pub fn push_segment(&mut self, file_offset: u64, text: &str) {
        if text.is_empty() {
            return;
        }
        self.segments.push((self.text.len(), file_offset));
        self.text.push_str(text);
    }
    /// The place in the file of an offset in [`HeadText::text`]. The end of the text is the end of its last stretch.
    #[must_use]
    pub fn place(&self, offset: usize) -> Place {
        let (start, in_file) = self.segment(offset);
        Place::new(self.file, in_file + offset.saturating_sub(start) as u64)
    }
    /// The span in the file of a range in [`HeadText::text`]. A range over a cut ends at the cut, because a span is one
    /// stretch.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        let next = self.segments.partition_point(|(start, _)| *start <= range.start);
        let cut = self.segments.get(next).map_or(self.text.len(), |(start, _)| *start);
        let end = range.end.min(cut).max(range.start);
        Span { place: self.place(range.start), len: u32::try_from(end - range.start).unwrap_or(u32::MAX) }
    }
    fn segment(&self, offset: usize) -> (usize, u64) {
        let next = self.segments.partition_point(|(start, _)| *start <= offset);
        next.checked_sub(1).and_then(|i| self.segments.get(i)).copied().unwrap_or((0, 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lead_back_to_the_file() {
        let file = "[tenant]\n[[users]]\na = 1\n[domains.x]\n";
        let cut = file.find("[[users]]").unwrap()..file.find("[domains").unwrap();
        let mut head = HeadText::new(FileId(3));
        head.push_segment(0, &file[..cut.start]);
        head.push_segment(cut.end as u64, &file[cut.end..]);
        assert_eq!(head.text, "[tenant]\n[domains.x]\n");
        for (at, _) in head.text.char_indices() {
            let there = usize::try_from(head.place(at).offset()).unwrap();
            assert_eq!(head.text.as_bytes()[at], file.as_bytes()[there]);
        }
        let last = head.text.len() - 4..head.text.len();
        assert_eq!(head.span(last), Span::new(FileId(3), file.len() - 4..file.len()));
    }

    #[test]
    fn a_range_over_a_cut_ends_at_the_cut() {
        let mut head = HeadText::new(FileId(0));
        head.push_segment(0, "abc\n");
        head.push_segment(100, "def\n");
        assert_eq!(head.span(2..6), Span::new(FileId(0), 2..4));
        assert_eq!(head.span(4..6), Span::new(FileId(0), 100..102));
    }

    #[test]
    fn an_empty_text_has_places_too() {
        assert_eq!(HeadText::new(FileId(0)).span(0..0), Span::new(FileId(0), 0..0));
        assert_eq!(HeadText::new_whole(FileId(0), "ab".into()).span(0..9), Span::new(FileId(0), 0..2));
    }
}
