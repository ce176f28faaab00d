//! `Retry-After`: seconds or a date (RFC 9110 10.2.3).

use crate::base::Timestamp;

/// Seconds to wait. A date is counted from `now`, one in the past is 0; what cannot be read is `None`.
/// Nothing is cut here: who waits decides how long is too long.
pub(super) fn seconds(text: &str, now: Timestamp) -> Option<u64> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit()) {
        // more digits than a number holds: longer than anybody waits
        return Some(text.parse().unwrap_or(u64::MAX));
    }
    let until = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    u64::try_from(until.as_second() - now.as_second()).ok().or(Some(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let now: Timestamp = "2026-12-01T08:00:00Z".parse().unwrap();
        assert_eq!(seconds("7", now), Some(7));
        assert_eq!(seconds(" 0 ", now), Some(0));
        assert_eq!(seconds("99999999999999999999999", now), Some(u64::MAX));
        assert_eq!(seconds("Tue, 01 Dec 2026 08:00:42 GMT", now), Some(42));
        assert_eq!(seconds("Tue, 01 Dec 2020 08:00:42 GMT", now), Some(0));
        for bad in ["", "-1", "soon", "1.5", "+3"] {
            assert_eq!(seconds(bad, now), None, "{bad}");
        }
    }
}
