//! `keep_address` hands the addresses of a removed user to a declared one (S9.2).

use crate::base::{Findings, RuleDoc, RuleId, Severity, TenantName};
use crate::config::Removed;
use crate::resolve::rules::report::report;

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0233"),
    severity: Severity::Error,
    title: "the heir of a removed user is not declared",
    doc: "keep_address says who gets the mail of a user that goes. If nobody declares that user, the mail would bounce.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example"]

[[removed]]
user = "bob@acme.example"
since = 2026-11-20
reason = "left"
keep_address = "jnae@acme.example"
"#,
    fix: "Name a declared user in keep_address, or take it out.",
};

/// The heir is a user that is declared; `declared` tells.
pub fn check(removed: &Removed, declared: &dyn Fn(&str) -> bool, tenant: &TenantName, findings: &mut Findings) {
    let Some(heir) = removed.keep_address.as_ref().filter(|heir| !declared(heir.value.as_str())) else {
        return;
    };
    report(findings, tenant, &DOC, || {
        DOC.finding(format!("{} shall get the mail of {} and is not declared", heir.value, removed.name.value))
            .at(heir.span, "no user has this address")
            .fix("name a declared user, or take keep_address out")
    });
}

#[cfg(test)]
mod tests {
    use crate::base::Address;
    use crate::model::Kind;
    use crate::resolve::test_aid::{acme, removed, resolve, row, s};

    #[test]
    fn the_heir_is_declared() {
        let heads = acme(|t| {
            let mut bob = removed(Kind::User, "bob@acme.example");
            bob.keep_address = Some(s(Address::parse("jane@acme.example").unwrap(), 805));
            t.removed.push(bob);
        });
        assert_eq!(resolve(&heads, &[]).unwrap_err().counts()[&super::DOC.id], 1);
        assert!(resolve(&heads, &[row("jane@acme.example", &[], 0)]).is_ok());
    }
}
