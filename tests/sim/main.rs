//! Seeded simulation: properties of the whole route over random pairs of desired and live, with and without faults.

mod check;
mod converge;
mod faults;
mod files;
mod generate;
mod generate_users;
mod http;
mod law;
mod law_domains;
mod random;
mod rig;
mod sweep;
mod world;
