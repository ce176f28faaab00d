//! The audit trail.

use crate::base::Timestamp;
use crate::base::printable::printable_short;
use crate::panel::limits::AUDIT_CHARS;
use crate::panel::stop::Stop;
use crate::panel::store::page::Want;
use crate::panel::store::time::{count, instant, millis};
use crate::wire::{AuditEntry, Page};
use sqlx::{Row as _, SqliteConnection};

/// An entry to write.
pub(crate) struct Entry<'a> {
    pub(crate) at: Timestamp,
    pub(crate) who: &'a str,
    pub(crate) tenant: Option<&'a str>,
    pub(crate) action: &'static str,
    pub(crate) object: &'a str,
    pub(crate) change: String,
}

/// Adds an entry.
pub(crate) async fn add(db: &mut SqliteConnection, entry: Entry<'_>) -> Result<(), Stop> {
    sqlx::query("INSERT INTO audit (at, who, tenant_id, action, object, change) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .bind(millis(entry.at))
        .bind(entry.who)
        .bind(entry.tenant)
        .bind(entry.action)
        .bind(entry.object)
        .bind(printable_short(&entry.change, AUDIT_CHARS))
        .execute(db)
        .await?;
    Ok(())
}

/// A page, oldest first; of one tenant where one is named.
pub(crate) async fn list(db: &mut SqliteConnection, tenant: Option<&str>, want: &Want) -> Result<Page<AuditEntry>, Stop> {
    let after: i64 = want.after.parse().unwrap_or(0);
    let total: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM audit WHERE ?1 IS NULL OR tenant_id = ?1").bind(tenant).fetch_one(&mut *db).await?;
    let rows = sqlx::query(
        "SELECT seq, at, who, tenant_id, action, object, change FROM audit
         WHERE seq > ?1 AND (?2 IS NULL OR tenant_id = ?2) ORDER BY seq LIMIT ?3",
    )
    .bind(after)
    .bind(tenant)
    .bind(want.rows())
    .fetch_all(db)
    .await?;
    let items = rows.iter().map(|row| AuditEntry {
        seq: count(row.get(0)),
        at: instant(row.get(1)),
        who: row.get(2),
        tenant: row.get(3),
        action: row.get(4),
        object: row.get(5),
        change: row.get(6),
    });
    Ok(want.page(items.collect(), count(total), |entry| entry.seq.to_string()))
}
