//! What it may cost that the panel makes users by itself (S13.2): under relay check `smtp`, and while discovery is on. The
//! catch-all probe and the billable growth, each with its source and age; or the words "not judged", never a nought that
//! nobody counted.

use crate::base::{DomainName, Timestamp};
use crate::model::{CatchAllProbe, DiscoveryFacts, Evidence, Field, Kind, LiveFacts, Value};
use crate::plan::Risk;
use crate::plan::build::draft::Draft;
use crate::plan::build::forecast::NAMED;
use crate::plan::build::ground::Ground;

/// A probe of the last minutes was made for this plan; clocks that differ by no more are taken for one.
const JUST_NOW_SECONDS: i64 = 300;
const HOUR_SECONDS: i64 = 3600;
const DAY_SECONDS: i64 = 86_400;

/// Who makes users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Maker {
    /// The nightly creation under relay check `smtp`.
    Nightly,
    /// Discovery.
    Discovery,
}

/// What a domain's discovery says of itself, where it was read.
pub(super) fn facts<'a>(ground: &Ground<'a>, domain: &DomainName) -> Option<&'a DiscoveryFacts> {
    let live = ground.live(Kind::Discovery, domain.as_str())?;
    if let LiveFacts::Discovery(facts) = &live.facts { Some(facts) } else { None }
}

/// Quotes probe and growth on a step that lets users come by themselves.
pub(super) fn judge(ground: &Ground<'_>, draft: &mut Draft, domain: &DomainName, maker: Maker) {
    let no_nights = ground.can(Kind::Domain).is_some_and(|c| !c.bills_mailboxes && c.timetable.nightly.is_none());
    if maker == Maker::Nightly && no_nights {
        // that panel asks the destination for each mail, and makes nobody
        return;
    }
    let takes_all = probe(ground, draft, domain);
    let text = growth(ground, domain, maker, takes_all);
    draft.note(text);
}

/// What the destination says to an address that nobody has: asked for this plan, else as the panel remembers it. Whether it
/// takes every address, as far as that could be told.
fn probe(ground: &Ground<'_>, draft: &mut Draft, domain: &DomainName) -> Option<bool> {
    let (asked, kept) = (ground.observed.probes.get(domain), facts(ground, domain).and_then(|f| f.probe.as_ref()));
    let told = [asked, kept].into_iter().flatten().find(|probe| probe.takes_all.is_some());
    let of = |probe: &CatchAllProbe| format!("catch-all probe by the panel, {}: {}", age(ground.panel_now(), probe.at), probe.said);
    match (told.and_then(|p| p.takes_all), told.or(asked).or(kept)) {
        (Some(true), Some(probe)) => {
            draft.at_least(Risk::R3);
            let text = format!("the destination takes every address ({}): spam to any name makes a billable user", of(probe));
            draft.step.evidence.push((Evidence::Cascade, text));
        }
        (Some(false), Some(probe)) => draft.note(format!("no catch-all ({})", of(probe))),
        (None, Some(probe)) => draft.note(format!("not judged: whether the destination takes every address ({})", of(probe))),
        (_, None) => {
            let new = ground.live_domain(domain).is_none();
            let why = if new { "the domain is not there yet" } else { "this panel could not be asked for a catch-all probe" };
            draft.note(format!("not judged: whether the destination takes every address; {why}"));
        }
    }
    if told.is_some() && destination_changes(ground, domain) {
        draft.note("not judged: what the declared destination says; the one of now was asked");
    }
    told.and_then(|p| p.takes_all)
}

/// Whether the plan changes whom the probe has asked.
fn destination_changes(ground: &Ground<'_>, domain: &DomainName) -> bool {
    let declared = ground.heads().domains.get(domain).and_then(|d| d.destination.as_ref());
    let live = ground.live_domain(domain).and_then(|l| l.attrs.get(&Field::DomainDestination));
    declared.is_some_and(|d| live != Some(&ground.canonical(Field::DomainDestination, Value::List(d.value.clone()))))
}

/// Billable mailboxes before → after, by the panel's own count of who gets mail.
fn growth(ground: &Ground<'_>, domain: &DomainName, maker: Maker, takes_all: Option<bool>) -> String {
    let Some(unknown) = ground.observed.recipients.get(domain) else {
        let new = ground.live_domain(domain).is_none();
        let why = if new { "no mail of the domain was counted yet" } else { "this panel's counts of mail were not read" };
        return format!("not judged: how many billable users this makes; {why}");
    };
    let count = unknown.len() as u64;
    let counted = "panel's own count, 30 days, just now";
    let more = if takes_all == Some(true) { ", and more for each other name that gets mail" } else { "" };
    if count == 0 {
        return format!("billable growth 0{more}: every address that gets mail has a user or an alias ({counted})");
    }
    let boxes = match (ground.users_whole(domain), ground.observed.tally.get(domain)) {
        (true, Some(tally)) => format!("{} → up to {} billable mailboxes", tally.billable, tally.billable + count),
        (_, _) => format!("up to {count} billable mailboxes more"),
    };
    let often = match (maker, ground.can(Kind::User).and_then(|c| c.timetable.nightly.as_ref())) {
        (Maker::Nightly, Some(nightly)) => {
            let enough = unknown.values().filter(|(mails, _)| *mails >= u64::from(nightly.mails)).count();
            format!(", {enough} of them got {} mails or more", nightly.mails)
        }
        (Maker::Nightly | Maker::Discovery, _) => String::new(),
    };
    let named: Vec<&str> = unknown.keys().map(String::as_str).take(NAMED).collect();
    let rest = unknown.len().saturating_sub(named.len());
    let rest = if rest == 0 { String::new() } else { format!(" and {rest} more") };
    let noun = if count == 1 { "address that gets mail and is no user" } else { "addresses that get mail and are no users" };
    format!("billable growth {boxes}{more}: {count} {noun} ({counted}){often}: {}{rest}", named.join(", "))
}

/// How old something is: `just now`, `3 h ago`, `12 days ago`, with its moment where it is not of now.
fn age(now: Timestamp, at: Timestamp) -> String {
    let moment = at.strftime("%Y-%m-%d %H:%M UTC");
    match now.as_second() - at.as_second() {
        old if old.abs() <= JUST_NOW_SECONDS => "just now".to_owned(),
        old if old < 0 => moment.to_string(),
        old if old < HOUR_SECONDS => format!("{moment}, {} min ago", old / 60),
        old if old < 2 * DAY_SECONDS => format!("{moment}, {} h ago", old / HOUR_SECONDS),
        old => format!("{moment}, {} days ago", old / DAY_SECONDS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_said_with_its_moment() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-11-22T10:00:00Z");
        let said = |text: &str| age(now, at(text));
        assert_eq!((said("2026-11-22T09:57:00Z").as_str(), said("2026-11-22T10:03:00Z").as_str()), ("just now", "just now"));
        assert_eq!(said("2026-11-22T09:30:00Z"), "2026-11-22 09:30 UTC, 30 min ago");
        assert_eq!(said("2026-11-21T09:00:00Z"), "2026-11-21 09:00 UTC, 25 h ago");
        assert_eq!(said("2026-11-10T10:00:00Z"), "2026-11-10 10:00 UTC, 12 days ago");
        assert_eq!(said("2026-11-23T10:00:00Z"), "2026-11-23 10:00 UTC");
    }
}
