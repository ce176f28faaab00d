//! `mailwright panel`: serves the embedded control panel, and makes tokens for it.

mod args;
mod serve;
mod token;

pub use args::{PanelArgs, run};
