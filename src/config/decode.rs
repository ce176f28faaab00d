//! From a block of bytes to rows, whatever the block is written in.
//!
//! Invariant: a row that is not handed out has an error among the findings. Deliberately absent: what texts mean, and
//! what rows mean together (`resolve`).

use crate::base::Findings;
use crate::config::rows::{RawRow, RowBlock, RowShape};
use crate::config::{csv, toml_rows};

/// Decodes the rows of a block in order. `bytes` are whole rows ([`crate::config::whole_rows`]) that start at
/// `block.offset` in the file: for TOML a stretch of `[[users]]` tables, for CSV lines below the header.
///
/// `each` gets every row that has an address and can be read for certain; the row is used again for the next one. Texts
/// are as written: no case, address or word is judged. Names with suspicious letters are findings and handed out.
pub fn decode_rows(block: &RowBlock<'_>, bytes: &[u8], findings: &mut Findings, each: &mut dyn FnMut(&RawRow<'_>, &mut Findings)) {
    match block.shape {
        RowShape::Toml => toml_rows::decode(block, bytes, findings, each),
        RowShape::Csv(layout) => csv::decode(block, layout, bytes, findings, each),
    }
}

/// Reads one row again: the first of `bytes`, which start at the row's place (`block.offset`) and hold at least the
/// whole row; what follows it is not looked at, but for a TOML row its end must be there or be the end of `bytes`.
#[must_use]
pub fn read_row<'a>(block: &RowBlock<'_>, bytes: &'a [u8], findings: &mut Findings) -> Option<RawRow<'a>> {
    match block.shape {
        RowShape::Toml => toml_rows::read_one(block, bytes, findings),
        RowShape::Csv(layout) => csv::read_one(block, layout, bytes, findings),
    }
}
