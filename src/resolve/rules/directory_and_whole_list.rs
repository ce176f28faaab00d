//! `add-delete-old` beside a directory reaches only who is not of the directory (S3.3).

use crate::base::{Findings, RuleDoc, RuleId, Severity};
use crate::model::{Authority, Directory};
use crate::resolve::rules::report::{Case, report, written_authority};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0216"),
    severity: Severity::Warning,
    title: "add-delete-old beside a directory",
    doc: "Users of the directory are never deleted or edited from here; the whole list means the other users only. Somebody who reads the list may think that it says everything.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example".users]
authority = "add-delete-old"

[domains."acme.example".directory]
host = "dc1.acme.example"

[[users]]
address = "jane@acme.example"
"#,
    fix: "Nothing, if that is meant; else write authority = \"add\".",
};

/// A domain with a directory that is not off, under `add-delete-old`.
pub fn check(case: &Case<'_>, findings: &mut Findings) {
    let heads = case.heads;
    for (name, domain) in &heads.domains {
        let on = |d: &&Directory| d.enabled.as_ref().is_none_or(|e| e.value);
        let Some(directory) = domain.directories.values().find(on) else {
            continue;
        };
        if heads.users_authority(name) != Authority::AddDeleteOld {
            continue;
        }
        report(findings, heads.name(), &DOC, || {
            let at = written_authority(heads, name).unwrap_or(domain.at);
            let finding =
                DOC.finding(format!("the directory of {name} keeps its users, whatever the list says")).at(at, "reaches other users only");
            finding.also(directory.at, "its users are left alone").fix("nothing, if that is meant; else write authority = \"add\"")
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Authority;
    use crate::resolve::test_aid::{directory, ids_of_heads, list, name, s};

    fn with(enabled: Option<bool>, authority: Authority) -> Vec<&'static str> {
        ids_of_heads(|t, _| {
            t.lists.push(list(None));
            let domain = t.domains.get_mut(&name("acme.example")).unwrap();
            domain.users_authority = Some(s(authority, 120));
            domain.directories.insert("default".into(), directory(|d| d.enabled = enabled.map(|e| s(e, 202))));
        })
    }

    #[test]
    fn a_directory_beside_the_whole_list_is_said() {
        assert_eq!(with(None, Authority::AddDeleteOld), ["MW0216"]);
        assert_eq!(with(Some(false), Authority::AddDeleteOld), [""; 0]);
        assert_eq!(with(None, Authority::Add), [""; 0]);
    }
}
