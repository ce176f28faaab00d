//! Which scopes a tenant's desired needs (S1.2): no more are read.

use crate::base::address::domain_part;
use crate::base::{DomainName, ProviderName};
use crate::model::{Authority, Capabilities, Kind, Scope, Support};
use crate::resolve::Desired;
use std::collections::BTreeSet;

/// The scopes of the heads: password policy, domains with their settings, outbound kinds.
pub(super) fn of_heads(desired: &Desired, caps: &Capabilities, provider: &ProviderName) -> Vec<Scope> {
    let heads = &desired.heads;
    let scope = |kind| Scope { provider: provider.clone(), tenant: Some(heads.name().clone()), domain: None, kind };
    let mut wanted = Vec::new();
    let removes = |kind| heads.removed.iter().any(|r| r.kind == kind);
    if heads.password_policy.is_some() {
        wanted.push(scope(Kind::PasswordPolicy));
    }
    if !domains(desired, provider).is_empty() || removes(Kind::Tenant) {
        wanted.push(scope(Kind::Domain));
    }
    if !heads.sending_domains.is_empty() || removes(Kind::SendingDomain) {
        wanted.push(scope(Kind::SendingDomain));
    }
    if !heads.smtp_users.is_empty() || removes(Kind::SmtpUser) || removes(Kind::SendingDomain) {
        wanted.push(scope(Kind::SmtpUser));
    }
    wanted.retain(|s| is_read(caps, s.kind) && heads.provider(s.kind) == provider);
    wanted
}

/// Whether anything of outbound mail is declared or removed: else its provider is not asked.
pub(in crate::engine) fn needs_outbound(heads: &crate::resolve::Heads) -> bool {
    let removed = heads.removed.iter().any(|r| matches!(r.kind, Kind::SendingDomain | Kind::SmtpUser));
    removed || !heads.sending_domains.is_empty() || !heads.smtp_users.is_empty()
}

/// The scopes of one domain that is live.
pub(super) fn of_domain(desired: &Desired, caps: &Capabilities, provider: &ProviderName, domain: &DomainName) -> Vec<Scope> {
    let heads = &desired.heads;
    let declared = heads.domains.get(domain);
    let mut kinds = vec![Kind::User];
    // where users may go, it must be known whose they are (S3.3) and whether the panel is still looking for them (S16.2)
    let whole = [heads.users_authority(domain), heads.aliases_authority(domain)].contains(&Authority::AddDeleteOld);
    let removes = heads.removed.iter().any(|r| r.kind == Kind::User && domain_part(&r.name.value) == domain.as_str());
    if whole || removes || declared.is_some_and(|d| !d.directories.is_empty()) {
        kinds.push(Kind::Directory);
    }
    if whole || declared.is_some_and(|d| d.discovery.is_some()) {
        kinds.push(Kind::Discovery);
    }
    if declared.is_some_and(|d| d.continuity.is_some()) {
        kinds.push(Kind::Continuity);
    }
    let scope = |kind| Scope { provider: provider.clone(), tenant: Some(heads.name().clone()), domain: Some(domain.clone()), kind };
    kinds.into_iter().filter(|k| is_read(caps, *k)).map(scope).collect()
}

/// The domains that matter: declared ones, and those that a tombstone names; none on a provider that keeps no domains.
pub(super) fn domains(desired: &Desired, provider: &ProviderName) -> BTreeSet<DomainName> {
    if desired.heads.provider(Kind::Domain) != provider {
        return BTreeSet::new();
    }
    let named = desired.heads.removed.iter().filter(|r| r.kind == Kind::Domain);
    let removed = named.filter_map(|r| DomainName::parse(&r.name.value).ok());
    desired.heads.domains.keys().cloned().chain(removed).collect()
}

fn is_read(caps: &Capabilities, kind: Kind) -> bool {
    match caps.kind(kind).support {
        Support::Managed | Support::Readable => true,
        Support::HandOff { .. } | Support::Absent { .. } => false,
    }
}
