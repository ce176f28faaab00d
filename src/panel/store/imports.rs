//! Import jobs: taken, listed, and brought into effect by `jobs`.

use crate::base::Timestamp;
use crate::base::digest::sha256;
use crate::panel::answer::json;
use crate::panel::change::Write;
use crate::panel::limits::{IMPORT_EARLIEST_SECONDS, IMPORT_KEPT_SECONDS, IMPORT_LATEST_SECONDS};
use crate::panel::stop::Stop;
use crate::panel::store::page::Want;
use crate::panel::store::time::{count, instant, millis, new_id};
use crate::panel::store::user_changes::Home;
use crate::panel::store::words::Word as _;
use crate::panel::store::{bulk, domains};
use crate::wire::{BulkAnswer, BulkMode, BulkRequest, BulkUser, Code, IgnoreReason, ImportCreate, ImportJob, ImportStatus, Page, Problem};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};
use std::collections::BTreeMap;

const COLUMNS: &str = "id, mode, status, sent, accepted, ignored, created, updated, deleted, submitted_at, finished_at, failure";

fn read(row: &SqliteRow) -> ImportJob {
    let submitted: i64 = row.get(9);
    ImportJob {
        id: row.get(0),
        mode: BulkMode::read(row.get(1)),
        status: ImportStatus::read(row.get(2)),
        sent: count(row.get(3)),
        accepted: count(row.get(4)),
        // the panel wrote these counts itself
        ignored: serde_json::from_str(row.get(5)).unwrap_or_default(),
        created: count(row.get(6)),
        updated: count(row.get(7)),
        deleted: count(row.get(8)),
        submitted_at: instant(submitted),
        effective_from: instant(submitted + IMPORT_EARLIEST_SECONDS * 1000),
        effective_until: instant(submitted + IMPORT_LATEST_SECONDS * 1000),
        finished_at: row.get::<Option<i64>, _>(10).map(instant),
        failure: row.get(11),
    }
}

/// When a job acts: within the window, at a moment that follows from its id.
fn due(id: &str, submitted: i64) -> i64 {
    let spread = IMPORT_LATEST_SECONDS - IMPORT_EARLIEST_SECONDS + 1;
    let digest = sha256(id.as_bytes());
    let number = digest.0.iter().take(4).fold(0_i64, |sum, byte| sum * 256 + i64::from(*byte));
    submitted + (IMPORT_EARLIEST_SECONDS + number % spread) * 1000
}

