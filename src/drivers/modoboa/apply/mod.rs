//! The write port: one approved plan's steps as calls.
//!
//! Modoboa has no lease, no precondition and no idempotency key ("single writer not enforced by this panel", S12.1). So an
//! object is read again right before it is written, and what the step found there must still be there; and where an answer
//! is lost, reading tells whether the call took effect (S11.4). Deliberately absent: choosing; a step says all that is done.

mod address;
mod domain;
mod domain_alias;
mod moves;
mod parameters;
mod password;
mod user;
mod writer;

pub use writer::Writer;
