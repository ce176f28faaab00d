//! The law of sending domains and SMTP users (S4.1, S4.6, S6.4, S9), for [`crate::law`].

use crate::law::{Conflict, Judge};
use crate::world::{Live, Names};
use crate::world_kinds::{FRESH, Grave, LiveLogin, LiveSending, RemovedHead, WantLogin};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// Days between block and deletion, and days of silence before a deletion, where nothing is written.
const GRACE: u32 = 30;
const GUARD: u32 = 30;

/// Which live login is meant.
enum Meant<'a> {
    One(&'a str),
    None,
    Many,
}

pub fn outbound(judge: &mut Judge<'_>, after: &mut Live) -> BTreeSet<Conflict> {
    let mut found = BTreeSet::new();
    if !judge.want.heads_act(None) {
        return found;
    }
    for name in judge.want.outbound.sending.iter().filter(|n| !judge.want.ignores("sending-domain", n)) {
        after.sending.entry(name.clone()).or_insert(LiveSending { created: FRESH });
    }
    for (name, want) in judge.want.outbound.logins.iter().filter(|(n, _)| !judge.want.ignores("smtp-user", n)) {
        match meant(judge, want.username.as_deref(), Some(want.known_as(name))) {
            Meant::Many => drop(found.insert(Conflict::Login(name.clone()))),
            Meant::None => mint(judge, name, want, after, &mut found),
            Meant::One(username) => {
                let live = after.logins.get_mut(username).expect("it was live");
                if let (Some(label), true) = (&want.label, live.enabled) {
                    live.label.clone_from(label);
                }
            }
        }
    }
    let mut held = Names::new();
    let graves: Vec<&RemovedHead> = judge.want.outbound.removed.iter().collect();
    for removed in &graves {
        if let Grave::Login(label, username) = &removed.what
            && !judge.want.ignores("smtp-user", label)
        {
            held.extend(bury_login(judge, removed, label, username.as_deref(), after, &mut found));
        }
    }
    for removed in &graves {
        if let Grave::Sending(name) = &removed.what
            && !judge.want.ignores("sending-domain", name)
        {
            bury_sending(judge, removed, name, &held, after);
        }
    }
    found
}

/// By user name, else by label among those that are not switched off and that no other line names by user name (S4.1). A
/// line about the past that names a user name means that one and no other.
fn meant<'a>(judge: &Judge<'a>, username: Option<&'a str>, label: Option<&str>) -> Meant<'a> {
    let live = judge.live;
    if let Some(named) = username.filter(|u| live.logins.contains_key(*u)) {
        return Meant::One(named);
    }
    let want = &judge.want.outbound;
    // two lines that mean the login of one label say too little, whether it is there or not
    let by_label = want.logins.iter().filter(|(_, l)| !l.username.as_ref().is_some_and(|u| live.logins.contains_key(u)));
    let by_label = by_label.map(|(name, l)| l.known_as(name));
    let graves = want.removed.iter().filter_map(|r| match &r.what {
        Grave::Login(label, None) => Some(label.as_str()),
        Grave::Login(_, Some(_)) | Grave::Sending(_) => None,
    });
    if by_label.chain(graves).filter(|l| Some(*l) == label).count() > 1 {
        return Meant::Many;
    }
    let declared = want.logins.values().filter_map(|l| l.username.as_ref());
    let removed = want.removed.iter().filter_map(|r| if let Grave::Login(_, username) = &r.what { username.as_ref() } else { None });
    let claimed: Names = declared.chain(removed).cloned().collect();
    let fits = |(name, l): &(&String, &LiveLogin)| l.enabled && Some(l.label.as_str()) == label && !claimed.contains(*name);
    let all: Vec<&str> = live.logins.iter().filter(fits).map(|(name, _)| name.as_str()).collect();
    match all.as_slice() {
        [] => Meant::None,
        [one] => Meant::One(one),
        _ => Meant::Many,
    }
}

