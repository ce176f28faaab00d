//! A lower scope never weakens a higher one (S16.3).

use crate::base::span::Span;
use crate::base::{Findings, RuleDoc, RuleId, Severity};
use crate::resolve::rules::report::{Case, report};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0210"),
    severity: Severity::Error,
    title: "a tenant weakens the password policy of the workspace",
    doc: "What mailwright.toml demands of passwords holds for all tenants. A tenant may ask for more, never for less.",
    example: r#"# mailwright.toml
schema = "mailwright/v1"

[providers.edge]
driver = "panel"
url = "embedded:panel.db"

[defaults.password_policy]
min_length = 12

# tenants/acme.toml
schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[password_policy]
min_length = 8
"#,
    fix: "Ask for at least what the workspace asks for, or leave the key out.",
};

/// Each written key of the tenant's policy asks for at least what the workspace's defaults ask for.
pub fn check(case: &Case<'_>, findings: &mut Findings) {
    let Some(higher) = &case.workspace.defaults.password_policy else {
        return;
    };
    for lower in [&case.written.defaults.password_policy, &case.written.password_policy].into_iter().flatten() {
        let mut weaker = |name: &str, own: Span, wants: Span, least: String| {
            report(findings, case.heads.name(), &DOC, || {
                DOC.finding(format!("`{name}` is weaker than the workspace demands"))
                    .at(own, "the tenant's word")
                    .also(wants, "the workspace's word")
                    .replace(format!("write {name} = {least} or leave it out"), own, least.clone())
            });
        };
        for (name, own, least) in
            [("min_length", &lower.min_length, &higher.min_length), ("generated_length", &lower.generated_length, &higher.generated_length)]
        {
            if let (Some(own), Some(least)) = (own, least)
                && own.value < least.value
            {
                weaker(name, own.span, least.span, least.value.to_string());
            }
        }
        for (name, own, wants) in [
            ("upper", &lower.upper, &higher.upper),
            ("lower", &lower.lower, &higher.lower),
            ("digit", &lower.digit, &higher.digit),
            ("special", &lower.special, &higher.special),
            ("generated_special", &lower.generated_special, &higher.generated_special),
        ] {
            if let (Some(own), Some(wants)) = (own, wants)
                && wants.value
                && !own.value
            {
                weaker(name, own.span, wants.span, "true".into());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::PasswordPolicy;
    use crate::resolve::test_aid::{ids_of_heads, policy};

    fn with(own: PasswordPolicy) -> Vec<&'static str> {
        ids_of_heads(|t, w| {
            w.defaults.password_policy = Some(policy(12, true));
            t.password_policy = Some(own);
        })
    }

    #[test]
    fn a_tenant_may_ask_for_more_only() {
        assert_eq!(with(policy(8, true)), ["MW0210"]);
        assert_eq!(with(policy(14, false)), ["MW0210"; 3]);
        assert_eq!(with(policy(14, true)), [""; 0]);
        let made_up = |length: u32| PasswordPolicy { generated_length: policy(length, true).min_length, ..policy(14, true) };
        let ids = ids_of_heads(|t, w| {
            w.defaults.password_policy = Some(made_up(16));
            t.password_policy = Some(made_up(12));
        });
        assert_eq!(ids, ["MW0210"]);
        let silent = PasswordPolicy { min_length: None, upper: None, lower: None, digit: None, ..policy(0, true) };
        assert_eq!(with(silent), [""; 0]);
    }

    #[test]
    fn the_tenants_defaults_are_a_lower_scope_too() {
        let ids = ids_of_heads(|t, w| {
            w.defaults.password_policy = Some(policy(12, true));
            t.defaults.password_policy = Some(policy(4, true));
        });
        assert_eq!(ids, ["MW0210"]);
    }
}
