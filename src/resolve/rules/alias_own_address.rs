//! An alias is another address, not the user's own.

use crate::base::{Findings, RuleDoc, RuleId, Severity, TenantName};
use crate::config::Cell;
use crate::resolve::rules::report::report;

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0224"),
    severity: Severity::Error,
    title: "an alias equal to the user's own address",
    doc: "The address is accepted already. Panels refuse such an alias or drop it without a word, and then every plan would add it again.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example"]

[[users]]
address = "jane@acme.example"
aliases = ["Jane@acme.example"]
"#,
    fix: "Take the alias out.",
};

/// The alias in `cell` is the address of its own row.
pub fn report_one(cell: &Cell<'_>, address: &str, tenant: &TenantName, findings: &mut Findings) {
    report(findings, tenant, &DOC, || {
        DOC.finding(format!("{address} is an alias of itself")).at(cell.span, "the user's own address").fix("take the alias out")
    });
}

#[cfg(test)]
mod tests {
    use crate::resolve::test_aid::{ids_of_rows, row};

    #[test]
    fn an_alias_is_another_address() {
        assert_eq!(ids_of_rows(&[row("jane@acme.example", &["Jane@Acme.example"], 0)]), ["MW0224"]);
        assert_eq!(ids_of_rows(&[row("jane@acme.example", &["j@acme.example"], 0)]), [""; 0]);
    }
}
