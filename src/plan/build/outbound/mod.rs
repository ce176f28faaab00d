//! Outbound relay: sending domains and SMTP users, minted once, blocked before they go (S4.6, S9, S10).
//!
//! Invariant: two candidates for one login are an error, never a mint; nothing is minted without a sink. Deliberately
//! absent: passwords; a plan knows them by token only.

mod credentials;
mod identity;
mod removal;
mod sending_domains;
mod smtp_users;
mod undeclared;

pub(super) use removal::{link_removals, remove_sending_domain, remove_smtp_user};
pub(super) use sending_domains::plan_sending_domain;
pub(super) use smtp_users::plan_smtp_user;
pub(super) use undeclared::say_undeclared;
