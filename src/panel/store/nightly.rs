//! What the nightly creation reads and writes.

use crate::base::Timestamp;
use crate::panel::change::Write;
use crate::panel::limits::{MAIL_DAYS, NIGHTLY_MAILS};
use crate::panel::stop::Stop;
use crate::panel::store::time::{instant, millis};
use crate::panel::store::user_changes::{Home, create as create_user};
use crate::panel::store::words::Word as _;
use crate::wire::{Origin, RelayCheck, UserCreate};
use sqlx::{Row as _, SqliteConnection};

/// Remembers clean mails to a target of a domain, and forgets what is too old.
pub(crate) async fn saw(db: &mut SqliteConnection, domain: &str, target: &str, at: Timestamp, mails: i64) -> Result<(), Stop> {
    sqlx::query("DELETE FROM mail_seen WHERE domain_id = ?1 AND at < ?2")
        .bind(domain)
        .bind(millis(at) - (MAIL_DAYS + 1) * 86_400_000)
        .execute(&mut *db)
        .await?;
    sqlx::query("INSERT INTO mail_seen (domain_id, at, target, mails) VALUES (?1, ?2, ?3, ?4)")
        .bind(domain)
        .bind(millis(at))
        .bind(target)
        .bind(mails)
        .execute(db)
        .await?;
    Ok(())
}

/// Domains under relay check `smtp` with mail that no run has looked at, and its first moment.
pub(crate) async fn waiting(db: &mut SqliteConnection, now: Timestamp) -> Result<Vec<(String, Timestamp)>, Stop> {
    let rows = sqlx::query(
        "SELECT d.id, MIN(m.at) FROM domains d LEFT JOIN nightly n ON n.domain_id = d.id JOIN mail_seen m ON m.domain_id = d.id
         WHERE d.relay_check = ?1 AND m.at > COALESCE(n.seen_to, -1) AND m.at <= ?2 GROUP BY d.id",
    )
    .bind(RelayCheck::Smtp.word())
    .bind(millis(now))
    .fetch_all(db)
    .await?;
    Ok(rows.iter().map(|row| (row.get(0), instant(row.get(1)))).collect())
}

/// The mails of a domain up to an instant are not for the nightly creation: another relay check decided on them.
pub(crate) async fn skip_to(db: &mut SqliteConnection, domain: &str, at: Timestamp) -> Result<(), Stop> {
    sqlx::query(
        "INSERT INTO nightly (domain_id, seen_to) VALUES (?1, ?2) ON CONFLICT (domain_id) DO UPDATE SET seen_to = max(seen_to, ?2)",
    )
    .bind(domain)
    .bind(millis(at))
    .execute(db)
    .await?;
    Ok(())
}

/// Makes users of the addresses that got enough mail in (`since`, now] and that nobody has; the run of this moment is over
/// then, also where it made nobody.
pub(crate) async fn create(w: &mut Write, domain: &str, since: Timestamp) -> Result<(), Stop> {
    let now = w.now;
    let found: Option<(String, String)> = sqlx::query("SELECT tenant_id, name FROM domains WHERE id = ?1 AND relay_check = ?2")
        .bind(domain)
        .bind(RelayCheck::Smtp.word())
        .fetch_optional(w.db())
        .await?
        .map(|row| (row.get(0), row.get(1)));
    let Some((tenant, _)) = found else { return Ok(()) };
    let rows = sqlx::query(
        "SELECT m.target FROM mail_seen m LEFT JOIN nightly n ON n.domain_id = m.domain_id
         WHERE m.domain_id = ?1 AND m.at > max(?2, COALESCE(n.seen_to, -1)) AND m.at <= ?3
           AND NOT EXISTS (SELECT 1 FROM user_names u WHERE u.address = m.target)
         GROUP BY m.target HAVING SUM(m.mails) >= ?4 ORDER BY m.target",
    )
    .bind(domain)
    .bind(millis(since))
    .bind(millis(now))
    .bind(NIGHTLY_MAILS)
    .fetch_all(w.db())
    .await?;
    w.about(&tenant);
    for row in rows {
        let request = UserCreate { address: row.get(0), ..UserCreate::default() };
        create_user(w, Home { tenant: &tenant, domain }, &request, Origin::Smtp).await?;
    }
    skip_to(w.db(), domain, now).await
}
