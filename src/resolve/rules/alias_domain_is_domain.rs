//! An alias domain is no domain of its own.

use crate::base::{Findings, RuleDoc, RuleId, Severity};
use crate::resolve::rules::report::{Case, report};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0203"),
    severity: Severity::Error,
    title: "an alias domain is a domain, too",
    doc: "Addresses of an alias domain are those of its domain. A name that is both would have two lists of users, and the panel decides which one counts.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example"]
alias_domains = ["acme.test"]

[domains."acme.test"]
"#,
    fix: "Keep the name either as a domain of its own or as an alias domain.",
};

/// No alias domain is declared as a domain of the tenant, its own domain included.
pub fn check(case: &Case<'_>, findings: &mut Findings) {
    let domains = &case.heads.domains;
    for (owner, aliases) in domains.iter().filter_map(|(name, d)| d.alias_domains.as_ref().map(|a| (name, a))) {
        for (alias, other) in aliases.value.iter().filter_map(|alias| domains.get_key_value(alias)) {
            report(findings, case.heads.name(), &DOC, || {
                DOC.finding(format!("{alias} is an alias domain and a domain, too"))
                    .at(aliases.span, format!("alias domain of {owner}"))
                    .also(other.at, "a domain of its own")
                    .fix("keep it either as a domain or as an alias domain")
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::resolve::test_aid::{domain, ids_of_heads, name, s};

    fn with_alias(alias: &str) -> Vec<&'static str> {
        ids_of_heads(|t, _| {
            t.domains.get_mut(&name("acme.example")).unwrap().alias_domains = Some(s([name(alias)].into(), 110));
            t.domains.insert(name("acme.test"), domain("acme.test", |_| {}));
        })
    }

    #[test]
    fn an_alias_domain_is_not_declared_again() {
        assert_eq!(with_alias("acme.test"), ["MW0203"]);
        assert_eq!(with_alias("acme.example"), ["MW0203"]);
        assert_eq!(with_alias("acme.invalid"), [""; 0]);
    }
}
