//! The read port: one page at a time.
//!
//! The ids of domains, which paths need, are learnt from the list of domains that is read anyway. A page of users
//! carries the fingerprint of the whole list; it travels in our cursor, so that a list that changed between two pages is
//! seen although its total is the same (S1.3).

use crate::base::clock::BoxFuture;
use crate::base::{DomainName, ProviderName};
use crate::drivers::panel::api::{self, Api, Filter};
use crate::drivers::panel::capabilities::PAGE_SIZE;
use crate::drivers::panel::{decode, directory, discovery, read_jobs};
use crate::http::{Answer, Call, Trouble};
use crate::model::{CatchAllProbe, DirectoryAnswer, Fault, Field, Key, Kind, LiveHead, Object, Reason, Scope, Value};
use crate::port::{Cursor, Observe, Page};
use reqwest::Method;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Reads from a panel.
pub struct Reader {
    api: Arc<Api>,
    provider: ProviderName,
    /// (tenant id, domain name) → domain id.
    domains: Mutex<BTreeMap<(String, String), String>>,
}

impl Reader {
    pub(super) fn new(api: Arc<Api>, provider: ProviderName) -> Self {
        Self { api, provider, domains: Mutex::default() }
    }

    async fn read(&self, scope: &Scope, remote: Option<&str>, from: Cursor) -> Result<Page, Fault> {
        let (before, cursor) = split(from.as_deref());
        match scope.kind {
            Kind::Tenant => page(scope, self.api.page(&["tenants"], None, cursor).await?, before),
            Kind::PasswordPolicy => {
                let answer = self.api.show_again(&api::policy(bound(scope, remote)?)).await?;
                single(scope, decode::list_of_one(&answer.body))
            }
            Kind::Domain => {
                let remote = bound(scope, remote)?;
                let page = page(scope, self.api.page(&api::domains(remote), None, cursor).await?, before)?;
                self.learn(remote, &page)?;
                Ok(page)
            }
            Kind::User => {
                let answer = self.of_domain(scope, remote, Part::Users(None), cursor).await?;
                page(scope, answer, before)
            }
            Kind::Continuity => {
                let answer = self.of_domain(scope, remote, Part::Continuity, None).await?;
                single(scope, decode::list_of_one(&answer.body))
            }
            Kind::Directory => page(scope, self.of_domain(scope, remote, Part::Directories, cursor).await?, before),
            Kind::Discovery => {
                let answer = self.of_domain(scope, remote, Part::Discovery, None).await?;
                single(scope, decode::list_of_one(&answer.body))
            }
            Kind::SendingDomain => page(scope, self.api.page(&api::sending_domains(bound(scope, remote)?), None, cursor).await?, before),
            Kind::SmtpUser => page(scope, self.api.page(&api::smtp_users(bound(scope, remote)?), None, cursor).await?, before),
        }
    }

