//! Floor 4: the one HTTP client of all drivers, with its rules: one origin, no redirects, limits, deadlines, rates.
//!
//! Invariant: a credential goes to the origin that it was given for and nowhere else (S19.1), and every outcome is a
//! [`crate::model::Fault`] sorted by remedy. Deliberately absent: repeating a call (the engine does that, with
//! [`retry::delay`]), proxies, cookies, compression, and any knowledge of a panel's API.

pub mod answer;
pub mod client;
pub mod retry;
pub mod settings;
pub mod trouble;

mod body;
mod gate;
mod kept;
mod problem;
mod rate;
mod retry_after;
mod target;

#[cfg(test)]
mod tests;

pub use answer::Answer;
pub use client::{Call, Client};
pub use settings::{AuthScheme, ClientSettings, Deadlines};
pub use trouble::Trouble;
