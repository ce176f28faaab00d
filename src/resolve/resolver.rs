//! Rows in, table out: the users of one tenant, row by row, in any order, without keeping one.
//!
//! Invariant: [`Desired`] comes out only when nothing is wrong with the tenant. A plain row allocates nothing. Names are
//! unique by hash; hits are suspicions until [`Resolver::confirm`] has read both rows again.

use crate::base::limits::TENANT_ROWS;
use crate::base::span::{FileId, Place, Spanned};
use crate::base::{Address, DomainName, Findings, PrintKey, SecretRef, TenantName};
use crate::config::declared::TombstoneList;
use crate::config::{RawRow, Removed, Renamed};
use crate::model::observed::RowId;
use crate::model::{Field, FieldMask, Kind, User, UserKind, UserStatus};
use crate::resolve::hits::{Clash, Hits, KeyCollision, Suspicion, has_name};
use crate::resolve::prints::WordPrints;
use crate::resolve::row_text::RowText;
use crate::resolve::rules::{
    address, alias_outside_domains, alias_own_address, rotate_text, secret_not_allowed, too_many_aliases, too_many_rows, unknown_word,
    user_outside_domains,
};
use crate::resolve::secrets::AllowedSecrets;
use crate::resolve::user_table::{NameUse, UserTable, print_aliases, print_text};
use crate::resolve::zones::Zones;
use crate::resolve::{Desired, Heads};
use std::collections::BTreeMap;

/// The list that a row stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List<'a> {
    /// CSV; else inline tables. All inline tables of a tenant are one list, each CSV file is one.
    pub csv: bool,
    /// The domain that the list belongs to; `None`: rows go to the domain of their address.
    pub domain: Option<&'a DomainName>,
}

/// Takes the rows of one tenant.
#[derive(Debug)]
pub struct Resolver {
    pub(super) heads: Heads,
    pub(super) table: UserTable,
    pub(super) comparable: FieldMask,
    pub(super) words: WordPrints,
    pub(super) hits: Hits,
    pub(super) findings: Findings,
    pub(super) zones: Zones,
    pub(super) concluded: bool,
    key: PrintKey,
    allowed: AllowedSecrets,
    text: RowText,
    csv: BTreeMap<FileId, bool>,
    last_file: Option<(FileId, bool)>,
}

/// What became of a row's address.
enum Owner {
    /// A row of its own.
    New,
    /// It adds up with an earlier row.
    Joins(RowId),
}

impl Resolver {
    /// For a tenant's resolved heads. `comparable` is what the panel can compare, `key` the run's. No secret reference
    /// is allowed before [`Resolver::with_secrets`].
    #[must_use]
    pub fn new(heads: &Heads, comparable: FieldMask, key: PrintKey) -> Self {
        Self {
            zones: Zones::new(heads),
            heads: heads.clone(),
            table: UserTable::new(key),
            comparable,
            words: WordPrints::new(key),
            hits: Hits::default(),
            findings: Findings::new(),
            concluded: false,
            key,
            allowed: AllowedSecrets::default(),
            text: RowText::default(),
            csv: BTreeMap::new(),
            last_file: None,
        }
    }
    /// Allows secret references as the policy says (S19.1).
    #[must_use]
    pub fn with_secrets(mut self, allowed: AllowedSecrets) -> Self {
        self.allowed = allowed;
        self
    }
    /// Hints how many rows come.
    pub fn reserve(&mut self, rows: usize) {
        self.table.reserve(rows);
    }
    /// Takes one row.
    pub fn push_row(&mut self, raw: &RawRow<'_>, list: List<'_>) {
        let mut findings = std::mem::take(&mut self.findings);
        self.take_row(raw, list, &mut findings);
        self.findings = findings;
    }
    /// Takes one row of a `[[removed]] users_from` list.
    pub fn push_tombstone_row(&mut self, raw: &RawRow<'_>, list: &TombstoneList) {
        let tenant = self.heads.name();
        let Some(cell) = &raw.address else {
            return address::report_missing(raw.span(), tenant, &mut self.findings);
        };
        match Address::parse(&cell.text) {
            Err(error) => address::report_bad(cell, &error, tenant, &mut self.findings),
            Ok(gone) => self.heads.removed.push(Removed {
                at: raw.span(),
                kind: Kind::User,
                name: Spanned::new(gone.to_string(), cell.span),
                since: list.since.clone(),
                on: list.on.clone(),
                reason: list.reason.clone(),
                username: None,
                incarnation: None,
                keep_address: None,
            }),
        }
    }
    /// Names that were met twice, once all rows are pushed. Empty: [`Resolver::confirm`] has nothing to do.
    pub fn suspicions(&mut self) -> Vec<Suspicion> {
        self.conclude();
        self.hits.suspicions()
    }
    /// Reads suspected rows again: `read` gives the user of the row at a place (with [`crate::resolve::row_user`]).
    /// What cannot be read stays suspected, and [`Resolver::finish`] takes it for true.
    ///
    /// # Errors
    /// [`KeyCollision`]: a name is not where its hash says. Resolve the tenant again with another key.
    pub fn confirm(&mut self, read: &mut dyn FnMut(Place) -> Option<User>) -> Result<(), KeyCollision> {
        self.conclude();
        for hit in &mut self.hits.kept {
            let parts: Vec<User> = self.table.places(hit.other.row).into_iter().filter_map(&mut *read).collect();
            let Some(first) = parts.first() else {
                continue;
            };
            if !parts.iter().any(|user| has_name(user, &hit.name, hit.other.alias, &self.heads.renamed)) {
                return Err(KeyCollision);
            }
            hit.other_owner = Some(first.address.to_string());
        }
        Ok(())
    }
    /// The desired tenant, with warnings; or all findings, when one of them is an error.
    ///
    /// # Errors
    /// The findings of the tenant's rows.
    pub fn finish(mut self) -> Result<(Desired, Findings), Findings> {
        self.conclude();
        self.hits.report(self.heads.name(), &mut self.findings);
        if self.findings.has_errors() {
            return Err(self.findings);
        }
        self.table.shrink();
        Ok((Desired { heads: self.heads, users: self.table }, self.findings))
    }

