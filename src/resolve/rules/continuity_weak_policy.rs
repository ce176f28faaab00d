//! With continuity on, users sign in from anywhere: the panels advise strong passwords (S15).

use crate::base::span::Spanned;
use crate::base::{Findings, RuleDoc, RuleId, Severity};
use crate::model::{Domain, PasswordPolicy};
use crate::resolve::rules::report::{Case, report};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0209"),
    severity: Severity::Warning,
    title: "continuity with a weak password policy",
    doc: "During a failure people read their mail on the panel's web mail, where a guessed password opens the mailbox. The panels advise at least 8 characters with an upper-case letter, a lower-case letter and a digit.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[password_policy]
min_length = 6

[[users]]
address = "jane@acme.example"

[domains."acme.example".continuity]
enabled = true
outgoing_via_own_server = true
term = { months = 12, from = 2026-12-01 }
"#,
    fix: "Write [password_policy] with min_length = 8 or more and upper, lower and digit = true.",
};

/// A tenant with continuity on has a strong password policy, written or by default. One finding for each tenant.
pub fn check(case: &Case<'_>, findings: &mut Findings) {
    let heads = case.heads;
    if heads.password_policy.as_ref().is_some_and(PasswordPolicy::is_strong) {
        return;
    }
    let on = |d: &Domain| d.continuity.as_ref().and_then(|c| c.enabled.clone()).filter(|e| e.value).map(|e| e.span);
    let Some((name, enabled)) = heads.domains.iter().find_map(|(name, d)| on(d).map(|span| (name, span))) else {
        return;
    };
    report(findings, heads.name(), &DOC, || {
        let (at, label) = match &heads.password_policy {
            Some(policy) => (policy.at, format!("allows weak passwords; it lacks {}", lacks(policy))),
            None => (heads.tenant.at, "declares no password policy".to_owned()),
        };
        DOC.finding("continuity is on and passwords may be weak")
            .at(at, label)
            .also(enabled, format!("continuity of {name}"))
            .fix("write [password_policy] with min_length = 8 or more and upper, lower and digit = true")
    });
}

fn lacks(policy: &PasswordPolicy) -> String {
    let off = |v: &Option<Spanned<bool>>| !v.as_ref().is_some_and(|s| s.value);
    let short = policy.min_length.as_ref().is_none_or(|n| n.value < 8);
    let all = [(short, "min_length of 8"), (off(&policy.upper), "upper"), (off(&policy.lower), "lower"), (off(&policy.digit), "digit")];
    all.iter().filter(|(missing, _)| *missing).map(|(_, word)| *word).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use crate::resolve::test_aid::{continuity, ids_of_heads, name, policy};

    fn with(policy: Option<crate::model::PasswordPolicy>) -> Vec<&'static str> {
        ids_of_heads(|t, _| {
            t.password_policy = policy;
            t.domains.get_mut(&name("acme.example")).unwrap().continuity = Some(continuity(12));
        })
    }

    #[test]
    fn continuity_wants_strong_passwords() {
        assert_eq!(with(None), ["MW0209"]);
        assert_eq!(with(Some(policy(7, true))), ["MW0209"]);
        assert_eq!(with(Some(policy(8, false))), ["MW0209"]);
        assert_eq!(with(Some(policy(8, true))), [""; 0]);
        assert_eq!(super::lacks(&policy(7, false)), "min_length of 8, upper, lower, digit");
    }

    #[test]
    fn a_default_policy_counts() {
        let ids = ids_of_heads(|t, w| {
            w.defaults.password_policy = Some(policy(10, true));
            t.domains.get_mut(&name("acme.example")).unwrap().continuity = Some(continuity(12));
        });
        assert_eq!(ids, [""; 0]);
    }
}
