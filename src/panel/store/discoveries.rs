//! Discovery: its switch, its probe, and the users that it makes.

use crate::base::Timestamp;
use crate::panel::change::Write;
use crate::panel::limits::DISCOVERY_DAYS;
use crate::panel::stop::Stop;
use crate::panel::store::domains;
use crate::panel::store::time::{count, instant, millis};
use crate::panel::store::user_changes::{Home, create as create_user};
use crate::panel::store::words::Word as _;
use crate::wire::{CatchAllProbe, Discovery, DiscoveryPut, Origin, ProbeOutcome, UserCreate};
use jiff::ToSpan as _;
use jiff::civil::Date;
use sqlx::{Row as _, SqliteConnection};

/// The discovery of a tenant's domain.
pub(crate) async fn one(db: &mut SqliteConnection, home: Home<'_>) -> Result<Discovery, Stop> {
    domains::name(db, home.tenant, home.domain).await?;
    let row = sqlx::query("SELECT enabled, until_day, version, probed_at, probe, probe_said FROM discoveries WHERE domain_id = ?1")
        .bind(home.domain)
        .fetch_optional(&mut *db)
        .await?;
    let finds: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM users WHERE domain_id = ?1 AND origin = ?2")
        .bind(home.domain)
        .bind(Origin::Discovery.word())
        .fetch_one(db)
        .await?;
    let off = Discovery { enabled: false, until: None, finds: count(finds), probe: None, version: 1 };
    Ok(row.map_or(off.clone(), |row| Discovery {
        enabled: row.get(0),
        until: row.get::<Option<String>, _>(1).and_then(|day| day.parse().ok()),
        version: count(row.get(2)),
        probe: row.get::<Option<i64>, _>(3).map(|at| CatchAllProbe {
            at: instant(at),
            outcome: ProbeOutcome::read(row.get(4)),
            said: row.get(5),
        }),
        ..off
    }))
}

/// Switches it.
pub(crate) async fn put(w: &mut Write, home: Home<'_>, request: &DiscoveryPut) -> Result<(), Stop> {
    let name = domains::name(w.db(), home.tenant, home.domain).await?;
    let before = one(w.db(), home).await?;
    w.must_match(before.version)?;
    if request.enabled {
        let today = w.now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let last = today.checked_add(DISCOVERY_DAYS.days()).unwrap_or(Date::MAX);
        match request.until {
            Some(until) if until >= today && until <= last => {}
            // what runs already is not stopped by its own last day
            Some(until) if before.enabled && before.until == Some(until) => {}
            Some(_) | None => return Err(Stop::invalid(format!("until: a day from {today} to {last} is needed while discovery is on"))),
        }
    }
    if (before.enabled, before.until) == (request.enabled, request.until) {
        return Ok(());
    }
    row_of(w.db(), home.domain).await?;
    sqlx::query("UPDATE discoveries SET enabled = ?2, until_day = ?3, version = version + 1 WHERE domain_id = ?1")
        .bind(home.domain)
        .bind(request.enabled)
        .bind(request.until.map(|day| day.to_string()))
        .execute(w.db())
        .await?;
    if request.enabled && !before.enabled {
        // mail from before it was switched on makes nobody
        let now = w.now;
        seen(w.db(), home.domain, now).await?;
    }
    let word = |enabled: bool, until: Option<Date>| {
        format!("{}{}", if enabled { "on" } else { "off" }, until.map_or(String::new(), |d| format!(" until {d}")))
    };
    let change = format!("{} → {}", word(before.enabled, before.until), word(request.enabled, request.until));
    w.note("discovery.update", &name, change).await
}

async fn row_of(db: &mut SqliteConnection, domain: &str) -> Result<(), Stop> {
    sqlx::query("INSERT INTO discoveries (domain_id, enabled, version) VALUES (?1, 0, 1) ON CONFLICT (domain_id) DO NOTHING")
        .bind(domain)
        .execute(db)
        .await?;
    Ok(())
}

