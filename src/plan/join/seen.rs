//! What was seen already: one bit for each row, one hash for each live name that no file declares.

use crate::model::observed::RowId;
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// A bit for each row.
#[derive(Debug, Default)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    pub(super) fn new(rows: usize) -> Self {
        Self(vec![0; rows.div_ceil(64)])
    }
    /// Sets a bit; whether it was clear before.
    pub(super) fn set(&mut self, row: RowId) -> bool {
        let (word, bit) = (row.0 as usize / 64, 1u64 << (row.0 % 64));
        let clear = self.0[word] & bit == 0;
        self.0[word] |= bit;
        clear
    }
    pub(super) fn has(&self, row: RowId) -> bool {
        self.0[row.0 as usize / 64] & (1 << (row.0 % 64)) != 0
    }
}

/// Keyed 64-bit hashes of names. The hash is its own bucket, so no second hashing and no random state; the order of the
/// set is never looked at.
pub(super) type Names = HashSet<u64, BuildHasherDefault<Itself>>;

/// A number that already is a hash.
#[derive(Debug, Default)]
pub(super) struct Itself(u64);

impl Hasher for Itself {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
