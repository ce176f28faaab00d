//! The sending history: what happened to sending domains and SMTP users, kept when they are gone.

use crate::panel::change::Write;
use crate::panel::stop::Stop;
use crate::panel::store::page::Want;
use crate::panel::store::time::{count, instant, millis};
use crate::wire::{Page, SendingEvent};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

/// Adds an entry at the moment of the write.
pub(crate) async fn add(w: &mut Write, tenant: &str, domain: &str, username: Option<&str>, what: &str) -> Result<(), Stop> {
    let now = millis(w.now);
    sqlx::query("INSERT INTO sending_events (tenant_id, at, sending_domain, username, what) VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(tenant)
        .bind(now)
        .bind(domain)
        .bind(username)
        .bind(what)
        .execute(w.db())
        .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> SendingEvent {
    SendingEvent { seq: count(row.get(0)), at: instant(row.get(1)), sending_domain: row.get(2), username: row.get(3), what: row.get(4) }
}

/// A page of a tenant, oldest first; of one sending domain by name, where given.
pub(crate) async fn list(db: &mut SqliteConnection, tenant: &str, domain: Option<&str>, want: &Want) -> Result<Page<SendingEvent>, Stop> {
    let after: i64 = want.after.parse().unwrap_or(0);
    let total: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sending_events WHERE tenant_id = ?1 AND (?2 IS NULL OR sending_domain = ?2)")
        .bind(tenant)
        .bind(domain)
        .fetch_one(&mut *db)
        .await?;
    let rows = sqlx::query(
        "SELECT seq, at, sending_domain, username, what FROM sending_events
         WHERE tenant_id = ?1 AND (?2 IS NULL OR sending_domain = ?2) AND seq > ?3 ORDER BY seq LIMIT ?4",
    )
    .bind(tenant)
    .bind(domain)
    .bind(after)
    .bind(want.rows())
    .fetch_all(db)
    .await?;
    Ok(want.page(rows.iter().map(read).collect(), count(total), |event| event.seq.to_string()))
}
