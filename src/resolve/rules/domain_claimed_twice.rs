//! A domain belongs to one tenant, as domain or as alias domain, inbound or for sending.

use crate::base::span::Span;
use crate::base::{DomainName, Findings, RuleDoc, RuleId, Severity, TenantName};
use crate::resolve::Heads;
use crate::resolve::rules::report::report;
use std::collections::BTreeMap;

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0202"),
    severity: Severity::Error,
    title: "two tenants claim one domain",
    doc: "A panel delivers the mail of a domain to one customer. If two tenants claim it, one plan would undo the other, so neither is planned.",
    example: r#"# tenants/acme.toml
schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example"]

# tenants/beta.toml
schema = "mailwright/v1"

[tenant]
name = "beta"
provider = "edge"

[domains."beta.example"]
alias_domains = ["acme.example"]
"#,
    fix: "Keep the domain in the tenant that owns it and take it out of the other.",
};

/// What a tenant claims: for which use, with which word.
#[derive(Clone, Copy)]
struct Claim<'a> {
    tenant: &'a TenantName,
    at: Span,
    what: &'static str,
}

/// No two tenants claim one name for the same use. Both are stopped: which of them is right only a person knows.
pub fn check(all: &[Heads], findings: &mut Findings) {
    let mut claims: BTreeMap<(bool, &DomainName), Vec<Claim<'_>>> = BTreeMap::new();
    for heads in all {
        let mut claim = |sending, name, at, what| {
            let of_name = claims.entry((sending, name)).or_default();
            if of_name.iter().all(|c| c.tenant != heads.name()) {
                of_name.push(Claim { tenant: heads.name(), at, what });
            }
        };
        for (name, domain) in &heads.domains {
            claim(false, name, domain.at, "domain");
            let aliases = domain.alias_domains.iter().flat_map(|a| a.value.iter().map(move |name| (name, a.span)));
            aliases.for_each(|(name, at)| claim(false, name, at, "alias domain"));
        }
        heads.sending_domains.iter().for_each(|(name, sending)| claim(true, name, sending.at, "sending domain"));
    }
    for ((_, name), claims) in claims.iter().filter(|(_, claims)| claims.len() > 1) {
        for (i, own) in claims.iter().enumerate() {
            report(findings, own.tenant, &DOC, || {
                let others = claims.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, c)| c);
                let label = |c: &Claim<'_>| format!("{} of tenant {}", c.what, c.tenant);
                let first = DOC.finding(format!("{name} belongs to more than one tenant")).at(own.at, label(own));
                others
                    .fold(first, |f, c| f.also(c.at, label(c)))
                    .fix("keep the domain in the tenant that owns it and take it out of the other")
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::resolve::heads;
    use crate::resolve::test_aid::{at, declared, domain, name, s, tenant};

    fn two(alias: &str) -> crate::base::Findings {
        let mut all = declared(|_, _| {});
        let mut beta = tenant("beta", "edge");
        let tweak = |d: &mut crate::model::Domain| {
            d.at = at(700);
            d.alias_domains = Some(s([name(alias)].into(), 710));
        };
        beta.domains.insert(name("beta.example"), domain("beta.example", tweak));
        all.tenants.insert(beta.tenant.name.clone(), beta);
        heads(&all).1
    }

    #[test]
    fn both_tenants_are_stopped_and_both_places_are_shown() {
        let findings = two("acme.example");
        assert_eq!(findings.counts()[&super::DOC.id], 2);
        let (first, second) = (findings.sorted()[0].clone(), findings.sorted()[1].clone());
        assert_eq!((first.at.unwrap().span, first.also[0].span), (at(100), at(710)));
        assert_eq!((second.tenant.unwrap().as_str(), second.also[0].span), ("beta", at(100)));
    }

    #[test]
    fn different_domains_are_nobodys_trouble() {
        assert!(two("beta.test").is_empty());
    }
}
