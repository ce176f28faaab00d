//! Names that pass from one user to another (S4.5): moved, freed and taken, or a conflict by name.
//!
//! Whoever gives and whoever takes belong together: where one of them is blocked, so is the other, because an address
//! that is freed and not taken bounces.

use crate::config::Removed;
use crate::model::{Authority, Field, Operation, Reason};
use crate::plan::build::draft::Work;
use crate::plan::build::ground::Ground;
use crate::plan::build::people::{Fate, People, Person};
use crate::plan::build::renames::is_native;
use crate::plan::build::tombstones::not_before;
use crate::plan::{LeftAlone, Note};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// How a name passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pass {
    /// By a move between two live users.
    Move,
    /// By a move that comes after the other changes of both: to a user that comes to be in this plan, or whose rename waits.
    LateMove,
    /// The holder's update frees it, then it is taken as an address.
    Free,
    /// The holder is deleted first.
    Delete,
    /// The holder is renamed away first.
    Rename,
}

/// A name that passes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Link {
    pub taker: String,
    pub holder: String,
    pub name: String,
    pub pass: Pass,
}

/// Finds every name that passes, blocks conflicts, and carries blocks along the links.
pub(super) fn settle_names(ground: &Ground<'_>, work: &mut Work, people: &mut People<'_>) -> Vec<Link> {
    let mut held: BTreeMap<String, String> = BTreeMap::new();
    for person in people.all.values() {
        held.extend(person.live_names().into_iter().map(|name| (name, person.address().to_owned())));
    }
    let mut links = Vec::new();
    let takers: Vec<(String, BTreeSet<String>)> =
        people.all.values().map(|p| (p.address().to_owned(), takes(ground, p))).filter(|(_, t)| !t.is_empty()).collect();
    for (taker, names) in takers {
        for name in names {
            let Some(holder) = held.get(&name).filter(|h| **h != taker) else {
                continue;
            };
            match judge(ground, &people.all[&taker], &people.all[holder], &name) {
                // who is renamed to a name that another frees first cannot move anything before that: the freeing comes after
                // the early moves of its user
                Ok(Pass::Move) if [&taker, holder].into_iter().any(|p| waits_for_its_name(&held, &people.all[p])) => {
                    links.push(Link { taker: taker.clone(), holder: holder.clone(), name, pass: Pass::LateMove });
                }
                Ok(pass) => links.push(Link { taker: taker.clone(), holder: holder.clone(), name, pass }),
                Err(reason) => conflict(ground, work, people, &taker, holder, &name, reason),
            }
        }
    }
    hold_declared(ground, people, &links);
    refuse_swaps(ground, people, &links);
    block_unread(ground, people);
    carry_blocks(people, &links);
    record(people, &links);
    links.sort();
    links
}

/// Whether a person is renamed to a name that somebody else has now.
fn waits_for_its_name(held: &BTreeMap<String, String>, person: &Person<'_>) -> bool {
    matches!(person.fate, Fate::Rename(_)) && held.get(person.address()).is_some_and(|holder| holder != person.address())
}

/// Names that a person has after the plan and not now.
pub(super) fn takes(ground: &Ground<'_>, person: &Person<'_>) -> BTreeSet<String> {
    match &person.fate {
        Fate::Create | Fate::Keep | Fate::Rename(_) => {}
        Fate::DeleteOld | Fate::Replaced(_) | Fate::Tombstone(_) | Fate::LeftAlone(_) | Fate::Unknown => return BTreeSet::new(),
    }
    let exists = matches!(person.fate, Fate::Keep);
    if ground.is_ignored(&person.key) || (!exists && ground.users_authority(&person.domain) == Authority::Observe) {
        return BTreeSet::new();
    }
    if exists && person.live.is_some_and(|l| ground.foreign(l.origin, &person.domain).is_some()) {
        return BTreeSet::new();
    }
    let mut all: BTreeSet<String> = BTreeSet::new();
    if !exists {
        all.insert(person.address().to_owned());
    }
    if !exists || ground.aliases_authority(&person.domain) != Authority::Observe {
        all.extend(person.aliases.iter().flatten().cloned());
    }
    let own = person.live_names();
    all.retain(|name| !own.contains(name));
    all
}

