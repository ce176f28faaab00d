//! The panel over real HTTP on loopback and a real database, rule by rule.

mod bulk;
mod directories;
mod domains;
mod evidence;
mod idempotency;
mod imports;
mod leases;
mod openapi;
mod outbound;
mod pages;
mod refusals;
mod restart;
mod rig;
mod tenants;
mod tokens;
mod users;
