//! The law of continuity (S15), directories (S16.1) and discovery (S16.2), for [`crate::law`].

use crate::law::{Conflict, Judge};
use crate::law_outbound::morning;
use crate::world::{Live, LiveDomain, Names};
use crate::world_kinds::{Attrs, LiveContinuity, LiveDirectory, WantContinuity, WantDiscovery};
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use mailwright::model::Authority;
use std::collections::BTreeSet;

/// Keys that decide which users a directory gives (S7.3).
pub const SELECTING: [&str; 7] = ["enabled", "source", "host", "port", "bind_dn", "search_base", "filter"];
/// Keys that make another server of it: its password is sent again.
const SERVER: [&str; 4] = ["host", "port", "tls", "bind_dn"];

/// Brings the parts of every declared domain to the panel.
pub fn parts(judge: &mut Judge<'_>, after: &mut Live) -> BTreeSet<Conflict> {
    let mut found = BTreeSet::new();
    for (name, want) in &judge.want.domains {
        let Some(mut domain) = after.domains.get(name).cloned().filter(|_| judge.want.heads_act(Some(name))) else { continue };
        if let Some(wanted) = want.continuity.as_ref().filter(|_| !judge.want.ignores("continuity", name))
            && continuity(judge, wanted, &mut domain.continuity)
        {
            found.insert(Conflict::Continuity(name.clone()));
        }
        if let Some(wanted) = want.discovery.as_ref().filter(|_| !judge.want.ignores("discovery", name))
            && discovery(judge, name, wanted, &mut domain)
        {
            found.insert(Conflict::Discovery(name.clone()));
        }
        for (label, wanted) in &want.directories {
            let key = if label == "default" { name.clone() } else { format!("{name}/{label}") };
            if judge.want.ignores("directory", &key) {
                continue;
            }
            let live = domain.directories.get(label);
            let next = directory(wanted, live);
            if live.is_some_and(|live| is_unknown(live, &next)) {
                found.insert(Conflict::Directory(name.clone(), label.clone()));
            }
            domain.directories.insert(label.clone(), next);
        }
        after.domains.insert(name.clone(), domain);
    }
    found
}

fn today(judge: &Judge<'_>) -> Date {
    judge.now.to_zoned(TimeZone::UTC).date()
}

/// Bought from 14 days before its first day to 14 days after it; later what is off is drift. Switched on once it is bought.
/// Gives whether it cannot be: nobody switches it off while it takes mail over.
fn continuity(judge: &mut Judge<'_>, want: &WantContinuity, live: &mut LiveContinuity) -> bool {
    let today = today(judge);
    let before = live.clone();
    let on = want.enabled == Some(true) && !before.enabled;
    let (mut buys, mut late) = (want.term.is_some() && want.term != before.term, false);
    let mut early = None;
    if let Some((_, from)) = want.term {
        late = today > from.checked_add(14.days()).expect("in range");
        let first = from.checked_sub(14.days()).expect("in range");
        early = (today < first).then(|| morning(first));
    }
    if late {
        buys = false;
    }
    let waits = early.filter(|_| buys);
    if let Some(at) = waits {
        judge.wait(at);
    } else if buys {
        live.term = want.term;
    }
    // one call switches both: what is switched on later brings the other along
    if !(on && waits.is_some()) {
        live.outgoing = want.outgoing.unwrap_or(before.outgoing);
    }
    if on && waits.is_none() && !late && live.term.is_some() {
        live.enabled = true;
    }
    if want.enabled == Some(false) && before.enabled {
        live.enabled = false;
        return before.taking_over;
    }
    false
}

/// On until its last day, at most 60 days ahead; then off, and the whole list decides again.
fn discovery(judge: &mut Judge<'_>, name: &str, want: &WantDiscovery, domain: &mut LiveDomain) -> bool {
    let today = today(judge);
    let before = domain.discovery.clone();
    let ended = want.enabled == Some(true) && want.until.is_some_and(|until| until < today);
    let after = &mut domain.discovery;
    after.enabled = want.enabled.unwrap_or(before.enabled) && !ended;
    if !ended {
        after.until = want.until.or(before.until);
    }
    let far = today.checked_add(60.days()).expect("in range");
    if after.until != before.until && after.until.is_some_and(|until| until > far) {
        return true;
    }
    if let (Some(until), Some(true), false) = (want.until, want.enabled, ended) {
        judge.moment(morning(until.tomorrow().expect("in range")));
    }
    let whole = [judge.want.users_authority(name), judge.want.aliases_authority(name)].contains(&Authority::AddDeleteOld);
    judge.again |= whole && before.enabled && !after.enabled;
    false
}

/// A directory as it shall be: what is written over what is there, or over the defaults.
fn directory(want: &Attrs, live: Option<&LiveDirectory>) -> LiveDirectory {
    let mut next = live.cloned().unwrap_or_else(|| LiveDirectory { attrs: defaults(want), ..LiveDirectory::default() });
    let changed: Names = want.iter().filter(|(k, v)| next.attrs.get(*k) != Some(*v)).map(|(k, _)| (*k).to_owned()).collect();
    for (key, value) in want.iter().filter(|(k, _)| **k != "bind_password") {
        next.attrs.insert(key, value.clone());
    }
    let server = SERVER.iter().any(|k| changed.contains(*k));
    if live.is_some() && server {
        // the password of one server is given to no other
        next.attrs.insert("bind_password", String::new());
    }
    if let Some(token) = want.get("bind_password") {
        let is = next.attrs.get("bind_password").cloned().unwrap_or_default();
        if live.is_none() || server || is.is_empty() || (token != "initial" && *token != is) {
            next.attrs.insert("bind_password", token.clone());
        }
    }
    next
}

/// What the model says of a directory of which nothing is written.
fn defaults(want: &Attrs) -> Attrs {
    let is = |key: &str, value: &str| want.get(key).is_some_and(|v| v == value);
    let ldaps = is("tls", "\"ldaps\"") || (!want.contains_key("tls") && is("port", "636"));
    let (port, tls) = if ldaps { ("636", "\"ldaps\"") } else { ("389", "\"none\"") };
    let empty = ["host", "bind_dn", "search_base", "filter"].map(|key| (key, "\"\""));
    let rest = [("enabled", "true"), ("source", "\"ldap\""), ("port", port), ("tls", tls), ("min_users", "0"), ("bind_password", "")];
    let schedule = ("schedule", "\"60-minutes\"");
    empty.into_iter().chain(rest).chain([schedule]).map(|(key, value)| (key, value.to_owned())).collect()
}

/// An answer that fails, is empty, or is below the floor is unknown, and nothing rests on it.
fn is_unknown(live: &LiveDirectory, next: &LiveDirectory) -> bool {
    let selects = SELECTING.iter().any(|key| live.attrs.get(key) != next.attrs.get(key));
    if next.attrs["enabled"] == "false" || !selects {
        return false;
    }
    let least: u64 = next.attrs["min_users"].parse().expect("a number");
    let floor = if least > 0 { least } else { (live.users * 4).div_ceil(5).max(1) };
    live.answer.is_none_or(|count| count < floor)
}
