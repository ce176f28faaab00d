//! Addresses and aliases are unique across a tenant: one address, one mailbox.

use crate::base::span::Span;
use crate::base::{Finding, RuleDoc, RuleId, Severity};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0225"),
    severity: Severity::Error,
    title: "an address that two users claim",
    doc: "Mail for an address goes to one mailbox. If it is a user and another one's alias, or the alias of two, the panel decides which one gets it, and plans would move it to and fro.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example"]

[[users]]
address = "jane@acme.example"
aliases = ["office@acme.example"]

[[users]]
address = "bob@acme.example"
aliases = ["office@acme.example"]
"#,
    fix: "Leave the address with one of the two users.",
};

/// How a row uses a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// Where: the cell, or the start of the row.
    pub at: Span,
    /// As alias, not as address.
    pub alias: bool,
    /// The address of the row, where it is known.
    pub owner: Option<String>,
}

impl Use {
    fn words(&self) -> String {
        match (self.alias, &self.owner) {
            (false, _) => "the user".into(),
            (true, Some(owner)) => format!("alias of {owner}"),
            (true, None) => "alias of another user".into(),
        }
    }
}

/// The finding for a name with both uses: the later place is named first, whichever was read first.
pub fn finding(name: &str, one: &Use, other: &Use) -> Finding {
    let (first, second) = if one.at.place < other.at.place { (one, other) } else { (other, one) };
    let title = match (one.alias, other.alias) {
        (true, true) => format!("{name} is an alias of two users"),
        (true, false) | (false, true) => format!("{name} is a user and an alias of another"),
        (false, false) => format!("{name} is the address of two users"),
    };
    DOC.finding(title).at(second.at, second.words()).also(first.at, first.words()).fix("leave the address with one of the two")
}

#[cfg(test)]
mod tests {
    use crate::resolve::test_aid::{acme, at, ids_of_rows, resolve, row};

    #[test]
    fn a_name_has_one_user_in_any_order() {
        let (jane, bob) = (row("jane@acme.example", &["o@acme.example"], 0), row("bob@acme.example", &["O@acme.example"], 50));
        let office = row("o@acme.example", &[], 90);
        assert_eq!(ids_of_rows(&[jane.clone(), bob.clone()]), ["MW0225"]);
        assert_eq!(ids_of_rows(&[jane.clone(), office.clone()]), ["MW0225"]);
        assert_eq!(ids_of_rows(&[office, jane.clone()]), ["MW0225"]);
        assert_eq!(ids_of_rows(&[jane, row("bob@acme.example", &["b@acme.example"], 50)]), [""; 0]);
    }

    #[test]
    fn both_places_are_shown_and_the_later_first() {
        let (jane, office) = (row("jane@acme.example", &["o@acme.example"], 0), row("o@acme.example", &[], 50));
        for rows in [[jane.clone(), office.clone()], [office, jane]] {
            let findings = resolve(&acme(|_| {}), &rows).unwrap_err();
            let found = findings.sorted()[0].clone();
            let (first, second) = (found.at.unwrap().span.place.offset(), found.also[0].span.place.offset());
            assert!((50..60).contains(&first) && second < 10, "{first} {second} {:?}", at(0));
        }
    }
}
