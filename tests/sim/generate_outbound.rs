//! Random sending domains, SMTP users and their tombstones, for [`crate::generate`].

use crate::random::Random;
use crate::world::{Live, Names, Want};
use crate::world_kinds::{Grave, LiveLogin, LiveSending, RemovedHead, WantLogin, WantOutbound};
use jiff::Timestamp;
use jiff::civil::date;
use std::collections::BTreeMap;

const SENDING: [&str; 3] = ["news.example", "shop.example", "alerts.example"];
const LABELS: [&str; 5] = ["crm", "erp", "shop", "old shop", "printer"];

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// What the panel holds of the outbound kinds.
pub fn live(r: &mut Random, live: &mut Live) {
    let created = |r: &mut Random| at(if r.percent(85) { "2026-03-01T10:00:00Z" } else { "2026-11-30T23:30:00Z" });
    for name in SENDING {
        if r.percent(65) {
            live.sending.insert(name.to_owned(), LiveSending { created: created(r) });
        }
    }
    let homes: Vec<String> = live.sending.keys().cloned().collect();
    for n in 0..r.below(6) {
        let enabled = !homes.is_empty() && r.percent(88);
        let domain = if enabled { homes[r.below(homes.len())].clone() } else { r.pick(&SENDING).to_owned() };
        let token = r.pick(&["initial", "initial", "initial", "reset", "blocked:2026-11-30", "blocked:2026-12-01"]);
        let created = created(r);
        let set =
            if created > at("2026-11-01T00:00:00Z") { created } else { at(r.pick(&["2026-11-30T23:40:00Z", "2026-10-01T08:00:00Z"])) };
        let last = r.maybe(55, |r| {
            if r.percent(2) { at("2027-01-20T00:00:00Z") } else { at(r.pick(&["2026-12-01T07:00:00Z", "2026-10-20T07:00:00Z"])) }
        });
        let last = last.filter(|last| *last >= created);
        let login = LiveLogin { domain, label: r.pick(&LABELS).to_owned(), token: token.to_owned(), enabled, last, set, created };
        live.logins.insert(format!("smtp-{n}"), login);
    }
}

/// Edits of what is live, new ones, and tombstones.
pub fn want(r: &mut Random, want: &mut Want, live: &Live) {
    let out = &mut want.outbound;
    for name in SENDING {
        let chance = if live.sending.contains_key(name) { 65 } else { 25 };
        if r.percent(chance) {
            out.sending.insert(name.to_owned());
        } else if r.percent(30) {
            out.removed.push(removed(r, Grave::Sending(name.to_owned())));
        }
    }
    for (username, login) in &live.logins {
        let named = r.maybe(60, |_| username.clone());
        if r.percent(50) {
            let label = r.maybe(60, |r| if r.percent(80) { login.label.clone() } else { r.pick(&LABELS).to_owned() });
            let name = if label.is_none() && r.percent(70) { name_of(&login.label) } else { format!("app-{username}") };
            let domain = r.maybe(80, |r| if r.percent(93) { login.domain.clone() } else { r.pick(&SENDING).to_owned() });
            let login = WantLogin { domain, label, username: named, ..sink(r, Some(username)) };
            out.logins.insert(name, login);
        } else if r.percent(55) {
            let grave = Grave::Login(name_of(&login.label), named);
            out.removed.push(removed(r, grave));
        }
    }
    for _ in 0..r.pick(&[0, 0, 1, 1, 2]) {
        let label = r.pick(&LABELS);
        let domain = Some(r.pick(&SENDING).to_owned());
        let stale = r.maybe(10, |_| "smtp-gone".to_owned());
        let username = r.maybe(8, |_| "smtp-gone".to_owned());
        let login = WantLogin { domain, label: Some(label.to_owned()), username, ..sink(r, stale.as_deref()) };
        out.logins.insert(format!("new-{}", name_of(label)), login);
    }
    make_valid(out, live);
}

/// A name for the files.
fn name_of(label: &str) -> String {
    label.replace(' ', "-")
}

fn sink(r: &mut Random, holds: Option<&str>) -> WantLogin {
    let credential = r.percent(95);
    let held = holds.filter(|_| credential && r.percent(60)).map(ToOwned::to_owned);
    WantLogin { credential, durable: r.percent(50), held, ..WantLogin::default() }
}

fn removed(r: &mut Random, what: Grave) -> RemovedHead {
    let since = crate::generate::day(r);
    let is_login = matches!(what, Grave::Login(..));
    let on = r.maybe(15, |r| if r.percent(60) { date(2026, 12, 4) } else { since });
    RemovedHead { what, since, on, remove_after: r.maybe(60, |r| r.pick(&[0, 1, 14])).filter(|_| is_login) }
}

/// Keeps the rules of the files: nothing is declared and removed, nothing is named twice, each login has its domain.
pub fn make_valid(out: &mut WantOutbound, live: &Live) {
    let mut graves = Names::new();
    let logins = std::mem::take(&mut out.logins);
    let mut usernames = Names::new();
    let mut kept = BTreeMap::new();
    for (name, mut login) in logins {
        let named = login.username.as_ref().is_some_and(|u| live.logins.contains_key(u));
        if !login.username.iter().all(|u| usernames.insert(u.clone())) {
            continue;
        }
        if !named && login.domain.is_none() {
            login.domain = Some(SENDING[0].to_owned());
        }
        out.sending.extend(login.domain.clone());
        kept.insert(name, login);
    }
    let removed = std::mem::take(&mut out.removed);
    for removed in removed {
        let fits = match &removed.what {
            Grave::Sending(name) => !out.sending.contains(name) && graves.insert(format!("domain {name}")),
            Grave::Login(name, username) => {
                let alone = username.iter().all(|u| usernames.insert(u.clone()));
                !kept.contains_key(name) && alone && graves.insert(format!("login {name}"))
            }
        };
        if fits {
            out.removed.push(removed);
        }
    }
    out.logins = kept;
}
