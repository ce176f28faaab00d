//! Mails seen: per recipient and day, summed over the last 30 days.

use crate::base::Timestamp;
use crate::base::address::domain_part;
use crate::panel::answer::json;
use crate::panel::limits::MAIL_DAYS;
use crate::panel::stop::Stop;
use crate::panel::store::nightly;
use crate::panel::store::page::Want;
use crate::panel::store::time::{count, day, instant, millis};
use crate::wire::{KnownAs, MailVerdict, Page, Recipient, User};
use sqlx::{Row as _, SqliteConnection};
use std::collections::HashMap;

/// The first day that counts today.
fn since(now: Timestamp) -> i64 {
    day(now) - MAIL_DAYS + 1
}

/// Adds mails to a recipient; the tenant must own its domain, where one is named. Gives the tenant's id. Spam counts
/// for nothing: nobody waits for it.
pub(crate) async fn add(
    db: &mut SqliteConnection,
    tenant: Option<&str>,
    recipient: &str,
    at: Timestamp,
    mails: u64,
    verdict: MailVerdict,
) -> Result<String, Stop> {
    let row = sqlx::query("SELECT d.id, d.name, d.tenant_id FROM domain_names n JOIN domains d ON d.id = n.domain_id WHERE n.name = ?1")
        .bind(domain_part(recipient))
        .fetch_optional(&mut *db)
        .await?;
    let row = row.filter(|row| tenant.is_none_or(|t| row.get::<&str, _>(2) == t));
    let row = row.ok_or_else(|| Stop::invalid("recipient: its domain is none of the panel's, or of another tenant"))?;
    if verdict == MailVerdict::Spam {
        return Ok(row.get(2));
    }
    let local = &recipient[..recipient.len() - domain_part(recipient).len()];
    let target = format!("{local}{}", row.get::<&str, _>(1));
    let mails = i64::try_from(mails).unwrap_or(i64::MAX);
    nightly::saw(db, row.get(0), &target, at, mails).await?;
    sqlx::query(
        "INSERT INTO mail_days (domain_id, recipient, day, target, mails, last_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (domain_id, recipient, day) DO UPDATE SET mails = mails + ?5, last_at = max(last_at, ?6)",
    )
    .bind(row.get::<&str, _>(0))
    .bind(recipient)
    .bind(day(at))
    .bind(target)
    .bind(mails)
    .bind(millis(at))
    .execute(db)
    .await?;
    Ok(row.get(2))
}

/// Fills in the counts of users. A mail counts for who has the recipient as a name, else for who has the name that an
/// alias domain stands for.
pub(crate) async fn fill(db: &mut SqliteConnection, users: &mut [User], now: Timestamp) -> Result<(), Stop> {
    let any: Option<i64> = sqlx::query_scalar("SELECT 1 FROM mail_days LIMIT 1").fetch_optional(&mut *db).await?;
    if any.is_none() {
        return Ok(());
    }
    let ids: Vec<&str> = users.iter().map(|u| u.id.as_str()).collect();
    let rows = sqlx::query(
        "SELECT n.user_id, SUM(m.mails), MAX(m.last_at)
         FROM json_each(?1) AS j JOIN user_names n ON n.user_id = j.value
         JOIN mail_days m ON (m.recipient = n.address OR (m.target = n.address AND m.target <> m.recipient
             AND NOT EXISTS (SELECT 1 FROM user_names x WHERE x.address = m.recipient)))
         WHERE m.day BETWEEN ?2 AND ?3 GROUP BY n.user_id",
    )
    .bind(json(&ids)?)
    .bind(since(now))
    .bind(day(now))
    .fetch_all(db)
    .await?;
    let found: HashMap<&str, (i64, i64)> = rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect();
    for user in users {
        if let Some((mails, last)) = found.get(user.id.as_str()) {
            (user.mails_30d, user.last_mail_at) = (count(*mails), Some(instant(*last)));
        }
    }
    Ok(())
}

/// A page of a domain's recipients of the last 30 days, by address.
pub(crate) async fn recipients(db: &mut SqliteConnection, domain: &str, now: Timestamp, want: &Want) -> Result<Page<Recipient>, Stop> {
    let total: i64 = sqlx::query_scalar("SELECT COUNT(DISTINCT recipient) FROM mail_days WHERE domain_id = ?1 AND day BETWEEN ?2 AND ?3")
        .bind(domain)
        .bind(since(now))
        .bind(day(now))
        .fetch_one(&mut *db)
        .await?;
    let rows = sqlx::query(
        "SELECT m.recipient, SUM(m.mails), MAX(m.last_at), COALESCE(n.is_alias, t.is_alias)
         FROM mail_days m LEFT JOIN user_names n ON n.address = m.recipient LEFT JOIN user_names t ON t.address = m.target
         WHERE m.domain_id = ?1 AND m.recipient > ?2 AND m.day BETWEEN ?3 AND ?4
         GROUP BY m.recipient ORDER BY m.recipient LIMIT ?5",
    )
    .bind(domain)
    .bind(&want.after)
    .bind(since(now))
    .bind(day(now))
    .bind(want.rows())
    .fetch_all(db)
    .await?;
    let items = rows.iter().map(|row| Recipient {
        address: row.get(0),
        mails_30d: count(row.get(1)),
        last_mail_at: instant(row.get(2)),
        known: match row.get::<Option<bool>, _>(3) {
            Some(true) => KnownAs::Alias,
            Some(false) => KnownAs::User,
            None => KnownAs::None,
        },
    });
    Ok(want.page(items.collect(), count(total), |r| r.address.clone()))
}
