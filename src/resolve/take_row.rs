//! One row in hand: its names claimed, its print made, its faults told.
//!
//! Invariant: a plain row allocates nothing; every row that is left out has an error among the findings or hits.

use crate::base::limits::TENANT_ROWS;
use crate::base::span::{FileId, Place, Spanned};
use crate::base::{Address, Findings, TenantName};
use crate::config::declared::TombstoneList;
use crate::config::{RawRow, Removed, Renamed};
use crate::model::observed::RowId;
use crate::model::{Field, FieldMask, Kind, UserKind, UserStatus};
use crate::resolve::full_row::reference;
use crate::resolve::hits::Clash;
use crate::resolve::resolver::{List, Resolver};
use crate::resolve::rules::{
    address, alias_outside_domains, alias_own_address, rotate_text, secret_not_allowed, too_many_rows, unknown_word, user_outside_domains,
};
use crate::resolve::user_table::{print_name, print_text};

/// What became of a row's address.
enum Owner {
    /// A row of its own.
    New,
    /// It adds up with an earlier row.
    Joins(RowId),
}

impl Resolver {
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
            let zone = user_outside_domains::check(
                &mut self.zones,
                cell,
                (self.text.address(), self.text.address_domain()),
                list.domain,
                self.heads.name(),
                findings,
            );
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
        let tenant: &TenantName = &self.heads.tenant.name;
        let mut sum = self.words.no_aliases();
        for alias in self.text.aliases() {
            let cell = &cells[alias.place];
            alias_outside_domains::check(&mut self.zones, cell, (alias.name, alias.domain), tenant, findings);
            if alias.name == self.text.address() {
                alias_own_address::report_one(cell, alias.name, tenant, findings);
                continue;
            }
            let print = print_name(self.key, alias.name);
            sum = sum.wrapping_add(print);
            if let Some(other) = self.table.claim_print(print, row, true) {
                let clash = Clash::Name { owner: self.text.address().to_owned(), alias: true };
                let other_at = if other.row.0 as usize == self.table.len() { raw.place } else { self.table.place(other.row) };
                self.hits.push(clash, alias.name, cell.span, other, other_at);
            }
        }
        if self.comparable.has(Field::UserAliases) { sum } else { 0 }
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
            && let Some(from) = reference(password)
        {
            secret_not_allowed::check_one(&self.allowed, &from, password.from.span, tenant, findings);
        }
        let bit = |field: Field, there: bool| if there { FieldMask::of(field).0 } else { 0 };
        let apart = bit(Field::UserAliases, raw.aliases.is_some()) | bit(Field::UserPassword, raw.password.is_some());
        (FieldMask(mask.0 | apart), print)
    }

    pub(super) fn take_tombstone(&mut self, raw: &RawRow<'_>, list: &TombstoneList, findings: &mut Findings) {
        let tenant = self.heads.name();
        let Some(cell) = &raw.address else {
            return address::report_missing(raw.span(), tenant, findings);
        };
        match Address::parse(&cell.text) {
            Err(error) => address::report_bad(cell, &error, tenant, findings),
            Ok(gone) => self.heads.removed.push(Removed {
                at: raw.span(),
                kind: Kind::User,
                name: Spanned::new(gone.to_string(), cell.span),
                since: list.since.clone(),
                on: list.on.clone(),
                reason: list.reason.clone(),
                remove_after_days: None,
                username: None,
                incarnation: None,
                keep_address: None,
            }),
        }
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
