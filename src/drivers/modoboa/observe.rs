//! The read port: one page at a time.
//!
//! Modoboa's lists do not stand alone: the aliases of a domain come in a bare array of all, and whose an alias is shows only
//! beside its account. A page here is therefore made of several answers, each counted. Aliases are read once by a reader,
//! which lives for one look; an account that names an alias which is not among them means that the lists moved.

use crate::base::address::domain_part;
use crate::base::{BoxFuture, Clock, DomainName, ProviderName, TenantName};
use crate::drivers::modoboa::aliases::{Book, address_of, takes_mail};
use crate::drivers::modoboa::api::{Api, LOOKS};
use crate::drivers::modoboa::convert::{self, HOSTS, malformed};
use crate::drivers::modoboa::raw::{Account, Alias, Domain, DomainPage, GeneratedPasswords, UserPage};
use crate::drivers::modoboa::trail;
use crate::model::{Fault, Key, Kind, Object, Reason, Scope};
use crate::port::{Cursor, Observe, Page};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OnceCell;

/// Reads from a Modoboa.
pub struct Reader {
    api: Api,
    provider: ProviderName,
    clock: Arc<dyn Clock>,
    only_local: bool,
    book: OnceCell<Book>,
    known: Mutex<Known>,
}

/// What the pages so far have told.
#[derive(Debug, Default)]
struct Known {
    /// By canonical name: the `pk`, and whether it hosts mailboxes.
    domains: BTreeMap<String, (u64, bool)>,
    /// Addresses of the accounts of a domain, while its pages come.
    accounts: BTreeMap<String, BTreeSet<String>>,
}

impl Reader {
    pub(super) fn new(api: Api, provider: ProviderName, clock: Arc<dyn Clock>, only_local: bool) -> Self {
        Self { api, provider, clock, only_local, book: OnceCell::new(), known: Mutex::default() }
    }

