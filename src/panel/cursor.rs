//! Opaque cursors: the list that they belong to and the key of the last item, in hex.
//!
//! A cursor of another list is refused. It is no secret and carries no right: the list is filtered anew on each page.

use crate::panel::stop::Stop;
use crate::wire::{Code, Problem};
use std::fmt::Write as _;

/// The cursor behind `key` in `list`.
pub(crate) fn write(list: &str, key: &str) -> String {
    let mut out = String::with_capacity(2 * (list.len() + key.len() + 1));
    for byte in list.bytes().chain([0]).chain(key.bytes()) {
        // writing to a String cannot fail
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// The key behind a cursor of `list`; the empty key, which is before all others, where there is no cursor.
pub(crate) fn read(list: &str, cursor: Option<&str>) -> Result<String, Stop> {
    let Some(cursor) = cursor else { return Ok(String::new()) };
    decode(cursor)
        .and_then(|text| text.split_once('\0').filter(|(l, _)| *l == list).map(|(_, key)| key.to_owned()))
        .ok_or_else(|| Problem::new(Code::BadCursor, "use next_cursor of the page before, unchanged, on the same list").into())
}

fn decode(hex: &str) -> Option<String> {
    if !hex.is_ascii() || !hex.len().is_multiple_of(2) {
        return None;
    }
    let bytes: Option<Vec<u8>> = (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).ok()).collect();
    String::from_utf8(bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_belongs_to_its_list() {
        let cursor = write("users d1", "jane@acme.example");
        assert_eq!(read("users d1", Some(&cursor)).ok().as_deref(), Some("jane@acme.example"));
        assert!(read("users d2", Some(&cursor)).is_err());
        for bad in ["", "zz", "é", "+1", "7573"] {
            assert!(read("users d1", Some(bad)).is_err(), "{bad}");
        }
        assert_eq!(read("users d1", None).ok().as_deref(), Some(""));
    }
}
