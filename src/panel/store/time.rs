//! Instants and ids as the database keeps them.

use crate::base::Timestamp;

/// Milliseconds since 1970.
pub(crate) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// The instant; what the panel wrote is always one.
pub(crate) fn instant(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The day of an instant, counted from 1970 in UTC.
pub(crate) fn day(at: Timestamp) -> i64 {
    millis(at).div_euclid(86_400_000)
}

/// A number that the panel keeps and never lets below zero.
pub(crate) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A new id: sorts by the real time of its making, and is never reused.
pub(crate) fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
