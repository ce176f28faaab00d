//! CSV lists of users (S21): the header, the rows, and the form that `fmt` writes.
//!
//! Invariants: a field never goes over lines, so that any newline is the end of a row and files can be cut there; a row
//! that cannot be read for certain is an error and is not handed out. Deliberately absent: the meaning of texts
//! (`resolve`).

mod cells;
mod columns;
mod fmt;
mod layout;
mod lines;
mod proxy_addresses;
mod rows;

pub use fmt::fmt_csv;
pub use layout::{csv_layout, tombstone_layout};
pub(crate) use rows::{decode, read_one};

#[cfg(test)]
mod tests;
