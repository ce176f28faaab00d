//! The names of the row in hand, canonical, in buffers that are used again for every row.

use crate::base::address::canonical_address;
use crate::base::{Findings, TenantName};
use crate::config::RawRow;
use crate::resolve::rules::{address, alias_repeated};

/// Address and aliases of one row.
#[derive(Debug, Default)]
pub struct RowText {
    text: String,
    address_end: usize,
    /// End in `text`, and place in the raw row's aliases.
    aliases: Vec<(usize, usize)>,
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
        if let Err(error) = canonical_address(&cell.text, &mut self.text) {
            address::report_bad(cell, &error, tenant, findings);
            return false;
        }
        self.address_end = self.text.len();
        for (i, cell) in raw.aliases.iter().flatten().enumerate() {
            let start = self.text.len();
            if let Err(error) = canonical_address(&cell.text, &mut self.text) {
                self.text.truncate(start);
                address::report_bad(cell, &error, tenant, findings);
            } else if self.aliases().any(|(known, _)| known == &self.text[start..]) {
                alias_repeated::report_one(cell, &self.text[start..], tenant, findings);
                self.text.truncate(start);
            } else {
                self.aliases.push((self.text.len(), i));
            }
        }
        true
    }
    /// The canonical address.
    pub fn address(&self) -> &str {
        &self.text[..self.address_end]
    }
    /// The canonical aliases, each once, with their place in the raw row.
    pub fn aliases(&self) -> impl Iterator<Item = (&str, usize)> {
        let starts = std::iter::once(self.address_end).chain(self.aliases.iter().map(|(end, _)| *end));
        starts.zip(&self.aliases).map(|(start, (end, i))| (&self.text[start..*end], *i))
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
        assert_eq!(text.address(), "jane@acme.example");
        assert_eq!(text.aliases().collect::<Vec<_>>(), [("b@acme.example", 0), ("c@acme.example", 3)]);
        assert_eq!(findings.counts().len(), 2);
        assert!(!text.read(&row("jane", &[], 0), heads.name(), &mut findings));
    }
}
