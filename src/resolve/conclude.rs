//! What can be judged only when all rows are in: renames, tombstones, defaults, empty lists.

use crate::base::DomainName;
use crate::config::Renamed;
use crate::model::{Field, FieldMask, Kind};
use crate::resolve::hits::Clash;
use crate::resolve::resolver::{Resolver, user_of};
use crate::resolve::rules::rename::Obstacle;
use crate::resolve::rules::report::report;
use crate::resolve::rules::{continuity_prerequisites, removed_heir, rename, whole_list_empty};
use crate::resolve::user_table::print_name;
use std::collections::BTreeMap;

impl Resolver {
    /// Judges the rows as a whole, once.
    pub(super) fn conclude(&mut self) {
        if std::mem::replace(&mut self.concluded, true) {
            return;
        }
        self.renames();
        self.tombstones();
        self.fill_defaults();
        let users = self.zones.per_domain();
        let count = |domain: &DomainName| users.get(domain.as_str()).copied().unwrap_or(0);
        continuity_prerequisites::check_users(&self.heads, &count, &mut self.findings);
        whole_list_empty::check_users(&self.heads, &count, &mut self.findings);
        self.table.per_domain = users;
    }

    /// The kept old address of a rename counts as a declared alias (S4.4). Renames end up sorted by their new address.
    fn renames(&mut self) {
        self.heads.renamed.sort_by(|a, b| (&a.to.value, &a.from.value, a.at.place).cmp(&(&b.to.value, &b.from.value, b.at.place)));
        let all = self.heads.renamed.clone();
        let mut ends = BTreeMap::new();
        for renamed in &all {
            let obstacle =
                match (ends.insert(("to", &renamed.to.value), renamed.at), ends.insert(("from", &renamed.from.value), renamed.at)) {
                    (Some(other), _) | (None, Some(other)) => Some(Obstacle::Twice(other)),
                    (None, None) if renamed.from.value == renamed.to.value => Some(Obstacle::Same),
                    (None, None) if user_of(self.table.find(renamed.to.value.as_str())).is_none() => Some(Obstacle::NotDeclared),
                    (None, None) => None,
                };
            match obstacle {
                Some(obstacle) => report(&mut self.findings, &self.heads.tenant.name, &rename::DOC, || rename::finding(renamed, obstacle)),
                None => self.keep_old(renamed),
            }
        }
    }

    fn keep_old(&mut self, renamed: &Renamed) {
        let (from, to) = (renamed.from.value.as_str(), renamed.to.value.as_str());
        let Some(row) = user_of(self.table.find(to)) else {
            return;
        };
        let taken = if renamed.keep_old { self.table.claim(from, row, true) } else { self.table.find(from) };
        match taken {
            Some(other) if other.row == row && other.alias => {}
            Some(other) if renamed.keep_old || !other.alias => {
                let clash = Clash::Renamed(Box::new(renamed.clone()));
                self.hits.push(clash, from, renamed.from.span, other, self.table.place(other.row));
            }
            Some(_) => {}
            None => {
                let compared = self.comparable.and(self.table.mask(row)).has(Field::UserAliases);
                if renamed.keep_old && compared {
                    self.table.amend(row, print_name(self.table.key(), from));
                }
            }
        }
    }

    fn tombstones(&mut self) {
        let table = &self.table;
        for removed in self.heads.removed.iter().filter(|r| r.kind == Kind::User) {
            let name = removed.name.value.as_str();
            if let Some(other) = table.find(name).filter(|u| !u.alias) {
                self.hits.push(Clash::Removed, name, removed.at, other, table.place(other.row));
            }
            let declared = |name: &str| user_of(table.find(name)).is_some();
            removed_heir::check(removed, &declared, &self.heads.tenant.name, &mut self.findings);
        }
    }

    /// Defaults count as written where a row says nothing (S2.3).
    fn fill_defaults(&mut self) {
        let comparable = self.comparable;
        let print = |field: Field, print: u128| if FieldMask::of(field).and(comparable) == FieldMask::NONE { 0 } else { print };
        if let Some(kind) = &self.heads.defaults.kind {
            self.table.fill(Field::UserKind, print(Field::UserKind, self.words.kind(kind.value)));
        }
        if let Some(status) = &self.heads.defaults.status {
            self.table.fill(Field::UserStatus, print(Field::UserStatus, self.words.status(status.value)));
        }
    }
}
