//! The route over real HTTP and SQLite: examples, faults at every read, kill -9, the command line. Loopback only.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it must be")]

mod crash;
mod faults;
mod mistakes;
mod read_only;
mod support;

/// What is at hand for the tests of this binary.
#[test]
fn the_embedded_panel_is_built_in() {
    assert!(cfg!(feature = "panel"), "these tests need the default features");
}
