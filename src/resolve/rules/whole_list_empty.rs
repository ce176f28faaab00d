//! A whole list with lists but no row: allowed, because a guard stops it (S7.5), but rarely meant.

use crate::base::{DomainName, Findings, RuleDoc, RuleId, Severity};
use crate::model::Authority;
use crate::resolve::Heads;
use crate::resolve::rules::report::{report, written_authority};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0217"),
    severity: Severity::Warning,
    title: "add-delete-old with an empty list",
    doc: "The list that is the whole list of a domain has no row for it. Often an export failed or wrote another domain. The guard `emptied` stops the deletions until somebody approves them.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example".users]
authority = "add-delete-old"

[domains."beta.example"]

[[users]]
address = "jane@beta.example"
"#,
    fix: "Look at the export; if the list is meant to be empty, approve the evidence `emptied`.",
};

/// `users` counts the rows of a domain. A domain without any list is [`super::whole_list_missing`]'s and has stopped before.
pub fn check_users(heads: &Heads, users: &dyn Fn(&DomainName) -> u64, findings: &mut Findings) {
    for (name, domain) in &heads.domains {
        if heads.users_authority(name) != Authority::AddDeleteOld || users(name) > 0 {
            continue;
        }
        report(findings, heads.name(), &DOC, || {
            let at = written_authority(heads, name).unwrap_or(domain.at);
            let finding = DOC.finding(format!("no row is for {name}: its whole list is empty")).at(at, "the list is the whole list");
            finding.fix("look at the export; if the list is meant to be empty, approve the evidence `emptied`")
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Authority;
    use crate::resolve::test_aid::{acme, name, resolve, row, s};

    #[test]
    fn an_empty_whole_list_is_said() {
        let heads = |authority| acme(|t| t.domains.get_mut(&name("acme.example")).unwrap().users_authority = Some(s(authority, 120)));
        let count = |authority, rows: &[_]| resolve(&heads(authority), rows).unwrap().1.counts().get(&super::DOC.id).copied();
        assert_eq!(count(Authority::AddDeleteOld, &[]), Some(1));
        assert_eq!(count(Authority::AddDeleteOld, &[row("a@acme.example", &[], 1000)]), None);
        assert_eq!(count(Authority::Add, &[]), None);
    }
}
