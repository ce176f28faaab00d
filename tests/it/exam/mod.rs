//! The exam that all drivers pass: the states of `tests/exam/*.toml`, and runs in which every request may be spoiled.
//!
//! A driver takes it by a [`bench::Bench`]; what it cannot do it says by its capabilities and its own audit, and the exam
//! prints what was left out and why.

pub mod bench;
pub mod chapter;
pub mod expected;
pub mod picture;
pub mod run;
pub mod wrong;

mod faulted;
mod http_modoboa;
mod http_panel;
mod in_memory;
mod plants;
mod sittings;
mod stand;
mod trials;
