//! From TOML text to raw tables: one parse, then each table reads itself, and every trouble is a finding with a place.
//!
//! Invariant: a value of which a finding was made is `None` afterwards, so that one mistake gives one finding. Deliberately
//! absent: what the values mean together (`lower`).

pub mod adding;
pub mod context;
pub mod part;
pub mod syntax;
pub mod syntax_words;
pub mod unknown;

pub use adding::Adding;
pub use context::Reading;
pub use part::{Part, Table};
