//! One mutating call: its headers, and the transaction in which everything about it happens.
//!
//! Order: may the caller write here, was the key used before, does the tenant exist, does the fencing token hold; then
//! the effect, its audit entry, the change mark and the stored outcome, and one commit. Refusals are not stored: a key
//! has an outcome exactly if its call took effect.

use crate::base::{Digest, Timestamp};
use crate::panel::answer::{Answer, Tags, tags};
use crate::panel::auth::{Caller, caller};
use crate::panel::limits::KEY_BYTES;
use crate::panel::open::{App, Shared};
use crate::panel::stop::Stop;
use crate::panel::store;
use crate::panel::store::operations::Kept;
use crate::wire::headers::{FENCING_TOKEN, IDEMPOTENCY_KEY};
use crate::wire::{Code, Problem, TokenScope};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use sqlx::{Sqlite, SqliteConnection, Transaction};

/// The caller and the headers of a mutating call.
pub(crate) struct Change {
    caller: Caller,
    key: Option<String>,
    fencing: Option<u64>,
    if_match: Option<Tags>,
    method: String,
    path: String,
}

impl FromRequestParts<Shared> for Change {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Stop> {
        let caller = caller(parts, app, TokenScope::Write).await?;
        Ok(Self {
            caller,
            key: key(&parts.headers)?,
            fencing: fencing(&parts.headers)?,
            if_match: tags(&parts.headers, header::IF_MATCH)?,
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
        })
    }
}

/// Whether a key can be one: it comes back in a path, so it is visible ASCII.
pub(crate) fn is_key(text: &str) -> bool {
    !text.is_empty() && text.len() <= KEY_BYTES && text.bytes().all(|c| c.is_ascii_graphic())
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Stop> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let text = value.to_str().ok().filter(|t| is_key(t));
    text.map(|t| Some(t.to_owned())).ok_or_else(|| Stop::bad(format!("Idempotency-Key: 1 to {KEY_BYTES} visible ASCII characters")))
}

fn fencing(headers: &HeaderMap) -> Result<Option<u64>, Stop> {
    let Some(value) = headers.get(FENCING_TOKEN) else { return Ok(None) };
    let number = value.to_str().ok().and_then(|t| t.parse().ok());
    number.map(Some).ok_or_else(|| Stop::bad("Fencing-Token: a decimal integer"))
}

/// What a call is about, and whether a lease holds it back.
#[derive(Debug, Clone, Copy)]
pub(crate) enum About<'a> {
    /// The panel as a whole; only tokens for all tenants.
    Panel,
    /// A tenant; while a lease is held, only its holder.
    Tenant(&'a str),
    /// A tenant, whoever holds its lease: the lease itself.
    LeaseOf(&'a str),
}

impl Change {
    /// The fencing token that was sent.
    pub(crate) fn fencing_token(&self) -> Option<u64> {
        self.fencing
    }

    /// Refuses a tenant that the caller may not see, before anything is done for it.
    pub(crate) fn may(&self, tenant: &str) -> Result<(), Stop> {
        self.caller.may(Some(tenant))
    }

    /// Refuses tokens that are bound to one tenant.
    pub(crate) fn must_be_for_all(&self) -> Result<(), Stop> {
        self.caller.may(None)
    }

    /// Starts the transaction, or replays the stored outcome.
    pub(crate) async fn begin(self, app: &App, about: About<'_>, digest: Digest) -> Result<Write, Stop> {
        let tenant = match about {
            About::Panel => None,
            About::Tenant(id) | About::LeaseOf(id) => Some(id),
        };
        self.caller.may(tenant)?;
        let now = app.clock.now();
        let mut tx = app.writer.begin_with("BEGIN IMMEDIATE").await?;
        let keep = self.key.map(|key| Kept { key, method: self.method, path: self.path, digest: digest.to_string() });
        if let Some(keep) = &keep
            && let Some(answer) = store::operations::replay(&mut tx, keep, now).await?
        {
            return Err(Stop::Replay(Box::new(answer)));
        }
        if let Some(tenant) = tenant {
            store::tenants::must_exist(&mut tx, tenant).await?;
        }
        if let About::Tenant(tenant) = about {
            store::leases::check(&mut tx, tenant, self.fencing).await?;
        }
        let tenant = tenant.map(str::to_owned);
        Ok(Write { tx, now, who: self.caller.name, tenant, if_match: self.if_match, marked: false, keep })
    }
}

/// A write under way. Dropped without [`Write::finish`] it leaves nothing behind.
pub(crate) struct Write {
    tx: Transaction<'static, Sqlite>,
    pub(crate) now: Timestamp,
    who: String,
    tenant: Option<String>,
    if_match: Option<Tags>,
    marked: bool,
    keep: Option<Kept>,
}

impl Write {
    /// A write of the panel itself, as of the instant at which it was due. No lease holds it back.
    pub(crate) async fn of_job(app: &App, who: &str, due: Timestamp) -> Result<Self, Stop> {
        let tx = app.writer.begin_with("BEGIN IMMEDIATE").await?;
        Ok(Self { tx, now: due, who: who.to_owned(), tenant: None, if_match: None, marked: false, keep: None })
    }
    /// Commits a write of the panel itself.
    pub(crate) async fn commit(self) -> Result<(), Stop> {
        Ok(self.tx.commit().await?)
    }
    /// The connection inside the transaction.
    pub(crate) fn db(&mut self) -> &mut SqliteConnection {
        &mut self.tx
    }
    /// Honours `If-Match` against the version of the object.
    pub(crate) fn must_match(&self, version: u64) -> Result<(), Stop> {
        if self.if_match.as_ref().is_none_or(|tags| tags.matches(version)) {
            return Ok(());
        }
        Err(Problem::new(Code::VersionMismatch, format!("the object is at \"v{version}\" now")).into())
    }
    /// The tenant that the call is about; a call about the panel that makes one names it here.
    pub(crate) fn about(&mut self, tenant: &str) {
        self.tenant = Some(tenant.to_owned());
    }
    /// Records an effect: the audit entry, and the tenant's change mark once per call.
    pub(crate) async fn note(&mut self, action: &'static str, object: &str, change: String) -> Result<(), Stop> {
        let entry = store::audit::Entry { at: self.now, who: &self.who, tenant: self.tenant.as_deref(), action, object, change };
        store::audit::add(&mut self.tx, entry).await?;
        if let Some(tenant) = self.tenant.as_deref().filter(|_| !self.marked) {
            store::tenants::mark(&mut self.tx, tenant).await?;
            self.marked = true;
        }
        Ok(())
    }
    /// Stores the outcome under the key, if there is one, and commits.
    pub(crate) async fn finish(mut self, answer: Answer) -> Result<Answer, Stop> {
        if let Some(keep) = &self.keep {
            store::operations::keep(&mut self.tx, keep, self.tenant.as_deref(), &answer, self.now).await?;
        }
        self.tx.commit().await?;
        Ok(answer)
    }
}
