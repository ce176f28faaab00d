//! Tombstones of users, and the fate of everyone whom no file names (S9.2, S3.3, S13.1).

use crate::base::Timestamp;
use crate::config::Removed;
use crate::model::{Authority, Key, Kind, LiveUser};
use crate::plan::LeftAlone;
use crate::plan::build::draft::Work;
use crate::plan::build::flights::Flights;
use crate::plan::build::ground::Ground;
use crate::plan::build::people::{Fate, People, Person};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Decides what becomes of each live user that has no row.
pub(super) fn decide_undeclared<'a>(ground: &Ground<'a>, work: &mut Work, people: &mut People<'a>) {
    let graves = graves(ground);
    let flights = Flights::of(ground.observed, ground.panel_now());
    for person in people.all.values_mut().filter(|p| !p.is_declared() && !matches!(p.fate, Fate::Replaced(_))) {
        let Some(live) = person.live else {
            continue;
        };
        person.fate = match graves.get(person.address()) {
            Some(removed) => buried(ground, work, &flights, person, live, removed),
            None => by_list(ground, work, &flights, person, live),
        };
    }
    let renamed: Vec<&str> = ground.heads().renamed.iter().map(|r| r.from.value.as_str()).collect();
    for (name, removed) in graves {
        let gone = !people.all.contains_key(name) && ground.users_whole(&domain_of(removed));
        if gone && !renamed.contains(&name) {
            work.note(Some(ground.key(Kind::User, name)), "it is removed: this tombstone is fulfilled and can go");
        }
    }
}

fn graves<'a>(ground: &Ground<'a>) -> BTreeMap<&'a str, &'a Removed> {
    let users = ground.heads().removed.iter().filter(|r| r.kind == Kind::User);
    users.map(|r| (r.name.value.as_str(), r)).collect()
}

fn domain_of(removed: &Removed) -> crate::base::DomainName {
    crate::base::DomainName::canonical(crate::base::address::domain_part(&removed.name.value))
}

/// The fate of a user that a tombstone names.
fn buried<'a>(
    ground: &Ground<'a>,
    work: &mut Work,
    flights: &Flights<'_>,
    person: &Person<'a>,
    live: &LiveUser<'static>,
    removed: &'a Removed,
) -> Fate<'a> {
    let key = Some(person.key.clone());
    if let Some(why) = ground.foreign(live.origin, &person.domain) {
        work.warn(key, "its tombstone does nothing: the directory or an unknown source owns it, so it is removed there");
        return Fate::LeftAlone(why);
    }
    if !matches(removed, live.created_at, live.incarnation.as_deref()) {
        let text = format!("a user created after {} has this name; the tombstone is not for it", removed.since.value);
        work.warn(key, text);
        return by_list(ground, work, flights, person, live);
    }
    match ground.users_authority(&person.domain) {
        Authority::Observe => Fate::LeftAlone(LeftAlone::Observed),
        Authority::Add | Authority::AddDeleteOld if ground.is_ignored(&person.key) => Fate::LeftAlone(LeftAlone::Ignored),
        Authority::Add | Authority::AddDeleteOld => Fate::Tombstone(removed),
    }
}

/// Whether a tombstone is for this very object: not created after its day (UTC), and of its incarnation where it says one.
pub(super) fn matches(removed: &Removed, created: Option<Timestamp>, incarnation: Option<&str>) -> bool {
    let late = created.is_some_and(|at| day(at) > removed.since.value);
    let other = matches!((&removed.incarnation, incarnation), (Some(said), Some(is)) if said != is);
    !late && !other
}

/// Whether the panel's answer leaves open which object of that name is meant, so that a person must look (S9.2).
pub(super) fn is_vague(removed: &Removed, created: Option<Timestamp>, incarnation: Option<&str>) -> bool {
    created.is_none() && (removed.incarnation.is_none() || incarnation.is_none())
}

/// The moment before which a tombstone does nothing, if that is still to come.
pub(super) fn not_before(removed: &Removed, now: Timestamp) -> Option<Timestamp> {
    let on = removed.on.as_ref()?.value;
    let at = on.to_zoned(TimeZone::UTC).ok()?.timestamp();
    (at > now).then_some(at)
}

fn day(at: Timestamp) -> jiff::civil::Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The fate of a user whom neither a row nor a tombstone names (S3.2, S3.3).
fn by_list<'a>(ground: &Ground<'a>, work: &mut Work, flights: &Flights<'_>, person: &Person<'a>, live: &LiveUser<'static>) -> Fate<'a> {
    if ground.is_ignored(&person.key) {
        return Fate::LeftAlone(LeftAlone::Ignored);
    }
    if let Some(why) = ground.foreign(live.origin, &person.domain) {
        return Fate::LeftAlone(why);
    }
    match ground.users_authority(&person.domain) {
        Authority::Observe => Fate::LeftAlone(LeftAlone::Observed),
        Authority::Add => Fate::LeftAlone(LeftAlone::Undeclared),
        Authority::AddDeleteOld if !ground.heads().domains.contains_key(&person.domain) => Fate::LeftAlone(LeftAlone::Undeclared),
        // deleted by an import that does not act yet: he is not back, he is not gone
        Authority::AddDeleteOld if flights.takes_away(&person.domain, person.address()) => Fate::DeleteOld,
        Authority::AddDeleteOld if crept_back(ground, &person.key, live) => {
            work.report.crept_back.push(person.key.clone());
            Fate::LeftAlone(LeftAlone::Undeclared)
        }
        Authority::AddDeleteOld => Fate::DeleteOld,
    }
}

/// Whether a user whom we deleted is there again (S13.1): not deleted again without a new tombstone.
fn crept_back(ground: &Ground<'_>, key: &Key, live: &LiveUser<'static>) -> bool {
    let gone = ground.remembered.deletions.iter().filter(|(_, k)| k == key);
    gone.map(|(at, _)| *at).max().is_some_and(|at| live.created_at.is_none_or(|born| born >= at))
}
