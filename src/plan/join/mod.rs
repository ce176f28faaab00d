//! The join: live pages in any order against the table of rows; what is equal costs a bit, what is left alone a count.
//!
//! Invariant: the answer depends on the set of objects, never on the order of pages or objects. A live user is kept in
//! full only where it differs from its row or must be judged while planning. Completeness that a driver claims can be
//! taken back by what was seen (S1.3), never the other way. Deliberately absent: decisions; creates and deletes are
//! decided by `build`, when completeness is known.

mod bind;
mod collect;
mod jobs;
mod print;
mod recipients;
mod seen;
mod users;

pub use bind::bind;
pub use collect::Join;

#[cfg(test)]
mod tests;
