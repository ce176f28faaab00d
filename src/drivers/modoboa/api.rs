//! The paths of Modoboa's API, in one place, and its lists.

use crate::base::TenantName;
use crate::drivers::modoboa::aliases::canonical;
use crate::drivers::modoboa::capabilities::PAGE_SIZE;
use crate::drivers::modoboa::convert;
use crate::drivers::modoboa::raw::{Account, Alias, CoreParameters, Domain, DomainAlias, GeneratedPasswords, Listing, LogLine, Parameters};
use crate::http::{Answer, Call, Client, Trouble};
use crate::model::{Fault, Reason};
use reqwest::Method;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use tokio::sync::RwLock;

/// Pages of one listing that this driver reads in one go (the aliases of an instance).
const MOST_PAGES: u32 = 10_000;
/// How often the parameters must read the same. Where Modoboa is served by threads, a read that runs beside any other request
/// may show defaults instead of what is set (2.12: one dictionary of defaults is filled by all of them). Nothing of ours runs
/// beside it; against what others ask, repeating helps.
pub(super) const LOOKS: usize = 3;
/// The same before something rests on them that cannot be taken back: beside somebody who asks all the time every other read
/// was wrong, so twelve in a row are once in four thousand times.
pub(super) const LOOKS_BEFORE_A_WRITE: usize = 12;
/// Where the parameters of the core are.
pub(super) const CORE_PARAMETERS: [&str; 3] = ["parameters", "global", "core"];

/// The API over a client, on behalf of a tenant: they share the panel's rate in turns.
#[derive(Clone)]
pub(super) struct Api {
    pub(super) client: Arc<Client>,
    tenant: Option<String>,
    /// Held by every request, and alone by reads of parameters.
    beside: Arc<RwLock<()>>,
}

impl Api {
    pub(super) fn new(client: Client) -> Self {
        Self { client: Arc::new(client), tenant: None, beside: Arc::default() }
    }
    /// The same API for the calls of a tenant.
    pub(super) fn of(&self, tenant: &TenantName) -> Self {
        Self { tenant: Some(tenant.to_string()), ..self.clone() }
    }
    async fn send(&self, call: Call<'_>) -> Result<Answer, Trouble> {
        let _beside = self.beside.read().await;
        self.send_now(call).await
    }
    async fn send_now(&self, call: Call<'_>) -> Result<Answer, Trouble> {
        match &self.tenant {
            Some(tenant) => self.client.send(call.on_behalf_of(tenant)).await,
            None => self.client.send(call).await,
        }
    }

    /// One page, from 1, in the order of a field, narrowed by a filter.
    pub(super) async fn page<T: DeserializeOwned>(
        &self,
        path: &str,
        order: &str,
        filter: Option<(&str, &str)>,
        page: u32,
    ) -> Result<Listing<T>, Trouble> {
        let (number, size) = (page.to_string(), PAGE_SIZE.to_string());
        let mut call = Call::get(&[path]).query("page_size", &size).query("ordering", order);
        if page > 1 {
            call = call.query("page", &number);
        }
        if let Some((name, value)) = filter {
            call = call.query(name, value);
        }
        Ok(self.send(call).await?.json()?)
    }

    /// All pages of a listing, counted.
    async fn whole<T: DeserializeOwned>(&self, path: &str, order: &str, filter: Option<(&str, &str)>) -> Result<Vec<T>, Fault> {
        let mut all = Vec::new();
        for number in 1..=MOST_PAGES {
            let page: Listing<T> = self.page(path, order, filter, number).await?;
            let empty = page.results.is_empty();
            all.extend(page.results);
            match page.next {
                None if page.count == all.len() as u64 => return Ok(all),
                None => return Err(Fault::Retry { reason: Reason::CountMismatch { said: page.count, seen: all.len() as u64 } }),
                Some(_) if empty => break,
                Some(_) => {}
            }
        }
        Err(Fault::Retry { reason: Reason::Endless { limit: "pages that add nothing".into() } })
    }

    /// Every alias of the instance that people made.
    pub(super) async fn aliases(&self) -> Result<Vec<Alias>, Fault> {
        self.whole("aliases", "address", None).await
    }

    /// Every domain alias; a bare array, to be compared with the counts that the domains carry.
    pub(super) async fn domain_aliases(&self) -> Result<Vec<DomainAlias>, Fault> {
        self.send(Call::get(&["domainaliases"])).await?.json()
    }

