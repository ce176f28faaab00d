//! `fmt` for TOML: spacing, quoting and blank lines made canonical; comments, order and meaning stay.
//!
//! Invariant: idempotent, and the result is read as the same document (checked on every call); it is TOML 1.0 even where
//! the input used what 1.1 added. Deliberately absent: moving tables or keys, and adding any; only dotted keys of one table
//! (`a.x`, `a.y`) come to stand side by side, which is how the library writes them.

pub mod format;
pub mod spacing;
#[cfg(test)]
mod tests;

pub use format::fmt_toml;
