//! Everything of a live tenant, read completely or not at all.

use crate::base::DomainName;
use crate::base::TenantName;
use crate::engine::observe::{Told, What, pump};
use crate::engine::provider::Provider;
use crate::model::{Completeness, Kind, LiveHead, LiveTenant, LiveUser, Object, Reason, Scope, Support};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What was read.
pub(super) struct Gathered {
    /// Everything few: policy, domains and their parts, sending domains, SMTP users.
    pub heads: Vec<LiveHead>,
    /// Users by domain and address.
    pub users: BTreeMap<DomainName, BTreeMap<String, LiveUser<'static>>>,
}

/// Scopes that are incomplete, with reasons.
pub(super) type Incomplete = Vec<(String, Vec<Reason>)>;

/// Reads all of a tenant that the driver can read.
///
/// # Errors
/// The scopes that could not be read completely.
pub(super) async fn gather(provider: &Arc<Provider>, name: &TenantName, live: &LiveTenant) -> Result<Gathered, Incomplete> {
    let scope = |kind, domain| Scope { provider: provider.name.clone(), tenant: Some(name.clone()), domain, kind };
    let mut heads = Vec::new();
    let caps = provider.driver.capabilities();
    let is_read = |kind: &Kind| matches!(caps.kind(*kind).support, Support::Managed | Support::Readable);
    let of_tenant = [Kind::PasswordPolicy, Kind::Domain, Kind::SendingDomain, Kind::SmtpUser];
    let first = of_tenant.into_iter().filter(is_read).map(|kind| scope(kind, None)).collect();
    read(provider, &live.id, first, &mut |object| {
        if let Object::Head(head) = object {
            heads.push(head);
        }
    })
    .await?;
    let mut users: BTreeMap<DomainName, BTreeMap<String, LiveUser<'static>>> = BTreeMap::new();
    let domains = heads.iter().filter(|h| h.key.kind == Kind::Domain).filter_map(|h| DomainName::parse(&h.key.name).ok());
    let mut scopes = Vec::new();
    for domain in domains {
        users.insert(domain.clone(), BTreeMap::new());
        let parts = [Kind::User, Kind::Directory, Kind::Discovery, Kind::Continuity];
        scopes.extend(parts.into_iter().filter(is_read).map(|kind| scope(kind, Some(domain.clone()))));
    }
    let mut parts = Vec::new();
    read(provider, &live.id, scopes, &mut |object| match object {
        Object::User(user) => {
            if let Ok(address) = crate::base::Address::parse(&user.address) {
                users.entry(address.domain()).or_default().insert(user.address.to_string(), user.into_owned());
            }
        }
        Object::Head(head) => parts.push(head),
        Object::Tenant(_) | Object::Recipient { .. } | Object::Job(_) => {}
    })
    .await?;
    heads.extend(parts);
    // pages come in any order
    heads.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(Gathered { heads, users })
}

async fn read(
    provider: &Arc<Provider>,
    remote: &str,
    scopes: Vec<Scope>,
    each: &mut (dyn FnMut(Object<'_>) + Send),
) -> Result<(), Incomplete> {
    let jobs = scopes.into_iter().map(|s| (s, What::Objects)).collect();
    let mut incomplete = Incomplete::new();
    pump(provider, remote, jobs, &mut |told| match told {
        Told::Page(page) => {
            if let Err(reason) = provider.decode(&page, each) {
                incomplete.push((page.scope.to_string(), vec![reason]));
            }
        }
        Told::Ended(scope, Completeness::Part { why, .. }) => incomplete.push((scope.to_string(), why)),
        Told::Ended(_, Completeness::Whole { .. }) => {}
    })
    .await;
    if incomplete.is_empty() { Ok(()) } else { Err(incomplete) }
}
