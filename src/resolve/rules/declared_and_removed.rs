//! Nothing is declared and removed at once (S9.2).

use crate::base::span::Span;
use crate::base::{DomainName, Finding, Findings, RuleDoc, RuleId, Severity};
use crate::model::Kind;
use crate::resolve::rules::report::{Case, report};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0214"),
    severity: Severity::Error,
    title: "declared and removed at once",
    doc: "A tombstone deletes what a declaration creates: one of the two is a mistake, and only a person knows which.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[smtp_users.crm]
domain = "news.acme.example"

[sending_domains."news.acme.example"]

[[removed]]
smtp_user = "crm"
since = 2026-11-20
reason = "moved to the API"
"#,
    fix: "Delete the declaration, or the [[removed]] table.",
};

/// Heads: domains, sending domains, SMTP users. Users are judged with the rows.
pub fn check(case: &Case<'_>, findings: &mut Findings) {
    let heads = case.heads;
    for removed in &heads.removed {
        let name = removed.name.value.as_str();
        let domain = || DomainName::parse(name).ok();
        let declared = match removed.kind {
            Kind::Domain => domain().and_then(|d| heads.domains.get(&d)).map(|d| d.at),
            Kind::SendingDomain => domain().and_then(|d| heads.sending_domains.get(&d)).map(|d| d.at),
            Kind::SmtpUser => heads.smtp_users.get(name).map(|u| u.at),
            // A tenant's tombstone stands in the tenant's own file: the declaration's end, not a contradiction.
            Kind::Tenant | Kind::User | Kind::PasswordPolicy | Kind::Directory | Kind::Discovery | Kind::Continuity => None,
        };
        if let Some(at) = declared {
            report(findings, heads.name(), &DOC, || finding(removed.kind, name, removed.at, at));
        }
    }
}

/// The finding for a name with both places.
pub fn finding(kind: Kind, name: &str, tombstone: Span, declared: Span) -> Finding {
    DOC.finding(format!("{kind} {name} is declared and removed at once"))
        .at(tombstone, "removed here")
        .also(declared, "declared here")
        .fix("delete the declaration, or the [[removed]] entry")
}

#[cfg(test)]
mod tests {
    use crate::model::Kind;
    use crate::resolve::test_aid::{acme, ids_of_heads, name, removed, resolve, row};

    #[test]
    fn heads_are_one_or_the_other() {
        let with = |kind, text: &str| ids_of_heads(|t, _| t.removed.push(removed(kind, text)));
        assert_eq!(with(Kind::Domain, "Acme.Example"), ["MW0214"]);
        assert_eq!(with(Kind::Domain, "old.example"), [""; 0]);
        assert_eq!(with(Kind::SendingDomain, "acme.example"), [""; 0]);
        assert_eq!(with(Kind::Tenant, "acme"), [""; 0]);
        let known = |t: &mut crate::config::DeclaredTenant| {
            t.sending_domains
                .insert(name("n.example"), crate::model::SendingDomain { name: name("n.example"), at: removed(Kind::User, "").at });
        };
        let sending = ids_of_heads(|t, _| {
            known(t);
            t.removed.push(removed(Kind::SendingDomain, "n.example"));
        });
        assert_eq!(sending, ["MW0214"]);
    }

    #[test]
    fn users_are_one_or_the_other() {
        let heads = acme(|t| t.removed.push(removed(Kind::User, "bob@acme.example")));
        let findings = resolve(&heads, &[row("Bob@acme.example", &[], 1000)]).unwrap_err();
        let found = findings.sorted()[0].clone();
        assert_eq!((found.rule, found.also[0].span.place.offset()), (super::DOC.id, 1000));
        assert!(resolve(&heads, &[row("jane@acme.example", &[], 1000)]).is_ok());
    }

    #[test]
    fn an_address_that_lives_on_as_alias_is_no_contradiction() {
        let heads = acme(|t| t.removed.push(removed(Kind::User, "bob@acme.example")));
        assert!(resolve(&heads, &[row("jane@acme.example", &["bob@acme.example"], 1000)]).is_ok());
    }
}
