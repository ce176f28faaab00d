//! The audit that all drivers share: is anything declared that the panel has no notion of (S4.3 of the findings' wave four).
//!
//! Pure, without a call. Hand-offs are no findings: they become steps for a person (S6.5). Deliberately absent: limits of
//! one panel; each driver's own audit knows them.

use crate::base::span::Span;
use crate::base::{Finding, Findings, ProviderName, RuleDoc, RuleId, Severity};
use crate::model::{Capabilities, Field, FieldMask, Key, Kind, Support, Value};
use crate::resolve::Desired;

/// Something is declared that the panel does not have.
pub const NO_SUCH_THING: RuleDoc = RuleDoc {
    id: RuleId("MW0400"),
    severity: Severity::Error,
    title: "the panel has no such thing",
    doc: "What is declared must be true of the panel, or the plan would promise what nobody can keep. A value that is off or \
          empty asks for nothing and is accepted.",
    example: "[[users]]\naddress = \"jane@acme.example\"\ngroup = \"staff\"   # on a panel without groups",
    fix: "Remove the key, or switch it off; `mailwright drivers` shows what each panel can do.",
};

/// All rules of this file.
pub const RULES: &[RuleDoc] = &[NO_SUCH_THING];

/// Findings for everything declared that a panel with these capabilities does not have.
#[must_use]
pub fn capability_audit(caps: &Capabilities, desired: &Desired) -> Findings {
    judge(caps, desired, &|_| true)
}

/// As [`capability_audit`], only for the kinds that live on this provider: inbound and outbound may be two panels.
#[must_use]
pub fn capability_audit_on(provider: &ProviderName, caps: &Capabilities, desired: &Desired) -> Findings {
    judge(caps, desired, &|kind| desired.heads.provider(kind) == provider)
}

fn judge(caps: &Capabilities, desired: &Desired, here: &dyn Fn(Kind) -> bool) -> Findings {
    let mut findings = Findings::new();
    desired.heads.visit(&mut |key, at, attrs| {
        if !here(key.kind) {
            return;
        }
        // a part that is switched off asks for nothing, whatever else is written of it
        let off = attrs.iter().any(|(field, (value, _))| is_switch_of_all(*field) && is_nothing(value));
        if attrs.is_empty()
            && let Support::Absent { text } = caps.kind(key.kind).support
        {
            findings.push(finding(desired, &key, None, at, &text));
        }
        for (field, (value, span)) in attrs {
            if let Support::Absent { text } = caps.support(field)
                && !off
                && !is_nothing(&value)
            {
                findings.push(finding(desired, &key, Some(field), span, &text));
            } else if let Some(text) = (caps.objection)(field, None, &value)
                && !off
            {
                findings.push(finding(desired, &key, Some(field), span, &text));
            }
        }
    });
    if here(Kind::User) {
        rows(caps, desired, &mut findings);
    }
    findings
}

/// Rows are known by what they declare; their values are not in hand here, so an empty one counts like any other.
fn rows(caps: &Capabilities, desired: &Desired, findings: &mut Findings) {
    let absent: Vec<(Field, String)> = Field::of(Kind::User)
        .filter_map(|field| match caps.support(field) {
            Support::Absent { text } => Some((field, text)),
            Support::Managed | Support::Readable | Support::HandOff { .. } => None,
        })
        .collect();
    let any = absent.iter().fold(FieldMask::NONE, |mask, (field, _)| mask.with(*field));
    if any == FieldMask::NONE {
        return;
    }
    for row in desired.users.rows().filter(|row| desired.users.mask(*row).and(any) != FieldMask::NONE) {
        let at = Span { place: desired.users.place(row), len: 0 };
        for (field, text) in absent.iter().filter(|(field, _)| desired.users.mask(row).has(*field)) {
            let title = format!("`{}` of a user: {text}", field.name());
            findings.push(NO_SUCH_THING.finding(title).at(at, "this user").fix(NO_SUCH_THING.fix).of(desired.heads.name()));
        }
    }
}

