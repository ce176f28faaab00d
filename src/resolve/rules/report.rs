//! How rules put findings down: bound to a tenant, and built only as long as they will be kept.

use crate::base::limits::FINDINGS_PER_RULE;
use crate::base::span::Span;
use crate::base::{DomainName, Finding, Findings, RuleDoc, TenantName};
use crate::config::{DeclaredTenant, Workspace};
use crate::resolve::Heads;

/// What a rule of heads looks at.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The tenant after defaults.
    pub heads: &'a Heads,
    /// The tenant as written.
    pub written: &'a DeclaredTenant,
    /// The workspace.
    pub workspace: &'a Workspace,
}

/// Puts a finding down for a tenant. Beyond the limit of its rule it is counted without being built: a million bad rows
/// cost a million counts, not a million guesses.
pub fn report(findings: &mut Findings, tenant: &TenantName, doc: &RuleDoc, make: impl FnOnce() -> Finding) {
    let have = findings.counts().get(&doc.id).copied().unwrap_or(0);
    let finding = if have < FINDINGS_PER_RULE as u64 { make() } else { doc.finding(doc.title) };
    findings.push(finding.of(tenant));
}

/// Where the authority over the users of a domain is written: the nearest place.
pub fn written_authority(heads: &Heads, domain: &DomainName) -> Option<Span> {
    let near = heads.domains.get(domain).and_then(|d| d.users_authority.as_ref().or(d.authority.as_ref()));
    near.or(heads.tenant.authority.as_ref()).or(heads.defaults.authority.as_ref()).map(|a| a.span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{RuleId, Severity};

    #[test]
    fn beyond_the_limit_nothing_is_built() {
        let doc = RuleDoc { id: RuleId("MW0299"), severity: Severity::Error, title: "", doc: "", example: "", fix: "" };
        let tenant = TenantName::parse("acme").unwrap();
        let (mut findings, mut built) = (Findings::new(), 0);
        for _ in 0..FINDINGS_PER_RULE + 50 {
            report(&mut findings, &tenant, &doc, || {
                built += 1;
                doc.finding("t")
            });
        }
        assert_eq!((built, findings.errors()), (FINDINGS_PER_RULE, FINDINGS_PER_RULE as u64 + 50));
        assert!(findings.stops(&tenant));
    }
}
