//! Rows from `[[users]]` tables, by the events of the TOML library: the full grammar, without a tree.
//!
//! Each table is decoded from its own piece of text, so that a syntax error spoils one user. Invariants: a row with a
//! syntax error is one finding and is not handed out, and nothing else is said of it; spans are exact; texts are
//! borrowed where they have no escapes. Deliberately absent: the meaning of texts (`resolve`).

mod complaints;
mod decode;
mod events;
mod keys;

pub(crate) use decode::{decode, read_one};

#[cfg(test)]
mod tests;
