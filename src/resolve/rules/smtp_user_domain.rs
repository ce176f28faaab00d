//! An SMTP user sends from a declared sending domain.

use crate::base::nearest::suggest;
use crate::base::{Findings, RuleDoc, RuleId, Severity};
use crate::resolve::rules::report::{Case, report};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0212"),
    severity: Severity::Error,
    title: "SMTP user in an undeclared sending domain",
    doc: "The panel mints a login for one sending domain, once. A wrong domain cannot be corrected afterwards: the login would have to be deleted and every application reconfigured.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[sending_domains."news.acme.example"]

[smtp_users.crm]
domain = "newz.acme.example"
"#,
    fix: "Declare the domain as [sending_domains.\"NAME\"], or correct the name.",
};

/// The domain of each SMTP user is a sending domain of the tenant; one that is still to be minted names it.
pub fn check(case: &Case<'_>, findings: &mut Findings) {
    let heads = case.heads;
    for (name, user) in &heads.smtp_users {
        let names = || heads.sending_domains.keys().map(|d| d.as_str());
        match &user.domain {
            Some(domain) if !heads.sending_domains.contains_key(&domain.value) => report(findings, heads.name(), &DOC, || {
                DOC.finding(format!("SMTP user `{name}` sends from {}, which is no declared sending domain", domain.value))
                    .at(domain.span, "not declared")
                    .note(format!("to declare it: [sending_domains.\"{}\"]", domain.value))
                    .fix(suggest(domain.value.as_str(), names()))
            }),
            None if user.username.is_none() => report(findings, heads.name(), &DOC, || {
                DOC.finding(format!("SMTP user `{name}` names no sending domain"))
                    .at(user.at, "needs `domain`")
                    .fix("write domain = \"NAME\"")
            }),
            Some(_) | None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{SendingDomain, SmtpUser};
    use crate::resolve::test_aid::{at, ids_of_heads, name, s};

    fn with(domain: Option<&str>, username: Option<&str>) -> Vec<&'static str> {
        let user = SmtpUser {
            name: "crm".into(),
            at: at(600),
            domain: domain.map(|d| s(name(d), 601)),
            label: None,
            username: username.map(|u| s(u.into(), 602)),
            credential: None,
            durable: false,
        };
        ids_of_heads(|t, _| {
            t.sending_domains.insert(name("news.acme.example"), SendingDomain { name: name("news.acme.example"), at: at(590) });
            t.smtp_users.insert("crm".into(), user);
        })
    }

    #[test]
    fn the_sending_domain_is_declared() {
        assert_eq!(with(Some("newz.acme.example"), None), ["MW0212"]);
        assert_eq!(with(None, None), ["MW0212"]);
        assert_eq!(with(None, Some("u-123")), [""; 0]);
        assert_eq!(with(Some("news.acme.example"), None), [""; 0]);
    }
}