/// How `holder` lets go of `name`, or why it does not.
fn judge(ground: &Ground<'_>, taker: &Person<'_>, holder: &Person<'_>, name: &str) -> Result<Pass, Reason> {
    let held = |who: &str, remedy: &str| {
        Err(Reason::NameHeld { name: name.to_owned(), holder: format!("{}{who}", holder.key), remedy: remedy.to_owned() })
    };
    if taker.address() != name && ground.aliases_authority(&taker.domain) == Authority::Observe {
        return held("", "the aliases of who would get it are under `observe`, and nothing moves there");
    }
    match &holder.fate {
        Fate::Tombstone(_) | Fate::Replaced(_) => Ok(Pass::Delete),
        Fate::DeleteOld => held(", whom the whole list does not name", "say whether it is renamed, or removed and its address kept"),
        Fate::LeftAlone(why) => held(whose(*why), "declare it with its aliases, or take the name away there"),
        Fate::Unknown | Fate::Create => held("", "it could not be read"),
        Fate::Rename(renamed) if !is_native(ground, renamed) => {
            let keeps = holder.aliases.as_ref().is_some_and(|a| a.contains(name));
            if keeps { held("", "write the aliases of that user, without this name") } else { Ok(Pass::Delete) }
        }
        Fate::Rename(renamed) if renamed.from.value.as_str() == name && !holder.keeps_old => Ok(Pass::Rename),
        Fate::Keep | Fate::Rename(_) => {
            let foreign = holder.live.and_then(|l| ground.foreign(l.origin, &holder.domain));
            if let Some(why) = foreign {
                return held(whose(why), "take the name away there");
            }
            if ground.aliases_authority(&holder.domain) == Authority::Observe || ground.is_ignored(&holder.key) {
                return held("", "its aliases are under `observe` or ignored");
            }
            let written = holder.row.is_some_and(|r| r.user.aliases.is_some());
            if !written || !ground.is_managed(Field::UserAliases) || holder.aliases.as_ref().is_some_and(|a| a.contains(name)) {
                return held("", "write the aliases of that user, without this name");
            }
            Ok(match (&taker.fate, taker.address() == name) {
                (_, true) => Pass::Free,
                (Fate::Keep, false) => Pass::Move,
                (Fate::Rename(renamed), false) if is_native(ground, renamed) => Pass::Move,
                (_, false) => Pass::LateMove,
            })
        }
    }
}

fn whose(why: LeftAlone) -> &'static str {
    match why {
        LeftAlone::Directory | LeftAlone::DeclaredButOwned => ", whom the directory owns",
        LeftAlone::UnknownOrigin => ", whose origin is unknown",
        LeftAlone::Undeclared => ", whom no file names",
        LeftAlone::Observed => ", who is under `observe`",
        LeftAlone::Ignored => ", who is ignored",
    }
}

/// Blocks the taker, and the holder too where it would be deleted: its address must not bounce (S4.4).
fn conflict(ground: &Ground<'_>, work: &mut Work, people: &mut People<'_>, taker: &str, holder: &str, name: &str, reason: Reason) {
    if matches!(people.all[holder].fate, Fate::DeleteOld) {
        let is_new = people.all[taker].live.is_none();
        let since = ground.now.to_zoned(TimeZone::UTC).date();
        let paste = if is_new && name == holder {
            format!("[[renamed]]\nfrom = \"{holder}\"\nto = \"{taker}\"\n")
        } else if name == holder {
            format!("[[removed]]\nuser = \"{holder}\"\nsince = {since}\nkeep_address = \"{taker}\"\n")
        } else {
            format!("[[removed]]\nuser = \"{holder}\"\nsince = {since}\n")
        };
        let text = format!("`{name}` leaves {holder}, whom the list no longer names, and comes to {taker}: say what is meant");
        work.report.warnings.push(Note { key: Some(people.all[taker].key.clone()), text, paste: Some(paste) });
        if let Some(person) = people.all.get_mut(holder) {
            person.block(Some(reason.clone()));
        }
    }
    if let Some(person) = people.all.get_mut(taker) {
        person.block(Some(reason));
    }
}

/// Two users that want each other's names need an atomic call (S4.5).
fn refuse_swaps(ground: &Ground<'_>, people: &mut People<'_>, links: &[Link]) {
    if ground.offer(Operation::Move).atomic {
        return;
    }
    let pairs: BTreeSet<(&str, &str)> = links.iter().map(|l| (l.taker.as_str(), l.holder.as_str())).collect();
    for link in links {
        let back = pairs.contains(&(link.holder.as_str(), link.taker.as_str()));
        if let (true, Some(person)) = (back, people.all.get_mut(&link.taker)) {
            let (one, other) = if link.taker < link.holder { (&link.taker, &link.holder) } else { (&link.holder, &link.taker) };
            person.block(Some(Reason::Swap { one: one.clone(), other: other.clone() }));
        }
    }
}

