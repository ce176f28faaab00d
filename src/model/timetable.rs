//! When a panel does what it does by itself (S6.1): provider data, each with its source.

use crate::base::Timestamp;
use crate::model::window::Window;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan as _};

/// A panel's day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timetable {
    /// The zone of its clock on the wall; UTC where it does not say.
    pub zone: Option<TimeZone>,
    /// Lists that are taken at once and act later; `None`: there is no such thing.
    pub imports: Option<ImportRule>,
    /// How far the panel's clock is ahead of ours, where that matters to people.
    pub ahead: SignedDuration,
    /// The creation of users under relay check `smtp`; `None`: the panel makes none.
    pub nightly: Option<Nightly>,
}

/// How a panel takes a whole list (S14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRule {
    /// Fewest single calls for which an import is chosen.
    pub from_calls: u32,
    /// Most rows of one import.
    pub most: u32,
    /// Between taking and acting.
    pub window: Window,
    /// Who says so.
    pub source: String,
}

/// The nightly creation of users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nightly {
    /// The hour of the wall clock.
    pub hour: i8,
    /// Clean mails that an address must have got since the run before.
    pub mails: u32,
    /// Who says so.
    pub source: String,
}

impl Timetable {
    /// The zone.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        self.zone.clone().unwrap_or(TimeZone::UTC)
    }
    /// The zone's name, as people write it.
    #[must_use]
    pub fn zone_name(&self) -> String {
        self.zone.as_ref().and_then(TimeZone::iana_name).unwrap_or("UTC").to_owned()
    }
    /// The moment `now` by the panel's clock.
    #[must_use]
    pub fn panel_now(&self, now: Timestamp) -> Timestamp {
        now.checked_add(self.ahead).unwrap_or(now)
    }
    /// `1 Dec 23:00 Europe/Berlin`; in the hour that comes twice when summer time ends, with the offset: `31 Oct 02:30 +01:00
    /// Europe/Berlin`.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> String {
        let there = at.to_zoned(self.zone());
        let twice = self.zone().to_ambiguous_timestamp(there.datetime()).is_ambiguous();
        let format = if twice { "%-d %b %H:%M %:z" } else { "%-d %b %H:%M" };
        format!("{} {}", there.strftime(format), self.zone_name())
    }
    /// The next nightly creation after `now` of the panel's clock.
    #[must_use]
    pub fn next_creation(&self, now: Timestamp) -> Option<Timestamp> {
        let nightly = self.nightly.as_ref()?;
        let today = now.to_zoned(self.zone()).date();
        let days = [today, today.checked_add(1.day()).ok()?, today.checked_add(2.days()).ok()?];
        let run = |day: jiff::civil::Date| day.at(nightly.hour, 0, 0, 0).to_zoned(self.zone()).ok().map(|z| z.timestamp());
        days.into_iter().filter_map(run).find(|run| *run > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_creation_is_on_the_wall_of_the_panels_zone() {
        let nightly = Nightly { hour: 23, mails: 2, source: "test".into() };
        let berlin = Timetable { zone: TimeZone::get("Europe/Berlin").ok(), nightly: Some(nightly), ..Timetable::default() };
        let next = |at: &str| berlin.next_creation(at.parse().unwrap()).unwrap().to_string();
        assert_eq!(next("2027-03-27T21:59:59Z"), "2027-03-27T22:00:00Z");
        assert_eq!(next("2027-03-27T22:00:00Z"), "2027-03-28T21:00:00Z");
        assert_eq!(berlin.local("2026-12-01T08:12:00Z".parse().unwrap()), "1 Dec 09:12 Europe/Berlin");
        assert_eq!(Timetable::default().next_creation(Timestamp::UNIX_EPOCH), None);
    }

    /// In Amsterdam the clock goes from 02:00 to 03:00 on 28 March 2027, and from 03:00 back to 02:00 on 31 October.
    fn amsterdam(hour: i8) -> Timetable {
        let nightly = Nightly { hour, mails: 2, source: "test".into() };
        Timetable { zone: TimeZone::get("Europe/Amsterdam").ok(), nightly: Some(nightly), ..Timetable::default() }
    }

    fn runs(table: &Timetable, from: &str, count: usize) -> Vec<String> {
        let mut now: Timestamp = from.parse().unwrap();
        let mut all = Vec::new();
        for _ in 0..count {
            now = table.next_creation(now).unwrap();
            all.push(now.to_string());
        }
        all
    }

    #[test]
    fn an_hour_that_is_left_out_or_comes_twice_has_one_run() {
        let two = amsterdam(2);
        let spring = ["2027-03-27T01:00:00Z", "2027-03-28T01:00:00Z", "2027-03-29T00:00:00Z"];
        assert_eq!(runs(&two, "2027-03-26T12:00:00Z", 3), spring, "02:00 of the 28th is 03:00");
        let autumn = ["2027-10-30T00:00:00Z", "2027-10-31T00:00:00Z", "2027-11-01T01:00:00Z"];
        assert_eq!(runs(&two, "2027-10-29T12:00:00Z", 3), autumn, "the first 02:00 of the 31st, and not the second");
        let between = |from: &str| runs(&amsterdam(23), from, 2);
        assert_eq!(between("2027-03-27T12:00:00Z"), ["2027-03-27T22:00:00Z", "2027-03-28T21:00:00Z"], "23 hours");
        assert_eq!(between("2027-10-30T12:00:00Z"), ["2027-10-30T21:00:00Z", "2027-10-31T22:00:00Z"], "25 hours");
    }

    #[test]
    fn half_past_two_is_told_apart_when_it_comes_twice_and_never_shown_when_it_is_left_out() {
        let said = |at: &str| amsterdam(23).local(at.parse().unwrap());
        assert_eq!(said("2027-10-31T00:30:00Z"), "31 Oct 02:30 +02:00 Europe/Amsterdam");
        assert_eq!(said("2027-10-31T01:30:00Z"), "31 Oct 02:30 +01:00 Europe/Amsterdam");
        assert_eq!(said("2027-10-31T02:00:00Z"), "31 Oct 03:00 Europe/Amsterdam");
        assert_eq!(
            [said("2027-03-28T00:59:00Z"), said("2027-03-28T01:00:00Z")],
            ["28 Mar 01:59 Europe/Amsterdam", "28 Mar 03:00 Europe/Amsterdam"]
        );
        assert_eq!(said("2027-03-28T01:30:00Z"), "28 Mar 03:30 Europe/Amsterdam");
    }
}
