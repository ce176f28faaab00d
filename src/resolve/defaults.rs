//! Defaults counted as written in every object that they reach (S2.3); their places stay, so that they are named as cause.
//!
//! The tenant's own `[defaults]` go before the workspace's. Users' defaults (kind, status) stay in [`Heads::defaults`]
//! and reach rows in the resolver.

use crate::base::span::Spanned;
use crate::config::{DeclaredTenant, Defaults, Workspace};
use crate::model::{Domain, PasswordPolicy};
use crate::resolve::Heads;

/// A tenant's heads, with every default in its place.
#[must_use]
pub fn with_defaults(workspace: &Workspace, tenant: &DeclaredTenant) -> Heads {
    let defaults = under(&tenant.defaults, &workspace.defaults);
    let domains = tenant.domains.iter().map(|(name, domain)| (name.clone(), domain_under(domain, &defaults))).collect();
    let mut renamed = tenant.renamed.clone();
    renamed.sort_by(|a, b| a.to.value.cmp(&b.to.value));
    Heads {
        tenant: tenant.tenant.clone(),
        password_policy: policy_under(tenant.password_policy.as_ref(), defaults.password_policy.as_ref()),
        domains,
        sending_domains: tenant.sending_domains.clone(),
        smtp_users: tenant.smtp_users.clone(),
        removed: tenant.removed.clone(),
        renamed,
        defaults,
    }
}

fn under(near: &Defaults, far: &Defaults) -> Defaults {
    Defaults {
        authority: or(&near.authority, &far.authority),
        relay_check: or(&near.relay_check, &far.relay_check),
        destination: or(&near.destination, &far.destination),
        kind: or(&near.kind, &far.kind),
        status: or(&near.status, &far.status),
        password_policy: policy_under(near.password_policy.as_ref(), far.password_policy.as_ref()),
    }
}

fn domain_under(domain: &Domain, defaults: &Defaults) -> Domain {
    let mut domain = domain.clone();
    domain.destination = or(&domain.destination, &defaults.destination);
    domain.relay_check = or(&domain.relay_check, &defaults.relay_check);
    domain
}

/// Field by field: a policy that names only `min_length` keeps the other words of the higher one.
fn policy_under(near: Option<&PasswordPolicy>, far: Option<&PasswordPolicy>) -> Option<PasswordPolicy> {
    let (Some(near), Some(far)) = (near, far) else {
        return near.or(far).cloned();
    };
    Some(PasswordPolicy {
        at: near.at,
        min_length: or(&near.min_length, &far.min_length),
        upper: or(&near.upper, &far.upper),
        lower: or(&near.lower, &far.lower),
        digit: or(&near.digit, &far.digit),
        special: or(&near.special, &far.special),
        generated_length: or(&near.generated_length, &far.generated_length),
        generated_special: or(&near.generated_special, &far.generated_special),
    })
}

fn or<T: Clone>(near: &Option<Spanned<T>>, far: &Option<Spanned<T>>) -> Option<Spanned<T>> {
    near.as_ref().or(far.as_ref()).cloned()
}

#[cfg(test)]
mod tests {
    use crate::model::{Authority, RelayCheck, UserStatus};
    use crate::resolve::heads;
    use crate::resolve::test_aid::{declared, domain, name, policy, s};

    #[test]
    fn the_nearest_word_counts_and_keeps_its_place() {
        let written = declared(|tenant, workspace| {
            workspace.defaults.relay_check = Some(s(RelayCheck::Smtp, 900));
            workspace.defaults.destination = Some(s(vec!["mx.isp.example:25".into()], 910));
            workspace.defaults.status = Some(s(UserStatus::Inactive, 920));
            workspace.defaults.authority = Some(s(Authority::Observe, 930));
            workspace.defaults.password_policy = Some(policy(12, true));
            tenant.defaults.relay_check = Some(s(RelayCheck::ControlPanel, 800));
            tenant.password_policy = Some(policy(14, true));
            tenant.password_policy.as_mut().unwrap().upper = None;
            tenant.domains.insert(name("own.example"), domain("own.example", |d| d.relay_check = Some(s(RelayCheck::Smtp, 700))));
        });
        let (all, _) = heads(&written);
        let acme = &all[0].domains[&name("acme.example")];
        assert_eq!(acme.relay_check, Some(s(RelayCheck::ControlPanel, 800)));
        assert_eq!(all[0].domains[&name("own.example")].relay_check, Some(s(RelayCheck::Smtp, 700)));
        assert_eq!(all[0].domains[&name("own.example")].destination.as_ref().unwrap().span, s((), 910).span);
        assert_eq!(all[0].defaults.status.as_ref().unwrap().value, UserStatus::Inactive);
        assert_eq!(all[0].users_authority(&name("acme.example")), Authority::Observe);
        let policy = all[0].password_policy.as_ref().unwrap();
        assert_eq!((policy.min_length.as_ref().unwrap().value, policy.upper.as_ref().unwrap().value), (14, true));
    }
}
