//! Stored outcomes under idempotency keys, kept for 24 hours of the panel's clock.

use crate::base::Timestamp;
use crate::panel::answer::Answer;
use crate::panel::limits::OPERATION_SECONDS;
use crate::panel::stop::Stop;
use crate::panel::store::time::{count, instant, millis};
use crate::wire::{Code, Operation, Problem};
use axum::http::StatusCode;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

/// A key and the request that it stands for. Fencing token and preconditions are not part of the request: a client
/// that repeats a call after a crash sends newer ones.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) key: String,
    pub(crate) method: String,
    pub(crate) path: String,
    /// SHA-256 of the body in hex.
    pub(crate) digest: String,
}

fn oldest(now: Timestamp) -> i64 {
    millis(now) - OPERATION_SECONDS * 1000
}

async fn find(db: &mut SqliteConnection, key: &str, now: Timestamp) -> Result<Option<SqliteRow>, Stop> {
    let row = sqlx::query(
        "SELECT method, path, digest, status, version, location, body, at, tenant_id FROM operations WHERE key = ?1 AND at > ?2",
    )
    .bind(key)
    .bind(oldest(now))
    .fetch_optional(db)
    .await?;
    Ok(row)
}

/// The stored answer of the same request.
pub(crate) async fn replay(db: &mut SqliteConnection, kept: &Kept, now: Timestamp) -> Result<Option<Answer>, Stop> {
    let Some(row) = find(db, &kept.key, now).await? else { return Ok(None) };
    let same = row.get::<&str, _>(0) == kept.method && row.get::<&str, _>(1) == kept.path && row.get::<&str, _>(2) == kept.digest;
    if !same {
        return Err(Problem::new(Code::KeyReused, "mint a new key for each call that differs in method, path or body").into());
    }
    Ok(Some(Answer {
        status: u16::try_from(row.get::<i64, _>(3)).ok().and_then(|s| StatusCode::from_u16(s).ok()).unwrap_or(StatusCode::OK),
        version: row.get::<Option<i64>, _>(4).map(count),
        location: row.get(5),
        body: row.get(6),
        stored: None,
        replayed: true,
    }))
}

/// Stores an outcome and forgets those that are too old.
pub(crate) async fn keep(
    db: &mut SqliteConnection,
    kept: &Kept,
    tenant: Option<&str>,
    answer: &Answer,
    now: Timestamp,
) -> Result<(), Stop> {
    sqlx::query("DELETE FROM operations WHERE at <= ?1 OR key = ?2").bind(oldest(now)).bind(&kept.key).execute(&mut *db).await?;
    sqlx::query(
        "INSERT INTO operations (key, tenant_id, method, path, digest, status, version, location, body, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )
    .bind(&kept.key)
    .bind(tenant)
    .bind(&kept.method)
    .bind(&kept.path)
    .bind(&kept.digest)
    .bind(i64::from(answer.status.as_u16()))
    .bind(answer.version.and_then(|v| i64::try_from(v).ok()))
    .bind(&answer.location)
    .bind(answer.stored.as_ref().or(answer.body.as_ref()))
    .bind(millis(now))
    .execute(db)
    .await?;
    Ok(())
}

/// The outcome of a key and the tenant that it was about.
pub(crate) async fn one(db: &mut SqliteConnection, key: &str, now: Timestamp) -> Result<(Operation, Option<String>), Stop> {
    let row = find(db, key, now).await?.ok_or_else(|| Stop::not_found("stored operation"))?;
    let operation = Operation {
        key: key.to_owned(),
        method: row.get(0),
        path: row.get(1),
        status: u16::try_from(row.get::<i64, _>(3)).unwrap_or(200),
        at: instant(row.get(7)),
        body: row.get::<Option<&str>, _>(6).and_then(|text| serde_json::from_str(text).ok()),
    };
    Ok((operation, row.get(8)))
}
