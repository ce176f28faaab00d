//! Rows of one address from different lists add up; no field is written twice (S3.4).

use crate::base::span::Span;
use crate::base::{Finding, RuleDoc, RuleId, Severity};
use crate::model::FieldMask;

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0229"),
    severity: Severity::Error,
    title: "a field that two lists write",
    doc: "An inline table may add to a CSV row what the CSV does not say. If both write the same field, one would win by accident of order.",
    example: r#"# tenants/acme.toml
schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"
users_from = ["users.csv"]

[domains."acme.example"]

[[users]]
address = "jane@acme.example"
status = "inactive"

# tenants/users.csv
address,status
jane@acme.example,active
"#,
    fix: "Leave the field in one of the two places.",
};

/// The finding for the fields that both rows write, the later place first.
pub fn finding(address: &str, fields: FieldMask, one: Span, other: Span) -> Finding {
    let (first, second) = if one.place < other.place { (one, other) } else { (other, one) };
    let names: Vec<&str> = fields.fields().map(|f| f.name()).collect();
    let names = names.join(", ");
    let finding = DOC.finding(format!("two lists write {names} of user {address}")).at(second, format!("writes {names}, too"));
    finding.also(first, format!("writes {names}")).fix("leave the field in one of the two places")
}

#[cfg(test)]
mod tests {
    use crate::config::RawRow;
    use crate::resolve::resolver::Resolver;
    use crate::resolve::test_aid::{ALL_FIELDS, CSV, INLINE, KEY, acme, cell, in_file, row};

    fn errors(inline: RawRow<'_>, csv: RawRow<'_>) -> u64 {
        let mut resolver = Resolver::new(&acme(|_| {}), ALL_FIELDS, KEY);
        resolver.push_row(&inline, INLINE);
        resolver.push_row(&in_file(csv, 1), CSV);
        resolver.finish().map_or_else(|f| f.counts()[&super::DOC.id], |_| 0)
    }

    #[test]
    fn lists_add_up_and_do_not_contradict() {
        let jane = row("jane@acme.example", &[], 0);
        let active = RawRow { status: Some(cell("active", 5)), ..jane.clone() };
        let named = RawRow { first_name: Some(cell("Jane", 6)), ..jane };
        assert_eq!(errors(active.clone(), active.clone()), 1);
        assert_eq!(errors(active, named), 0);
    }
}
