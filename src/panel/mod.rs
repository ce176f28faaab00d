//! The embedded control panel: a small, honest panel of our own, over real HTTP and a real database.
//!
//! `embedded:PATH` runs it in process on loopback, `mailwright panel serve` serves it. It judges every value by itself
//! and trusts no client: the driver and the planner are tested against it, so it imports `base` and `wire` only.
//! Every refusal is problem+json with a stable code; a write, its audit entry, its change mark and its stored outcome
//! are one transaction. Deliberately absent: injected faults (a proxy in the tests does that), and any knowledge of
//! plans.

pub mod clock;
pub mod limits;
pub mod open;
pub mod openapi;
pub mod server;

mod answer;
mod auth;
mod bulk_rules;
mod callout;
mod change;
mod check;
mod cursor;
mod directory;
mod extract;
mod jobs;
mod migrations;
mod mint;
mod passwords;
mod resolver;
mod routes;
mod stop;
mod store;
mod traffic;

#[cfg(test)]
mod tests;

pub use clock::{PanelClock, SettableClock};
pub use directory::LdapReach;
pub use open::{Panel, PanelError, PanelOptions, open};
pub use openapi::openapi_json;
pub use server::ServerHandle;
pub use traffic::Traffic;

/// What a token may do; the command line makes tokens and must not know the rest of the API.
pub use crate::wire::TokenScope;
