//! Floor 2, first room: from text to [`Declared`]. Sans-I/O decoders for TOML and CSV, with a place for every value.
//!
//! Invariant: nothing is lost silently; what is not understood is a finding with file, line, column, reason and fix.
//! Deliberately absent: reading files (engine), meaning across objects (resolve).

pub mod blocks;
pub mod csv;
pub mod csv_rules;
pub mod declared;
pub mod decode;
mod encoding;
pub mod head_text;
#[cfg(test)]
mod row_properties;
#[cfg(test)]
mod row_tests;
pub mod rows;
pub mod split;
mod suggest;
mod text_checks;
mod toml_lines;
mod toml_rows;

pub use blocks::whole_rows;
pub use csv::{csv_layout, fmt_csv, tombstone_layout};
pub use declared::{Declared, DeclaredTenant, Defaults, Provider, Removed, Renamed, RowSource, Workspace};
pub use decode::{decode_rows, read_row};
pub use head_text::HeadText;
pub use rows::{Cell, CsvLayout, RawRow, RowBlock, RowShape};
pub use split::{SplitText, Splitter};
