//! A page of any list.

use serde::{Deserialize, Serialize};

/// One page. The list is ordered by its key (name or address), so pages neither skip nor double an item that stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items, at most `limit`.
    pub items: Vec<T>,
    /// How many items the whole list had when this page was read.
    pub total: u64,
    /// Where the next page starts; absent on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// Lists of users without a filter only: the fingerprint of the whole list when this page was read. Equal fingerprints on all pages
    /// prove that the list did not change between them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
}
