//! Recipients that get mail and that nobody knows: the forecast of S13.2.

use crate::base::address::domain_part;
use crate::base::{DomainName, Timestamp};
use crate::model::Scope;
use crate::plan::join::collect::{Join, Recipients};
use std::collections::BTreeMap;

impl Join<'_> {
    /// Takes one recipient. Declared names are dropped at once; live ones at the end, when all of them are known.
    pub(super) fn recipient(&mut self, scope: &Scope, address: &str, mails: u64, last: Option<Timestamp>) {
        if self.desired.users.find(address).is_some() {
            return;
        }
        let domain = scope.domain.clone().unwrap_or_else(|| DomainName::canonical(domain_part(address)));
        self.recipients.entry(domain).or_default().insert(address.to_owned(), (mails, last));
    }

    /// The recipients of each domain whose list was read to its end, without those that a declared or live name takes,
    /// also through an alias domain.
    pub(super) fn forecast(&mut self, alias_domains: &BTreeMap<String, DomainName>) -> BTreeMap<DomainName, Recipients> {
        let mut all = std::mem::take(&mut self.recipients);
        let judged = std::mem::take(&mut self.judged);
        let mut out = BTreeMap::new();
        for domain in judged {
            let mut unknown = all.remove(&domain).unwrap_or_default();
            unknown.retain(|address, _| !self.is_known(address) && !self.is_known_behind(address, alias_domains));
            out.insert(domain, unknown);
        }
        out
    }

    fn is_known(&self, address: &str) -> bool {
        let hash = self.hash(address);
        self.desired.users.find(address).is_some() || self.undeclared_users.contains(&hash) || self.undeclared_names.contains(&hash)
    }

    /// `x@alias.example` is accepted where `x@` its domain is.
    fn is_known_behind(&self, address: &str, alias_domains: &BTreeMap<String, DomainName>) -> bool {
        let part = domain_part(address);
        let local = &address[..address.len() - part.len()];
        alias_domains.get(part).is_some_and(|domain| self.is_known(&format!("{local}{domain}")))
    }
}
