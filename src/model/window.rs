//! The time that a panel takes from accepting a change to letting it act (S6.1). Provider data, with its source.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Between the earliest and the latest moment after acceptance at which a change acts, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Window {
    /// Earliest, in seconds after acceptance.
    pub earliest_seconds: u64,
    /// Latest, in seconds after acceptance.
    pub latest_seconds: u64,
}
