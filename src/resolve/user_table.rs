//! The users of a tenant as a table: a print, a place, a mask and hashes of names for each row; never a struct.
//!
//! A print is the sum of keyed per-field prints (of the fields that are declared and comparable), so that inline and
//! CSV rows of one address add up field by field (S3.4) and the order of aliases does not matter. Names are found by a
//! 64-bit keyed hash; whoever shows or acts on a hit reads the row again at its place.

use crate::base::digest::PrintKey;
use crate::base::span::Place;
use crate::model::field::{Field, FieldMask};
use crate::model::observed::RowId;
use std::collections::BTreeMap;

/// How a name is used by a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NameUse {
    /// The row.
    pub row: RowId,
    /// Whether it is an alias of the row, not its address.
    pub alias: bool,
}

/// The table.
#[derive(Debug)]
pub struct UserTable {
    key: PrintKey,
    /// Open addressing: the name's hash, [`FREE`] where there is none.
    hash: Vec<u64>,
    /// For each taken slot the row, with [`ALIAS`].
    used_by: Vec<u32>,
    names: usize,
    print: Vec<u128>,
    place: Vec<Place>,
    mask: Vec<u8>,
    more: BTreeMap<RowId, Vec<Place>>,
    /// Rows of each domain.
    pub per_domain: BTreeMap<String, u64>,
}

const ALIAS: u32 = 1 << 31;
const FREE: u64 = 0;
const FIRST_SLOTS: usize = 16;

impl UserTable {
    /// An empty table with the key of the run's prints.
    #[must_use]
    pub fn new(key: PrintKey) -> Self {
        Self {
            key,
            hash: vec![FREE; FIRST_SLOTS],
            used_by: vec![0; FIRST_SLOTS],
            names: 0,
            print: Vec::new(),
            place: Vec::new(),
            mask: Vec::new(),
            more: BTreeMap::new(),
            per_domain: BTreeMap::new(),
        }
    }
    /// The key of its prints.
    #[must_use]
    pub fn key(&self) -> PrintKey {
        self.key
    }
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.print.len()
    }
    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.print.is_empty()
    }
    /// Who uses a canonical name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<NameUse> {
        self.probe(hash_of(print_name(self.key, name))).ok().map(|at| name_use(self.used_by[at]))
    }
    /// Adds a name for a row. Returns who has it already, if somebody does; then nothing is added.
    pub fn claim(&mut self, name: &str, row: RowId, alias: bool) -> Option<NameUse> {
        self.claim_print(print_name(self.key, name), row, alias)
    }
    /// As [`UserTable::claim`], by the print of the name, which an alias needs anyway.
    pub fn claim_print(&mut self, print: u128, row: RowId, alias: bool) -> Option<NameUse> {
        if (self.names + 1) * 4 > self.hash.len() * 3 {
            self.grow(self.hash.len() * 2);
        }
        let hash = hash_of(print);
        match self.probe(hash) {
            Ok(at) => Some(name_use(self.used_by[at])),
            Err(free) => {
                self.hash[free] = hash;
                self.used_by[free] = row.0 | if alias { ALIAS } else { 0 };
                self.names += 1;
                None
            }
        }
    }
    /// Adds a row; its names are claimed apart.
    pub fn push(&mut self, print: u128, place: Place, mask: FieldMask) -> RowId {
        let row = RowId(u32::try_from(self.print.len()).unwrap_or(ALIAS - 1));
        self.print.push(print);
        self.place.push(place);
        self.mask.push(mask.0);
        row
    }
    /// Adds the fields that another row of the same address declares (S3.4).
    pub fn add(&mut self, row: RowId, print: u128, place: Place, mask: FieldMask) {
        let i = row.0 as usize;
        self.print[i] = self.print[i].wrapping_add(print);
        self.mask[i] |= mask.0;
        self.more.entry(row).or_default().push(place);
    }
    /// Adds to the print of a row: an alias that a rename keeps (S4.4).
    pub fn amend(&mut self, row: RowId, print: u128) {
        let i = row.0 as usize;
        self.print[i] = self.print[i].wrapping_add(print);
    }
    /// Declares a field by default in all rows that do not declare it (S2.3).
    pub fn fill(&mut self, field: Field, print: u128) {
        let bit = FieldMask::of(field).0;
        for (mask, sum) in self.mask.iter_mut().zip(&mut self.print).filter(|(mask, _)| **mask & bit == 0) {
            *mask |= bit;
            *sum = sum.wrapping_add(print);
        }
    }
    /// The print of a row over its declared and comparable fields.
    #[must_use]
    pub fn print(&self, row: RowId) -> u128 {
        self.print[row.0 as usize]
    }
    /// What a row declares.
    #[must_use]
    pub fn mask(&self, row: RowId) -> FieldMask {
        FieldMask(self.mask[row.0 as usize])
    }
    /// Where a row stands first.
    #[must_use]
    pub fn place(&self, row: RowId) -> Place {
        self.place[row.0 as usize]
    }
    /// All places whose fields add up to the row.
    #[must_use]
    pub fn places(&self, row: RowId) -> Vec<Place> {
        let mut all = vec![self.place(row)];
        all.extend(self.more.get(&row).into_iter().flatten());
        all
    }
    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = RowId> + use<> {
        (0..u32::try_from(self.print.len()).unwrap_or(u32::MAX)).map(RowId)
    }
    /// Gives back spare memory once no more rows come.
    pub fn shrink(&mut self) {
        self.print.shrink_to_fit();
        self.place.shrink_to_fit();
        self.mask.shrink_to_fit();
    }
    /// Hints that this many more rows come, each with about two aliases.
    pub fn reserve(&mut self, rows: usize) {
        self.print.reserve_exact(rows);
        self.place.reserve_exact(rows);
        self.mask.reserve_exact(rows);
        let slots = ((self.names + rows * 3) * 4 / 3 + 1).next_power_of_two();
        if slots > self.hash.len() {
            self.grow(slots);
        }
    }

    /// The slot of a name, or the free one where it belongs. Neighbours lie in one line of the cache.
    fn probe(&self, hash: u64) -> Result<usize, usize> {
        let wrap = self.hash.len() - 1;
        let mut at = usize::try_from(hash).unwrap_or(0) & wrap;
        loop {
            match self.hash[at] {
                FREE => return Err(at),
                known if known == hash => return Ok(at),
                _ => at = (at + 1) & wrap,
            }
        }
    }
    fn grow(&mut self, slots: usize) {
        let old = (std::mem::replace(&mut self.hash, vec![FREE; slots]), std::mem::replace(&mut self.used_by, vec![0; slots]));
        for (hash, used_by) in old.0.iter().zip(&old.1).filter(|(hash, _)| **hash != FREE) {
            if let Err(free) = self.probe(*hash) {
                self.hash[free] = *hash;
                self.used_by[free] = *used_by;
            }
        }
    }
}

