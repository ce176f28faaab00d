//! The route over real HTTP and SQLite: examples, faults at every read, kill -9, the command line. Loopback only.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it must be")]

mod articles;
mod cli;
mod cli_import;
mod cli_served;
mod clock_shifts;
mod crash;
mod crash_mint;
mod directory;
mod exam;
mod examples;
mod faults;
mod frozen;
mod imports;
mod mistakes;
mod modoboa;
mod no_labels;
mod outbound;
mod panel_schemathesis;
mod passwords;
mod read_only;
mod relay_check;
mod secrets;
mod secrets_minted;
mod support;
mod two_panels;
mod undo;
