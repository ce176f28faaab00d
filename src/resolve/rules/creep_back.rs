//! Under relay check `smtp` or `ldap` a deleted user comes back (S13.1).

use crate::base::{Findings, RuleDoc, RuleId, Severity};
use crate::model::{Authority, RelayCheck};
use crate::resolve::rules::report::{Case, report, written_authority};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0213"),
    severity: Severity::Warning,
    title: "add-delete-old under a relay check that brings users back",
    doc: "With relay check smtp the panel creates a user after two clean mails, as long as the destination accepts the address; with ldap the directory brings it back. Deleting such a user here is futile until the mailbox is gone upstream: the number of users creeps up again.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example"]
relay_check = "smtp"

[domains."acme.example".users]
authority = "add-delete-old"

[[users]]
address = "jane@acme.example"
"#,
    fix: "Write relay_check = \"control-panel\", or authority = \"add\"; or make sure that what goes is gone upstream first.",
};

/// The whole list is ours to say, and yet the panel adds to it by itself.
pub fn check(case: &Case<'_>, findings: &mut Findings) {
    let heads = case.heads;
    for (name, domain) in &heads.domains {
        let Some(relay_check) = domain.relay_check.as_ref().filter(|r| r.value != RelayCheck::ControlPanel) else {
            continue;
        };
        if heads.users_authority(name) != Authority::AddDeleteOld {
            continue;
        }
        report(findings, heads.name(), &DOC, || {
            let who = if relay_check.value == RelayCheck::Smtp { "two clean mails bring" } else { "the directory brings" };
            let finding = DOC
                .finding(format!("users deleted from {name} come back while its relay check is `{}`", relay_check.value))
                .at(relay_check.span, format!("{who} back whoever still exists upstream"));
            let finding = written_authority(heads, name).into_iter().fold(finding, |f, span| f.also(span, "deletes who is not listed"));
            finding.fix("write relay_check = \"control-panel\", or delete the mailboxes upstream first")
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Authority, RelayCheck};
    use crate::resolve::test_aid::{ids_of_heads, list, name, s};

    fn with(check: RelayCheck, authority: Authority) -> Vec<&'static str> {
        ids_of_heads(|t, _| {
            t.tenant.authority = Some(s(authority, 30));
            t.lists.push(list(None));
            let domain = t.domains.get_mut(&name("acme.example")).unwrap();
            domain.relay_check = Some(s(check, 110));
            domain.directories.insert("default".into(), crate::resolve::test_aid::directory(|_| {}));
        })
    }

    #[test]
    fn deletions_are_futile_unless_the_panel_has_the_list() {
        assert_eq!(with(RelayCheck::Smtp, Authority::AddDeleteOld), ["MW0213", "MW0216"]);
        assert_eq!(with(RelayCheck::Ldap, Authority::AddDeleteOld), ["MW0213", "MW0216"]);
        assert_eq!(with(RelayCheck::Smtp, Authority::Add), [""; 0]);
        assert_eq!(with(RelayCheck::ControlPanel, Authority::AddDeleteOld), ["MW0216"]);
    }
}