/// The hash of a name: half of its print, never [`FREE`].
fn hash_of(print: u128) -> u64 {
    (print as u64).max(1)
}

fn name_use(used_by: u32) -> NameUse {
    NameUse { row: RowId(used_by & !ALIAS), alias: used_by & ALIAS != 0 }
}

/// The print of a text attribute.
#[must_use]
pub fn print_text(key: PrintKey, field: Field, text: &str) -> u128 {
    key.print(field.tag(), text.as_bytes())
}

/// The print of a canonical name: of an alias as an attribute, and (half of it) of any name in the table.
#[must_use]
pub fn print_name(key: PrintKey, name: &str) -> u128 {
    key.print(Field::UserAliases.tag(), name.as_bytes())
}

/// The print of aliases: the sum over them, so that order does not matter; the empty set has a print of its own.
pub fn print_aliases<'a>(key: PrintKey, aliases: impl IntoIterator<Item = &'a str>) -> u128 {
    aliases.into_iter().fold(print_name(key, ""), |sum, alias| sum.wrapping_add(print_name(key, alias)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::span::FileId;

    #[test]
    fn names_are_found_and_claimed_once() {
        let mut table = UserTable::new(PrintKey(1, 2));
        for i in 0..1000u32 {
            let row = table.push(u128::from(i), Place::new(FileId(0), u64::from(i)), FieldMask::NONE);
            assert_eq!(table.claim(&format!("u{i}@x.example"), row, false), None);
            assert_eq!(table.claim(&format!("a{i}@x.example"), row, true), None);
        }
        assert_eq!(table.find("u77@x.example"), Some(NameUse { row: RowId(77), alias: false }));
        assert_eq!(table.claim("a999@x.example", RowId(3), false), Some(NameUse { row: RowId(999), alias: true }));
        assert_eq!(table.find("nobody@x.example"), None);
        assert_eq!(table.len(), 1000);
    }

    #[test]
    fn rows_add_up_and_alias_order_is_nothing() {
        let key = PrintKey(5, 6);
        let mut table = UserTable::new(key);
        let (a, b) = (print_text(key, Field::UserFirstName, "Jane"), print_aliases(key, ["x@y.example", "z@y.example"]));
        let row = table.push(a, Place::new(FileId(0), 0), FieldMask::NONE.with(Field::UserFirstName));
        table.add(row, b, Place::new(FileId(1), 9), FieldMask::NONE.with(Field::UserAliases));
        assert_eq!(table.print(row), a.wrapping_add(print_aliases(key, ["z@y.example", "x@y.example"])));
        assert!(table.mask(row).has(Field::UserAliases) && table.mask(row).has(Field::UserFirstName));
        assert_eq!(table.places(row).len(), 2);
    }
}
