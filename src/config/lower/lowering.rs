//! What lowering has in hand, and the small turns that every table needs.

use crate::base::span::Spanned;
use crate::base::{Finding, Findings, SecretRef, TenantName};
use crate::config::value::{At, Destination, Int, OneOrMany, SecretTable};

/// The hand of whoever lowers.
#[derive(Debug, Default)]
pub struct Lowering<'a> {
    /// Whose tables they are; findings carry it.
    pub tenant: Option<&'a TenantName>,
    /// What was found.
    pub findings: Findings,
}

impl<'a> Lowering<'a> {
    /// Lowering a tenant's tables.
    #[must_use]
    pub fn of(tenant: &'a TenantName) -> Self {
        Self { tenant: Some(tenant), findings: Findings::new() }
    }
    /// Adds a finding, with the tenant where it is known.
    pub fn push(&mut self, finding: Finding) {
        self.findings.push(match self.tenant {
            Some(tenant) => finding.of(tenant),
            None => finding,
        });
    }
}

/// A value as the floors above hold it.
pub fn placed<T>(value: Option<At<T>>) -> Option<Spanned<T>> {
    value.map(At::placed)
}

/// A number as the floors above hold it.
pub fn number<const MIN: u32, const MAX: u32>(value: Option<At<Int<MIN, MAX>>>) -> Option<Spanned<u32>> {
    value.map(|n| n.map(|n| n.0).placed())
}

/// A reference to a secret as the floors above hold it.
pub fn secret(value: Option<SecretTable>) -> Option<Spanned<SecretRef>> {
    value.and_then(SecretTable::reference).map(At::placed)
}

/// Destinations in order of priority.
pub fn destinations(value: Option<OneOrMany<Destination>>) -> Option<Spanned<Vec<String>>> {
    value.map(|list| Spanned::new(list.0.all.into_iter().map(|d| d.value.0).collect(), list.0.span))
}
