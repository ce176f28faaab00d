//! An alias domain leads to one domain.

use crate::base::span::Span;
use crate::base::{DomainName, Findings, RuleDoc, RuleId, Severity};
use crate::resolve::rules::report::{Case, report};
use std::collections::BTreeMap;

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0204"),
    severity: Severity::Error,
    title: "an alias domain of two domains",
    doc: "Addresses of an alias domain are those of its domain. With two domains nobody can say whose mailbox an address means.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example"]
alias_domains = ["acme.test"]

[domains."acme.invalid"]
alias_domains = ["acme.test"]
"#,
    fix: "Keep the alias domain with one of the two domains.",
};

/// Each alias domain stands in one list of the tenant. A repetition inside one list is the decoder's finding.
pub fn check(case: &Case<'_>, findings: &mut Findings) {
    let mut first: BTreeMap<&DomainName, (&DomainName, Span)> = BTreeMap::new();
    for (owner, aliases) in case.heads.domains.iter().filter_map(|(name, d)| d.alias_domains.as_ref().map(|a| (name, a))) {
        for alias in &aliases.value {
            let Some((other, at)) = first.insert(alias, (owner, aliases.span)) else {
                continue;
            };
            report(findings, case.heads.name(), &DOC, || {
                DOC.finding(format!("{alias} is an alias domain of {other} and of {owner}"))
                    .at(aliases.span, format!("here of {owner}"))
                    .also(at, format!("here of {other}"))
                    .fix(format!("keep {alias} with one of the two"))
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::resolve::test_aid::{domain, ids_of_heads, name, s};

    fn two(one: &str, other: &str) -> Vec<&'static str> {
        ids_of_heads(|t, _| {
            t.domains.get_mut(&name("acme.example")).unwrap().alias_domains = Some(s([name(one)].into(), 110));
            t.domains.insert(name("b.example"), domain("b.example", |d| d.alias_domains = Some(s([name(other)].into(), 120))));
        })
    }

    #[test]
    fn an_alias_domain_has_one_owner() {
        assert_eq!(two("acme.test", "acme.test"), ["MW0204"]);
        assert_eq!(two("acme.test", "b.test"), [""; 0]);
    }
}
