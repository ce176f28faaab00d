//! Continuity works only when its prerequisites are met (S15), each named.

use crate::base::span::Span;
use crate::base::{DomainName, Findings, RuleDoc, RuleId, Severity};
use crate::model::{Continuity, Domain};
use crate::resolve::Heads;
use crate::resolve::rules::report::{Case, report};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0208"),
    severity: Severity::Error,
    title: "continuity without its prerequisites",
    doc: "Continuity takes mail over for the users that the panel knows, when the destination fails. It is bought for at least twelve months, sends outgoing mail by the customer's own server, and does nothing for users that were not there before.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[password_policy]
min_length = 8
upper = true
lower = true
digit = true

[domains."acme.example".continuity]
enabled = true
term = { months = 12, from = 2026-12-01 }
"#,
    fix: "Meet each prerequisite that is named: a term of 12 months or more, outgoing_via_own_server = true, users or a directory.",
};

/// What needs no row: the term, and outgoing mail by the own server.
pub fn check(case: &Case<'_>, findings: &mut Findings) {
    for (name, domain) in &case.heads.domains {
        let Some((continuity, on)) = enabled(domain) else {
            continue;
        };
        let mut missing = |at: Span, label: &str, fix: &str| {
            report(findings, case.heads.name(), &DOC, || {
                DOC.finding(format!("continuity of {name}: {label}")).at(at, label).also(on, "switched on here").fix(fix)
            });
        };
        if !continuity.outgoing_via_own_server.as_ref().is_some_and(|v| v.value) {
            let at = continuity.outgoing_via_own_server.as_ref().map_or(continuity.at, |v| v.span);
            missing(at, "outgoing mail does not go by the customer's own server", "write outgoing_via_own_server = true");
        }
        match &continuity.term {
            None => missing(continuity.at, "no term is named", "write term = { months = 12, from = DATE }"),
            Some(term) if term.value.months < LEAST_MONTHS => {
                missing(term.span, "the term is shorter than 12 months", "write months = 12 or more");
            }
            Some(_) => {}
        }
    }
}

/// What needs the rows: a domain with continuity has users or a directory. `users` counts the rows of a domain.
pub fn check_users(heads: &Heads, users: &dyn Fn(&DomainName) -> u64, findings: &mut Findings) {
    for (name, domain) in &heads.domains {
        let Some((_, on)) = enabled(domain).filter(|_| domain.directories.is_empty() && users(name) == 0) else {
            continue;
        };
        report(findings, heads.name(), &DOC, || {
            DOC.finding(format!("continuity of {name}: no user is declared, and no directory"))
                .at(on, "mail for unknown users is not taken over")
                .also(domain.at, "a domain without users")
                .fix("declare the users, or a directory")
        });
    }
}

/// Shortest term in months that is sold (S15).
const LEAST_MONTHS: u32 = 12;

fn enabled(domain: &Domain) -> Option<(&Continuity, Span)> {
    let continuity = domain.continuity.as_ref()?;
    continuity.enabled.as_ref().filter(|e| e.value).map(|e| (continuity, e.span))
}

#[cfg(test)]
mod tests {
    use crate::base::Findings;
    use crate::resolve::test_aid::{acme, continuity, directory, ids_of_heads, name, policy, resolve, row, s};

    fn with(tweak: impl Fn(&mut crate::model::Continuity)) -> Vec<&'static str> {
        ids_of_heads(|t, _| {
            let mut on = continuity(12);
            tweak(&mut on);
            t.password_policy = Some(policy(12, true));
            t.domains.get_mut(&name("acme.example")).unwrap().continuity = Some(on);
        })
    }

    #[test]
    fn each_prerequisite_is_named() {
        assert_eq!(with(|_| {}), [""; 0]);
        assert_eq!(with(|c| c.outgoing_via_own_server = None), ["MW0208"]);
        assert_eq!(with(|c| c.outgoing_via_own_server = Some(s(false, 402))), ["MW0208"]);
        assert_eq!(with(|c| c.term = None), ["MW0208"]);
        assert_eq!(with(|c| *c = continuity(6)), ["MW0208"]);
        assert_eq!(with(|c| (c.term, c.outgoing_via_own_server) = (None, None)), ["MW0208", "MW0208"]);
        assert_eq!(with(|c| (c.term, c.enabled) = (None, Some(s(false, 401)))), [""; 0]);
    }

    #[test]
    fn users_or_a_directory_must_be_there() {
        let heads = |with_directory: bool| {
            acme(|t| {
                let domain = t.domains.get_mut(&name("acme.example")).unwrap();
                domain.continuity = Some(continuity(12));
                domain.directories.extend(with_directory.then(|| ("default".to_owned(), directory(|_| {}))));
            })
        };
        let count = |f: &Findings| f.counts().get(&super::DOC.id).copied().unwrap_or(0);
        assert_eq!(count(&resolve(&heads(false), &[]).unwrap_err()), 1);
        assert_eq!(count(&resolve(&heads(true), &[]).unwrap().1), 0);
        assert_eq!(count(&resolve(&heads(false), &[row("a@acme.example", &[], 1000)]).unwrap().1), 0);
    }
}