    /// One row, with the findings of whoever decodes.
    pub(super) fn take_row(&mut self, raw: &RawRow<'_>, list: List<'_>, findings: &mut Findings) {
        if self.table.len() >= TENANT_ROWS {
            return too_many_rows::report_one(raw.span(), self.heads.name(), findings);
        }
        if !self.text.read(raw, self.heads.name(), findings) {
            return;
        }
        self.remember_file(raw.place.file(), list.csv);
        let (mask, attributes) = self.attributes(raw, findings);
        let Some(owner) = self.owner(raw, list, mask) else {
            return;
        };
        let next = RowId(u32::try_from(self.table.len()).unwrap_or(u32::MAX));
        let row = match owner {
            Owner::New => next,
            Owner::Joins(row) => row,
        };
        if let Some(cell) = &raw.address {
            let zone = user_outside_domains::check(&mut self.zones, cell, self.text.address(), list.domain, self.heads.name(), findings);
            zone.filter(|_| matches!(owner, Owner::New)).into_iter().for_each(|domain| self.zones.count(domain));
        }
        let print = attributes.wrapping_add(self.aliases(raw, row, findings));
        match owner {
            Owner::New => drop(self.table.push(print, raw.place, mask)),
            Owner::Joins(row) => self.table.add(row, print, raw.place, mask),
        }
        self.rename(raw, findings);
    }

    /// Claims the address. `None`: the row contradicts an earlier one and is left out.
    fn owner(&mut self, raw: &RawRow<'_>, list: List<'_>, mask: FieldMask) -> Option<Owner> {
        let next = RowId(u32::try_from(self.table.len()).unwrap_or(u32::MAX));
        let address = self.text.address();
        let Some(other) = self.table.claim(address, next, false) else {
            return Some(Owner::New);
        };
        let at = raw.address.as_ref().map_or(raw.span(), |cell| cell.span);
        let other_at = self.table.place(other.row);
        if other.alias {
            let clash = Clash::Name { owner: address.to_owned(), alias: false };
            self.hits.push(clash, address, at, other, other_at);
            return Some(Owner::New);
        }
        let file = raw.place.file();
        let inline = |f: &FileId| self.csv.get(f) == Some(&false);
        let same_list = |p: &Place| p.file() == file || (!list.csv && inline(&p.file()));
        if let Some(twin) = self.table.places(other.row).into_iter().find(same_list) {
            self.hits.push(Clash::RowTwice, address, at, other, twin);
            return None;
        }
        let both = self.table.mask(other.row).and(mask);
        if both != FieldMask::NONE {
            self.hits.push(Clash::Fields(both), address, at, other, other_at);
            return None;
        }
        Some(Owner::Joins(other.row))
    }

