//! The paths of the panel's API, in one place, and its lists.

use crate::base::limits::LEASE_SECONDS;
use crate::drivers::panel::capabilities::PAGE_SIZE;
use crate::http::{Answer, Call, Client, Trouble};
use crate::model::Fault;
use crate::wire;
use reqwest::Method;
use serde::de::DeserializeOwned;

/// The panel's API over a client.
pub(super) struct Api {
    pub(super) client: Client,
}

/// What a list is narrowed to: a query parameter and its value.
pub(super) type Filter<'a> = Option<(&'a str, &'a str)>;

impl Api {
    /// What the panel says of itself.
    pub(super) async fn panel(&self) -> Result<wire::PanelInfo, Fault> {
        self.client.send(Call::get(&["panel"])).await?.json()
    }
    /// One object.
    pub(super) async fn show(&self, path: &[&str]) -> Result<Answer, Trouble> {
        self.client.send(Call::get(path).on_behalf_of(whose(path))).await
    }
    /// One object on which no deletion rests, and whose version stands for all of it (S1.5).
    pub(super) async fn show_again(&self, path: &[&str]) -> Result<Answer, Trouble> {
        self.client.send(Call::get(path).on_behalf_of(whose(path)).conditional()).await
    }
    /// A page of a list.
    pub(super) async fn page(&self, path: &[&str], filter: Filter<'_>, cursor: Option<&str>) -> Result<Answer, Trouble> {
        let size = PAGE_SIZE.to_string();
        let mut call = Call::get(path).on_behalf_of(whose(path)).query("limit", &size);
        if let Some((name, value)) = filter {
            call = call.query(name, value);
        }
        if let Some(cursor) = cursor {
            call = call.query("cursor", cursor);
        }
        self.client.send(call).await
    }
    /// The one object of a list that a filter leaves, if it is there.
    pub(super) async fn find<T: DeserializeOwned>(&self, path: &[&str], filter: Filter<'_>) -> Result<Option<T>, Trouble> {
        let page: wire::Page<T> = self.page(path, filter, None).await?.json()?;
        match (page.total, page.items.len()) {
            (0, 0) => Ok(None),
            (1, 1) => Ok(page.items.into_iter().next()),
            (total, items) => Err(super::convert::malformed(&format!("a list of one shows {items} objects and says {total}")).into()),
        }
    }
    /// The id of a tenant's domain.
    pub(super) async fn domain_id(&self, tenant: &str, name: &str) -> Result<Option<String>, Trouble> {
        let found: Option<wire::Domain> = self.find(&domains(tenant), Some(("name", name))).await?;
        Ok(found.map(|domain| domain.id))
    }
    /// Takes the lease of a tenant. The same holder takes its own over, so asking twice does no harm.
    pub(super) async fn take_lease(&self, tenant: &str, holder: &str) -> Result<wire::Lease, Fault> {
        let body = wire::LeaseTake { holder: holder.to_owned(), ttl_seconds: LEASE_SECONDS };
        let call = Call::write(Method::POST, &lease(tenant)).on_behalf_of(tenant).repeatable().json(&body)?;
        self.client.send(call).await?.json()
    }
    /// Renews it.
    pub(super) async fn renew_lease(&self, tenant: &str, fencing_token: u64) -> Result<wire::Lease, Fault> {
        let body = wire::LeaseRenew { fencing_token, ttl_seconds: LEASE_SECONDS };
        let call = Call::write(Method::PUT, &lease(tenant)).on_behalf_of(tenant).repeatable().json(&body)?;
        self.client.send(call).await?.json()
    }
    /// Ends it.
    pub(super) async fn release_lease(&self, tenant: &str, fencing_token: u64) -> Result<(), Fault> {
        let call = Call::write(Method::DELETE, &lease(tenant)).on_behalf_of(tenant).repeatable();
        self.client.send(call.header(wire::headers::FENCING_TOKEN, fencing_token.to_string())).await?;
        Ok(())
    }
    /// Has the panel look up the records of a sending domain; a look may be repeated.
    pub(super) async fn verify_sending_domain(&self, tenant: &str, id: &str) -> Result<wire::SendingCheck, Fault> {
        let path = ["tenants", tenant, "sending-domains", id, "verify"];
        self.client.send(Call::write(Method::POST, &path).on_behalf_of(tenant).repeatable()).await?.json()
    }
    /// What came of the call under an idempotency key; `None`: it did not take effect, or not yet.
    pub(super) async fn operation(&self, key: &str) -> Result<Option<wire::Operation>, Trouble> {
        match self.show(&["operations", key]).await {
            Ok(answer) => Ok(Some(answer.json()?)),
            Err(Trouble { fault: Fault::Missing { .. }, .. }) => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }
}

/// The tenant of a path; empty where it has none.
pub(super) fn whose<'a>(path: &[&'a str]) -> &'a str {
    match path {
        ["tenants", tenant, ..] => tenant,
        _ => "",
    }
}
/// `/tenants/{tenant}/lease`
fn lease(tenant: &str) -> [&str; 3] {
    ["tenants", tenant, "lease"]
}
/// `/tenants/{tenant}/password-policy`
pub(super) fn policy(tenant: &str) -> [&str; 3] {
    ["tenants", tenant, "password-policy"]
}
/// `/tenants/{tenant}/domains`
pub(super) fn domains(tenant: &str) -> [&str; 3] {
    ["tenants", tenant, "domains"]
}
/// `/tenants/{tenant}/domains/{domain}`
pub(super) fn domain<'a>(tenant: &'a str, domain: &'a str) -> [&'a str; 4] {
    ["tenants", tenant, "domains", domain]
}
/// `/tenants/{tenant}/domains/{domain}/users`
pub(super) fn users<'a>(tenant: &'a str, domain: &'a str) -> [&'a str; 5] {
    ["tenants", tenant, "domains", domain, "users"]
}
/// `/tenants/{tenant}/domains/{domain}/users/{user}`, or a word in the place of the user
pub(super) fn user<'a>(tenant: &'a str, domain: &'a str, user: &'a str) -> [&'a str; 6] {
    ["tenants", tenant, "domains", domain, "users", user]
}
/// `/tenants/{tenant}/domains/{domain}/users/{user}/{part}`
pub(super) fn user_part<'a>(tenant: &'a str, domain: &'a str, user: &'a str, part: &'a str) -> [&'a str; 7] {
    ["tenants", tenant, "domains", domain, "users", user, part]
}
/// `/tenants/{tenant}/domains/{domain}/users/{user}/rename`
pub(super) fn rename<'a>(tenant: &'a str, domain: &'a str, user: &'a str) -> [&'a str; 7] {
    ["tenants", tenant, "domains", domain, "users", user, "rename"]
}
/// `/tenants/{tenant}/domains/{domain}/continuity`
pub(super) fn continuity<'a>(tenant: &'a str, domain: &'a str) -> [&'a str; 5] {
    ["tenants", tenant, "domains", domain, "continuity"]
}
/// `/tenants/{tenant}/domains/{domain}/continuity/terms`
pub(super) fn terms<'a>(tenant: &'a str, domain: &'a str) -> [&'a str; 6] {
    ["tenants", tenant, "domains", domain, "continuity", "terms"]
}
/// `/tenants/{tenant}/moves`
pub(super) fn moves(tenant: &str) -> [&str; 3] {
    ["tenants", tenant, "moves"]
}
/// `/tenants/{tenant}/domains/{domain}/discovery`
pub(super) fn discovery<'a>(tenant: &'a str, domain: &'a str) -> [&'a str; 5] {
    ["tenants", tenant, "domains", domain, "discovery"]
}
/// `/tenants/{tenant}/domains/{domain}/catch-all-probe`
pub(super) fn catch_all_probe<'a>(tenant: &'a str, domain: &'a str) -> [&'a str; 5] {
    ["tenants", tenant, "domains", domain, "catch-all-probe"]
}
/// `/tenants/{tenant}/domains/{domain}/directories`
pub(super) fn directories<'a>(tenant: &'a str, domain: &'a str) -> [&'a str; 5] {
    ["tenants", tenant, "domains", domain, "directories"]
}
/// `/tenants/{tenant}/domains/{domain}/directories/{directory}`
pub(super) fn directory<'a>(tenant: &'a str, domain: &'a str, directory: &'a str) -> [&'a str; 6] {
    ["tenants", tenant, "domains", domain, "directories", directory]
}
/// `/tenants/{tenant}/domains/{domain}/directories/{directory}/test`
pub(super) fn directory_test<'a>(tenant: &'a str, domain: &'a str, directory: &'a str) -> [&'a str; 7] {
    ["tenants", tenant, "domains", domain, "directories", directory, "test"]
}
/// `/tenants/{tenant}/domains/{domain}/recipients`
pub(super) fn recipients<'a>(tenant: &'a str, domain: &'a str) -> [&'a str; 5] {
    ["tenants", tenant, "domains", domain, "recipients"]
}
/// `/tenants/{tenant}/domains/{domain}/imports`
pub(super) fn imports<'a>(tenant: &'a str, domain: &'a str) -> [&'a str; 5] {
    ["tenants", tenant, "domains", domain, "imports"]
}
/// `/tenants/{tenant}/domains/{domain}/imports/{import}/rows`
pub(super) fn import_rows<'a>(tenant: &'a str, domain: &'a str, import: &'a str) -> [&'a str; 7] {
    ["tenants", tenant, "domains", domain, "imports", import, "rows"]
}
/// `/tenants/{tenant}/sending-domains`
pub(super) fn sending_domains(tenant: &str) -> [&str; 3] {
    ["tenants", tenant, "sending-domains"]
}
/// `/tenants/{tenant}/sending-domains/{sending_domain}`
pub(super) fn sending_domain<'a>(tenant: &'a str, domain: &'a str) -> [&'a str; 4] {
    ["tenants", tenant, "sending-domains", domain]
}
/// `/tenants/{tenant}/smtp-users`
pub(super) fn smtp_users(tenant: &str) -> [&str; 3] {
    ["tenants", tenant, "smtp-users"]
}
/// `/tenants/{tenant}/smtp-users/{smtp_user}`
pub(super) fn smtp_user<'a>(tenant: &'a str, user: &'a str) -> [&'a str; 4] {
    ["tenants", tenant, "smtp-users", user]
}
/// `/tenants/{tenant}/smtp-users/{smtp_user}/reset`
pub(super) fn smtp_user_reset<'a>(tenant: &'a str, user: &'a str) -> [&'a str; 5] {
    ["tenants", tenant, "smtp-users", user, "reset"]
}