/// Takes a job. The panel judges the rows against the list as it is, and nothing of it acts yet.
pub(crate) async fn create(w: &mut Write, home: Home<'_>, request: ImportCreate) -> Result<ImportJob, Stop> {
    let domain = domains::name(w.db(), home.tenant, home.domain).await?;
    must_be_alone(w.db(), home.domain).await?;
    let (mode, sent, rows) = (request.mode, request.users.len(), json(&request.users)?);
    let fingerprint = request.expected_fingerprint.clone();
    let judged = judge(w, home, request).await?;
    let (id, now) = (new_id(), millis(w.now));
    sqlx::query("DELETE FROM import_jobs WHERE domain_id = ?1 AND finished_at <= ?2")
        .bind(home.domain)
        .bind(now - IMPORT_KEPT_SECONDS * 1000)
        .execute(w.db())
        .await?;
    sqlx::query(
        "INSERT INTO import_jobs (id, tenant_id, domain_id, mode, status, rows, fingerprint, sent, accepted, ignored, submitted_at, due_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )
    .bind(&id)
    .bind(home.tenant)
    .bind(home.domain)
    .bind(mode.word())
    .bind(ImportStatus::Accepted.word())
    .bind(rows)
    .bind(fingerprint)
    .bind(i64::try_from(sent).unwrap_or(i64::MAX))
    .bind(i64::try_from(judged.accepted).unwrap_or(i64::MAX))
    .bind(json(&by_reason(&judged))?)
    .bind(now)
    .bind(due(&id, now))
    .execute(w.db())
    .await?;
    w.note("import.accept", &domain, format!("→ {} {sent} rows, {} accepted", mode.word(), judged.accepted)).await?;
    one(w.db(), home.domain, &id).await
}

/// One job of a domain at a time.
async fn must_be_alone(db: &mut SqliteConnection, domain: &str) -> Result<(), Stop> {
    let sql = AssertSqlSafe(format!("SELECT {COLUMNS} FROM import_jobs WHERE domain_id = ?1 AND status = ?2"));
    let running = sqlx::query(sql).bind(domain).bind(ImportStatus::Accepted.word()).fetch_optional(db).await?;
    let Some(job) = running.as_ref().map(read) else { return Ok(()) };
    let detail =
        format!("import {} acts between {} and {}; one job of a domain at a time", job.id, job.effective_from, job.effective_until);
    let mut problem = Problem::new(Code::ImportRunning, detail);
    problem.retry_at = Some(job.effective_until);
    Err(problem.into())
}

/// What the list would do now; all of it is taken back.
async fn judge(w: &mut Write, home: Home<'_>, request: ImportCreate) -> Result<BulkAnswer, Stop> {
    let request = BulkRequest { mode: request.mode, users: request.users, expected_fingerprint: request.expected_fingerprint };
    sqlx::query("SAVEPOINT judged").execute(w.db()).await?;
    let judged = bulk::take(w, home, request).await?;
    sqlx::query("ROLLBACK TO judged").execute(w.db()).await?;
    sqlx::query("RELEASE judged").execute(w.db()).await?;
    Ok(judged)
}

fn by_reason(answer: &BulkAnswer) -> BTreeMap<IgnoreReason, u64> {
    let mut counts = BTreeMap::new();
    for ignored in &answer.ignored {
        *counts.entry(ignored.reason).or_default() += 1;
    }
    counts
}

/// One job of a domain.
pub(crate) async fn one(db: &mut SqliteConnection, domain: &str, id: &str) -> Result<ImportJob, Stop> {
    let sql = AssertSqlSafe(format!("SELECT {COLUMNS} FROM import_jobs WHERE domain_id = ?1 AND id = ?2"));
    let row = sqlx::query(sql).bind(domain).bind(id).fetch_optional(db).await?;
    row.as_ref().map(read).ok_or_else(|| Stop::not_found("import job"))
}

/// A page of a domain's jobs, oldest first; those that ended more than 30 days ago may be gone.
pub(crate) async fn list(db: &mut SqliteConnection, domain: &str, want: &Want) -> Result<Page<ImportJob>, Stop> {
    let total: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM import_jobs WHERE domain_id = ?1").bind(domain).fetch_one(&mut *db).await?;
    let sql = AssertSqlSafe(format!("SELECT {COLUMNS} FROM import_jobs WHERE domain_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3"));
    let rows = sqlx::query(sql).bind(domain).bind(&want.after).bind(want.rows()).fetch_all(db).await?;
    Ok(want.page(rows.iter().map(read).collect(), count(total), |job| job.id.clone()))
}

/// A page of the rows of a job, in the order sent.
pub(crate) async fn rows(db: &mut SqliteConnection, domain: &str, id: &str, want: &Want) -> Result<Page<BulkUser>, Stop> {
    one(db, domain, id).await?;
    let after: i64 = want.after.parse().unwrap_or(-1);
    let found = sqlx::query(
        "SELECT j.key, j.value, i.sent FROM import_jobs i, json_each(i.rows) AS j WHERE i.id = ?1 AND j.key > ?2 ORDER BY j.key LIMIT ?3",
    )
    .bind(id)
    .bind(after)
    .bind(want.rows())
    .fetch_all(&mut *db)
    .await?;
    let sent: i64 = sqlx::query_scalar("SELECT sent FROM import_jobs WHERE id = ?1").bind(id).fetch_one(db).await?;
    let items: Vec<(i64, BulkUser)> = found.iter().map(|row| (row.get(0), serde_json::from_str(row.get(1)).unwrap_or_default())).collect();
    let page = want.page(items, count(sent), |(key, _)| key.to_string());
    Ok(Page {
        items: page.items.into_iter().map(|(_, row)| row).collect(),
        total: page.total,
        next_cursor: page.next_cursor,
        fingerprint: None,
    })
}

/// The earliest job that is to act at `now`.
pub(crate) async fn earliest(db: &mut SqliteConnection, now: Timestamp) -> Result<Option<(Timestamp, String)>, Stop> {
    let row = sqlx::query("SELECT due_at, id FROM import_jobs WHERE status = ?1 AND due_at <= ?2 ORDER BY due_at, id LIMIT 1")
        .bind(ImportStatus::Accepted.word())
        .bind(millis(now))
        .fetch_optional(db)
        .await?;
    Ok(row.map(|row| (instant(row.get(0)), row.get(1))))
}

/// Brings a job into effect, unless it has ended already.
pub(crate) async fn act(w: &mut Write, id: &str) -> Result<(), Stop> {
    let row = sqlx::query("SELECT tenant_id, domain_id, mode, rows, fingerprint FROM import_jobs WHERE id = ?1 AND status = ?2")
        .bind(id)
        .bind(ImportStatus::Accepted.word())
        .fetch_optional(w.db())
        .await?;
    let Some(row) = row else { return Ok(()) };
    let (tenant, domain): (String, String) = (row.get(0), row.get(1));
    let (mode, expected_fingerprint) = (BulkMode::read(row.get(2)), row.get(4));
    // the panel wrote these rows itself
    let users: Vec<BulkUser> = serde_json::from_str(row.get(3)).unwrap_or_default();
    w.about(&tenant);
    let home = Home { tenant: &tenant, domain: &domain };
    let done = bulk::run(w, home, BulkRequest { mode, users, expected_fingerprint }).await?;
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let now = millis(w.now);
    sqlx::query(
        "UPDATE import_jobs SET status = ?2, finished_at = ?3, accepted = ?4, created = ?5, updated = ?6, deleted = ?7, ignored = ?8
         WHERE id = ?1",
    )
    .bind(id)
    .bind(ImportStatus::Effective.word())
    .bind(now)
    .bind(number(done.accepted))
    .bind(number(done.created))
    .bind(number(done.updated))
    .bind(number(done.deleted))
    .bind(json(&by_reason(&done))?)
    .execute(w.db())
    .await?;
    let name = domains::name(w.db(), &tenant, &domain).await?;
    w.note("import.effective", &name, id.to_owned()).await
}

/// Ends a job that was refused when it was to act.
pub(crate) async fn fail(w: &mut Write, id: &str, why: &str) -> Result<(), Stop> {
    let now = millis(w.now);
    let row = sqlx::query("UPDATE import_jobs SET status = ?2, finished_at = ?3, failure = ?4, accepted = 0, ignored = '{}' WHERE id = ?1 RETURNING tenant_id, domain_id")
        .bind(id)
        .bind(ImportStatus::Failed.word())
        .bind(now)
        .bind(why)
        .fetch_optional(w.db())
        .await?;
    let Some(row) = row else { return Ok(()) };
    let (tenant, domain): (String, String) = (row.get(0), row.get(1));
    w.about(&tenant);
    let name = domains::name(w.db(), &tenant, &domain).await?;
    w.note("import.fail", &name, format!("{id}: {why}")).await
}
