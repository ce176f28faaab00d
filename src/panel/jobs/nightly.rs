//! The nightly creation of users under relay check `smtp` (seeds: a script at 11 pm makes a user of each address that got
//! 2 clean mails within 24 hours).
//!
//! 23:00 is said by the clock on the wall of the panel's zone: a night with a shift has a period of 23 or 25 hours, an
//! hour that is skipped is read as the moment after the gap, one that comes twice as its first. Where sources differ
//! (23:00 or midnight; "2" or "more than 2"), this panel does the weaker: earlier, and with fewer mails.

use super::source::Due;
use crate::base::Timestamp;
use crate::panel::change::Write;
use crate::panel::open::App;
use crate::panel::stop::Stop;
use crate::panel::store::nightly;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sqlx::SqliteConnection;

const WHO: &str = "panel: nightly creation";
/// The hour of the run, on the wall.
const HOUR: i8 = 23;

/// The first run at or after an instant.
pub(super) fn run_after(at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let day = at.to_zoned(zone.clone()).date();
    [day, day.checked_add(1.day()).ok()?].into_iter().filter_map(|day| run_of(day, zone)).find(|run| *run >= at)
}

/// The run before a run.
fn run_before(run: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let day = run.to_zoned(zone.clone()).date();
    let days = [day, day.checked_sub(1.day()).ok()?, day.checked_sub(2.days()).ok()?];
    days.into_iter().filter_map(|day| run_of(day, zone)).find(|before| *before < run)
}

fn run_of(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    Some(day.at(HOUR, 0, 0, 0).to_zoned(zone.clone()).ok()?.timestamp())
}

fn zone(app: &App) -> TimeZone {
    app.options.time_zone.clone().unwrap_or(TimeZone::UTC)
}

/// The earliest run that would find mail it has not looked at.
pub(super) async fn earliest(app: &App, db: &mut SqliteConnection, now: Timestamp) -> Result<Option<(Timestamp, String)>, Stop> {
    let zone = zone(app);
    let waiting = nightly::waiting(db, now).await?;
    let runs = waiting.into_iter().filter_map(|(domain, first)| Some((run_after(first, &zone)?, domain)));
    Ok(runs.filter(|(run, _)| *run <= now).min())
}

/// Makes a user of each address of the domain that got enough clean mails since the run before.
pub(super) async fn run(app: &App, due: &Due) -> Result<(), Stop> {
    let since = run_before(due.at, &zone(app)).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut w = Write::of_job(app, WHO, due.at).await?;
    nightly::create(&mut w, &due.id, since).await?;
    w.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn nights(zone: &str, from: &str, count: usize) -> Vec<String> {
        let zone = TimeZone::get(zone).unwrap();
        let mut now = at(from);
        let mut all = Vec::new();
        for _ in 0..count {
            let run = run_after(now, &zone).unwrap();
            assert!(run >= now && all.last().is_none_or(|last: &Timestamp| run_before(run, &zone) == Some(*last)), "{run}");
            all.push(run);
            now = run.checked_add(1.nanosecond()).unwrap();
        }
        all.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_run_at_its_own_moment_counts() {
        assert_eq!(run_after(at("2026-12-01T23:00:00Z"), &TimeZone::UTC), Some(at("2026-12-01T23:00:00Z")));
        assert_eq!(run_after(at("2026-12-01T23:00:00.001Z"), &TimeZone::UTC), Some(at("2026-12-02T23:00:00Z")));
        assert_eq!(run_before(at("2026-12-01T23:00:00Z"), &TimeZone::UTC), Some(at("2026-11-30T23:00:00Z")));
    }

    #[test]
    fn the_wall_clock_decides_around_a_shift() {
        // summer time begins on 28 March 2027 in Berlin: 23 hours lie between the two runs; it ends on 31 October: 25
        assert_eq!(
            nights("Europe/Berlin", "2027-03-27T12:00:00Z", 3),
            ["2027-03-27T22:00:00Z", "2027-03-28T21:00:00Z", "2027-03-29T21:00:00Z"]
        );
        assert_eq!(nights("Europe/Berlin", "2027-10-30T12:00:00Z", 2), ["2027-10-30T21:00:00Z", "2027-10-31T22:00:00Z"]);
    }

    #[test]
    fn a_night_without_or_with_two_elevens_has_one_run() {
        // Nuuk shifts at 01:00 UTC: on 27 March 2027 the clock goes from 22:59 to 00:00, on 30 October from 23:59 back to 23:00
        let spring = nights("America/Nuuk", "2027-03-26T12:00:00Z", 3);
        assert_eq!(spring, ["2027-03-27T01:00:00Z", "2027-03-28T01:00:00Z", "2027-03-29T00:00:00Z"]);
        let autumn = nights("America/Nuuk", "2027-10-29T12:00:00Z", 3);
        assert_eq!(autumn, ["2027-10-30T00:00:00Z", "2027-10-31T00:00:00Z", "2027-11-01T01:00:00Z"]);
    }
}
