//! An alias stands once in a row; a repetition changes nothing.

use crate::base::{Findings, RuleDoc, RuleId, Severity, TenantName};
use crate::config::Cell;
use crate::resolve::rules::report::report;

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0235"),
    severity: Severity::Warning,
    title: "an alias that is written twice in one row",
    doc: "Aliases are a set: the second one means nothing, and mostly another alias was meant.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example"]

[[users]]
address = "jane@acme.example"
aliases = ["j.doe@acme.example", "J.Doe@acme.example"]
"#,
    fix: "Take the second one out.",
};

/// The alias in `cell` stood in the row before.
pub fn report_one(cell: &Cell<'_>, alias: &str, tenant: &TenantName, findings: &mut Findings) {
    report(findings, tenant, &DOC, || {
        DOC.finding(format!("the alias {alias} is written twice")).at(cell.span, "here again").fix("take the second one out")
    });
}

#[cfg(test)]
mod tests {
    use crate::resolve::test_aid::{acme, resolve, row};

    #[test]
    fn a_repetition_is_said_and_counts_once() {
        let twice = resolve(&acme(|_| {}), &[row("jane@acme.example", &["j@acme.example", "J@acme.example"], 0)]).unwrap();
        let once = resolve(&acme(|_| {}), &[row("jane@acme.example", &["j@acme.example"], 0)]).unwrap();
        assert_eq!((twice.1.counts().get(&super::DOC.id), once.1.counts().get(&super::DOC.id)), (Some(&1), None));
        let first = |d: &crate::resolve::Desired| d.users.print(crate::model::RowId(0));
        assert_eq!(first(&twice.0), first(&once.0));
    }
}
