//! Instants of the panel: RFC 3339 in UTC, read fast in the one form that the panel writes.
//!
//! Two of them come with each user of a list of a million. Every other form of RFC 3339 goes the general way, so the
//! result is always that of [`Timestamp`]'s own parser.

use crate::base::Timestamp;
use serde::Deserializer;
use serde::de::{Error, Visitor};
use std::fmt;

/// Reads an instant.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Timestamp, D::Error> {
    d.deserialize_str(InstantVisitor)
}

/// Reads an instant that may be missing.
pub(super) fn maybe<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Timestamp>, D::Error> {
    d.deserialize_option(MaybeVisitor)
}

struct InstantVisitor;

impl Visitor<'_> for InstantVisitor {
    type Value = Timestamp;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an instant (RFC 3339)")
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Timestamp, E> {
        quick(text.as_bytes()).map_or_else(|| text.parse().map_err(E::custom), Ok)
    }
}

struct MaybeVisitor;

impl<'de> Visitor<'de> for MaybeVisitor {
    type Value = Option<Timestamp>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an instant (RFC 3339) or nothing")
    }
    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<Self::Value, D::Error> {
        deserialize(d).map(Some)
    }
}

/// `2026-12-01T08:00:00Z` and `2026-12-01T08:00:00.123Z`, in the years 1970 to 9998.
fn quick(text: &[u8]) -> Option<Timestamp> {
    let [date_and_time @ .., b'Z'] = text else { return None };
    let (whole, fraction) = date_and_time.split_at_checked(19)?;
    let nanoseconds = match fraction {
        [] => 0,
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) => number(digits)? * 10_i64.pow(9 - u32::try_from(digits.len()).ok()?),
        _ => return None,
    };
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', i0, i1, b':', s0, s1] = whole else { return None };
    let (year, month, day) = (number(&[*y0, *y1, *y2, *y3])?, number(&[*m0, *m1])?, number(&[*d0, *d1])?);
    let (hour, minute, second) = (number(&[*h0, *h1])?, number(&[*i0, *i1])?, number(&[*s0, *s1])?);
    // days that not every month has, and leap seconds, go the general way
    if !(1970..9999).contains(&year) || !(1..=12).contains(&month) || !(1..=28).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    Timestamp::new(seconds, i32::try_from(nanoseconds).ok()?).ok()
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum, c| if c.is_ascii_digit() { Some(sum * 10 + i64::from(c - b'0')) } else { None })
}

/// Days since 1970-01-01 of the proleptic Gregorian calendar: the year starts in March, so that leap days come last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    365 * year + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<Timestamp> {
        deserialize(&mut serde_json::Deserializer::from_str(&format!("{text:?}"))).ok()
    }

    #[test]
    fn the_usual_form_is_read_fast_and_others_are_read() {
        assert!(quick(b"2026-12-01T08:00:00Z").is_some() && quick(b"2026-12-01T08:00:00.5Z").is_some());
        for text in
            ["2026-12-31T23:59:60Z", "2024-02-29T00:00:00Z", "2026-12-01T08:00:00+01:00", "1969-12-31T23:59:59Z", "2026-12-01 08:00:00z"]
        {
            assert!(quick(text.as_bytes()).is_none(), "{text}");
            assert_eq!(read(text), text.parse().ok(), "{text}");
        }
        for text in ["", "Z", "2026-02-30T00:00:00Z", "2026-12-01T24:00:00Z", "2026-12-01T08:00:00.Z", "2026-12-0xT08:00:00Z", "yesterday"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]
        #[test]
        fn the_fast_answer_is_the_slow_answer(seconds in 0i64..253_000_000_000, nanoseconds in 0i32..1_000_000_000, digits in 0usize..10) {
            let text = Timestamp::new(seconds, nanoseconds).unwrap().strftime("%Y-%m-%dT%H:%M:%S").to_string();
            let fraction = if digits == 0 { String::new() } else { format!(".{}", &format!("{nanoseconds:09}")[..digits]) };
            let text = format!("{text}{fraction}Z");
            prop_assert_eq!(read(&text), text.parse().ok());
        }
    }
}
