//! Sending domains: records minted anew with each creation, and what dies with a deletion.

use crate::panel::answer::json;
use crate::panel::change::Write;
use crate::panel::check;
use crate::panel::mint::label;
use crate::panel::stop::Stop;
use crate::panel::store::page::{Want, exactly};
use crate::panel::store::time::{count, instant, millis, new_id};
use crate::panel::store::{sending_events, smtp_users};
use crate::wire::{Cname, Code, Page, Problem, SendingDomain, SendingDomainCreate};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

const COLUMNS: &str = "id, name, cnames, verified, checked_at, version, created_at";
/// Where the minted records lead: a name that is nobody's (RFC 2606).
const RELAY: &str = "relay.mailwright.example";
/// Length of a minted label: 12 of 32 letters, 60 bits.
const LABEL_CHARS: usize = 12;

fn read(row: &SqliteRow) -> SendingDomain {
    SendingDomain {
        id: row.get(0),
        name: row.get(1),
        // the panel wrote this list itself
        cnames: serde_json::from_str(row.get(2)).unwrap_or_default(),
        verified: row.get(3),
        checked_at: row.get::<Option<i64>, _>(4).map(instant),
        version: count(row.get(5)),
        created_at: instant(row.get(6)),
    }
}

/// One sending domain.
pub(crate) async fn one(db: &mut SqliteConnection, tenant: &str, id: &str) -> Result<SendingDomain, Stop> {
    let sql = AssertSqlSafe(format!("SELECT {COLUMNS} FROM sending_domains WHERE tenant_id = ?1 AND id = ?2"));
    let row = sqlx::query(sql).bind(tenant).bind(id).fetch_optional(db).await?;
    row.as_ref().map(read).ok_or_else(|| Stop::not_found("sending domain"))
}

/// The id of a tenant's sending domain by name.
pub(crate) async fn id(db: &mut SqliteConnection, tenant: &str, name: &str) -> Result<Option<String>, Stop> {
    let sql = "SELECT id FROM sending_domains WHERE tenant_id = ?1 AND name = ?2";
    Ok(sqlx::query_scalar(sql).bind(tenant).bind(name).fetch_optional(db).await?)
}

/// A page by name; only the exact `name`, where given.
pub(crate) async fn list(db: &mut SqliteConnection, tenant: &str, name: Option<&str>, want: &Want) -> Result<Page<SendingDomain>, Stop> {
    let filter = format!("tenant_id = ?1 AND name > ?2 AND {}", exactly("name", name));
    let total = AssertSqlSafe(format!("SELECT COUNT(*) FROM sending_domains WHERE {filter}"));
    let total: i64 = sqlx::query_scalar(total).bind(tenant).bind("").bind(name).fetch_one(&mut *db).await?;
    let sql = AssertSqlSafe(format!("SELECT {COLUMNS} FROM sending_domains WHERE {filter} ORDER BY name LIMIT ?4"));
    let rows = sqlx::query(sql).bind(tenant).bind(&want.after).bind(name).bind(want.rows()).fetch_all(db).await?;
    Ok(want.page(rows.iter().map(read).collect(), count(total), |domain| domain.name.clone()))
}

/// Makes a sending domain with records that never were before.
pub(crate) async fn create(w: &mut Write, tenant: &str, request: &SendingDomainCreate) -> Result<SendingDomain, Stop> {
    let name = check::domain("name", &request.name)?;
    let taken: Option<i64> = sqlx::query_scalar("SELECT 1 FROM sending_domains WHERE name = ?1").bind(&name).fetch_optional(w.db()).await?;
    if taken.is_some() {
        return Err(Problem::new(Code::DomainTaken, format!("{name} is a sending domain on this panel already")).into());
    }
    let (id, now, cnames) = (new_id(), millis(w.now), json(&mint(&name)?)?);
    sqlx::query("INSERT INTO sending_domains (id, tenant_id, name, cnames, created_at) VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(&id)
        .bind(tenant)
        .bind(&name)
        .bind(&cnames)
        .bind(now)
        .execute(w.db())
        .await?;
    w.note("sending_domain.create", &name, format!("→ {cnames}")).await?;
    sending_events::add(w, tenant, &name, None, "domain-created").await?;
    one(w.db(), tenant, &id).await
}

/// The records of a new domain: one for bounces, two for signatures.
fn mint(domain: &str) -> Result<Vec<Cname>, Stop> {
    let account = label(LABEL_CHARS)?;
    let bounce = label(LABEL_CHARS)?;
    let mut cnames = vec![Cname { name: format!("{bounce}.{domain}"), target: format!("{account}.{RELAY}") }];
    for key in ["a", "b"] {
        let selector = label(LABEL_CHARS)?;
        let (name, target) = (format!("{selector}._domainkey.{domain}"), format!("{key}.{account}.dkim.{RELAY}"));
        cnames.push(Cname { name, target });
    }
    Ok(cnames)
}

/// Writes down what a look into the DNS found. The check is of these very records: a domain that was made anew
/// meanwhile has others.
pub(crate) async fn checked(w: &mut Write, tenant: &str, before: &SendingDomain, verified: bool) -> Result<SendingDomain, Stop> {
    let live = one(w.db(), tenant, &before.id).await?;
    w.must_match(live.version)?;
    let changes = verified != live.verified;
    sqlx::query("UPDATE sending_domains SET verified = ?2, checked_at = ?3, version = version + ?4 WHERE id = ?1")
        .bind(&live.id)
        .bind(verified)
        .bind(millis(w.now))
        .bind(i64::from(changes))
        .execute(w.db())
        .await?;
    if changes {
        w.note("sending_domain.verify", &live.name, format!("verified {} → {verified}", live.verified)).await?;
        let what = if verified { "domain-verified" } else { "domain-no-longer-verified" };
        sending_events::add(w, tenant, &live.name, None, what).await?;
    }
    one(w.db(), tenant, &live.id).await
}

/// Deletes a sending domain: its users are switched off at once and for good, its history stays.
pub(crate) async fn delete(w: &mut Write, tenant: &str, id: &str) -> Result<(), Stop> {
    let before = one(w.db(), tenant, id).await?;
    w.must_match(before.version)?;
    let gone = smtp_users::disable_all(w, tenant, id).await?;
    sqlx::query("DELETE FROM sending_domains WHERE id = ?1").bind(id).execute(w.db()).await?;
    w.note("sending_domain.delete", &before.name, format!("{} users disabled →", gone.len())).await?;
    for username in &gone {
        sending_events::add(w, tenant, &before.name, Some(username), "user-disabled").await?;
    }
    sending_events::add(w, tenant, &before.name, None, "domain-deleted").await
}