/// Keeps what a probe came to.
pub(crate) async fn probed(w: &mut Write, home: Home<'_>, outcome: ProbeOutcome, said: &str) -> Result<(), Stop> {
    let name = domains::name(w.db(), home.tenant, home.domain).await?;
    row_of(w.db(), home.domain).await?;
    sqlx::query("UPDATE discoveries SET probed_at = ?2, probe = ?3, probe_said = ?4 WHERE domain_id = ?1")
        .bind(home.domain)
        .bind(millis(w.now))
        .bind(outcome.word())
        .bind(said)
        .execute(w.db())
        .await?;
    w.note("discovery.probe", &name, format!("→ {}: {said}", outcome.word())).await
}

/// Domains whose discovery is on, with mail that it has not looked at, and its first moment.
pub(crate) async fn waiting(db: &mut SqliteConnection, now: Timestamp) -> Result<Vec<(String, Timestamp)>, Stop> {
    let rows = sqlx::query(
        "SELECT d.domain_id, MIN(m.at) FROM discoveries d JOIN mail_seen m ON m.domain_id = d.domain_id
         WHERE d.enabled = 1 AND m.at > COALESCE(d.seen_to, -1) AND m.at <= ?1 GROUP BY d.domain_id",
    )
    .bind(millis(now))
    .fetch_all(db)
    .await?;
    Ok(rows.iter().map(|row| (row.get(0), instant(row.get(1)))).collect())
}

/// Whether a domain's discovery makes users at this moment: switched on, and not past its last day.
pub(crate) async fn is_on(db: &mut SqliteConnection, domain: &str, now: Timestamp) -> Result<bool, Stop> {
    let until: Option<Option<String>> = sqlx::query_scalar("SELECT until_day FROM discoveries WHERE domain_id = ?1 AND enabled = 1")
        .bind(domain)
        .fetch_optional(db)
        .await?;
    let until = until.flatten().and_then(|day| day.parse::<Date>().ok());
    Ok(until.is_some_and(|until| now.to_zoned(jiff::tz::TimeZone::UTC).date() <= until))
}

/// Addresses of the last day that nobody has: (`seen_to`, `now`] and not after the last day of the discovery.
pub(crate) async fn unknown(db: &mut SqliteConnection, domain: &str, now: Timestamp) -> Result<Vec<String>, Stop> {
    let row =
        sqlx::query("SELECT until_day FROM discoveries WHERE domain_id = ?1 AND enabled = 1").bind(domain).fetch_optional(&mut *db).await?;
    let Some(until) = row.and_then(|row| row.get::<Option<String>, _>(0)).and_then(|day| day.parse::<Date>().ok()) else {
        return Ok(Vec::new());
    };
    let end = until.tomorrow().unwrap_or(Date::MAX).to_zoned(jiff::tz::TimeZone::UTC).map_or(i64::MAX, |z| millis(z.timestamp()));
    let rows = sqlx::query_scalar(
        "SELECT DISTINCT m.target FROM mail_seen m JOIN discoveries d ON d.domain_id = m.domain_id
         WHERE m.domain_id = ?1 AND m.at > COALESCE(d.seen_to, -1) AND m.at <= ?2 AND m.at < ?3
           AND NOT EXISTS (SELECT 1 FROM user_names u WHERE u.address = m.target) ORDER BY m.target",
    )
    .bind(domain)
    .bind(millis(now))
    .bind(end)
    .fetch_all(db)
    .await?;
    Ok(rows)
}

/// Makes users of addresses that the destination took.
pub(crate) async fn create(w: &mut Write, tenant: &str, domain: &str, addresses: &[String]) -> Result<(), Stop> {
    w.about(tenant);
    for address in addresses {
        let request = UserCreate { address: address.clone(), ..UserCreate::default() };
        create_user(w, Home { tenant, domain }, &request, Origin::Discovery).await?;
    }
    let now = w.now;
    seen(w.db(), domain, now).await
}

async fn seen(db: &mut SqliteConnection, domain: &str, at: Timestamp) -> Result<(), Stop> {
    sqlx::query("UPDATE discoveries SET seen_to = ?2 WHERE domain_id = ?1").bind(domain).bind(millis(at)).execute(db).await?;
    Ok(())
}