    /// The domain of this canonical name, whatever form somebody typed.
    pub(super) async fn domain(&self, name: &str) -> Result<Option<Domain>, Fault> {
        let is = |d: &Domain| convert::name(&d.name).is_ok_and(|n| n.as_str() == name);
        let found: Vec<Domain> = self.whole("domains", "name", Some(("search", name))).await?;
        if let Some(found) = found.into_iter().find(is) {
            return Ok(Some(found));
        }
        // a name in Unicode is not found by its A-label
        if name.split('.').any(|label| label.starts_with("xn--")) {
            return Ok(self.whole("domains", "name", None).await?.into_iter().find(is));
        }
        Ok(None)
    }

    /// A domain by its `pk`; `None`: it is not there.
    pub(super) async fn domain_by_pk(&self, pk: &str) -> Result<Option<Domain>, Fault> {
        found(self.send(Call::get(&["domains", pk])).await)
    }

    /// The account whose mailbox has this canonical address.
    pub(super) async fn account(&self, address: &str) -> Result<Option<Account>, Fault> {
        let all: Vec<Account> = self.whole("accounts", "username", Some(("search", address))).await?;
        Ok(all.into_iter().find(|a| super::aliases::address_of(a).as_deref() == Some(address)))
    }

    /// The account of this name that has no mailbox: what Modoboa leaves when it deletes a domain.
    pub(super) async fn account_without_mailbox(&self, address: &str) -> Result<Option<Account>, Fault> {
        let all: Vec<Account> = self.whole("accounts", "username", Some(("search", address))).await?;
        let left = |a: &Account| a.mailbox.is_none() && a.role == "SimpleUsers" && canonical(&a.username).as_deref() == Some(address);
        Ok(all.into_iter().find(left))
    }

    /// The accounts of a domain, by its `pk`.
    pub(super) async fn accounts_of(&self, domain: &str) -> Result<Vec<Account>, Fault> {
        self.whole("accounts", "username", Some(("domain", domain))).await
    }

    /// An account by its `pk`; `None`: it is not there.
    pub(super) async fn account_by_pk(&self, pk: &str) -> Result<Option<Account>, Fault> {
        found(self.send(Call::get(&["accounts", pk])).await)
    }

    /// The alias of this canonical address.
    pub(super) async fn alias(&self, address: &str) -> Result<Option<Alias>, Fault> {
        let text = address.strip_prefix(super::aliases::CATCH_ALL).unwrap_or(address);
        let all: Vec<Alias> = self.whole("aliases", "address", Some(("search", text))).await?;
        Ok(all.into_iter().find(|a| canonical(&a.address).as_deref() == Some(address)))
    }

    /// The parameters of the core, the same so many times; `None`: not everybody may read them.
    pub(super) async fn parameters(&self, looks: usize) -> Result<Option<CoreParameters>, Fault> {
        let _alone = self.beside.write().await;
        let mut seen: Option<CoreParameters> = None;
        for _ in 0..looks {
            let now = match self.send_now(Call::get(&CORE_PARAMETERS)).await.map_err(Fault::from) {
                Ok(answer) => answer.json::<Parameters>()?.params,
                Err(Fault::Denied { reason: Reason::Denied { status: 403, .. } } | Fault::Missing { .. }) => return Ok(None),
                Err(fault) => return Err(fault),
            };
            match &seen {
                Some(before) if *before != now => return Err(Fault::Retry { reason: Reason::Moved }),
                Some(_) => {}
                None => seen = Some(now),
            }
        }
        Ok(seen)
    }

    /// The parameters, and what there is of a password policy among them.
    pub(super) async fn policy(&self, looks: usize) -> Result<(CoreParameters, GeneratedPasswords), Fault> {
        let denied = || Fault::Denied { reason: Reason::Denied { status: 403, text: String::new() } };
        let all = self.parameters(looks).await?.ok_or_else(denied)?;
        let live = all.generated().ok_or_else(|| convert::malformed("the parameters do not say how passwords are made up"))?;
        Ok((all, live))
    }

    /// The newest lines of the audit trail in which a text occurs.
    pub(super) async fn log(&self, text: &str) -> Result<Vec<LogLine>, Fault> {
        let call = Call::get(&["logs", "audit-trail"]).query("page_size", "20").query("ordering", "-date_created").query("search", text);
        Ok(self.send(call).await?.json::<Listing<LogLine>>()?.results)
    }

    /// A write with a JSON body.
    pub(super) async fn write(&self, method: Method, path: &[&str], body: &serde_json::Value) -> Result<Answer, Fault> {
        Ok(self.send(Call::write(method, path).json(body)?).await?)
    }
}

fn found<T: DeserializeOwned>(answer: Result<Answer, Trouble>) -> Result<Option<T>, Fault> {
    match answer.map_err(Fault::from) {
        Ok(answer) => Ok(Some(answer.json()?)),
        Err(Fault::Missing { .. }) => Ok(None),
        Err(fault) => Err(fault),
    }
}
