//! Mails that continuity stores: for the archive, and until the destination is back.

use crate::base::Timestamp;
use crate::panel::limits::ARCHIVE_DAYS;
use crate::panel::stop::Stop;
use crate::panel::store::time::{count, millis};
use crate::wire::{Continuity, ContinuityMailDone, ContinuityMails, MailEvent};
use sqlx::{Row as _, SqliteConnection};

fn oldest(now: Timestamp) -> i64 {
    millis(now) - i64::from(ARCHIVE_DAYS) * 86_400_000
}

/// Counts of the mails of a domain.
pub(crate) async fn counts(db: &mut SqliteConnection, domain: &str, now: Timestamp) -> Result<ContinuityMails, Stop> {
    let row = sqlx::query(
        "SELECT COALESCE(SUM(at > ?2), 0), COALESCE(SUM(fate = 'pending'), 0), COALESCE(SUM(fate = 'redelivered'), 0),
                COALESCE(SUM(fate = 'deleted'), 0)
         FROM continuity_mails WHERE domain_id = ?1",
    )
    .bind(domain)
    .bind(oldest(now))
    .fetch_one(db)
    .await?;
    Ok(ContinuityMails {
        archive_days: ARCHIVE_DAYS,
        archived: count(row.get(0)),
        pending: count(row.get(1)),
        redelivered: count(row.get(2)),
        deleted: count(row.get(3)),
    })
}

/// Everything that waits goes to the destination.
pub(crate) async fn redeliver(db: &mut SqliteConnection, domain: &str) -> Result<(), Stop> {
    sqlx::query("UPDATE continuity_mails SET fate = 'redelivered' WHERE domain_id = ?1 AND fate = 'pending'")
        .bind(domain)
        .execute(db)
        .await?;
    Ok(())
}

/// What happens to a mail of a user of a domain whose continuity stands at `live`; `user`: none of the panel's has the
/// address.
pub(crate) async fn happen(
    db: &mut SqliteConnection,
    live: &Continuity,
    user: Option<&str>,
    event: MailEvent,
    now: Timestamp,
) -> Result<ContinuityMailDone, Stop> {
    let (failing, taking) = (live.fail_over.failing_since.is_some(), live.fail_over.taking_over);
    let Some(user) = user else { return Ok(done(false, "not_taken")) };
    match event {
        MailEvent::Received | MailEvent::Sent => {
            let fate = match (failing, taking, live.acts) {
                (true, true, _) => "pending",
                (true, false, _) => return Ok(done(false, "not_taken")),
                (false, _, true) => "archived",
                (false, _, false) => return Ok(done(false, "destination")),
            };
            insert(db, &live.domain, user, event == MailEvent::Sent, now, fate).await?;
            Ok(done(true, fate))
        }
        MailEvent::DeletedInWebmail => {
            let gone = newest(db, &live.domain, user, "pending", 0).await?;
            let Some(id) = gone.filter(|_| taking) else { return Ok(done(false, "not_taken")) };
            sqlx::query("UPDATE continuity_mails SET fate = 'deleted' WHERE id = ?1").bind(id).execute(db).await?;
            Ok(done(true, "deleted"))
        }
        MailEvent::ReleasedFromArchive => {
            let Some(_) = newest(db, &live.domain, user, "archived", oldest(now)).await? else { return Ok(done(false, "not_taken")) };
            if !taking {
                return Ok(done(true, "destination"));
            }
            // during a failure the mail is copied to the service, and so to the destination afterwards
            insert(db, &live.domain, user, false, now, "pending").await?;
            Ok(done(true, "pending"))
        }
    }
}

fn done(taken: bool, fate: &str) -> ContinuityMailDone {
    ContinuityMailDone { taken, fate: fate.to_owned() }
}

async fn newest(db: &mut SqliteConnection, domain: &str, user: &str, fate: &str, after: i64) -> Result<Option<i64>, Stop> {
    let sql = "SELECT MAX(id) FROM continuity_mails WHERE domain_id = ?1 AND user_id = ?2 AND fate = ?3 AND at > ?4";
    Ok(sqlx::query_scalar(sql).bind(domain).bind(user).bind(fate).bind(after).fetch_one(db).await?)
}

async fn insert(db: &mut SqliteConnection, domain: &str, user: &str, outbound: bool, now: Timestamp, fate: &str) -> Result<(), Stop> {
    sqlx::query("INSERT INTO continuity_mails (domain_id, user_id, outbound, at, fate) VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(domain)
        .bind(user)
        .bind(outbound)
        .bind(millis(now))
        .bind(fate)
        .execute(db)
        .await?;
    Ok(())
}
