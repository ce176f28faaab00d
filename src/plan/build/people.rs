//! The users that must be judged, each paired with its declared row and its live self.
//!
//! A person is known by the address that it has after the plan: a declared rename pairs the live user of the old address
//! with the row of the new one (S4.4). Users that are equal are not here: they cost a bit in the join.

use crate::base::DomainName;
use crate::base::address::domain_part;
use crate::config::{Removed, Renamed};
use crate::model::{Key, Kind, LiveUser, Reason};
use crate::plan::build::ground::Ground;
use crate::plan::{DetailRow, LeftAlone};
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of a person.
#[derive(Debug, Clone)]
pub(super) enum Fate<'a> {
    /// Declared and not live.
    Create,
    /// Declared and live: compared.
    Keep,
    /// Declared, and live under another address.
    Rename(&'a Renamed),
    /// Goes by the whole list.
    DeleteOld,
    /// Goes because a rename by delete and create has made its successor already.
    Replaced(&'a Renamed),
    /// Goes by a tombstone.
    Tombstone(&'a Removed),
    /// Nothing is done to it.
    LeftAlone(LeftAlone),
    /// Not seen, in a part that was not read: unknown.
    Unknown,
}

/// A user in hand.
#[derive(Debug, Clone)]
pub(super) struct Person<'a> {
    pub key: Key,
    pub domain: DomainName,
    pub row: Option<&'a DetailRow>,
    pub live: Option<&'a LiveUser<'static>>,
    pub fate: Fate<'a>,
    /// Why no step of it may go.
    pub block: Option<Reason>,
    /// Aliases that it shall have; `None`: not managed.
    pub aliases: Option<BTreeSet<String>>,
    /// Whether its old address stays with it through a rename.
    pub keeps_old: bool,
    /// Names that it takes from others: alias moves before its own update, and after its creation.
    pub moves_in: BTreeSet<String>,
    pub late_moves_in: BTreeSet<String>,
    /// Names that others take from it by a move.
    pub moves_out: BTreeSet<String>,
    pub late_moves_out: BTreeSet<String>,
    /// Names that it gives up so that others can take them.
    pub frees: BTreeSet<String>,
    /// Names that it takes after another user was renamed away from them.
    pub late_takes: BTreeSet<String>,
}

impl<'a> Person<'a> {
    pub(super) fn new(
        ground: &Ground<'a>,
        address: &str,
        row: Option<&'a DetailRow>,
        live: Option<&'a LiveUser<'static>>,
        fate: Fate<'a>,
    ) -> Self {
        Self {
            key: ground.key(Kind::User, address),
            domain: DomainName::canonical(domain_part(address)),
            row,
            live,
            fate,
            block: None,
            aliases: None,
            keeps_old: false,
            moves_in: BTreeSet::new(),
            late_moves_in: BTreeSet::new(),
            moves_out: BTreeSet::new(),
            late_moves_out: BTreeSet::new(),
            frees: BTreeSet::new(),
            late_takes: BTreeSet::new(),
        }
    }
    pub(super) fn address(&self) -> &str {
        &self.key.name
    }
    /// Live aliases as they will stand after a rename alone: the old address among them where it is kept.
    pub(super) fn live_aliases(&self) -> BTreeSet<String> {
        let Some(live) = self.live else {
            return BTreeSet::new();
        };
        let mut all: BTreeSet<String> = live.aliases.iter().map(|a| a.clone().into_owned()).collect();
        all.remove(self.address());
        if self.keeps_old {
            all.insert(live.address.clone().into_owned());
        }
        all
    }
    /// All live names.
    pub(super) fn live_names(&self) -> BTreeSet<String> {
        let mut all: BTreeSet<String> = self.live.iter().flat_map(|l| l.aliases.iter()).map(|a| a.clone().into_owned()).collect();
        all.extend(self.live.map(|l| l.address.clone().into_owned()));
        all
    }
    pub(super) fn is_declared(&self) -> bool {
        self.row.is_some()
    }
    pub(super) fn block(&mut self, reason: Option<Reason>) {
        if self.block.is_none() {
            self.block = reason;
        }
    }
}

/// All persons by address, and what stopped the gathering: rows that changed while they were read.
pub(super) struct People<'a> {
    pub all: BTreeMap<String, Person<'a>>,
    pub torn: Option<Reason>,
    /// Declared users that were not seen in parts that were not read.
    pub unknown: u64,
    /// Renames whose old address is gone.
    pub renamed: Vec<&'a Renamed>,
}

impl<'a> People<'a> {
    /// Pairs rows with live users. Fates of undeclared users and renames are decided later.
    pub(super) fn gather(ground: &Ground<'a>) -> Self {
        let mut people = Self { all: BTreeMap::new(), torn: None, unknown: 0, renamed: Vec::new() };
        // a map that is made at once is packed; one that grows in order is half empty
        let mut all: Vec<(String, Person<'a>)> = Vec::with_capacity(ground.observed.kept.len() + ground.observed.missing.len());
        for kept in &ground.observed.kept {
            let row = match kept.row {
                None => None,
                Some(id) => match people.row(ground, id) {
                    Some(row) => Some(row),
                    None => continue,
                },
            };
            let fate = if row.is_some() { Fate::Keep } else { Fate::LeftAlone(LeftAlone::Undeclared) };
            let person = Person::new(ground, &kept.live.address, row, Some(&kept.live), fate);
            all.push((person.address().to_owned(), person));
        }
        for id in &ground.observed.missing {
            let Some(row) = people.row(ground, *id) else {
                continue;
            };
            let mut person = Person::new(ground, row.user.address.as_str(), Some(row), None, Fate::Create);
            if !ground.users_whole(&person.domain) {
                person.fate = Fate::Unknown;
                people.unknown += 1;
            }
            all.push((person.address().to_owned(), person));
        }
        people.all = all.into_iter().collect();
        people
    }

    fn row(&mut self, ground: &Ground<'a>, id: crate::model::RowId) -> Option<&'a DetailRow> {
        match ground.rows.rows.get(&id) {
            Some(Ok(row)) => return Some(row),
            Some(Err(reason)) => self.torn = Some(self.torn.take().map_or_else(|| reason.clone(), |t| t.min(reason.clone()))),
            None => {
                let lost = Reason::SourceChanged { place: format!("row {}", id.0) };
                self.torn = Some(self.torn.take().unwrap_or(lost));
            }
        }
        None
    }
}
