//! Discovery is for moving in, not for ever (S16.2). That `until` is near enough is judged where today is known.

use crate::base::{Findings, RuleDoc, RuleId, Severity};
use crate::resolve::rules::report::{Case, report};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0211"),
    severity: Severity::Error,
    title: "discovery without an end",
    doc: "While discovery is on, every address that the destination accepts becomes a billable user, spam traps and catch-alls included. It must name its last day, at most 60 days ahead.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example".discovery]
enabled = true
"#,
    fix: "Write until = DATE, at most 60 days ahead, or enabled = false.",
};

/// Discovery that is on names its last day.
pub fn check(case: &Case<'_>, findings: &mut Findings) {
    for (name, domain) in &case.heads.domains {
        let Some(discovery) = domain.discovery.as_ref().filter(|d| d.until.is_none()) else {
            continue;
        };
        let Some(on) = discovery.enabled.as_ref().filter(|e| e.value) else {
            continue;
        };
        report(findings, case.heads.name(), &DOC, || {
            let finding = DOC.finding(format!("discovery of {name} names no last day")).at(on.span, "switched on without an end");
            finding.fix("write until = DATE, at most 60 days ahead, or enabled = false")
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Discovery;
    use crate::resolve::test_aid::{at, ids_of_heads, name, s};

    fn with(enabled: Option<bool>, until: bool) -> Vec<&'static str> {
        let until = until.then(|| s(jiff::civil::date(2026, 12, 1), 212));
        let discovery = Discovery { at: at(210), enabled: enabled.map(|e| s(e, 211)), until };
        ids_of_heads(|t, _| t.domains.get_mut(&name("acme.example")).unwrap().discovery = Some(discovery))
    }

    #[test]
    fn discovery_ends() {
        assert_eq!(with(Some(true), false), ["MW0211"]);
        assert_eq!(with(Some(true), true), [""; 0]);
        assert_eq!(with(Some(false), false), [""; 0]);
        assert_eq!(with(None, false), [""; 0]);
    }
}
