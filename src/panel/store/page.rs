//! What a list was asked for, and how a page is cut.

use crate::panel::cursor;
use crate::panel::limits::{PAGE_DEFAULT, PAGE_MOST};
use crate::panel::stop::Stop;
use crate::wire::Page;

/// The condition of an optional filter that is bound as `?3`. Written out, because an OR would hide it from the index and
/// turn one read into a scan of the list.
pub(crate) fn exactly(column: &'static str, filter: Option<&str>) -> String {
    if filter.is_some() { format!("{column} = ?3") } else { "?3 IS NULL".to_owned() }
}

/// A list, the key after which to go on, and how many items.
pub(crate) struct Want {
    list: String,
    pub(crate) after: String,
    limit: u32,
}

impl Want {
    /// Reads `limit` and `cursor` of a request for `list`.
    pub(crate) fn new(list: String, limit: Option<u32>, cursor: Option<&str>) -> Result<Self, Stop> {
        let limit = limit.unwrap_or(PAGE_DEFAULT);
        if !(1..=PAGE_MOST).contains(&limit) {
            return Err(Stop::invalid(format!("limit: 1 to {PAGE_MOST}")));
        }
        let after = cursor::read(&list, cursor)?;
        Ok(Self { list, after, limit })
    }
    /// Rows to read: one more than is shown, to know whether there is a next page.
    pub(crate) fn rows(&self) -> i64 {
        i64::from(self.limit) + 1
    }
    /// Cuts the page and writes the cursor of the next.
    pub(crate) fn page<T>(&self, mut items: Vec<T>, total: u64, key: impl Fn(&T) -> String) -> Page<T> {
        let limit = self.limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).map(|last| cursor::write(&self.list, &key(last)));
        Page { items, total, next_cursor, fingerprint: None }
    }
}
