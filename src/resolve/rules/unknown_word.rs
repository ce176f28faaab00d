//! Kind and status are words of a list.

use crate::base::nearest::suggest;
use crate::base::printable::printable_short;
use crate::base::{Findings, RuleDoc, RuleId, Severity, TenantName};
use crate::config::Cell;
use crate::resolve::rules::report::report;

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0223"),
    severity: Severity::Error,
    title: "an unknown kind or status",
    doc: "Kind decides whether a mailbox costs money and gets mail, status whether a person may sign in. A word that is not understood is not guessed.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example"]

[[users]]
address = "jane@acme.example"
status = "enabled"
"#,
    fix: "Write one of the words: mailbox shared resource list forward; active inactive.",
};

/// A word that is none of `words`; `key` is `kind` or `status`.
pub fn report_one(key: &str, cell: &Cell<'_>, words: &[&'static str], tenant: &TenantName, findings: &mut Findings) {
    report(findings, tenant, &DOC, || {
        let text = printable_short(&cell.text, 40);
        let title = if text.is_empty() { format!("`{key}` cannot be cleared") } else { format!("`{text}` is no {key}") };
        let fix = if text.is_empty() {
            format!("leave `{key}` out: what is not written is not managed")
        } else {
            suggest(&cell.text, words.iter().copied())
        };
        DOC.finding(title).at(cell.span, format!("one of {}", words.join(", "))).fix(fix)
    });
}

#[cfg(test)]
mod tests {
    use crate::config::RawRow;
    use crate::resolve::test_aid::{cell, ids_of_rows, row};

    fn with(kind: Option<&str>, status: Option<&str>) -> Vec<&'static str> {
        let jane = RawRow { kind: kind.map(|k| cell(k, 5)), status: status.map(|s| cell(s, 6)), ..row("jane@acme.example", &[], 0) };
        ids_of_rows(&[jane])
    }

    #[test]
    fn words_are_known() {
        assert_eq!(with(Some("mailbx"), Some("enabled")), ["MW0223", "MW0223"]);
        assert_eq!(with(Some(""), None), ["MW0223"]);
        assert_eq!(with(Some("shared"), Some("inactive")), [""; 0]);
    }
}
