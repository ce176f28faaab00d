//! What this panel refuses by its own limits, said before anything is sent (wave four).
//!
//! Deliberately absent: limits on rows (lengths of names); a row's texts are not in hand here, and the panel names them
//! in its answer.

use crate::base::{Findings, RuleDoc, RuleId, Severity, destination};
use crate::resolve::Desired;
use std::collections::BTreeSet;

/// The panel's own limits on a policy's least length, in characters.
const MIN_LENGTH: std::ops::RangeInclusive<u32> = 8..=128;
/// The panel's limit of destinations.
const DESTINATIONS: usize = 10;
/// The panel's limit of alias domains.
const ALIAS_DOMAINS: usize = 200;

/// A password policy that the panel does not take.
pub const POLICY_LENGTH: RuleDoc = RuleDoc {
    id: RuleId("MW0401"),
    severity: Severity::Error,
    title: "this panel takes a least password length of 8 to 128",
    doc: "Shorter ones are guessed, longer ones cannot be typed; the panel refuses the policy as a whole.",
    example: "[password_policy]\nmin_length = 6",
    fix: "Write a number from 8 to 128.",
};
/// A list of destinations that the panel does not take.
pub const DESTINATION_COUNT: RuleDoc = RuleDoc {
    id: RuleId("MW0402"),
    severity: Severity::Error,
    title: "this panel takes 1 to 10 destinations, none twice",
    doc: "Mail is delivered to the first that answers. A domain without a destination cannot receive mail.",
    example: "[domains.\"acme.example\"]\ndestination = []",
    fix: "Write 1 to 10 different destinations.",
};
/// A destination that the panel does not take.
pub const DESTINATION_FORM: RuleDoc = RuleDoc {
    id: RuleId("MW0403"),
    severity: Severity::Error,
    title: "this panel takes a destination as full host name or IP address with port",
    doc: "A host without a dot would be looked up in the panel's own network, not in yours.",
    example: "[domains.\"acme.example\"]\ndestination = \"mx:25\"",
    fix: "Write the full name and the port, for example mx.acme.example:25, or an IPv6 address in brackets.",
};
/// More alias domains than the panel takes.
pub const ALIAS_DOMAIN_COUNT: RuleDoc = RuleDoc {
    id: RuleId("MW0404"),
    severity: Severity::Error,
    title: "this panel takes at most 200 alias domains of a domain",
    doc: "Each alias domain multiplies the addresses of all users.",
    example: "alias_domains = [\"a1.example\", \"a2.example\", \"…\"]   # 201 of them",
    fix: "Declare some of them as domains of their own.",
};

/// All rules of this driver.
pub const RULES: &[RuleDoc] = &[POLICY_LENGTH, DESTINATION_COUNT, DESTINATION_FORM, ALIAS_DOMAIN_COUNT];

/// Findings of this panel's limits.
pub fn audit(desired: &Desired) -> Findings {
    let mut findings = Findings::new();
    let tenant = desired.heads.name();
    let mut find = |rule: &RuleDoc, title: String, at| findings.push(rule.finding(title).at(at, "").fix(rule.fix).of(tenant));
    if let Some(length) = desired.heads.password_policy.as_ref().and_then(|p| p.min_length.as_ref())
        && !MIN_LENGTH.contains(&length.value)
    {
        find(&POLICY_LENGTH, format!("this panel takes a least password length of 8 to 128, not {}", length.value), length.span);
    }
    for domain in desired.heads.domains.values() {
        if let Some(list) = &domain.destination {
            let canonical: Vec<Option<String>> = list.value.iter().map(|text| destination(text)).collect();
            let different: BTreeSet<&Option<String>> = canonical.iter().collect();
            for (text, _) in list.value.iter().zip(&canonical).filter(|(_, c)| c.is_none()) {
                let shown = crate::base::printable::printable_short(text, 80);
                find(&DESTINATION_FORM, format!("`{shown}` is no destination that this panel takes"), list.span);
            }
            if list.value.is_empty() || list.value.len() > DESTINATIONS {
                find(&DESTINATION_COUNT, format!("this panel takes 1 to 10 destinations, not {}", list.value.len()), list.span);
            } else if different.len() < canonical.len() && canonical.iter().all(Option::is_some) {
                find(&DESTINATION_COUNT, "a destination is written twice".to_owned(), list.span);
            }
        }
        if let Some(set) = domain.alias_domains.as_ref().filter(|set| set.value.len() > ALIAS_DOMAINS) {
            find(&ALIAS_DOMAIN_COUNT, format!("this panel takes at most 200 alias domains, not {}", set.value.len()), set.span);
        }
    }
    findings
}
