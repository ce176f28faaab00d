//! A tenant's provider must be a connection of `mailwright.toml`.

use crate::base::nearest::suggest;
use crate::base::{Findings, RuleDoc, RuleId, Severity};
use crate::resolve::rules::report::{Case, report};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0201"),
    severity: Severity::Error,
    title: "unknown provider",
    doc: "A tenant lives on a provider: a named connection to a panel in mailwright.toml. Without it nobody can be asked what the tenant has.",
    example: r#"# tenants/acme.toml
schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "egde"
"#,
    fix: "Write the name of a provider that mailwright.toml declares, or declare it there as [providers.NAME].",
};

/// Both providers exist.
pub fn check(case: &Case<'_>, findings: &mut Findings) {
    let tenant = &case.heads.tenant;
    let inbound = (&tenant.inbound, "inbound");
    let outbound = (tenant.outbound != tenant.inbound).then_some((&tenant.outbound, "outbound"));
    for (provider, direction) in std::iter::once(inbound).chain(outbound) {
        let workspace = case.workspace;
        if workspace.providers.contains_key(&provider.value) || workspace.refused_providers.contains(&provider.value) {
            continue;
        }
        let names = || case.workspace.providers.keys().map(|name| name.as_str());
        report(findings, &tenant.name, &DOC, || {
            DOC.finding(format!("there is no provider `{}`", provider.value))
                .at(provider.span, format!("the {direction} provider of tenant {}", tenant.name))
                .fix(suggest(provider.value.as_str(), names()))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::resolve::test_aid::{ids_of_heads, provider, s};

    #[test]
    fn each_direction_needs_a_provider() {
        assert_eq!(ids_of_heads(|t, _| t.tenant.outbound = s(provider("relay"), 30)), ["MW0201"]);
        let both = |t: &mut crate::config::DeclaredTenant| {
            t.tenant.inbound = s(provider("egde"), 30);
            t.tenant.outbound = t.tenant.inbound.clone();
        };
        assert_eq!(ids_of_heads(|t, _| both(t)), ["MW0201"]);
        assert_eq!(ids_of_heads(|_, _| {}), [""; 0]);
    }
}
