//! When a directory is read: at fixed hours of the day in UTC, so that two panels agree without asking each other.

use crate::base::Timestamp;
use crate::wire::DirectorySchedule;

const HOUR_SECONDS: i64 = 3600;

/// The first run after `now`.
pub(crate) fn next_run(schedule: DirectorySchedule, now: Timestamp) -> Timestamp {
    let hours = match schedule {
        DirectorySchedule::Minutes60 => 1,
        DirectorySchedule::Hours3 => 3,
        DirectorySchedule::ThreeADay => 8,
    };
    // days begin at multiples of 24 hours since 1970, and all of these divide 24
    let every = hours * HOUR_SECONDS;
    let next = (now.as_second().div_euclid(every) + 1) * every;
    Timestamp::from_second(next).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_at_fixed_hours() {
        let after = |schedule, text: &str| next_run(schedule, text.parse().unwrap()).to_string();
        assert_eq!(after(DirectorySchedule::Minutes60, "2026-12-01T08:00:00Z"), "2026-12-01T09:00:00Z");
        assert_eq!(after(DirectorySchedule::Hours3, "2026-12-01T08:59:59Z"), "2026-12-01T09:00:00Z");
        assert_eq!(after(DirectorySchedule::ThreeADay, "2026-12-01T16:00:01Z"), "2026-12-02T00:00:00Z");
    }
}
