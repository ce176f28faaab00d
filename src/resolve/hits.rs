//! Names that were met twice: suspected by a 64-bit hash, shown only after both rows were read again.
//!
//! A hash that two different names share is no error of the user; with a new key of the run it is gone, so the remedy
//! is to resolve the tenant again with another key ([`KeyCollision`]). At three million names it happens once in four
//! million runs.

use crate::base::limits::FINDINGS_PER_RULE;
use crate::base::span::{Place, Span};
use crate::base::{Finding, Findings, RuleDoc, TenantName};
use crate::config::Renamed;
use crate::model::{FieldMask, Kind, User};
use crate::resolve::rules::address_twice::Use;
use crate::resolve::rules::rename::Obstacle;
use crate::resolve::rules::report::report;
use crate::resolve::rules::{address_twice, declared_and_removed, field_twice, rename, row_twice};
use crate::resolve::user_table::NameUse;
use std::collections::BTreeMap;

/// Two names of one hash: the tenant is to be resolved again with another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("two different names have one hash under this run's key")]
pub struct KeyCollision;

/// A name that seems to be there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspicion {
    /// The canonical name.
    pub name: String,
    /// Where it was met again.
    pub new: Place,
    /// Where the row begins that seems to have it.
    pub other: Place,
}

/// What is wrong if the names are really one.
#[derive(Debug, Clone)]
pub enum Clash {
    /// A row of a list that had the address before.
    RowTwice,
    /// Two lists write these fields.
    Fields(FieldMask),
    /// Two users claim the name; the address of the new row, and whether it is its alias.
    Name {
        /// The new row's address.
        owner: String,
        /// As alias.
        alias: bool,
    },
    /// A tombstone of a declared user.
    Removed,
    /// The old address of a rename is declared.
    Renamed(Box<Renamed>),
}

impl Clash {
    fn doc(&self) -> &'static RuleDoc {
        match self {
            Clash::RowTwice => &row_twice::DOC,
            Clash::Fields(_) => &field_twice::DOC,
            Clash::Name { .. } => &address_twice::DOC,
            Clash::Removed => &declared_and_removed::DOC,
            Clash::Renamed(_) => &rename::DOC,
        }
    }
}

/// One hit.
#[derive(Debug, Clone)]
pub struct Hit {
    /// What it would mean.
    pub clash: Clash,
    /// The canonical name.
    pub name: String,
    /// Where it was met again.
    pub at: Span,
    /// Who seems to have it.
    pub other: NameUse,
    /// Where that row begins.
    pub other_at: Place,
    /// The address of that row, once it was read again.
    pub other_owner: Option<String>,
}

impl Hit {
    fn finding(&self) -> Finding {
        let other = Span { place: self.other_at, len: 0 };
        match &self.clash {
            Clash::RowTwice => row_twice::finding(&self.name, self.at, other),
            Clash::Fields(fields) => field_twice::finding(&self.name, *fields, self.at, other),
            Clash::Removed => declared_and_removed::finding(Kind::User, &self.name, self.at, other),
            Clash::Renamed(renamed) => rename::finding(renamed, Obstacle::StillDeclared(other)),
            Clash::Name { owner, alias } => {
                let new = Use { at: self.at, alias: *alias, owner: Some(owner.clone()) };
                let old = Use { at: other, alias: self.other.alias, owner: self.other_owner.clone() };
                address_twice::finding(&self.name, &new, &old)
            }
        }
    }
}

/// All hits of a tenant: per rule as many as findings are kept, the others counted.
#[derive(Debug, Default)]
pub struct Hits {
    /// The kept ones.
    pub kept: Vec<Hit>,
    count: BTreeMap<&'static str, usize>,
    beyond: Vec<&'static RuleDoc>,
}

