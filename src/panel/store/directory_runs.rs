//! When directories are read, and what became of it.

use crate::base::Timestamp;
use crate::panel::change::Write;
use crate::panel::directory::next_run;
use crate::panel::stop::Stop;
use crate::panel::store::time::{instant, millis};
use crate::wire::Directory;
use sqlx::{Row as _, SqliteConnection};

/// Where a directory stands: ids of tenant and domain, and the domain's name.
#[derive(Debug, Clone)]
pub(crate) struct Where {
    pub(crate) tenant: String,
    pub(crate) domain: String,
    pub(crate) domain_name: String,
}

/// The directory that is due first at `now`, with the instant at which it was due.
pub(crate) async fn earliest(db: &mut SqliteConnection, now: Timestamp) -> Result<Option<(Timestamp, String)>, Stop> {
    let row = sqlx::query("SELECT next_run_at, id FROM directories WHERE next_run_at <= ?1 ORDER BY next_run_at, id LIMIT 1")
        .bind(millis(now))
        .fetch_optional(db)
        .await?;
    Ok(row.map(|row| (instant(row.get(0)), row.get(1))))
}

/// Where a directory stands; `None`: it is gone.
pub(crate) async fn place(db: &mut SqliteConnection, directory: &str) -> Result<Option<Where>, Stop> {
    let row = sqlx::query("SELECT m.tenant_id, m.id, m.name FROM directories d JOIN domains m ON m.id = d.domain_id WHERE d.id = ?1")
        .bind(directory)
        .fetch_optional(db)
        .await?;
    Ok(row.map(|row| Where { tenant: row.get(0), domain: row.get(1), domain_name: row.get(2) }))
}

/// What a run came to.
#[derive(Debug)]
pub(crate) enum Ran<'a> {
    /// So many users, and what was left out.
    Took(u64, Vec<String>),
    /// Why nothing was changed, verbatim.
    Refused(&'a str),
}

/// Writes down what a run came to, and when the next one is: the first after `now`, so that hours during which nobody
/// had the panel open are not made up for one by one.
pub(crate) async fn record(w: &mut Write, directory: &Directory, now: Timestamp, ran: Ran<'_>) -> Result<(), Stop> {
    let (at, next) = (millis(w.now), millis(next_run(directory.schedule, now.max(w.now))));
    let next = directory.enabled.then_some(next);
    let query = match &ran {
        Ran::Took(count, notes) => sqlx::query(
            "UPDATE directories SET last_run_at = ?2, last_success_at = ?2, last_count = ?4, last_error = NULL, last_notes = ?5,
               next_run_at = ?3 WHERE id = ?1",
        )
        .bind(&directory.id)
        .bind(at)
        .bind(next)
        .bind(i64::try_from(*count).unwrap_or(i64::MAX))
        .bind(Some(notes.join("; ")).filter(|n| !n.is_empty())),
        Ran::Refused(error) => sqlx::query("UPDATE directories SET last_run_at = ?2, last_error = ?4, next_run_at = ?3 WHERE id = ?1")
            .bind(&directory.id)
            .bind(at)
            .bind(next)
            .bind(*error),
    };
    query.execute(w.db()).await?;
    Ok(())
}
