//! Floor 7: the command line. A command parses, calls one function of the engine, prints.
//!
//! stdout is data and stderr is talk; a closed pipe is a quiet end; exit codes are [`crate::base::ExitCode`] (S18.2).
//! Deliberately absent: decisions about plans, and layout: `render` draws everything.

pub mod args;
mod choice;
mod commands;
mod connect;
mod consent;
#[cfg(feature = "panel")]
mod embedded;
mod entry;
mod failure;
mod interrupt;
mod output;
mod plan_files;
mod progress;
mod receipts;
mod rules;
mod schemas;
mod session;
mod shown;
mod terminal;
mod waiting;
mod workspace;

pub use entry::main;
