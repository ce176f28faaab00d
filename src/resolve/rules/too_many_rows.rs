//! A tenant has at most [`TENANT_ROWS`] users.

use crate::base::limits::TENANT_ROWS;
use crate::base::span::Span;
use crate::base::{Findings, RuleDoc, RuleId, Severity, TenantName};
use crate::resolve::rules::report::report;

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0234"),
    severity: Severity::Error,
    title: "too many users in one tenant",
    doc: "Rows are numbered in 31 bits; a list beyond a hundred million rows is a mistake of whoever wrote it, not a customer.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"
users_from = ["a-list-of-more-than-a-hundred-million-rows.csv"]
"#,
    fix: "Look at the list; spread a customer of that size over several tenants.",
};

/// A row beyond the limit.
pub fn report_one(row: Span, tenant: &TenantName, findings: &mut Findings) {
    report(findings, tenant, &DOC, || {
        let finding = DOC.finding(format!("more than {TENANT_ROWS} users in tenant {tenant}")).at(row, "the first row too many");
        finding.fix("look at the list; spread a customer of that size over several tenants")
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::test_aid::at;

    #[test]
    fn the_limit_has_a_name() {
        let (mut findings, tenant) = (Findings::new(), TenantName::parse("acme").unwrap());
        report_one(at(5), &tenant, &mut findings);
        assert!(findings.stops(&tenant) && findings.sorted()[0].title.contains("100000000"));
    }
}
