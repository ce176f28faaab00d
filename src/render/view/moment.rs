//! Moments as people say them, seen from a present moment that is an argument. All in UTC, and saying so.

use crate::base::Timestamp;
use jiff::Zoned;
use jiff::tz::TimeZone;
use std::time::Duration;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn utc(at: Timestamp) -> Zoned {
    at.to_zoned(TimeZone::UTC)
}

/// `10:12 UTC` today, `2 Nov 10:12 UTC` this year, `2 Nov 2025 10:12 UTC` else.
#[must_use]
pub fn moment(now: Timestamp, at: Timestamp) -> String {
    let (here, there) = (utc(now), utc(at));
    let format = if here.date() == there.date() {
        "%H:%M UTC"
    } else if here.year() == there.year() {
        "%-d %b %H:%M UTC"
    } else {
        "%-d %b %Y %H:%M UTC"
    };
    there.strftime(format).to_string()
}

/// `3 h ago`, `2 days ago`, and the day itself where that is long ago or not past.
#[must_use]
pub fn ago(now: Timestamp, at: Timestamp) -> String {
    let seconds = now.as_second() - at.as_second();
    match seconds {
        0..MINUTE => "just now".to_owned(),
        MINUTE..HOUR => format!("{} min ago", seconds / MINUTE),
        HOUR..172_800 => format!("{} h ago", seconds / HOUR),
        172_800..5_184_000 => format!("{} days ago", seconds / DAY),
        _ => utc(at).strftime("on %-d %b %Y").to_string(),
    }
}

/// `about 40 s`, `about 4 min`, `about 2 h`: rounded up, for what is yet to come.
#[must_use]
pub fn about(seconds: u64) -> String {
    match seconds {
        0..=90 => format!("about {} s", seconds.div_ceil(10) * 10),
        91..=5_400 => format!("about {} min", seconds.div_ceil(60)),
        _ => format!("about {} h", seconds.div_ceil(3_600)),
    }
}

/// `41 ms`, `3.2 s`, `2 min 5 s`.
#[must_use]
pub fn took(span: Duration) -> String {
    let ms = span.as_millis();
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn moments_are_as_long_as_they_must_be() {
        let now = at("2026-11-22T10:00:00Z");
        assert_eq!(moment(now, at("2026-11-22T10:12:00Z")), "10:12 UTC");
        assert_eq!(moment(now, at("2026-11-02T10:12:00Z")), "2 Nov 10:12 UTC");
        assert_eq!(moment(now, at("2025-11-02T10:12:00Z")), "2 Nov 2025 10:12 UTC");
    }

    #[test]
    fn the_past_is_told_in_one_unit() {
        let now = at("2026-11-22T10:00:00Z");
        assert_eq!(ago(now, now), "just now");
        assert_eq!(ago(now, at("2026-11-22T09:01:00Z")), "59 min ago");
        assert_eq!(ago(now, at("2026-11-22T07:00:00Z")), "3 h ago");
        assert_eq!(ago(now, at("2026-11-20T10:00:00Z")), "2 days ago");
        assert_eq!(ago(now, at("2025-11-02T10:12:00Z")), "on 2 Nov 2025");
        assert_eq!(ago(now, at("2026-11-23T10:00:00Z")), "on 23 Nov 2026");
        let abouts = [7, 90, 91, 240, 5_400, 5_401, 86_400].map(about);
        assert_eq!(abouts, ["10 s", "90 s", "2 min", "4 min", "90 min", "2 h", "24 h"].map(|t| format!("about {t}")));
        assert_eq!(took(Duration::from_millis(3_240)), "3.2 s");
        assert_eq!(took(Duration::from_secs(125)), "2 min 5 s");
    }
}
