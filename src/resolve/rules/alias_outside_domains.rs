//! An alias lies in a domain or alias domain of the tenant.

use crate::base::nearest::suggest;
use crate::base::{Findings, RuleDoc, RuleId, Severity, TenantName};
use crate::config::Cell;
use crate::resolve::rules::report::report;
use crate::resolve::zones::Zones;

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0226"),
    severity: Severity::Error,
    title: "an alias outside the tenant's domains",
    doc: "The filter gets mail for the tenant's domains only. An alias elsewhere would never be reached, and the panel refuses it.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example"]

[[users]]
address = "jane@acme.example"
aliases = ["jane@elsewhere.example"]
"#,
    fix: "Correct the domain of the alias, or declare the domain or alias domain.",
};

/// Judges where an alias, given with its domain, lies.
pub fn check(zones: &mut Zones, cell: &Cell<'_>, (alias, domain): (&str, &str), tenant: &TenantName, findings: &mut Findings) {
    if zones.find(domain).is_some() {
        return;
    }
    report(findings, tenant, &DOC, || {
        let finding =
            DOC.finding(format!("the alias {alias} is in no domain of the tenant")).at(cell.span, format!("{domain} is not declared"));
        finding.fix(suggest(domain, zones.names()))
    });
}

#[cfg(test)]
mod tests {
    use crate::resolve::test_aid::{acme, ids_of_rows, name, resolve, row, s};

    #[test]
    fn aliases_lie_in_domains_or_alias_domains() {
        assert_eq!(ids_of_rows(&[row("jane@acme.example", &["jane@elsewhere.example"], 0)]), ["MW0226"]);
        let heads = acme(|t| t.domains.get_mut(&name("acme.example")).unwrap().alias_domains = Some(s([name("acme.test")].into(), 110)));
        assert!(resolve(&heads, &[row("jane@acme.example", &["j@acme.test", "j@acme.example"], 0)]).is_ok());
    }
}
