//! What one tenant shall be: checked heads and the table of its users.

use crate::base::span::Span;
use crate::base::{DomainName, ProviderName, TenantName};
use crate::config::{Defaults, Removed, Renamed};
use crate::model::{Authority, Domain, Field, Key, Kind, PasswordPolicy, SendingDomain, SmtpUser, Tenant, Value};
use crate::resolve::user_table::UserTable;
use std::collections::BTreeMap;

/// One tenant, resolved. Only the resolver makes one.
#[derive(Debug)]
pub struct Desired {
    /// Everything few.
    pub heads: Heads,
    /// The users, as a table.
    pub users: UserTable,
}

/// The heads of a tenant after defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heads {
    /// The tenant.
    pub tenant: Tenant,
    /// Its password policy.
    pub password_policy: Option<PasswordPolicy>,
    /// Its domains.
    pub domains: BTreeMap<DomainName, Domain>,
    /// Its sending domains.
    pub sending_domains: BTreeMap<DomainName, SendingDomain>,
    /// Its SMTP users.
    pub smtp_users: BTreeMap<String, SmtpUser>,
    /// Its tombstones, also those of lists.
    pub removed: Vec<Removed>,
    /// Its renames, also those of rows (`previous_address`).
    pub renamed: Vec<Renamed>,
    /// Workspace defaults under the tenant's own: what counts as written (S2.3).
    pub defaults: Defaults,
}

/// A declared attribute with its place.
pub type DeclaredAttrs = BTreeMap<Field, (Value, Span)>;

impl Heads {
    /// The tenant's name.
    #[must_use]
    pub fn name(&self) -> &TenantName {
        &self.tenant.name
    }
    /// The provider on which a kind lives: outbound kinds on the outbound one.
    #[must_use]
    pub fn provider(&self, kind: Kind) -> &ProviderName {
        match kind {
            Kind::SendingDomain | Kind::SmtpUser => &self.tenant.outbound.value,
            Kind::Tenant | Kind::PasswordPolicy | Kind::Domain | Kind::Directory | Kind::Discovery | Kind::Continuity | Kind::User => {
                &self.tenant.inbound.value
            }
        }
    }
    /// Authority over the users of a domain: the nearest written one, else `add` (S3.1, S3.2).
    #[must_use]
    pub fn users_authority(&self, domain: &DomainName) -> Authority {
        let d = self.domains.get(domain);
        let near = d.and_then(|d| d.users_authority.as_ref()).or_else(|| d.and_then(|d| d.authority.as_ref()));
        let far = self.tenant.authority.as_ref().or(self.defaults.authority.as_ref());
        near.or(far).map_or(Authority::Add, |a| a.value)
    }
    /// Authority over the aliases of declared users: their own word, else as the users.
    #[must_use]
    pub fn aliases_authority(&self, domain: &DomainName) -> Authority {
        let own = self.domains.get(domain).and_then(|d| d.aliases_authority.as_ref());
        own.map_or_else(|| self.users_authority(domain), |a| a.value)
    }
    /// Authority over everything else of a domain or the tenant: `add` or `observe`; never `add-delete-old` (S3.2).
    #[must_use]
    pub fn heads_authority(&self, domain: Option<&DomainName>) -> Authority {
        let near = domain.and_then(|d| self.domains.get(d)).and_then(|d| d.authority.as_ref());
        let far = self.tenant.authority.as_ref().or(self.defaults.authority.as_ref());
        match near.or(far).map(|a| a.value) {
            Some(Authority::Observe) => Authority::Observe,
            Some(Authority::Add | Authority::AddDeleteOld) | None => Authority::Add,
        }
    }
    /// Calls `each` with every declared head but the tenant itself: key, place, declared attributes.
    pub fn visit(&self, each: &mut dyn FnMut(Key, Span, DeclaredAttrs)) {
        let tenant = self.name();
        if let Some(policy) = &self.password_policy {
            each(Key::policy(tenant), policy.at, gather(|into| policy.visit(into)));
        }
        for (name, domain) in &self.domains {
            let key = |kind| Key::new(tenant, kind, name.as_str());
            each(key(Kind::Domain), domain.at, gather(|into| domain.visit(into)));
            for (label, directory) in &domain.directories {
                let suffix = if label == "default" { String::new() } else { format!("/{label}") };
                let key = Key::new(tenant, Kind::Directory, format!("{name}{suffix}"));
                each(key, directory.at, gather(|into| directory.visit(into)));
            }
            if let Some(discovery) = &domain.discovery {
                each(key(Kind::Discovery), discovery.at, gather(|into| discovery.visit(into)));
            }
            if let Some(continuity) = &domain.continuity {
                each(key(Kind::Continuity), continuity.at, gather(|into| continuity.visit(into)));
            }
        }
        for (name, sending) in &self.sending_domains {
            each(Key::new(tenant, Kind::SendingDomain, name.as_str()), sending.at, DeclaredAttrs::new());
        }
        for (name, user) in &self.smtp_users {
            each(Key::new(tenant, Kind::SmtpUser, name.as_str()), user.at, gather(|into| user.visit(into)));
        }
    }
}

fn gather(visit: impl FnOnce(&mut dyn FnMut(Field, Value, Span))) -> DeclaredAttrs {
    let mut attrs = DeclaredAttrs::new();
    visit(&mut |field, value, span| drop(attrs.insert(field, (value, span))));
    attrs
}
