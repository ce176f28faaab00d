//! `add-delete-old` without any list would delete everybody (S7.5, S14: never sent empty).

use crate::base::{Findings, RuleDoc, RuleId, Severity};
use crate::config::RowSource;
use crate::model::Authority;
use crate::resolve::rules::report::{Case, report, written_authority};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0215"),
    severity: Severity::Error,
    title: "add-delete-old without a list",
    doc: "add-delete-old says that the declared list is the whole list. If no list is named for the domain and no user is written inline, the whole list is empty, and every user would go.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example".users]
authority = "add-delete-old"
"#,
    fix: "Name the list with from = \"users.csv\", write [[users]], or choose authority = \"add\".",
};

/// A domain whose users we own wholly has a list that can hold rows of it.
pub fn check(case: &Case<'_>, findings: &mut Findings) {
    let heads = case.heads;
    for (name, domain) in &heads.domains {
        let feeds = |list: &RowSource| list.tombstone.is_none() && list.domain.as_ref().is_none_or(|d| d == name);
        if heads.users_authority(name) != Authority::AddDeleteOld || case.written.lists.iter().any(feeds) {
            continue;
        }
        report(findings, heads.name(), &DOC, || {
            let at = written_authority(heads, name).unwrap_or(domain.at);
            let finding =
                DOC.finding(format!("{name} is add-delete-old and has no list: every user would go")).at(at, "the list is the whole list");
            finding
                .also(domain.at, "no list is named for it")
                .fix("name the list with `from`, write [[users]], or choose authority = \"add\"")
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Authority;
    use crate::resolve::test_aid::{ids_of_heads, list, name, s};

    fn with(lists: &[Option<&str>], authority: Authority) -> Vec<&'static str> {
        ids_of_heads(|t, _| {
            t.lists.extend(lists.iter().map(|domain| list(*domain)));
            t.domains.get_mut(&name("acme.example")).unwrap().users_authority = Some(s(authority, 120));
        })
    }

    #[test]
    fn the_whole_list_is_named() {
        assert_eq!(with(&[], Authority::AddDeleteOld), ["MW0215"]);
        assert_eq!(with(&[Some("other.example")], Authority::AddDeleteOld), ["MW0215"]);
        assert_eq!(with(&[Some("acme.example")], Authority::AddDeleteOld), [""; 0]);
        assert_eq!(with(&[None], Authority::AddDeleteOld), [""; 0]);
        assert_eq!(with(&[], Authority::Add), [""; 0]);
    }
}
