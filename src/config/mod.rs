//! Floor 2, first room: from text to [`Declared`]. Sans-I/O decoders for TOML and CSV, with a place for every value.
//!
//! Invariant: nothing is lost silently; what is not understood is a finding with file, line, column, reason and fix.
//! Deliberately absent: reading files (engine), meaning across objects (resolve).

pub mod declared;
pub mod head_text;
pub mod rows;

pub use declared::{Declared, DeclaredTenant, Defaults, Provider, Removed, Renamed, RowSource, Workspace};
pub use head_text::HeadText;
pub use rows::{Cell, CsvLayout, RawRow, RowBlock, RowShape};