impl Hits {
    /// Adds one. `make` is only called for hits that are kept.
    pub fn push(&mut self, clash: Clash, name: &str, at: Span, other: NameUse, other_at: Place) {
        let doc = clash.doc();
        let count = self.count.entry(doc.id.0).or_default();
        *count += 1;
        if *count <= FINDINGS_PER_RULE {
            self.kept.push(Hit { clash, name: name.to_owned(), at, other, other_at, other_owner: None });
        } else {
            self.beyond.push(doc);
        }
    }
    /// The kept ones as suspicions.
    #[must_use]
    pub fn suspicions(&self) -> Vec<Suspicion> {
        let one = |h: &Hit| Suspicion { name: h.name.clone(), new: h.at.place, other: h.other_at };
        self.kept.iter().map(one).collect()
    }
    /// Findings of all.
    pub fn report(self, tenant: &TenantName, findings: &mut Findings) {
        for hit in &self.kept {
            report(findings, tenant, hit.clash.doc(), || hit.finding());
        }
        for doc in self.beyond {
            report(findings, tenant, doc, || doc.finding(doc.title));
        }
    }
}

/// Whether a user really has the name in the way in which the table says.
#[must_use]
pub fn has_name(user: &User, name: &str, alias: bool, renamed: &[Renamed]) -> bool {
    if !alias {
        return user.address.as_str() == name;
    }
    let listed = user.aliases.iter().flatten().chain(&user.previous_address).any(|a| a.as_str() == name);
    listed || renamed.iter().any(|r| r.to.value == user.address && r.from.value.as_str() == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::test_aid::{ALL_FIELDS, CSV, KEY, acme, row};
    use crate::resolve::{Resolver, row_user};

    fn resolver(rows: &[crate::config::RawRow<'_>]) -> Resolver {
        let mut resolver = Resolver::new(&acme(|_| {}), ALL_FIELDS, KEY);
        rows.iter().for_each(|row| resolver.push_row(row, CSV));
        resolver
    }

    #[test]
    fn a_confirmed_hit_names_the_other_user() {
        let jane = row("jane@acme.example", &["office@acme.example"], 0);
        let rows = [jane.clone(), row("bob@acme.example", &["Office@acme.example"], 50)];
        let mut resolver = resolver(&rows);
        let suspicions = resolver.suspicions();
        assert_eq!(suspicions.len(), 1);
        assert_eq!((suspicions[0].name.as_str(), suspicions[0].other), ("office@acme.example", jane.place));
        let heads = acme(|_| {});
        resolver.confirm(&mut |place| (place == jane.place).then(|| row_user(&jane, &heads).unwrap().0)).unwrap();
        let findings = resolver.finish().unwrap_err();
        let found = findings.sorted()[0].clone();
        assert_eq!(
            (found.at.unwrap().text, found.also[0].text.clone()),
            ("alias of bob@acme.example".into(), "alias of jane@acme.example".into())
        );
    }

    #[test]
    fn a_name_that_is_not_there_is_a_collision_and_an_unreadable_row_is_not() {
        let rows = [row("jane@acme.example", &["o@acme.example"], 0), row("o@acme.example", &[], 50)];
        let other = row_user(&row("jane@acme.example", &["x@acme.example"], 0), &acme(|_| {})).unwrap().0;
        assert_eq!(resolver(&rows).confirm(&mut |_| Some(other.clone())), Err(KeyCollision));
        assert_eq!(resolver(&rows).confirm(&mut |_| None), Ok(()));
        assert!(resolver(&rows[..1]).suspicions().is_empty());
    }

    #[test]
    fn many_hits_are_all_counted() {
        let names: Vec<String> = (0..300).map(|i| format!("u{i}@acme.example")).collect();
        let rows: Vec<_> = names.iter().enumerate().map(|(i, n)| row(n, &["o@acme.example"], 20 * i as u64)).collect();
        let findings = resolver(&rows).finish().unwrap_err();
        assert_eq!((findings.errors(), findings.sorted().len()), (299, FINDINGS_PER_RULE));
    }
}
