//! One row for each address in a CSV file, one table among all inline users (S3.4).

use crate::base::span::Span;
use crate::base::{Finding, RuleDoc, RuleId, Severity};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0228"),
    severity: Severity::Error,
    title: "a user that is written twice",
    doc: "Two rows of one address in one list are an export's error or a merge's; which of them counts nobody can say. An inline table and a CSV row add up field by field, and so do two files.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example"]

[[users]]
address = "jane@acme.example"

[[users]]
address = "Jane@acme.example"
"#,
    fix: "Delete one of the two, after looking which fields are right.",
};

/// The finding for an address with both places, the later first.
pub fn finding(address: &str, one: Span, other: Span) -> Finding {
    let (first, second) = if one.place < other.place { (one, other) } else { (other, one) };
    DOC.finding(format!("user {address} is written twice"))
        .at(second, "here again")
        .also(first, "written here")
        .fix("delete one of the two")
}

#[cfg(test)]
mod tests {
    use crate::resolve::resolver::{List, Resolver};
    use crate::resolve::test_aid::{ALL_FIELDS, CSV, INLINE, KEY, acme, in_file, row};

    fn errors(first: (u32, List<'_>), second: (u32, List<'_>)) -> u64 {
        let mut resolver = Resolver::new(&acme(|_| {}), ALL_FIELDS, KEY);
        resolver.push_row(&in_file(row("jane@acme.example", &[], 0), first.0), first.1);
        resolver.push_row(&in_file(row("Jane@acme.example", &["j@acme.example"], 50), second.0), second.1);
        resolver.finish().map_or_else(|f| f.counts()[&super::DOC.id], |(desired, _)| desired.users.len() as u64 - 1)
    }

    #[test]
    fn one_row_in_one_list() {
        assert_eq!(errors((1, CSV), (1, CSV)), 1);
        assert_eq!(errors((1, INLINE), (2, INLINE)), 1);
        assert_eq!(errors((1, CSV), (2, CSV)), 0);
        assert_eq!(errors((1, INLINE), (2, CSV)), 0);
    }
}
