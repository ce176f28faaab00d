//! Who calls: bearer tokens, stored as SHA-256 only.
//!
//! A token is `mwp_` and 32 random bytes in hex. Session tokens live in the memory of this process and end with it;
//! they are how an embedded panel is opened without leaving anything in its database.

use crate::base::digest::sha256;
use crate::base::{Secret, Timestamp};
use crate::panel::open::{App, Shared};
use crate::panel::stop::Stop;
use crate::panel::store;
use crate::wire::{Code, Problem, TokenScope};
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use std::collections::BTreeSet;

const PREFIX: &str = "mwp_";

/// What a token allows.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) name: String,
    pub(crate) scopes: BTreeSet<TokenScope>,
    /// The only tenant; none means all.
    pub(crate) tenant: Option<String>,
    pub(crate) expires_at: Option<Timestamp>,
}

impl Caller {
    /// Refuses a tenant that the token may not see. `None` is the panel as a whole.
    pub(crate) fn may(&self, tenant: Option<&str>) -> Result<(), Stop> {
        match (&self.tenant, tenant) {
            (None, _) => Ok(()),
            (Some(own), Some(asked)) if own == asked => Ok(()),
            (Some(_), _) => Err(Problem::new(Code::Forbidden, "this token is bound to another tenant").into()),
        }
    }
    /// Refuses tokens that may only read.
    pub(crate) fn may_write(&self) -> Result<(), Stop> {
        self.needs(TokenScope::Write)
    }
    fn needs(&self, scope: TokenScope) -> Result<(), Stop> {
        if self.scopes.contains(&scope) {
            return Ok(());
        }
        let word = match scope {
            TokenScope::Read => "read",
            TokenScope::Write => "write",
        };
        Err(Problem::new(Code::Forbidden, format!("this token lacks the scope {word}")).into())
    }
}

/// A new secret and what is kept of it.
pub(crate) fn fresh() -> Result<(Secret, String), getrandom::Error> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes)?;
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    let secret = Secret::new(format!("{PREFIX}{hex}"));
    let hash = hash(secret.expose());
    Ok((secret, hash))
}

fn hash(secret: &str) -> String {
    sha256(secret.as_bytes()).to_string()
}

/// Finds the caller and checks the scope that the verb needs.
pub(crate) async fn caller(parts: &Parts, app: &App, scope: TokenScope) -> Result<Caller, Stop> {
    let unauthorized = |detail: &str| Stop::from(Problem::new(Code::Unauthorized, detail));
    let header = parts.headers.get(AUTHORIZATION).ok_or_else(|| unauthorized("send `Authorization: Bearer TOKEN`"))?;
    let (scheme, token) = header.to_str().ok().and_then(|t| t.split_once(' ')).ok_or_else(|| unauthorized("no bearer token"))?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(unauthorized("only bearer tokens are taken"));
    }
    let hash = hash(token.trim());
    let caller = match app.sessions.find(&hash) {
        Some(caller) => Some(caller),
        None => store::tokens::caller(&mut *app.readers.acquire().await?, &hash).await?,
    };
    let caller = caller.ok_or_else(|| unauthorized("the token is not known"))?;
    if caller.expires_at.is_some_and(|end| end <= app.clock.now()) {
        return Err(unauthorized("the token has ended"));
    }
    caller.needs(scope)?;
    Ok(caller)
}

/// A caller that may read.
pub(crate) struct Reader(pub(crate) Caller);

impl FromRequestParts<Shared> for Reader {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Stop> {
        Ok(Self(caller(parts, app, TokenScope::Read).await?))
    }
}

/// One consistent view of the database.
pub(crate) type View = sqlx::Transaction<'static, sqlx::Sqlite>;

impl Reader {
    /// Opens a view; the tenant must be one that the caller may see, and exist.
    pub(crate) async fn tenant(&self, app: &App, tenant: &str) -> Result<View, Stop> {
        self.0.may(Some(tenant))?;
        let mut view = app.readers.begin().await?;
        store::tenants::must_exist(&mut view, tenant).await?;
        Ok(view)
    }
    /// Opens a view of a tenant's domain; both must exist.
    pub(crate) async fn domain(&self, app: &App, tenant: &str, domain: &str) -> Result<View, Stop> {
        let mut view = self.tenant(app, tenant).await?;
        store::domains::name(&mut view, tenant, domain).await?;
        Ok(view)
    }
}

/// The tokens that live in memory only.
#[derive(Default)]
pub(crate) struct Sessions(std::sync::RwLock<std::collections::HashMap<String, Caller>>);

impl Sessions {
    fn find(&self, hash: &str) -> Option<Caller> {
        self.0.read().ok()?.get(hash).cloned()
    }
    pub(crate) fn add(&self, hash: String, caller: Caller) {
        if let Ok(mut map) = self.0.write() {
            map.insert(hash, caller);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_long_and_only_its_hash_is_kept() {
        let (one, hash_one) = fresh().unwrap();
        let (two, hash_two) = fresh().unwrap();
        assert_eq!(one.expose().len(), 4 + 64);
        assert!(one.expose() != two.expose() && hash_one != hash_two && !hash_one.contains(&one.expose()[4..]));
    }
}
