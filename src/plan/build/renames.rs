//! Declared renames: which live user becomes which row (S4.4).

use crate::config::Renamed;
use crate::model::{Authority, Kind, Reason};
use crate::plan::LeftAlone;
use crate::plan::build::draft::Work;
use crate::plan::build::ground::Ground;
use crate::plan::build::people::{Fate, People};
use std::collections::{BTreeMap, BTreeSet};

/// Pairs the live user of each old address with the row of the new one, notes what is done, and refuses swaps.
pub(super) fn pair_renames<'a>(ground: &Ground<'a>, work: &mut Work, people: &mut People<'a>) {
    let mut by_from: BTreeMap<&str, &'a Renamed> = BTreeMap::new();
    for renamed in &ground.heads().renamed {
        by_from.insert(renamed.from.value.as_str(), renamed);
    }
    let circular = circles(&by_from);
    let mut taken: Vec<(&'a Renamed, &'a crate::model::LiveUser<'static>)> = Vec::new();
    for renamed in by_from.values().copied() {
        let from = renamed.from.value.as_str();
        let Some(live) = people.all.get(from).and_then(|p| p.live) else {
            // gone with proof is done; not seen in a part that was not read is unknown
            if ground.users_whole(&renamed.from.value.domain()) {
                people.renamed.push(renamed);
            }
            continue;
        };
        if circular.contains(from) {
            let reason = Reason::Swap { one: from.to_owned(), other: renamed.to.value.to_string() };
            block(people, from, &reason);
            continue;
        }
        if is_free(people, &by_from, renamed) {
            taken.push((renamed, live));
        } else if people.all.get(from).is_some_and(|p| p.is_declared()) {
            // both are declared and live: an earlier run did it and the old address was given anew
            people.renamed.push(renamed);
        } else if is_native(ground, renamed) || !finish_replacing(ground, people, renamed) {
            let text = format!(
                "`{from}` and `{}` are both live: the rename cannot be told from two users; delete one, or take the rename away",
                renamed.to.value
            );
            work.warn(Some(ground.key(Kind::User, from)), text.clone());
            block(people, renamed.to.value.as_str(), &Reason::Ambiguous { text: text.clone() });
            block(people, from, &Reason::Ambiguous { text });
        }
    }
    // first all old addresses let go, then all new ones take: a chain a → b → c is two renames
    for (renamed, _) in &taken {
        release(people, renamed.from.value.as_str());
    }
    for (renamed, live) in taken {
        take(ground, people, renamed, live);
    }
}

/// Whether the new address will be nobody's when the rename goes.
fn is_free(people: &People<'_>, by_from: &BTreeMap<&str, &Renamed>, renamed: &Renamed) -> bool {
    match people.all.get(renamed.to.value.as_str()) {
        Some(person) => person.is_declared() && (person.live.is_none() || leads_out(people, by_from, renamed.to.value.as_str())),
        // not in hand: it is live and equal to its row
        None => false,
    }
}

/// Whether the live user of `address` is itself renamed to an address that nobody has.
fn leads_out(people: &People<'_>, by_from: &BTreeMap<&str, &Renamed>, address: &str) -> bool {
    let mut at = address;
    for _ in 0..by_from.len() {
        let Some(next) = by_from.get(at) else {
            return false;
        };
        at = next.to.value.as_str();
        match people.all.get(at) {
            Some(person) if person.is_declared() && person.live.is_none() => return true,
            Some(_) => {}
            None => return false,
        }
    }
    false
}

/// Old addresses that lie on a circle of renames.
fn circles<'a>(by_from: &BTreeMap<&'a str, &'a Renamed>) -> BTreeSet<&'a str> {
    let mut all = BTreeSet::new();
    for start in by_from.keys() {
        let mut at = *start;
        for _ in 0..by_from.len() {
            match by_from.get(at) {
                Some(next) => at = next.to.value.as_str(),
                None => break,
            }
            if at == *start {
                all.insert(*start);
                break;
            }
        }
    }
    all
}

fn block(people: &mut People<'_>, address: &str, reason: &Reason) {
    if let Some(person) = people.all.get_mut(address) {
        person.block(Some(reason.clone()));
    }
}

/// Lets the old user go where its successor is there already; approved always, like the whole rename.
fn finish_replacing<'a>(ground: &Ground<'a>, people: &mut People<'a>, renamed: &'a Renamed) -> bool {
    let domain = renamed.from.value.domain();
    let acts = [&domain, &renamed.to.value.domain()].into_iter().all(|d| ground.users_authority(d) != Authority::Observe);
    let successor = people.all.get(renamed.to.value.as_str());
    let is_foreign = successor.and_then(|p| p.live).is_some_and(|l| ground.foreign(l.origin, &renamed.to.value.domain()).is_some());
    let ours = acts && !is_foreign && !ground.is_ignored(&ground.key(Kind::User, renamed.to.value.as_str()));
    match people.all.get_mut(renamed.from.value.as_str()) {
        Some(person)
            if ours && !ground.is_ignored(&person.key) && person.live.is_some_and(|l| ground.foreign(l.origin, &domain).is_none()) =>
        {
            person.fate = Fate::Replaced(renamed);
            true
        }
        _ => false,
    }
}

/// The old address has no live user of its own any more.
fn release(people: &mut People<'_>, from: &str) {
    let Some(person) = people.all.get_mut(from) else {
        return;
    };
    if person.is_declared() {
        person.live = None;
        person.fate = Fate::Create;
    } else {
        people.all.remove(from);
    }
}

fn take<'a>(ground: &Ground<'a>, people: &mut People<'a>, renamed: &'a Renamed, live: &'a crate::model::LiveUser<'static>) {
    let Some(person) = people.all.get_mut(renamed.to.value.as_str()) else {
        return;
    };
    person.live = Some(live);
    let old_domain = renamed.from.value.domain();
    if let Some(why) = ground.foreign(live.origin, &old_domain) {
        person.fate = Fate::LeftAlone(if why == LeftAlone::Directory { LeftAlone::DeclaredButOwned } else { why });
        return;
    }
    if ground.is_ignored(&person.key) || ground.is_ignored(&ground.key(Kind::User, renamed.from.value.as_str())) {
        // the user is in nobody's hands, under the old name or the new one (S17.2)
        person.fate = Fate::LeftAlone(LeftAlone::Ignored);
        return;
    }
    let observed = [&old_domain, &person.domain].into_iter().any(|d| ground.users_authority(d) == Authority::Observe);
    person.fate = if observed { Fate::LeftAlone(LeftAlone::Observed) } else { Fate::Rename(renamed) };
    person.block(ground.users_unknown(&old_domain));
}

/// Whether the panel can rename natively: the same domain, because that is what panels offer.
pub(super) fn is_native(ground: &Ground<'_>, renamed: &Renamed) -> bool {
    ground.kind(Kind::User).rename && renamed.from.value.domain() == renamed.to.value.domain()
}
