//! What the articles about control panels say a panel does, sentence by sentence, each shown over HTTP.
//!
//! `tests/data/articles/AREA.csv` has a row for each sentence: its number, the article, what it says in our words, and
//! the test in `AREA.rs` that shows it. Every row has a test, and every test of an area has a row.

mod continuity;
mod directory;
mod filter;
mod filter_rig;
mod outbound;
pub mod outbound_rig;
mod table;
