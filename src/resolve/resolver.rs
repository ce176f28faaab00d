//! Rows in, table out: the users of one tenant, row by row, in any order, without keeping one.
//!
//! Invariant: [`Desired`] comes out only when nothing is wrong with the tenant. A plain row allocates nothing. Names are
//! unique by hash; hits are suspicions until [`Resolver::confirm`] has read both rows again.

use crate::base::span::{FileId, Place};
use crate::base::{DomainName, Findings, PrintKey};
use crate::config::declared::TombstoneList;
use crate::config::{RawRow, RowBlock, RowShape, decode_rows};
use crate::model::observed::RowId;
use crate::model::{FieldMask, User};
use crate::resolve::hits::{Hits, KeyCollision, Suspicion, has_name};
use crate::resolve::prints::WordPrints;
use crate::resolve::row_text::RowText;
use crate::resolve::secrets::AllowedSecrets;
use crate::resolve::user_table::{NameUse, UserTable};
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
    pub(super) key: PrintKey,
    pub(super) allowed: AllowedSecrets,
    pub(super) text: RowText,
    pub(super) csv: BTreeMap<FileId, bool>,
    pub(super) last_file: Option<(FileId, bool)>,
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
    /// Takes a block of whole rows ([`crate::config::whole_rows`]). Blocks may come in any order.
    pub fn push(&mut self, block: &RowBlock<'_>, bytes: &[u8]) {
        let mut findings = std::mem::take(&mut self.findings);
        let list = List { csv: matches!(block.shape, RowShape::Csv(_)), domain: block.domain };
        decode_rows(block, bytes, &mut findings, &mut |raw, findings| self.take_row(raw, list, findings));
        self.findings = findings;
    }
    /// Takes a block of a `[[removed]] users_from` list.
    pub fn push_tombstones(&mut self, block: &RowBlock<'_>, bytes: &[u8], list: &TombstoneList) {
        let mut findings = std::mem::take(&mut self.findings);
        decode_rows(block, bytes, &mut findings, &mut |raw, findings| self.take_tombstone(raw, list, findings));
        self.findings = findings;
    }
    /// Takes one row.
    pub fn push_row(&mut self, raw: &RawRow<'_>, list: List<'_>) {
        let mut findings = std::mem::take(&mut self.findings);
        self.take_row(raw, list, &mut findings);
        self.findings = findings;
    }
    /// Takes one row of a `[[removed]] users_from` list.
    pub fn push_tombstone_row(&mut self, raw: &RawRow<'_>, list: &TombstoneList) {
        let mut findings = std::mem::take(&mut self.findings);
        self.take_tombstone(raw, list, &mut findings);
        self.findings = findings;
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
        let findings = self.findings.of(self.heads.name());
        if findings.has_errors() {
            return Err(findings);
        }
        self.table.shrink();
        Ok((Desired { heads: self.heads, users: self.table }, findings))
    }
}

/// The row of a name whose user it is, not an alias.
pub(super) fn user_of(found: Option<NameUse>) -> Option<RowId> {
    found.filter(|u| !u.alias).map(|u| u.row)
}
