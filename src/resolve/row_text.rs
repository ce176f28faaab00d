//! The names of the row in hand, canonical, in buffers that are used again for every row.

use crate::base::address::{LastDomain, canonical_address_after};
use crate::base::{Findings, TenantName};
use crate::config::RawRow;
use crate::resolve::rules::{address, alias_repeated};

/// Address and aliases of one row.
#[derive(Debug, Default)]
pub struct RowText {
    text: String,
    address_domain: usize,
    address_end: usize,
    aliases: Vec<AliasEnd>,
    last: LastDomain,
}

#[derive(Debug)]
struct AliasEnd {
    /// Where its domain begins in the text.
    domain: usize,
    /// Where it ends.
    end: usize,
    /// Its place in the raw row.
    place: usize,
}

/// An alias of the row in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alias<'t> {
    /// Canonical.
    pub name: &'t str,
    /// What follows the `@`.
    pub domain: &'t str,
    /// Its place in the raw row's aliases.
    pub place: usize,
}

impl RowText {
    /// Reads the names of a row. Bad aliases, and repeated ones, are findings and left out; `false`: the address is bad.
    pub fn read(&mut self, raw: &RawRow<'_>, tenant: &TenantName, findings: &mut Findings) -> bool {
        self.text.clear();
        self.aliases.clear();
        let Some(cell) = &raw.address else {
            address::report_missing(raw.span(), tenant, findings);
            return false;
        };
        match canonical_address_after(&cell.text, &mut self.text, &mut self.last) {
            Ok(domain) => self.address_domain = domain,
            Err(error) => {
                address::report_bad(cell, &error, tenant, findings);
                return false;
            }
        }
        self.address_end = self.text.len();
        for (place, cell) in raw.aliases.iter().flatten().enumerate() {
            let start = self.text.len();
            match canonical_address_after(&cell.text, &mut self.text, &mut self.last) {
                Err(error) => {
                    self.text.truncate(start);
                    address::report_bad(cell, &error, tenant, findings);
                }
                Ok(_) if self.aliases().any(|known| known.name == &self.text[start..]) => {
                    alias_repeated::report_one(cell, &self.text[start..], tenant, findings);
                    self.text.truncate(start);
                }
                Ok(domain) => self.aliases.push(AliasEnd { domain, end: self.text.len(), place }),
            }
        }
        true
    }
    /// The canonical address.
    pub fn address(&self) -> &str {
        &self.text[..self.address_end]
    }
    /// What follows the `@` of the address.
    pub fn address_domain(&self) -> &str {
        &self.text[self.address_domain..self.address_end]
    }
    /// The canonical aliases, each once.
    pub fn aliases(&self) -> impl Iterator<Item = Alias<'_>> {
        let starts = std::iter::once(self.address_end).chain(self.aliases.iter().map(|alias| alias.end));
        let alias = |(start, alias): (usize, &AliasEnd)| Alias {
            name: &self.text[start..alias.end],
            domain: &self.text[alias.domain..alias.end],
            place: alias.place,
        };
        starts.zip(&self.aliases).map(alias)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::test_aid::{acme, row};

    #[test]
    fn names_are_canonical_and_each_alias_stands_once() {
        let (mut text, mut findings) = (RowText::default(), Findings::new());
        let heads = acme(|_| {});
        let raw = row("Jane@Acme.Example", &["B@acme.example", "bad", "b@ACME.example", "c@acme.example"], 0);
        assert!(text.read(&raw, heads.name(), &mut findings));
        assert_eq!((text.address(), text.address_domain()), ("jane@acme.example", "acme.example"));
        assert_eq!(
            text.aliases().map(|a| (a.name, a.domain, a.place)).collect::<Vec<_>>(),
            [("b@acme.example", "acme.example", 0), ("c@acme.example", "acme.example", 3)]
        );
        assert_eq!(findings.counts().len(), 2);
        assert!(!text.read(&row("jane", &[], 0), heads.name(), &mut findings));
    }
}
