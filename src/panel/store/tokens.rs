//! Tokens as the database keeps them: never their secret.

use crate::base::{Secret, Timestamp};
use crate::panel::auth::{Caller, fresh};
use crate::panel::check;
use crate::panel::limits::TOKEN_SECONDS;
use crate::panel::stop::Stop;
use crate::panel::store::page::Want;
use crate::panel::store::tenants;
use crate::panel::store::time::{count, instant, millis, new_id};
use crate::wire::{Code, Page, Problem, Token, TokenCreate, TokenScope};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};
use std::collections::BTreeSet;

const COLUMNS: &str = "id, name, can_read, can_write, tenant_id, expires_at, created_at";

/// Checks a request and stores a new token; the secret is nowhere but in the answer.
pub(crate) async fn mint(db: &mut SqliteConnection, request: &TokenCreate, now: Timestamp) -> Result<(Token, Secret), Stop> {
    check::name("name", &request.name)?;
    let scopes: BTreeSet<TokenScope> = request.scopes.iter().copied().collect();
    if scopes.is_empty() {
        return Err(Stop::invalid("scopes: at least one of read, write"));
    }
    if request.ttl_seconds.is_some_and(|ttl| ttl == 0 || ttl > TOKEN_SECONDS) {
        return Err(Stop::invalid(format!("ttl_seconds: 1 to {TOKEN_SECONDS}")));
    }
    if let Some(tenant) = &request.tenant {
        tenants::must_exist(db, tenant).await.map_err(|_| Stop::invalid("tenant: there is no such tenant"))?;
    }
    let (secret, hash) = fresh().map_err(|_| Problem::new(Code::Internal, "the system gives no random bytes"))?;
    let expires_at = request.ttl_seconds.map(|ttl| millis(now) + i64::try_from(ttl).unwrap_or(0) * 1000).map(instant);
    let token = Token {
        id: new_id(),
        name: request.name.clone(),
        scopes: scopes.into_iter().collect(),
        tenant: request.tenant.clone(),
        expires_at,
        created_at: now,
    };
    insert(db, &token, &hash).await?;
    Ok((token, secret))
}

async fn insert(db: &mut SqliteConnection, token: &Token, hash: &str) -> Result<(), Stop> {
    sqlx::query(
        "INSERT INTO tokens (id, name, hash, can_read, can_write, tenant_id, expires_at, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
    .bind(&token.id)
    .bind(&token.name)
    .bind(hash)
    .bind(token.scopes.contains(&TokenScope::Read))
    .bind(token.scopes.contains(&TokenScope::Write))
    .bind(&token.tenant)
    .bind(token.expires_at.map(millis))
    .bind(millis(token.created_at))
    .execute(db)
    .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Token {
    let scopes = [(row.get(2), TokenScope::Read), (row.get(3), TokenScope::Write)];
    Token {
        id: row.get(0),
        name: row.get(1),
        scopes: scopes.into_iter().filter(|(has, _)| *has).map(|(_, scope)| scope).collect(),
        tenant: row.get(4),
        expires_at: row.get::<Option<i64>, _>(5).map(instant),
        created_at: instant(row.get(6)),
    }
}

/// Who sends the secret with this hash.
pub(crate) async fn caller(db: &mut SqliteConnection, hash: &str) -> Result<Option<Caller>, Stop> {
    let sql = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM tokens WHERE hash = ?1"));
    let row = sqlx::query(sql).bind(hash).fetch_optional(db).await?;
    Ok(row.map(|row| read(&row)).map(|token| Caller {
        name: token.name,
        scopes: token.scopes.into_iter().collect(),
        tenant: token.tenant,
        expires_at: token.expires_at,
    }))
}

/// A page, in the order of minting.
pub(crate) async fn list(db: &mut SqliteConnection, want: &Want) -> Result<Page<Token>, Stop> {
    let total: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM tokens").fetch_one(&mut *db).await?;
    let sql = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM tokens WHERE id > ?1 ORDER BY id LIMIT ?2"));
    let rows = sqlx::query(sql).bind(&want.after).bind(want.rows()).fetch_all(db).await?;
    Ok(want.page(rows.iter().map(read).collect(), count(total), |token| token.id.clone()))
}

/// Ends a token at once and gives its name.
pub(crate) async fn delete(db: &mut SqliteConnection, id: &str) -> Result<String, Stop> {
    let name: Option<String> = sqlx::query_scalar("DELETE FROM tokens WHERE id = ?1 RETURNING name").bind(id).fetch_optional(db).await?;
    name.ok_or_else(|| Stop::not_found("token"))
}
