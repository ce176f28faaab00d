//! Directories: LDAP servers that a domain's users come from, asked by the panel itself.
//!
//! Invariants: an answer that did not come to its end, is empty, or is below its floor changes nothing (S16.1); a user
//! that the directory did not bring is never touched; the bind password leaves the panel in a bind only, and only to the
//! host that it was given for. Nothing here holds the database while it talks to a directory. Deliberately absent:
//! writing to directories, and following referrals.

mod answer;
mod connection_test;
mod differences;
mod entry;
mod floor;
mod job;
mod one;
mod reach;
mod schedule;
mod search;
mod session;

pub use reach::LdapReach;

pub(crate) use answer::{Answer, Person};
pub(crate) use connection_test::test;
pub(crate) use differences::{Held, Kept, Wanted, compare};
pub(crate) use floor::floor;
pub(crate) use job::{next_due, read_directory, run};
pub(crate) use one::knows;
pub(crate) use schedule::next_run;
pub(crate) use session::{Login, ask};