    /// The API on behalf of whom the read is for.
    fn of(&self, tenant: Option<&TenantName>) -> Api {
        tenant.map_or_else(|| self.api.clone(), |tenant| self.api.of(tenant))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn read(&self, scope: &Scope, from: Cursor) -> Result<Page, Fault> {
        let api = &self.of(scope.tenant.as_ref());
        let number = from.as_deref().map_or(Ok(1), str::parse::<u32>);
        let number = number.map_err(|_| Fault::Local { text: "a cursor that is no page number".into() })?;
        match (scope.kind, &scope.domain) {
            (Kind::PasswordPolicy, None) => self.policy(api, scope).await,
            (Kind::Domain, None) => self.domains(api, scope, number).await,
            (Kind::User, Some(domain)) => self.users(api, scope, domain, number).await,
            (kind, _) => Err(Fault::Local { text: format!("this driver does not read {kind}; please report this") }),
        }
    }

    async fn domains(&self, api: &Api, scope: &Scope, number: u32) -> Result<Page, Fault> {
        let listing = api.page::<Domain>("domains", "name", None, number).await?;
        let aliases = api.domain_aliases().await?;
        for domain in &listing.results {
            counted(domain, aliases.iter().filter(|a| a.target == domain.pk).count() as u64)?;
            self.learn(domain)?;
        }
        let next = listing.next.map(|_| (number + 1).to_string());
        let count = listing.results.len() as u64;
        let body = as_body(&DomainPage { domains: listing.results, aliases })?;
        Ok(Page { scope: scope.clone(), body, next, total: Some(listing.count), count })
    }

    async fn policy(&self, api: &Api, scope: &Scope) -> Result<Page, Fault> {
        let body = as_body(&api.policy(LOOKS).await?.1)?;
        Ok(Page { scope: scope.clone(), body, next: None, total: Some(1), count: 1 })
    }

    async fn users(&self, api: &Api, scope: &Scope, domain: &DomainName, number: u32) -> Result<Page, Fault> {
        let at = self.clock.now();
        let pk = self.domain_pk(api, domain).await?.to_string();
        let listing = api.page::<Account>("accounts", "username", Some(("domain", &pk)), number).await?;
        let book = self.book.get_or_try_init(|| read_book(api)).await?;
        let aliases = book.of_accounts(&listing.results).map_err(|_| Fault::Retry { reason: Reason::Moved })?;
        let mine = self.met(domain, number, &listing.results)?;
        let is_last = listing.next.is_none();
        let hosted: BTreeSet<String> = self.known().domains.iter().filter(|(_, (_, hosts))| *hosts).map(|(name, _)| name.clone()).collect();
        let here = domain.as_str();
        // who has a mailbox in another domain has its aliases beside it, in that domain's list
        let is_owned = |address: &str| mine.contains(address) || (domain_part(address) != here && hosted.contains(domain_part(address)));
        let others = book.others(here, at, &is_owned);
        let total = listing.count + others.len() as u64;
        let shown = if is_last { others } else { Vec::new() };
        let count = (listing.results.len() + shown.len()) as u64;
        let page = UserPage { accounts: listing.results, aliases, others: shown, only_local: self.only_local, at: at.to_string() };
        // the number of aliases beside the users is known when all accounts are; only then there is a total
        let total = Some(total).filter(|_| is_last);
        let next = (!is_last).then(|| (number + 1).to_string());
        Ok(Page { scope: scope.clone(), body: as_body(&page)?, next, total, count })
    }

    /// Remembers the accounts of a page; gives all of the domain so far.
    fn met(&self, domain: &DomainName, number: u32, accounts: &[Account]) -> Result<BTreeSet<String>, Fault> {
        let mut known = self.known();
        let met = known.accounts.entry(domain.to_string()).or_default();
        if number == 1 {
            met.clear();
        }
        for account in accounts {
            let address = address_of(account).ok_or_else(|| malformed(format!("the account `{}` has no address", account.username)))?;
            met.insert(address);
        }
        Ok(met.clone())
    }

    async fn domain_pk(&self, api: &Api, domain: &DomainName) -> Result<u64, Fault> {
        let known = self.known().domains.get(domain.as_str()).map(|(pk, _)| *pk);
        match known {
            Some(pk) => Ok(pk),
            None => {
                let found = api.domain(domain.as_str()).await?;
                let found = found.ok_or_else(|| Fault::Missing { text: format!("domain {domain}") })?;
                self.learn(&found)?;
                Ok(found.pk)
            }
        }
    }

    fn learn(&self, domain: &Domain) -> Result<(), Fault> {
        let name = convert::name(&domain.name)?;
        self.known().domains.insert(name.to_string(), (domain.pk, domain.kind == HOSTS));
        Ok(())
    }

    /// One object, read anew: nothing that was read before is believed.
    async fn read_one(&self, key: &Key) -> Result<Option<Page>, Fault> {
        let api = self.of(Some(&key.tenant));
        let domain = |kind: Kind| Some(kind).filter(|k| *k == Kind::User).and_then(|_| DomainName::parse(domain_part(&key.name)).ok());
        let scope = Scope { provider: self.provider.clone(), tenant: Some(key.tenant.clone()), domain: domain(key.kind), kind: key.kind };
        let body = match key.kind {
            Kind::PasswordPolicy => as_body(&api.policy(LOOKS).await?.1)?,
            Kind::Domain => match api.domain(&key.name).await? {
                None => return Ok(None),
                Some(found) => {
                    let aliases = api.domain_aliases().await?;
                    counted(&found, aliases.iter().filter(|a| a.target == found.pk).count() as u64)?;
                    as_body(&DomainPage { domains: vec![found], aliases })?
                }
            },
            Kind::User => match self.one_user(&api, &key.name).await? {
                None => return Ok(None),
                Some(page) => as_body(&page)?,
            },
            kind => return Err(Fault::Local { text: format!("this driver does not read {kind}; please report this") }),
        };
        Ok(Some(Page { scope, body, next: None, total: Some(1), count: 1 }))
    }

    async fn one_user(&self, api: &Api, address: &str) -> Result<Option<UserPage>, Fault> {
        let now = self.clock.now();
        let at = now.to_string();
        let page = UserPage { only_local: self.only_local, at, ..UserPage::default() };
        if let Some(account) = api.account(address).await? {
            let aliases = aliases_of(api, &account).await?;
            return Ok(Some(UserPage { accounts: vec![account], aliases, ..page }));
        }
        Ok(api.alias(address).await?.filter(|a| takes_mail(a, now)).map(|alias| UserPage { others: vec![alias], ..page }))
    }
}

async fn read_book(api: &Api) -> Result<Book, Fault> {
    Book::of(api.aliases().await?).map_err(malformed)
}

/// The aliases that an account names, read one by one.
pub(super) async fn aliases_of(api: &Api, account: &Account) -> Result<Vec<Alias>, Fault> {
    let mut all = Vec::new();
    for name in account.aliases.iter().filter_map(|text| super::aliases::canonical(text)) {
        all.push(api.alias(&name).await?.ok_or(Fault::Retry { reason: Reason::Moved })?);
    }
    Ok(all)
}

/// A bare array proves nothing; the domain's own count does.
fn counted(domain: &Domain, seen: u64) -> Result<(), Fault> {
    let said = domain.domainalias_count;
    if said == seen { Ok(()) } else { Err(Fault::Retry { reason: Reason::CountMismatch { said, seen } }) }
}

fn as_body(page: &impl serde::Serialize) -> Result<Vec<u8>, Fault> {
    serde_json::to_vec(page).map_err(|error| Fault::Local { text: format!("a page cannot be kept: {error}") })
}

impl Observe for Reader {
    fn fetch<'a>(&'a self, scope: &'a Scope, _: Option<&'a str>, from: Cursor) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(self.read(scope, from))
    }
    fn one<'a>(&'a self, key: &'a Key, _: Option<&'a str>) -> BoxFuture<'a, Result<Option<Page>, Fault>> {
        Box::pin(self.read_one(key))
    }
    fn trail<'a>(&'a self, key: &'a Key, _: Option<&'a str>) -> BoxFuture<'a, Result<Vec<String>, Fault>> {
        Box::pin(async move { trail::trail(&self.of(Some(&key.tenant)), key).await })
    }
    fn decode(&self, page: &Page, each: &mut dyn FnMut(Object<'_>)) -> Result<(), Fault> {
        let unread = |error: serde_json::Error| malformed(error.to_string());
        let tenant = || page.scope.tenant.as_ref().ok_or_else(|| malformed("a page of nobody"));
        match page.scope.kind {
            Kind::PasswordPolicy => {
                let found: GeneratedPasswords = serde_json::from_slice(&page.body).map_err(unread)?;
                each(Object::Head(convert::policy(tenant()?, found)));
                Ok(())
            }
            Kind::Domain => {
                let tenant = tenant()?;
                let found: DomainPage = serde_json::from_slice(&page.body).map_err(unread)?;
                for domain in &found.domains {
                    each(Object::Head(convert::domain(tenant, domain, &found.aliases)?));
                }
                Ok(())
            }
            _ => convert::users(&serde_json::from_slice(&page.body).map_err(unread)?, each),
        }
    }
}
