//! Seeded simulation: properties of the whole route over random pairs of desired and live, with and without faults.

mod check;
mod check_kinds;
mod converge;
mod faults;
mod files;
mod files_kinds;
mod generate;
mod generate_access;
mod generate_outbound;
mod generate_parts;
mod generate_users;
mod http;
mod http_kinds;
mod later;
mod law;
mod law_access;
mod law_domains;
mod law_outbound;
mod law_parts;
mod random;
mod rig;
mod rig_kinds;
mod sweep;
mod world;
mod world_kinds;
