//! The write port: one approved plan's steps as calls.
//!
//! Every call carries the fencing token, an idempotency key made from operation id and step digest, and `If-Match` with
//! the version that was observed, or that our own last write to the object left. A call whose outcome is unknown is
//! looked up under its key before anybody is told. Deliberately absent: choosing; a step says all that is done.

mod bulk;
mod continuity;
mod directory;
mod discovery;
mod domain;
mod import;
mod known;
mod moves;
mod outbound;
mod password;
mod policy;
mod send;
mod tenant;
mod user;
mod words;
mod writer;

pub use writer::Writer;
