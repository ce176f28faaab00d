//! Secret references obey the allow-list of the policy (S19.1), and are names, never secrets (S10.1).

use crate::base::span::Span;
use crate::base::{Findings, RuleDoc, RuleId, SecretRef, Severity, TenantName};
use crate::resolve::rules::report::{Case, report};
use crate::resolve::secrets::{AllowedSecrets, is_env_name};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0230"),
    severity: Severity::Error,
    title: "a secret reference that is not allowed",
    doc: "Tenant files can be changed by people who must not read every secret of the pipeline. mailwright.toml lists which environment variables and files they may name. What is no proper name of a variable may be the secret itself, so it is refused and never repeated in a message.",
    example: r#"# mailwright.toml
schema = "mailwright/v1"
allowed_secrets = ["env:ACME_*"]

[providers.edge]
driver = "panel"
url = "embedded:panel.db"

# tenants/acme.toml
schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example"]

[[users]]
address = "jane@acme.example"
password = { env = "MAILWRIGHT_TOKEN" }
"#,
    fix: "Name a reference that the policy allows, or add a pattern to it.",
};

/// References of heads: bind passwords, and the sinks of SMTP users.
pub fn check(case: &Case<'_>, findings: &mut Findings) {
    let allowed = AllowedSecrets::from_policy(case.workspace.allowed_secrets.as_deref());
    let heads = case.heads;
    let binds = heads.domains.values().flat_map(|d| d.directories.values()).filter_map(|d| d.bind_password.as_ref());
    let binds = binds.map(|b| (&b.value.from, b.span));
    let sinks = heads.smtp_users.values().filter_map(|u| u.credential.as_ref()).map(|c| (&c.value, c.span));
    for (reference, span) in binds.chain(sinks) {
        check_one(&allowed, reference, span, heads.name(), findings);
    }
}

/// One reference. Returns whether it may be used.
pub fn check_one(allowed: &AllowedSecrets, reference: &SecretRef, at: Span, tenant: &TenantName, findings: &mut Findings) -> bool {
    let wrong = match reference {
        SecretRef::Env(name) => (!is_env_name(name)).then_some("no name of an environment variable: letters, digits and `_` only"),
        SecretRef::File(path) => path.is_empty().then_some("no path"),
    };
    if let Some(wrong) = wrong {
        report(findings, tenant, &DOC, || {
            let finding = DOC.finding("a secret is named by an environment variable or a file").at(at, wrong).conceal(at);
            finding
                .note("if this is the secret itself: take it out of the file and change it")
                .fix("write the name of an environment variable, or the path of a file")
        });
        return false;
    }
    let good = allowed.allow(reference);
    if !good {
        report(findings, tenant, &DOC, || {
            DOC.finding(format!("the policy does not allow the secret `{reference}`"))
                .at(at, "not allowed in tenant files")
                .fix("name a reference that mailwright.toml allows, or add a pattern there")
        });
    }
    good
}

#[cfg(test)]
mod tests {
    use crate::base::SecretRef;
    use crate::model::directory::BindPassword;
    use crate::resolve::secrets::AllowedSecrets;
    use crate::resolve::test_aid::{KEY, acme, directory, ids_of_heads, ids_of_rows, name, password, row, s};

    #[test]
    fn heads_obey_the_list() {
        let with = |allow: Option<Vec<String>>| {
            ids_of_heads(|t, w| {
                w.allowed_secrets = allow;
                let bind =
                    directory(|d| d.bind_password = Some(s(BindPassword { from: SecretRef::Env("ACME_BIND".into()), rotate: None }, 220)));
                t.domains.get_mut(&name("acme.example")).unwrap().directories.insert("default".into(), bind);
            })
        };
        assert_eq!(with(Some(vec!["env:BETA_*".into()])), ["MW0230"]);
        assert_eq!(with(Some(vec!["env:ACME_*".into()])), [""; 0]);
        assert_eq!(with(None), [""; 0]);
    }

    #[test]
    fn a_secret_in_place_of_a_name_is_refused_and_not_repeated() {
        let mut jane = row("jane@acme.example", &[], 1000);
        jane.password = Some(password("hunter2!", None));
        assert_eq!(ids_of_rows(&[jane.clone()]), ["MW0230"]);
        let findings = crate::resolve::test_aid::resolve(&acme(|_| {}), &[jane]).unwrap_err();
        assert!(!format!("{findings:?}").contains("hunter2"));
        let mut kim = row("kim@acme.example", &[], 1000);
        kim.password = Some(crate::config::rows::RawPassword { source: crate::config::rows::PasswordSource::File, ..password("", None) });
        assert_eq!(ids_of_rows(&[kim]), ["MW0230"]);
    }

    #[test]
    fn a_resolver_that_was_told_nothing_allows_nothing() {
        let mut jane = row("jane@acme.example", &[], 1000);
        jane.password = Some(password("JANE_PW", None));
        let heads = acme(|_| {});
        let mut forgotten = crate::resolve::Resolver::new(&heads, crate::resolve::test_aid::ALL_FIELDS, KEY);
        forgotten.push_row(&jane, crate::resolve::test_aid::CSV);
        assert!(forgotten.finish().is_err());
        let mut told = crate::resolve::Resolver::new(&heads, crate::resolve::test_aid::ALL_FIELDS, KEY);
        told = told.with_secrets(AllowedSecrets::from_policy(Some(&["env:JANE_*".into()])));
        told.push_row(&jane, crate::resolve::test_aid::CSV);
        assert!(told.finish().is_ok());
    }
}
