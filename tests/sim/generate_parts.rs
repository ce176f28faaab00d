//! Random continuity, directories and discovery, for [`crate::generate`].

use crate::random::Random;
use crate::world::{Live, Names, Want, domain_of};
use crate::world_kinds::{Attrs, LiveContinuity, LiveDirectory, LiveDiscovery, Term, WantContinuity, WantDiscovery};
use jiff::civil::{Date, date};
use mailwright::model::{Origin, RelayCheck};

const RUNNING: Term = (12, date(2026, 12, 10));
/// Ended on 10 November.
const ENDED: Term = (12, date(2025, 11, 10));

/// Continuity of live domains.
pub fn live_continuity(r: &mut Random, live: &mut Live) {
    for domain in live.domains.values_mut() {
        let term = r.maybe(60, |r| r.pick(&[RUNNING, RUNNING, ENDED]));
        let enabled = term.is_some() && r.percent(50);
        let taking_over = enabled && r.percent(25);
        domain.continuity = LiveContinuity { enabled, outgoing: r.percent(50), term, taking_over };
    }
}

pub fn want_continuity(r: &mut Random, want: &mut Want, live: &Live) {
    // from long before its day to long after it: 1 December is the day of the run
    let days = [date(2026, 10, 20), date(2026, 11, 16), date(2026, 11, 17), date(2026, 12, 1), date(2026, 12, 15), date(2026, 12, 16)];
    for (name, domain) in &mut want.domains {
        if !r.percent(65) {
            continue;
        }
        let is = live.domains.get(name).map(|d| d.continuity.clone()).unwrap_or_default();
        // a second term over the running one is no wish that a panel sells
        let term = if is.term == Some(RUNNING) { RUNNING } else { (r.pick(&[12, 12, 24]), r.pick(&days)) };
        domain.continuity = Some(match r.below(10) {
            0..=5 => WantContinuity { enabled: Some(true), outgoing: Some(true), term: Some(term) },
            6..=7 => WantContinuity { enabled: Some(false), outgoing: r.maybe(50, |r| r.percent(50)), term: None },
            _ => WantContinuity { enabled: None, outgoing: r.maybe(50, |r| r.percent(50)), term: r.maybe(50, |_| term) },
        });
    }
}

/// Discovery of live domains.
pub fn live_discovery(r: &mut Random, live: &mut Live) {
    for domain in live.domains.values_mut() {
        let until = r.maybe(60, |r| r.pick(&[date(2026, 11, 29), date(2026, 12, 4), date(2026, 12, 20)]));
        domain.discovery = LiveDiscovery { enabled: until.is_some() && r.percent(70), until };
    }
}

pub fn want_discovery(r: &mut Random, want: &mut Want, live: &Live) {
    let days: [Date; 6] =
        [date(2026, 11, 29), date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 4), date(2026, 12, 20), date(2027, 1, 30)];
    for (name, domain) in &mut want.domains {
        if !r.percent(60) {
            continue;
        }
        let is = live.domains.get(name).map(|d| d.discovery.clone()).unwrap_or_default();
        let until = is.until.filter(|_| r.percent(40)).unwrap_or_else(|| r.pick(&days));
        let until = if r.percent(3) { date(2027, 1, 31) } else { until };
        domain.discovery = Some(match r.below(10) {
            0..=5 => WantDiscovery { enabled: Some(true), until: Some(until) },
            6..=8 => WantDiscovery { enabled: Some(false), until: r.maybe(30, |_| until) },
            _ => WantDiscovery::default(),
        });
    }
}

fn text(value: &str) -> String {
    crate::files::text(value)
}

fn attrs(r: &mut Random) -> Attrs {
    let (port, tls) = r.pick(&[("389", "none"), ("389", "starttls"), ("636", "ldaps")]);
    let texts = [
        ("source", if r.percent(75) { "ldap" } else { "entra" }),
        ("host", r.pick(&["dc1.example", "dc2.example"])),
        ("tls", tls),
        ("bind_dn", r.pick(&["cn=sync,dc=example", "cn=other,dc=example"])),
        ("search_base", r.pick(&["ou=people,dc=example", "dc=example"])),
        ("filter", r.pick(&["", "(mail=*)"])),
        ("schedule", r.pick(&["60-minutes", "3-hours", "3-a-day"])),
    ];
    let plain = [
        ("enabled", if r.percent(80) { "true" } else { "false" }),
        ("port", port),
        ("min_users", r.pick(&["0", "0", "3"])),
        ("bind_password", r.pick(&["initial", "r1", "r2"])),
    ];
    let texts = texts.into_iter().map(|(key, value)| (key, text(value)));
    texts.chain(plain.into_iter().map(|(key, value)| (key, value.to_owned()))).collect()
}