/// Minted once, into a sink, in a sending domain that is there.
fn mint(judge: &mut Judge<'_>, name: &str, want: &WantLogin, after: &mut Live, found: &mut BTreeSet<Conflict>) {
    let Some(domain) = want.domain.as_ref().filter(|d| want.credential && after.sending.contains_key(*d)) else {
        found.insert(Conflict::Login(name.to_owned()));
        return;
    };
    let label = want.known_as(name).to_owned();
    let login = LiveLogin {
        domain: domain.clone(),
        label: label.clone(),
        token: "initial".into(),
        enabled: true,
        last: None,
        set: FRESH,
        created: FRESH,
    };
    after.logins.insert(format!("new:{label}"), login);
    judge.minted.insert(name.to_owned(), label);
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// Midnight at which a day begins.
pub fn morning(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).expect("in range").timestamp()
}

fn later(at: Timestamp, days: u32) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(24 * i64::from(days))).expect("in range")
}

/// Active → blocked → removed (S9.3). Gives the domain of a login that is still to go.
fn bury_login(
    judge: &mut Judge<'_>,
    removed: &RemovedHead,
    label: &str,
    username: Option<&str>,
    after: &mut Live,
    found: &mut BTreeSet<Conflict>,
) -> Option<String> {
    let by_label = username.is_none().then_some(label);
    let name = match meant(judge, username, by_label) {
        Meant::None => return None,
        Meant::Many => {
            found.insert(Conflict::Grave(label.to_owned()));
            return None;
        }
        Meant::One(name) => name.to_owned(),
    };
    let live = judge.live.logins[&name].clone();
    if day(live.created) > removed.since {
        return None;
    }
    let now = judge.now;
    let not_before = removed.on.map(morning).filter(|on| *on > now);
    let token = format!("blocked:{}", removed.since);
    let grace = removed.remove_after.unwrap_or(GRACE);
    let here = Some(live.domain.clone());
    if live.enabled && live.token != token {
        if let Some(on) = not_before {
            judge.wait(on);
        } else {
            let login = after.logins.get_mut(&name).expect("it was live");
            (login.token, login.set) = (token, FRESH);
            // the grace begins with the block, whenever that is made
            let due = later(now, grace).max(live.last.map_or(Timestamp::MIN, |last| later(last, GUARD)));
            // a last connection that is to come is nothing that waiting mends
            if due <= now || live.last.is_some_and(|last| last > now) {
                judge.again = true;
            } else {
                judge.wait(due);
            }
        }
        return here;
    }
    if live.last.is_some_and(|last| last > now) {
        found.insert(Conflict::Grave(label.to_owned()));
        return here;
    }
    let blocked = live.enabled.then(|| later(live.set, grace));
    let quiet = live.last.map(|last| later(last, GUARD));
    match [blocked, quiet, not_before].into_iter().flatten().filter(|at| *at > now).max() {
        Some(at) => {
            judge.wait(at);
            here
        }
        None => {
            after.logins.remove(&name);
            None
        }
    }
}

/// A sending domain goes after the logins that are to go, and switches off those that are left in it (S6.4, S9.4).
fn bury_sending(judge: &mut Judge<'_>, removed: &RemovedHead, name: &str, held: &Names, after: &mut Live) {
    let Some(live) = judge.live.sending.get(name) else { return };
    if day(live.created) > removed.since {
        return;
    }
    if let Some(on) = removed.on.map(morning).filter(|on| *on > judge.now) {
        judge.wait(on);
    } else if held.contains(name) {
        judge.waiting += 1;
    } else {
        after.sending.remove(name);
        let gone: Names = judge.live.logins.iter().filter(|(_, l)| l.enabled && l.domain == name).map(|(name, _)| name.clone()).collect();
        after.logins.iter_mut().filter(|(name, _)| gone.contains(*name)).for_each(|(_, l)| l.enabled = false);
        // who was found by its label is found no more: the next plan mints it anew, with an approval of its own (S4.6, S7.1)
        let lost = |(name, l): (&String, &WantLogin)| {
            let found = meant(judge, l.username.as_deref(), Some(l.known_as(name)));
            matches!(found, Meant::One(username) if l.username.as_deref() != Some(username) && gone.contains(username))
        };
        let lost = judge.want.outbound.logins.iter().any(lost);
        judge.again |= lost;
    }
}
