//! The routes, one file per resource. A handler opens a view or a write, calls the store, and answers.
//!
//! Every path, method and status is described where it is handled; `openapi` adds what all have in common.

mod access;
mod audit;
mod bulk;
mod continuity;
mod directories;
mod discoveries;
mod domains;
mod imports;
mod leases;
mod moves;
mod operations;
mod panel_info;
mod password_policies;
mod query;
mod recipients;
mod router;
mod sending_domains;
mod smtp_users;
mod tenants;
mod test_aid;
mod tokens;
mod user_changes;
mod users;
mod verdict;

pub(crate) use router::all;