    async fn read_one(&self, key: &Key, remote: Option<&str>) -> Result<Option<Page>, Fault> {
        // a directory's name stands behind its domain's
        let domain = key.domain().map(|name| DomainName::parse(name.split('/').next().unwrap_or(name)));
        let domain = domain.transpose().map_err(|error| Fault::Local { text: error.to_string() })?;
        let domain = domain.filter(|_| matches!(key.kind, Kind::User | Kind::Directory | Kind::Discovery | Kind::Continuity));
        let scope = Scope { provider: self.provider.clone(), tenant: Some(key.tenant.clone()), domain, kind: key.kind };
        let found = match (key.kind, remote) {
            (Kind::Tenant, Some(id)) => {
                self.api.show(&["tenants", id]).await.map_err(Fault::from).and_then(|a| single(&scope, decode::list_of_one(&a.body)))
            }
            (Kind::Tenant, None) => {
                let answer = self.api.page(&["tenants"], Some(("name", &key.name)), None).await?;
                page(&scope, answer, None)
            }
            (_, None) => return Ok(None),
            (Kind::PasswordPolicy, Some(_)) => self.read(&scope, remote, None).await,
            (Kind::Domain, Some(id)) => {
                let answer = self.api.page(&api::domains(id), Some(("name", &key.name)), None).await?;
                page(&scope, answer, None)
            }
            (Kind::User, Some(_)) => match self.of_domain(&scope, remote, Part::Users(Some(("address", &key.name))), None).await {
                Ok(answer) => page(&scope, answer, None),
                Err(fault) => Err(fault),
            },
            (Kind::Continuity, Some(_)) => self.read(&scope, remote, None).await,
            (Kind::Directory, Some(_)) => match self.of_domain(&scope, remote, Part::Directories, None).await {
                Ok(answer) => decode::only_directory(&answer.body, key).and_then(|body| single(&scope, body)),
                Err(fault) => Err(fault),
            },
            (Kind::Discovery, Some(_)) => self.read(&scope, remote, None).await,
            (Kind::SendingDomain, Some(id)) => {
                let answer = self.api.page(&api::sending_domains(id), Some(("name", &key.name)), None).await?;
                page(&scope, answer, None)
            }
            // found by the panel's id: its name in files is ours alone
            (Kind::SmtpUser, Some(id)) => self
                .api
                .show(&api::smtp_user(id, &key.name))
                .await
                .map_err(Fault::from)
                .and_then(|a| single(&scope, decode::list_of_one(&a.body))),
        };
        match found {
            Ok(page) if page.count == 0 => Ok(None),
            Ok(page) if page.count == 1 => Ok(Some(page)),
            Ok(page) => Err(super::convert::malformed(&format!("asked for {key}, the panel shows {}", page.count))),
            Err(Fault::Missing { .. }) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// A page of something in a domain. A domain whose id is no longer known to the panel is looked up once more: it may
    /// have been deleted and made again while we ran.
    async fn of_domain(&self, scope: &Scope, remote: Option<&str>, part: Part<'_>, cursor: Option<&str>) -> Result<Answer, Fault> {
        let remote = bound(scope, remote)?;
        let name = scope.domain.as_ref().map_or("", DomainName::as_str);
        let key = (remote.to_owned(), name.to_owned());
        let known = self.domains.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let was_known = known.is_some();
        let id = match known {
            Some(id) => id,
            None => self.look_up(&key).await?,
        };
        match self.ask(remote, &id, part, cursor).await {
            Err(Trouble { fault: Fault::Missing { .. }, .. }) if was_known => {
                let id = self.look_up(&key).await?;
                Ok(self.ask(remote, &id, part, cursor).await?)
            }
            other => Ok(other?),
        }
    }

    async fn ask(&self, remote: &str, domain: &str, part: Part<'_>, cursor: Option<&str>) -> Result<Answer, Trouble> {
        match part {
            Part::Users(filter) => self.api.page(&api::users(remote, domain), filter, cursor).await,
            Part::Continuity => self.api.show(&api::continuity(remote, domain)).await,
            Part::Recipients => self.api.page(&api::recipients(remote, domain), None, cursor).await,
            Part::Discovery => self.api.show(&api::discovery(remote, domain)).await,
            Part::CatchAll => self.api.show(&api::catch_all_probe(remote, domain)).await,
            Part::Test(id, settings) => {
                let size = PAGE_SIZE.to_string();
                let path = api::directory_test(remote, domain, id);
                let mut call = Call::write(Method::POST, &path).on_behalf_of(remote).repeatable().json(settings)?.query("limit", &size);
                if let Some(cursor) = cursor {
                    call = call.query("cursor", cursor);
                }
                self.api.client.send(call).await
            }
            Part::Directories => self.api.page(&api::directories(remote, domain), None, cursor).await,
        }
    }

    async fn look_up(&self, key: &(String, String)) -> Result<String, Fault> {
        let found = self.api.domain_id(&key.0, &key.1).await?;
        let mut domains = self.domains.lock().unwrap_or_else(PoisonError::into_inner);
        match found {
            Some(id) => {
                domains.insert(key.clone(), id.clone());
                Ok(id)
            }
            None => {
                domains.remove(key);
                Err(Fault::Missing { text: format!("domain {}", key.1) })
            }
        }
    }

    fn learn(&self, remote: &str, page: &Page) -> Result<(), Fault> {
        let mut domains = self.domains.lock().unwrap_or_else(PoisonError::into_inner);
        decode::domain_ids(page, &mut |name, id| drop(domains.insert((remote.to_owned(), name), id)))
    }
}

/// A list below a domain.
#[derive(Debug, Clone, Copy)]
enum Part<'a> {
    Users(Filter<'a>),
    Recipients,
    Continuity,
    Directories,
    Discovery,
    /// A question to the destinations.
    CatchAll,
    /// A question to a directory with other settings; a read, although it has a body.
    Test(&'a str, &'a crate::wire::DirectorySettings),
}

impl Observe for Reader {
    fn fetch<'a>(&'a self, scope: &'a Scope, remote: Option<&'a str>, from: Cursor) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(self.read(scope, remote, from))
    }
    fn one<'a>(&'a self, key: &'a Key, remote: Option<&'a str>) -> BoxFuture<'a, Result<Option<Page>, Fault>> {
        Box::pin(self.read_one(key, remote))
    }
    fn decode(&self, page: &Page, each: &mut dyn FnMut(Object<'_>)) -> Result<(), Fault> {
        decode::objects(page, each)
    }
    fn recipients<'a>(&'a self, scope: &'a Scope, remote: Option<&'a str>, from: Cursor) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(async move {
            let (before, cursor) = split(from.as_deref());
            let answer = self.of_domain(scope, remote, Part::Recipients, cursor).await?;
            let mut page = page(scope, answer, before)?;
            page.body = decode::mark_recipients(&page.body);
            Ok(page)
        })
    }
    fn jobs<'a>(&'a self, scope: &'a Scope, remote: Option<&'a str>, _from: Cursor) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(async move {
            let remote = bound(scope, remote)?;
            let key = (remote.to_owned(), scope.domain.as_ref().map_or("", DomainName::as_str).to_owned());
            let known = self.domains.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
            let id = match known {
                Some(id) => id,
                None => self.look_up(&key).await?,
            };
            decode::page_of_jobs(scope, read_jobs::jobs(&self.api, remote, &id).await?)
        })
    }
    fn directory<'a>(
        &'a self,
        live: &'a LiveHead,
        remote: Option<&'a str>,
        wanted: &'a BTreeMap<Field, Value>,
    ) -> BoxFuture<'a, Result<DirectoryAnswer, Fault>> {
        Box::pin(async move {
            let name = live.key.domain().and_then(|d| d.split('/').next()).unwrap_or_default();
            let domain = Some(DomainName::parse(name).map_err(|error| Fault::Local { text: error.to_string() })?);
            let scope = Scope { provider: self.provider.clone(), tenant: Some(live.key.tenant.clone()), domain, kind: Kind::Directory };
            let id = live.incarnation.as_deref().ok_or_else(|| Fault::Local { text: format!("{} has no id", live.key) })?;
            let settings = directory::settings(wanted)?;
            let mut tested = directory::Tested::default();
            let mut cursor = None;
            loop {
                let answer = self.of_domain(&scope, remote, Part::Test(id, &settings), cursor.as_deref()).await?;
                cursor = tested.page(&answer.body)?;
                if cursor.is_none() {
                    return tested.whole();
                }
            }
        })
    }
    fn catch_all<'a>(&'a self, scope: &'a Scope, remote: Option<&'a str>) -> BoxFuture<'a, Result<CatchAllProbe, Fault>> {
        Box::pin(async move {
            let answer = self.of_domain(scope, remote, Part::CatchAll, None).await?;
            discovery::probed(&answer.body)
        })
    }
}

