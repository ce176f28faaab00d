//! Relay check `ldap` asks a directory, so there must be one.

use crate::base::{Findings, RuleDoc, RuleId, Severity};
use crate::model::directory::Source;
use crate::model::{Directory, RelayCheck};
use crate::resolve::rules::report::{Case, report};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0207"),
    severity: Severity::Error,
    title: "relay check ldap without a directory",
    doc: "With relay check ldap the filter asks the directory which recipients exist. Without a directory it knows none, and all mail of the domain is refused.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example"]
relay_check = "ldap"
"#,
    fix: "Declare [domains.\"NAME\".directory], or choose relay_check = \"control-panel\" or \"smtp\".",
};

/// A domain with relay check `ldap` has a directory that is not switched off.
pub fn check(case: &Case<'_>, findings: &mut Findings) {
    for (name, domain) in &case.heads.domains {
        let Some(relay_check) = domain.relay_check.as_ref().filter(|r| r.value == RelayCheck::Ldap) else {
            continue;
        };
        let on = |d: &Directory| d.enabled.as_ref().is_none_or(|e| e.value);
        let asked = |d: &Directory| d.source.as_ref().is_none_or(|s| s.value == Source::Ldap);
        if domain.directories.values().any(|d| on(d) && asked(d)) {
            continue;
        }
        report(findings, case.heads.name(), &DOC, || {
            let finding = DOC
                .finding(format!("{name} asks a directory for its recipients and has none"))
                .at(relay_check.span, "needs an LDAP directory");
            let finding = domain.directories.values().fold(finding, |f, d| f.also(d.at, if on(d) { "not LDAP" } else { "switched off" }));
            finding.fix(format!("declare [domains.\"{name}\".directory], or choose another relay check"))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::model::RelayCheck;
    use crate::model::directory::Source;
    use crate::resolve::test_aid::{directory, ids_of_heads, name, s};

    fn with(check: RelayCheck, one: Option<crate::model::Directory>) -> Vec<&'static str> {
        ids_of_heads(|t, _| {
            let domain = t.domains.get_mut(&name("acme.example")).unwrap();
            domain.relay_check = Some(s(check, 110));
            domain.directories.extend(one.map(|d| ("default".to_owned(), d)));
        })
    }

    #[test]
    fn ldap_needs_a_directory_that_is_on() {
        assert_eq!(with(RelayCheck::Ldap, None), ["MW0207"]);
        assert_eq!(with(RelayCheck::Ldap, Some(directory(|d| d.enabled = Some(s(false, 202))))), ["MW0207"]);
        assert_eq!(with(RelayCheck::Ldap, Some(directory(|d| d.source = Some(s(Source::Entra, 202))))), ["MW0207"]);
        assert_eq!(with(RelayCheck::Ldap, Some(directory(|_| {}))), [""; 0]);
        assert_eq!(with(RelayCheck::ControlPanel, None), [""; 0]);
    }

    #[test]
    fn a_default_counts_as_written() {
        assert_eq!(ids_of_heads(|_, w| w.defaults.relay_check = Some(s(RelayCheck::Ldap, 900))), ["MW0207"]);
    }
}
