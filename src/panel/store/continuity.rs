//! Continuity of domains: switch, terms, readiness, and whether the destination fails.

use crate::base::Timestamp;
use crate::panel::change::Write;
use crate::panel::limits::{TERM_LATE_DAYS, TERM_MONTHS};
use crate::panel::stop::Stop;
use crate::panel::store::continuity_mails as mails;
use crate::panel::store::time::{count, instant, millis};
use crate::panel::store::user_changes::Home;
use crate::panel::store::{domains, tenants};
use crate::wire::{Code, Continuity, ContinuityPatch, ContinuityScope, FailOver, Problem, Readiness, Term, TermBuy};
use jiff::civil::Date;
use jiff::{ToSpan, tz::TimeZone};
use sqlx::{Row as _, SqliteConnection};
use std::collections::BTreeSet;

/// Ids of the domains whose mail is being taken over.
pub(crate) async fn failing_over(db: &mut SqliteConnection) -> Result<BTreeSet<String>, Stop> {
    let ids: Vec<String> = sqlx::query_scalar("SELECT domain_id FROM continuity WHERE taking_over").fetch_all(db).await?;
    Ok(ids.into_iter().collect())
}

/// Refuses what must not happen to the users of a domain while its mail is being taken over.
async fn must_not_fail_over(db: &mut SqliteConnection, domain: &str, what: &str) -> Result<(), Stop> {
    if !failing_over(db).await?.contains(domain) {
        return Ok(());
    }
    Err(Problem::new(Code::FailingOver, format!("mail is being taken over until the destination is back: {what}")).into())
}

/// Refuses to delete users of a domain while its mail is being taken over, or while the tenant is frozen (S15).
pub(crate) async fn users_may_go(db: &mut SqliteConnection, home: Home<'_>) -> Result<(), Stop> {
    if tenants::is_frozen(db, home.tenant).await? {
        return Err(Problem::new(Code::Frozen, "its users stay until it is thawed").into());
    }
    must_not_fail_over(db, home.domain, "its users stay").await
}

/// The panel's day.
fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

async fn last_term(db: &mut SqliteConnection, domain: &str) -> Result<Option<Term>, Stop> {
    let sql = "SELECT months, from_day, until_day FROM continuity_terms WHERE domain_id = ?1 ORDER BY from_day DESC LIMIT 1";
    let row = sqlx::query(sql).bind(domain).fetch_optional(db).await?;
    Ok(row.map(|row| Term { months: u32::try_from(row.get::<i64, _>(0)).unwrap_or(0), from: row.get(1), until: row.get(2) }))
}

/// Whether a term covers the day.
async fn is_covered(db: &mut SqliteConnection, domain: &str, day: Date) -> Result<bool, Stop> {
    let sql = "SELECT EXISTS (SELECT 1 FROM continuity_terms WHERE domain_id = ?1 AND from_day <= ?2 AND until_day > ?2)";
    Ok(sqlx::query_scalar(sql).bind(domain).bind(day.to_string()).fetch_one(db).await?)
}

async fn readiness(db: &mut SqliteConnection, domain: &str) -> Result<Readiness, Stop> {
    let row = sqlx::query(
        "SELECT COUNT(*), COALESCE(SUM(status = 'active' AND password_hash IS NOT NULL), 0), COALESCE(SUM(status <> 'active'), 0),
                COALESCE(SUM(status = 'active' AND password_hash IS NULL), 0)
         FROM users WHERE domain_id = ?1 AND kind NOT IN ('list', 'forward')",
    )
    .bind(domain)
    .fetch_one(db)
    .await?;
    Ok(Readiness { users: count(row.get(0)), ready: count(row.get(1)), inactive: count(row.get(2)), no_password: count(row.get(3)) })
}

/// Continuity of a domain that exists.
pub(crate) async fn one(db: &mut SqliteConnection, domain: &str, now: Timestamp) -> Result<Continuity, Stop> {
    let sql = "SELECT enabled, outgoing, failing_since, taking_over, version FROM continuity WHERE domain_id = ?1";
    let row = sqlx::query(sql).bind(domain).fetch_optional(&mut *db).await?;
    let enabled = row.as_ref().is_some_and(|r| r.get(0));
    let fail_over = row
        .as_ref()
        .map_or_else(FailOver::default, |r| FailOver { failing_since: r.get::<Option<i64>, _>(2).map(instant), taking_over: r.get(3) });
    Ok(Continuity {
        domain: domain.to_owned(),
        enabled,
        scope: ContinuityScope::AllUsers,
        outgoing_via_own_server: row.as_ref().is_some_and(|r| r.get(1)),
        term: last_term(db, domain).await?,
        acts: enabled && is_covered(db, domain, today(now)).await?,
        readiness: readiness(db, domain).await?,
        fail_over,
        mails: mails::counts(db, domain, now).await?,
        version: row.as_ref().map_or(1, |r| count(r.get(4))),
    })
}

