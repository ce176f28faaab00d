//! The domains in which a tenant's addresses may lie, found by the text after the `@` without allocation.

use crate::base::DomainName;
use crate::resolve::Heads;
use std::collections::BTreeMap;

/// What a domain is to the tenant; the number is the place of its (or its owner's) name in [`Zones::name`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// A declared domain.
    Domain(usize),
    /// An alias domain of a declared domain.
    AliasOf(usize),
}

/// The index, with the number of users of each domain.
#[derive(Debug)]
pub struct Zones {
    names: Vec<DomainName>,
    users: Vec<u64>,
    by_name: BTreeMap<String, Zone>,
    last: String,
    last_zone: Option<Zone>,
}

impl Zones {
    /// From resolved heads.
    #[must_use]
    pub fn new(heads: &Heads) -> Self {
        let names: Vec<DomainName> = heads.domains.keys().cloned().collect();
        let mut by_name = BTreeMap::new();
        for (i, domain) in heads.domains.values().enumerate() {
            let aliases = domain.alias_domains.iter().flat_map(|a| &a.value);
            by_name.extend(aliases.map(|alias| (alias.as_str().to_owned(), Zone::AliasOf(i))));
        }
        by_name.extend(names.iter().enumerate().map(|(i, name)| (name.as_str().to_owned(), Zone::Domain(i))));
        Self { users: vec![0; names.len()], names, by_name, last: String::new(), last_zone: None }
    }
    /// What a canonical domain is to the tenant. Lists are mostly of one domain, so the last answer is kept.
    pub fn find(&mut self, domain: &str) -> Option<Zone> {
        if self.last != domain {
            self.last.clear();
            self.last.push_str(domain);
            self.last_zone = self.by_name.get(domain).copied();
        }
        self.last_zone
    }
    /// The name of a domain of a [`Zone`].
    #[must_use]
    pub fn name(&self, domain: usize) -> &DomainName {
        &self.names[domain]
    }
    /// All declared domains.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.names.iter().map(DomainName::as_str)
    }
    /// Counts a user.
    pub fn count(&mut self, domain: usize) {
        self.users[domain] += 1;
    }
    /// The users of each domain that has one.
    #[must_use]
    pub fn per_domain(&self) -> BTreeMap<String, u64> {
        self.names.iter().zip(&self.users).filter(|(_, n)| **n > 0).map(|(name, n)| (name.as_str().to_owned(), *n)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::test_aid::{acme, name, s};

    #[test]
    fn domains_and_alias_domains_are_found() {
        let heads = acme(|t| t.domains.get_mut(&name("acme.example")).unwrap().alias_domains = Some(s([name("acme.test")].into(), 110)));
        let mut zones = Zones::new(&heads);
        for _ in 0..2 {
            assert_eq!(zones.find("acme.example"), Some(Zone::Domain(0)));
            assert_eq!(zones.find("acme.test"), Some(Zone::AliasOf(0)));
            assert_eq!(zones.find("other.example"), None);
        }
        assert!(zones.per_domain().is_empty());
        zones.count(0);
        assert_eq!(zones.per_domain(), BTreeMap::from([("acme.example".into(), 1)]));
    }
}