/// Scopes that were not read block what rests on them (S1.4).
fn block_unread(ground: &Ground<'_>, people: &mut People<'_>) {
    let anywhere = ground.unknown_users();
    for person in people.all.values_mut() {
        person.block(ground.users_unknown(&person.domain));
        if anywhere.is_some() && !takes(ground, person).is_empty() {
            person.block(anywhere.clone());
        }
    }
}

fn carry_blocks(people: &mut People<'_>, links: &[Link]) {
    loop {
        let mut changed = false;
        for link in links {
            for (from, to) in [(&link.taker, &link.holder), (&link.holder, &link.taker)] {
                if people.all[from].block.is_some() && people.all[to].block.is_none() {
                    let text = format!("`{}` passes between it and {}, which is blocked", link.name, people.all[from].key);
                    if let Some(person) = people.all.get_mut(to) {
                        person.block(Some(Reason::Ambiguous { text }));
                        changed = true;
                    }
                }
            }
        }
        if !changed {
            return;
        }
    }
}

fn record(people: &mut People<'_>, links: &[Link]) {
    for link in links {
        let late = match link.pass {
            Pass::Move => false,
            Pass::LateMove => true,
            Pass::Free | Pass::Delete | Pass::Rename => {
                if let (Pass::Rename, Some(taker)) = (link.pass, people.all.get_mut(&link.taker)) {
                    taker.late_takes.insert(link.name.clone());
                }
                if let Some(holder) = people.all.get_mut(&link.holder) {
                    holder.frees.insert(link.name.clone());
                }
                continue;
            }
        };
        if let Some(taker) = people.all.get_mut(&link.taker) {
            let moves = if late { &mut taker.late_moves_in } else { &mut taker.moves_in };
            moves.insert(link.name.clone());
        }
        if let Some(holder) = people.all.get_mut(&link.holder) {
            let moves = if late { &mut holder.late_moves_out } else { &mut holder.moves_out };
            moves.insert(link.name.clone());
        }
    }
}

/// A name that a row declares and that its user cannot take now is not dropped by another: the dropper is blocked by
/// name, because the files say that the address shall be accepted.
fn hold_declared(ground: &Ground<'_>, people: &mut People<'_>, links: &[Link]) {
    let passing: BTreeSet<&str> = links.iter().map(|l| l.name.as_str()).collect();
    for person in people.all.values_mut() {
        let own = ground.desired.users.find(person.address()).filter(|u| !u.alias).map(|u| u.row);
        let declared = |name: &String| ground.desired.users.find(name).is_some_and(|u| Some(u.row) != own);
        let held = drops(ground, person).into_iter().find(|name| !passing.contains(name.as_str()) && declared(name));
        if let Some(name) = held {
            let text = format!(
                "`{name}` would stop, and another user declares it that cannot take it now (left alone, under `observe` or not read)"
            );
            person.block(Some(Reason::Ambiguous { text }));
        }
        // an address whose heir cannot take it (directory-owned, under `observe`, ignored) would bounce (S9.2)
        if let Fate::Tombstone(removed @ Removed { keep_address: Some(heir), .. }) = &person.fate
            && not_before(removed, ground.now).is_none()
            && !passing.contains(person.address())
        {
            let text = format!(
                "its address is kept for {}, who cannot take it now (left alone, under `observe` or not declared): it would bounce",
                heir.value
            );
            person.block(Some(Reason::Ambiguous { text }));
        }
    }
}

/// Names that a person has now and not after the plan.
fn drops(ground: &Ground<'_>, person: &Person<'_>) -> BTreeSet<String> {
    let mut all = person.live_names();
    match &person.fate {
        Fate::DeleteOld | Fate::Replaced(_) | Fate::Tombstone(_) => return all,
        Fate::LeftAlone(_) | Fate::Unknown | Fate::Create => return BTreeSet::new(),
        Fate::Keep | Fate::Rename(_) => {}
    }
    let foreign = person.live.is_some_and(|l| ground.foreign(l.origin, &person.domain).is_some());
    let observed = ground.aliases_authority(&person.domain) == Authority::Observe;
    if foreign || ground.is_ignored(&person.key) || (observed && matches!(person.fate, Fate::Keep)) {
        return BTreeSet::new();
    }
    let stay = person.aliases.clone().unwrap_or_else(|| person.live_aliases());
    all.retain(|name| name != person.address() && !stay.contains(name));
    all
}
