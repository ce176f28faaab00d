//! The panel's database: one file per resource, SQL nowhere else.
//!
//! Functions take a connection inside a transaction that somebody else opened, so that an effect and all that goes
//! with it are one. Thousands of rows are one statement over `json_each`, never a loop of statements.

pub(crate) mod access;
pub(crate) mod audit;
pub(crate) mod bulk;
pub(crate) mod continuity;
pub(crate) mod continuity_mails;
pub(crate) mod counts;
pub(crate) mod directories;
pub(crate) mod directory_rules;
pub(crate) mod directory_runs;
pub(crate) mod directory_users;
pub(crate) mod discoveries;
pub(crate) mod domain_names;
pub(crate) mod domains;
pub(crate) mod imports;
pub(crate) mod leases;
pub(crate) mod mail;
pub(crate) mod meta;
pub(crate) mod nightly;
pub(crate) mod operations;
pub(crate) mod page;
pub(crate) mod policies;
pub(crate) mod recipients;
pub(crate) mod sending_domains;
pub(crate) mod sending_events;
pub(crate) mod smtp_users;
pub(crate) mod tenants;
pub(crate) mod test_users;
pub(crate) mod time;
pub(crate) mod tokens;
pub(crate) mod user_changes;
pub(crate) mod user_names;
pub(crate) mod users;
pub(crate) mod words;