/// Makes sure that the domain has a row.
async fn ensure(db: &mut SqliteConnection, domain: &str) -> Result<(), Stop> {
    sqlx::query("INSERT INTO continuity (domain_id) VALUES (?1) ON CONFLICT DO NOTHING").bind(domain).execute(db).await?;
    Ok(())
}

/// Changes the fields that are given.
pub(crate) async fn patch(w: &mut Write, tenant: &str, domain: &str, request: &ContinuityPatch) -> Result<(), Stop> {
    let name = domains::name(w.db(), tenant, domain).await?;
    let now = w.now;
    let before = one(w.db(), domain, now).await?;
    w.must_match(before.version)?;
    let enabled = request.enabled.unwrap_or(before.enabled);
    let outgoing = request.outgoing_via_own_server.unwrap_or(before.outgoing_via_own_server);
    if (enabled, outgoing) == (before.enabled, before.outgoing_via_own_server) {
        return Ok(());
    }
    if enabled && !before.enabled && before.term.as_ref().is_none_or(|t| t.until <= today(now).to_string()) {
        return Err(Problem::new(Code::NotBought, format!("continuity of {name} has no term that is still to come or running")).into());
    }
    if !enabled && before.enabled {
        must_not_fail_over(w.db(), domain, "continuity stays on").await?;
    }
    ensure(w.db(), domain).await?;
    sqlx::query("UPDATE continuity SET enabled = ?2, outgoing = ?3, version = version + 1 WHERE domain_id = ?1")
        .bind(domain)
        .bind(enabled)
        .bind(outgoing)
        .execute(w.db())
        .await?;
    let old = (before.enabled, before.outgoing_via_own_server);
    w.note("continuity.update", &name, format!("(enabled, outgoing by own server) {old:?} → {:?}", (enabled, outgoing))).await
}

/// Buys a term. The same one twice is one purchase; another one begins where the last ends, or later.
pub(crate) async fn buy(w: &mut Write, tenant: &str, domain: &str, request: &TermBuy) -> Result<(), Stop> {
    let name = domains::name(w.db(), tenant, domain).await?;
    let now = w.now;
    let before = one(w.db(), domain, now).await?;
    if before.term.as_ref().is_some_and(|t| t.months == request.months && t.from == request.from) {
        return Ok(());
    }
    w.must_match(before.version)?;
    let (from, until) = term(request, today(now))?;
    if let Some(term) = before.term.as_ref().filter(|t| t.until > from.to_string()) {
        return Err(Problem::new(Code::InUse, format!("a term of {name} runs until {}", term.until)).into());
    }
    ensure(w.db(), domain).await?;
    sqlx::query("INSERT INTO continuity_terms (domain_id, from_day, until_day, months) VALUES (?1, ?2, ?3, ?4)")
        .bind(domain)
        .bind(from.to_string())
        .bind(until.to_string())
        .bind(i64::from(request.months))
        .execute(w.db())
        .await?;
    sqlx::query("UPDATE continuity SET version = version + 1 WHERE domain_id = ?1").bind(domain).execute(w.db()).await?;
    w.note("continuity.buy", &name, format!("{} months from {from}", request.months)).await
}

fn term(request: &TermBuy, today: Date) -> Result<(Date, Date), Stop> {
    if !TERM_MONTHS.contains(&request.months) {
        return Err(Stop::invalid(format!("months: {} to {}", TERM_MONTHS.start(), TERM_MONTHS.end())));
    }
    let from: Date = Some(&request.from)
        .filter(|text| text.len() == 10)
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Stop::invalid("from: a day, YYYY-MM-DD"))?;
    let earliest = today.checked_sub(TERM_LATE_DAYS.days()).unwrap_or(today);
    if from < earliest {
        return Err(Stop::invalid(format!("from: at most {TERM_LATE_DAYS} days ago; continuity does not act backwards")));
    }
    let months = i32::try_from(request.months).unwrap_or(i32::MAX);
    let until = from.checked_add(months.months()).map_err(|_| Stop::invalid("from: too far away"))?;
    Ok((from, until))
}

/// The destination begins to answer 4xx, or works again. A service that does not act when a failure begins takes nothing
/// over in it. When the destination is back, everything that waits is redelivered.
pub(crate) async fn destination(w: &mut Write, domain: &str, fails: bool) -> Result<(), Stop> {
    let now = w.now;
    let before = one(w.db(), domain, now).await?;
    if fails == before.fail_over.failing_since.is_some() {
        return Ok(());
    }
    ensure(w.db(), domain).await?;
    let since = fails.then(|| millis(now));
    sqlx::query("UPDATE continuity SET failing_since = ?2, taking_over = ?3 WHERE domain_id = ?1")
        .bind(domain)
        .bind(since)
        .bind(fails && before.acts)
        .execute(w.db())
        .await?;
    if !fails {
        mails::redeliver(w.db(), domain).await?;
    }
    Ok(())
}