/// Our cursor: the fingerprint of the list (empty where it has none), a space, and the panel's cursor.
fn split(from: Option<&str>) -> (Option<&str>, Option<&str>) {
    match from.and_then(|text| text.split_once(' ')) {
        Some((fingerprint, cursor)) => (Some(fingerprint).filter(|f| !f.is_empty()), Some(cursor)),
        None => (None, from),
    }
}

/// A page of a list, with the fingerprint that the page before had.
fn page(scope: &Scope, answer: Answer, before: Option<&str>) -> Result<Page, Fault> {
    let frame = decode::frame(&answer.body)?;
    if before.is_some_and(|before| frame.fingerprint.as_deref() != Some(before)) {
        return Err(Fault::Retry { reason: Reason::Moved });
    }
    let next = frame.next_cursor.map(|cursor| format!("{} {cursor}", frame.fingerprint.as_deref().unwrap_or_default()));
    Ok(Page { scope: scope.clone(), body: answer.body, next, total: Some(frame.total), count: frame.items.0 })
}

/// A single object, in the form of a list of one, as a page.
fn single(scope: &Scope, body: Vec<u8>) -> Result<Page, Fault> {
    let frame = decode::frame(&body)?;
    Ok(Page { scope: scope.clone(), body, next: None, total: Some(frame.total), count: frame.items.0 })
}

fn bound<'a>(scope: &Scope, remote: Option<&'a str>) -> Result<&'a str, Fault> {
    remote.ok_or_else(|| Fault::Missing { text: format!("{scope}: the tenant is not on the panel") })
}