    /// Claims the aliases of the row in hand; their print.
    fn aliases(&mut self, raw: &RawRow<'_>, row: RowId, findings: &mut Findings) -> u128 {
        let Some(cells) = &raw.aliases else {
            return 0;
        };
        too_many_aliases::check(raw, self.heads.name(), findings);
        let tenant: &TenantName = &self.heads.tenant.name;
        for (alias, i) in self.text.aliases() {
            alias_outside_domains::check(&mut self.zones, &cells[i], alias, tenant, findings);
            if alias == self.text.address() {
                alias_own_address::report_one(&cells[i], alias, tenant, findings);
            } else if let Some(other) = self.table.claim(alias, row, true) {
                let clash = Clash::Name { owner: self.text.address().to_owned(), alias: true };
                let other_at = if other.row.0 as usize == self.table.len() { raw.place } else { self.table.place(other.row) };
                self.hits.push(clash, alias, cells[i].span, other, other_at);
            }
        }
        if self.comparable.has(Field::UserAliases) { print_aliases(self.key, self.text.aliases().map(|(alias, _)| alias)) } else { 0 }
    }

    /// What the row declares, and the print of what of it can be compared; aliases apart.
    fn attributes(&mut self, raw: &RawRow<'_>, findings: &mut Findings) -> (FieldMask, u128) {
        let tenant = &self.heads.tenant.name;
        let (mut mask, mut print) = (FieldMask::NONE, 0u128);
        let mut declare = |field: Field, one: &dyn Fn() -> u128| {
            mask = mask.with(field);
            if self.comparable.has(field) {
                print = print.wrapping_add(one());
            }
        };
        let texts = [(Field::UserFirstName, &raw.first_name), (Field::UserLastName, &raw.last_name), (Field::UserGroup, &raw.group)];
        for (field, cell) in texts.iter().filter_map(|(field, cell)| cell.as_ref().map(|c| (*field, c))) {
            declare(field, &|| print_text(self.key, field, &cell.text));
        }
        if let Some(cell) = &raw.kind {
            match UserKind::parse(&cell.text) {
                Some(kind) => declare(Field::UserKind, &|| self.words.kind(kind)),
                None => unknown_word::report_one("kind", cell, UserKind::WORDS, tenant, findings),
            }
        }
        if let Some(cell) = &raw.status {
            match UserStatus::parse(&cell.text) {
                Some(status) => declare(Field::UserStatus, &|| self.words.status(status)),
                None => unknown_word::report_one("status", cell, UserStatus::WORDS, tenant, findings),
            }
        }
        if let Some(password) = &raw.password
            && rotate_text::check(password, tenant, findings)
        {
            let from = password.from.text.clone().into_owned();
            let from = if password.is_file { SecretRef::File(from) } else { SecretRef::Env(from) };
            secret_not_allowed::check_one(&self.allowed, &from, password.from.span, tenant, findings);
        }
        let bit = |field: Field, there: bool| if there { FieldMask::of(field).0 } else { 0 };
        let apart = bit(Field::UserAliases, raw.aliases.is_some()) | bit(Field::UserPassword, raw.password.is_some());
        (FieldMask(mask.0 | apart), print)
    }

    fn rename(&mut self, raw: &RawRow<'_>, findings: &mut Findings) {
        let (Some(before), Some(now)) = (&raw.previous_address, &raw.address) else {
            return;
        };
        match (Address::parse(&before.text), Address::parse(&now.text)) {
            (Ok(from), Ok(to)) => self.heads.renamed.push(Renamed {
                at: raw.span(),
                from: Spanned::new(from, before.span),
                to: Spanned::new(to, now.span),
                keep_old: true,
            }),
            (Err(error), _) => address::report_bad(before, &error, &self.heads.tenant.name, findings),
            (Ok(_), Err(_)) => {}
        }
    }

    fn remember_file(&mut self, file: FileId, csv: bool) {
        if self.last_file != Some((file, csv)) {
            self.csv.insert(file, csv);
            self.last_file = Some((file, csv));
        }
    }
}

/// The row of a name whose user it is, not an alias.
pub(super) fn user_of(found: Option<NameUse>) -> Option<RowId> {
    found.filter(|u| !u.alias).map(|u| u.row)
}
