//! Adding up the tables of one tenant's files (DESIGN 5): what only one file says is taken, a key set twice is an error
//! that shows both places.

use super::Part;
use super::context::written_key;
use crate::base::{Findings, Span, TenantName};
use crate::config::rules;

/// The hand of whoever adds one file to another.
pub struct Adding<'a> {
    tenant: Option<&'a TenantName>,
    way: Vec<String>,
    /// What was found.
    pub findings: Findings,
}

impl<'a> Adding<'a> {
    /// Adding the files of a tenant.
    #[must_use]
    pub fn new(tenant: Option<&'a TenantName>) -> Self {
        Self { tenant, way: Vec::new(), findings: Findings::new() }
    }
    /// The same below the keys of `way`: tables of one file that mean one name.
    #[must_use]
    pub fn at(tenant: Option<&'a TenantName>, way: Vec<String>) -> Self {
        Self { tenant, way, findings: Findings::new() }
    }
    /// Adds one key.
    pub fn key<T: Part>(&mut self, name: &str, here: &mut Option<T>, other: Option<T>) {
        let Some(other) = other else { return };
        match here {
            None => *here = Some(other),
            Some(here) => self.inside(name, |cx| here.add(other, cx)),
        }
    }
    /// Does something one key deeper.
    pub fn inside(&mut self, name: &str, f: impl FnOnce(&mut Self)) {
        self.way.push(written_key(name));
        f(self);
        self.way.pop();
    }
    /// Says that the key of this way is set twice.
    pub fn clash(&mut self, first: Span, second: Span) {
        let finding = rules::SET_TWICE.finding(format!("`{}` is set twice", self.way.join(".")));
        let finding = finding.at(second, "set again here").also(first, "set here first");
        let finding = finding.note("the files of a tenant add up: each key stands in one of them").fix("keep one of the two");
        self.findings.push(match self.tenant {
            Some(tenant) => finding.of(tenant),
            None => finding,
        });
    }
}