/// Directories of live domains, and users whom they have brought.
pub fn live_directories(r: &mut Random, live: &mut Live) {
    for (name, domain) in &mut live.domains {
        for label in ["default", "second"] {
            if !r.percent(if label == "default" { 50 } else { 15 }) {
                continue;
            }
            let mut attrs = attrs(r);
            if r.percent(10) {
                attrs.insert("bind_password", String::new());
                attrs.insert("enabled", "false".to_owned());
            }
            let users = r.below(7) as u64;
            let answer = if r.percent(75) { Some(users.max(1)) } else { r.maybe(70, |r| r.below(7) as u64) };
            domain.directories.insert(label.to_owned(), LiveDirectory { attrs, users, answer, consent: r.percent(60) });
        }
        if !domain.directories.is_empty() {
            let here = live.users.iter_mut().filter(|(address, _)| domain_of(address) == name);
            here.filter(|_| r.percent(20)).for_each(|(_, user)| user.origin = Some(Origin::Directory));
        }
    }
}

pub fn want_directories(r: &mut Random, want: &mut Want, live: &Live) {
    for (name, domain) in &mut want.domains {
        let is = live.domains.get(name).map(|d| d.directories.clone()).unwrap_or_default();
        for label in ["default", "second"] {
            let live = is.get(label);
            if !r.percent(if live.is_some() { 60 } else { 20 }) {
                continue;
            }
            let mut wish = attrs(r);
            if let Some(live) = live {
                for (key, value) in &mut wish {
                    if r.percent(80) && !live.attrs[key].is_empty() {
                        value.clone_from(&live.attrs[key]);
                    }
                }
                // port and mode belong together, and so do they with what is live
                for key in ["port", "tls"] {
                    wish.insert(key, live.attrs[key].clone());
                }
                let password = wish["bind_password"].clone();
                wish.retain(|key, _| matches!(*key, "port" | "tls") || r.percent(60));
                // a panel gives the password of one server to no other
                let elsewhere = ["host", "bind_dn"].iter().any(|key| wish.get(key).is_some_and(|v| *v != live.attrs[key]));
                if elsewhere || live.attrs["bind_password"].is_empty() {
                    wish.insert("bind_password", password);
                }
            } else {
                // without these no panel takes one that is on
                let needed = ["host", "port", "tls", "bind_dn", "bind_password", "search_base"];
                wish.retain(|key, _| needed.contains(key) || r.percent(60));
            }
            domain.directories.insert(label.to_owned(), wish);
        }
        let is_on = |d: &Attrs| d.get("enabled").is_none_or(|v| v == "true") && d.get("source").is_none_or(|v| v == "\"ldap\"");
        if domain.directories.values().any(is_on) && r.percent(25) {
            domain.relay_check = Some(RelayCheck::Ldap);
        }
    }
}

/// Keeps the rules of the files: continuity has users or a directory, relay check `ldap` has a directory. A directory that
/// is not live names what no panel does without.
pub fn make_valid(want: &mut Want, live: Option<&Live>) {
    for (name, domain) in &mut want.domains {
        let is = live.and_then(|l| l.domains.get(name)).map(|d| &d.directories);
        for (_, wish) in domain.directories.iter_mut().filter(|(label, _)| !is.is_some_and(|is| is.contains_key(*label))) {
            for (key, value) in [("host", "dc1.example"), ("bind_dn", "cn=sync,dc=example"), ("search_base", "dc=example")] {
                wish.entry(key).or_insert_with(|| text(value));
            }
            wish.entry("bind_password").or_insert_with(|| "initial".to_owned());
        }
    }
    let peopled: Names = want.users.keys().map(|a| domain_of(a).to_owned()).collect();
    let by_default = want.by_default(|d| &d.relay_check);
    for (name, domain) in &mut want.domains {
        let bare = !peopled.contains(name) && domain.directories.is_empty();
        if bare && domain.continuity.as_ref().is_some_and(|c| c.enabled == Some(true)) {
            domain.continuity = None;
        }
        let is_on = |d: &Attrs| d.get("enabled").is_none_or(|v| v == "true") && d.get("source").is_none_or(|v| v == "\"ldap\"");
        if domain.relay_check.or(by_default) == Some(RelayCheck::Ldap) && !domain.directories.values().any(is_on) {
            domain.relay_check = Some(RelayCheck::Smtp);
        }
    }
}
