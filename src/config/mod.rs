//! Floor 2, first room: from text to [`Declared`]. Sans-I/O decoders for TOML and CSV, with a place for every value.
//!
//! Invariant: nothing is lost silently; what is not understood is a finding with file, line, column, reason and fix.
//! Deliberately absent: reading files (engine), meaning across objects (resolve).

pub mod assemble;
pub mod blocks;
pub mod csv;
pub mod csv_rules;
pub mod declared;
pub mod decode;
mod encoding;
pub mod fmt_toml;
pub mod head_text;
pub mod lower;
pub mod path;
pub mod raw;
pub mod reading;
#[cfg(test)]
mod row_properties;
#[cfg(test)]
mod row_tests;
pub mod rows;
pub mod rules;
pub mod schema;
pub mod split;
#[cfg(test)]
mod tests;
mod text_checks;
mod toml_lines;
mod toml_rows;
pub mod value;

pub use assemble::{Role, TenantPart, TenantText, approvals, assemble, missing_list, role, tenant_file, unused_csv, workspace};
pub use blocks::whole_rows;
pub use csv::{csv_layout, fmt_csv, tombstone_layout};
pub use declared::{Declared, DeclaredTenant, Defaults, Provider, Removed, Renamed, RowSource, Workspace};
pub use decode::{decode_rows, read_row};
pub use encoding::text_of;
pub use fmt_toml::fmt_toml;
pub use head_text::HeadText;
pub use path::PathError;
pub use rows::{Cell, CsvLayout, RawRow, RowBlock, RowShape};
pub use rules::rule_docs;
pub use schema::schemas;
pub use split::{SplitText, Splitter};