fn finding(desired: &Desired, key: &Key, field: Option<Field>, at: Span, text: &str) -> Finding {
    let (title, label) = match field {
        Some(field) => (format!("`{}` of {key}: {text}", field.name()), "written here"),
        None => (format!("{key}: {text}"), "declared here"),
    };
    NO_SUCH_THING.finding(title).at(at, label).fix(NO_SUCH_THING.fix).of(desired.heads.name())
}

fn is_switch_of_all(field: Field) -> bool {
    matches!(field, Field::DirectoryEnabled | Field::DiscoveryEnabled | Field::ContinuityEnabled)
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.is_empty(),
        Value::Switch(on) => !on,
        Value::List(list) => list.is_empty(),
        Value::Set(set) => set.is_empty(),
        Value::Number(_) | Value::Token(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::digest::PrintKey;
    use crate::base::span::{FileId, Place, Spanned};
    use crate::base::{DomainName, TenantName};
    use crate::config::Defaults;
    use crate::drivers::panel;
    use crate::model::{Discovery, Domain, Tenant};
    use crate::resolve::{Heads, UserTable};
    use std::collections::BTreeMap;

    fn span() -> Span {
        Span { place: Place::new(FileId(0), 7), len: 3 }
    }

    fn desired(discovery: bool) -> Desired {
        let provider = Spanned::new(ProviderName::parse("edge").unwrap(), span());
        let tenant = Tenant {
            name: TenantName::parse("acme").unwrap(),
            at: span(),
            inbound: provider.clone(),
            outbound: provider,
            remote: None,
            create: None,
            authority: None,
        };
        let name = DomainName::parse("acme.example").unwrap();
        let until = Spanned::new("2026-12-31".parse().unwrap(), span());
        let domain = Domain {
            name: name.clone(),
            at: span(),
            destination: None,
            relay_check: None,
            alias_domains: None,
            authority: None,
            users_authority: None,
            aliases_authority: None,
            users_from: Vec::new(),
            directories: BTreeMap::new(),
            discovery: Some(Discovery { at: span(), enabled: Some(Spanned::new(discovery, span())), until: Some(until) }),
            continuity: None,
        };
        let heads = Heads {
            tenant,
            password_policy: None,
            domains: BTreeMap::from([(name, domain)]),
            sending_domains: BTreeMap::new(),
            smtp_users: BTreeMap::new(),
            removed: Vec::new(),
            renamed: Vec::new(),
            defaults: Defaults::default(),
        };
        Desired { heads, users: UserTable::new(PrintKey(1, 2)) }
    }

    #[test]
    fn only_what_is_absent_and_asked_for_is_found() {
        let mut caps = panel::capabilities();
        assert!(capability_audit(&caps, &desired(true)).is_empty(), "a hand-off is a step, no finding");
        let support = Support::Absent { text: "no discovery here".into() };
        caps.kinds.get_mut(&Kind::Discovery).unwrap().support = support;
        let findings = capability_audit(&caps, &desired(true));
        assert_eq!(findings.errors(), 2);
        assert_eq!(findings.sorted()[0].title, "`enabled` of discovery/acme.example: no discovery here");
        assert!(capability_audit(&caps, &desired(false)).is_empty(), "what is off asks for nothing");
        let elsewhere = ProviderName::parse("relay").unwrap();
        assert!(capability_audit_on(&elsewhere, &caps, &desired(true)).is_empty());
    }

    #[test]
    fn rows_are_judged_by_what_they_declare() {
        let mut desired = desired(false);
        desired.users.push(1, Place::new(FileId(0), 90), FieldMask::NONE.with(Field::UserGroup));
        desired.users.push(1, Place::new(FileId(0), 99), FieldMask::NONE.with(Field::UserStatus));
        let findings = capability_audit(&panel::capabilities(), &desired);
        assert_eq!(findings.errors(), 1);
        assert_eq!(findings.sorted()[0].at.as_ref().unwrap().span.place.offset(), 90);
        assert!(findings.stops(desired.heads.name()));
    }
}
