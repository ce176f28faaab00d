//! A rename leads from an address that is no longer declared to one that is, one to one (S4.4).

use crate::base::span::Span;
use crate::base::{Finding, RuleDoc, RuleId, Severity};
use crate::config::Renamed;

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0232"),
    severity: Severity::Error,
    title: "a rename that cannot be carried out",
    doc: "A rename keeps the mailbox and what hangs on it. It needs a new address that is declared and an old one that is not, and one rename for each address; else it would be a deletion or a copy.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example"]

[[users]]
address = "jane.doe@acme.example"
previous_address = "jane@acme.example"

[[users]]
address = "jane@acme.example"
"#,
    fix: "Declare the new address only, and name the old one once.",
};

/// What stands against a rename.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// Old and new address are one.
    Same,
    /// Nobody declares the new address.
    NotDeclared,
    /// Another rename ends or starts at one of its addresses.
    Twice(Span),
    /// The old address is declared: as a user, or as an alias of somebody else.
    StillDeclared(Span),
}

/// The finding with its places.
pub fn finding(renamed: &Renamed, obstacle: Obstacle) -> Finding {
    let (from, to) = (&renamed.from.value, &renamed.to.value);
    let start = |title: String, label: &str| DOC.finding(title).at(renamed.from.span, label);
    match obstacle {
        Obstacle::Same => start(format!("{to} is renamed to itself"), "the same address").fix("take the rename out"),
        Obstacle::NotDeclared => DOC
            .finding(format!("{from} is renamed to {to}, which is not declared"))
            .at(renamed.to.span, "no user has this address")
            .fix("declare the user under its new address"),
        Obstacle::Twice(other) => start(format!("the rename of {from} to {to} is one of two"), "named here")
            .also(other, "and in another rename")
            .fix("write one rename for each address"),
        Obstacle::StillDeclared(other) => start(format!("{from} is renamed to {to} and still declared"), "the old address")
            .also(other, "declared here")
            .fix("take the old address out, or the rename"),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::RawRow;
    use crate::resolve::test_aid::{acme, ids_of_rows, resolve, row};

    fn renamed<'a>(to: &'a str, from: &'a str, offset: u64) -> RawRow<'a> {
        RawRow { previous_address: Some(crate::resolve::test_aid::cell(from, offset + 9)), ..row(to, &[], offset) }
    }

    #[test]
    fn a_rename_is_one_to_one() {
        let good = renamed("new@acme.example", "old@acme.example", 0);
        assert_eq!(ids_of_rows(std::slice::from_ref(&good)), [""; 0]);
        assert_eq!(ids_of_rows(&[renamed("new@acme.example", "New@acme.example", 0)]), ["MW0232"]);
        assert_eq!(ids_of_rows(&[good.clone(), row("old@acme.example", &[], 50)]), ["MW0232"]);
        assert_eq!(ids_of_rows(&[good.clone(), row("b@acme.example", &["old@acme.example"], 50)]), ["MW0232"]);
        assert_eq!(ids_of_rows(&[good, renamed("b@acme.example", "old@acme.example", 50)]), ["MW0232"]);
    }

    #[test]
    fn a_rename_of_its_own_needs_a_declared_user() {
        let heads = acme(|t| t.renamed.push(crate::resolve::test_aid::renamed_head("old@acme.example", "new@acme.example", true)));
        assert_eq!(resolve(&heads, &[]).unwrap_err().counts()[&super::DOC.id], 1);
        assert!(resolve(&heads, &[row("new@acme.example", &[], 0)]).is_ok());
    }
}
