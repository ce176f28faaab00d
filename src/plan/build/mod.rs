//! From desired and observed to steps: what is done, to what, in which order, and what is left alone and why.
//!
//! Invariant: a pure function; the same inputs give the same bytes. Nothing rests on a part that was not read (S1.4).
//! Each file is one subject. Deliberately absent: budgets, gates, approvals, the address ledger: `plan::guard` judges
//! the plan that is made here.

mod alias_domains;
mod assemble;
mod authority;
mod batches;
mod changes;
mod continuity;
mod directory;
mod discovery;
mod domain;
mod domain_update;
mod draft;
mod flights;
mod forecast;
mod ground;
mod growth;
mod ignore;
mod imports;
mod in_flight;
mod known;
mod names;
mod order;
mod outbound;
mod parts;
mod password;
mod people;
mod persons;
mod readiness;
mod removed_heads;
mod renames;
mod report;
mod tenant;
mod tombstones;
mod user_create;
mod user_delete;
mod user_move;
mod user_rename;
mod user_update;
mod users;
mod verdicts;
mod wants;

pub use assemble::build;
pub use verdicts::hold_dependents;

#[cfg(test)]
pub(in crate::plan) use draft::texts;

#[cfg(test)]
mod tests;
