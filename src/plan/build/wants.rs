//! Which aliases a declared user shall have (S2.2, S3.2, S4.4).

use crate::model::{Authority, Field, Kind};
use crate::plan::build::draft::Work;
use crate::plan::build::ground::Ground;
use crate::plan::build::people::{Fate, People, Person};
use crate::plan::build::renames::is_native;
use crate::plan::build::tombstones::not_before;
use std::collections::{BTreeMap, BTreeSet};

/// Sets [`Person::aliases`] of every declared person.
pub(super) fn decide_aliases(ground: &Ground<'_>, work: &mut Work, people: &mut People<'_>) {
    if !ground.is_managed(Field::UserAliases) {
        return;
    }
    let extra = inherited(ground, people);
    for person in people.all.values_mut().filter(|p| p.is_declared()) {
        let none = BTreeSet::new();
        let more = extra.get(person.address()).unwrap_or(&none);
        person.keeps_old = match &person.fate {
            Fate::Rename(renamed) => more.contains(renamed.from.value.as_str()),
            Fate::Create | Fate::Keep | Fate::DeleteOld | Fate::Replaced(_) | Fate::Tombstone(_) | Fate::LeftAlone(_) | Fate::Unknown => {
                false
            }
        };
        person.aliases = wanted(ground, work, person, more);
    }
}

/// Names that count as declared aliases while a rename or a tombstone is written: new owner → names.
fn inherited(ground: &Ground<'_>, people: &People<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let declared_by = |name: &str, owner: &str| {
        let user = ground.desired.users.find(name);
        let own = ground.desired.users.find(owner).map(|u| u.row);
        user.is_none_or(|u| u.alias && Some(u.row) == own)
    };
    for renamed in ground.heads().renamed.iter().filter(|r| r.keep_old) {
        let (from, to) = (renamed.from.value.as_str(), renamed.to.value.as_str());
        if declared_by(from, to) {
            all.entry(to.to_owned()).or_default().insert(from.to_owned());
        }
    }
    for removed in ground.heads().removed.iter().filter(|r| r.kind == Kind::User && not_before(r, ground.now).is_none()) {
        let Some(heir) = &removed.keep_address else {
            continue;
        };
        let (name, heir) = (removed.name.value.as_str(), heir.value.as_str());
        let person = people.all.get(name).filter(|p| !p.is_declared());
        // somebody else has the name by now, or it was left alone: there is nothing to inherit. A later namesake who goes by
        // the whole list keeps the name from the heir until a person has looked: that is a conflict by name (S4.4)
        if person.is_some_and(|p| !matches!(p.fate, Fate::Tombstone(_) | Fate::DeleteOld)) {
            continue;
        }
        let names = all.entry(heir.to_owned()).or_default();
        names.extend(declared_by(name, heir).then(|| name.to_owned()));
        let keeps_more = people.all.get(heir).is_some_and(|h| !is_exact(ground, h));
        let aliases =
            person.filter(|p| keeps_more && matches!(p.fate, Fate::Tombstone(_))).and_then(|p| p.live).into_iter().flat_map(|l| &l.aliases);
        names.extend(aliases.filter(|a| declared_by(a, heir)).map(|a| a.clone().into_owned()));
    }
    all
}

/// Whether the declared aliases are all that the user may have.
fn is_exact(ground: &Ground<'_>, person: &Person<'_>) -> bool {
    let written = person.row.is_some_and(|r| r.user.aliases.is_some());
    written && ground.aliases_authority(&person.domain) == Authority::AddDeleteOld
}

fn wanted(ground: &Ground<'_>, work: &mut Work, person: &Person<'_>, more: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    let written = person.row.and_then(|r| r.user.aliases.as_ref());
    let live = person.live_aliases();
    // a rename by delete and create carries the aliases along, written or not
    let replaced = matches!(&person.fate, Fate::Rename(renamed) if !is_native(ground, renamed));
    if matches!(person.fate, Fate::Rename(_)) && ground.aliases_authority(&person.domain) == Authority::Observe {
        // its aliases are nobody's to change; they come along, and its old address as the rename says (S3.1)
        return replaced.then_some(live);
    }
    if written.is_none() && more.is_empty() && !replaced {
        return None;
    }
    let mut all: BTreeSet<String> = written.into_iter().flatten().map(ToString::to_string).collect();
    if written.is_some_and(BTreeSet::is_empty) && !live.is_empty() && !is_exact(ground, person) {
        work.warn(Some(person.key.clone()), "`aliases = []` clears under `add-delete-old` only: its aliases stay");
    }
    all.extend(more.iter().cloned());
    if !is_exact(ground, person) {
        // what is there stays, but a name that another row declares is not this user's to keep (S4.5)
        let own = ground.desired.users.find(person.address()).map(|u| u.row);
        let elsewhere = |name: &String| written.is_some() && ground.desired.users.find(name).is_some_and(|u| Some(u.row) != own);
        all.extend(live.into_iter().filter(|name| !elsewhere(name)));
    }
    all.remove(person.address());
    Some(all)
}
