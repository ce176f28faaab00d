//! Places in files: which file, which byte. Lines and columns are computed only for what is shown.

use std::ops::Range;

/// A file (or custom resource) of one run, by its index in the sorted list of names. At most 2^20.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A file and a byte offset in eight bytes: 20 bits of file, 44 bits of offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(u64);

const OFFSET_BITS: u32 = 44;

impl Place {
    /// Packs file and offset.
    #[must_use]
    pub fn new(file: FileId, offset: u64) -> Self {
        debug_assert!(offset < 1 << OFFSET_BITS && file.0 < 1 << 20);
        Self(u64::from(file.0) << OFFSET_BITS | (offset & ((1 << OFFSET_BITS) - 1)))
    }
    /// The file.
    #[must_use]
    pub fn file(self) -> FileId {
        FileId(u32::try_from(self.0 >> OFFSET_BITS).unwrap_or(u32::MAX))
    }
    /// The byte offset in the file.
    #[must_use]
    pub fn offset(self) -> u64 {
        self.0 & ((1 << OFFSET_BITS) - 1)
    }
}

/// A stretch of one file in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Where it starts.
    pub place: Place,
    /// Its length in bytes; 0 for a point.
    pub len: u32,
}

impl Span {
    /// A span from a byte range of a file.
    #[must_use]
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        let len = u32::try_from(range.end.saturating_sub(range.start)).unwrap_or(u32::MAX);
        Self { place: Place::new(file, range.start as u64), len }
    }
    /// The byte range in its file.
    #[must_use]
    pub fn range(self) -> Range<u64> {
        self.place.offset()..self.place.offset() + u64::from(self.len)
    }
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Joins a value with its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_round_trip() {
        let p = Place::new(FileId(77), 226_000_001);
        assert_eq!((p.file(), p.offset()), (FileId(77), 226_000_001));
        assert!(Place::new(FileId(1), 5) < Place::new(FileId(2), 0));
    }
}
