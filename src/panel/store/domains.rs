//! Domains.

use crate::panel::answer::json;
use crate::panel::change::Write;
use crate::panel::check;
use crate::panel::open::App;
use crate::panel::stop::Stop;
use crate::panel::store::page::{Want, exactly};
use crate::panel::store::time::{count, instant, millis, new_id};
use crate::panel::store::words::Word as _;
use crate::panel::store::{continuity, domain_names, nightly, tenants};
use crate::wire::{Code, Domain, DomainCreate, DomainPatch, Page, Problem, RelayCheck, UserTotals};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};
use std::collections::BTreeSet;

const COLUMNS: &str = "id, name, destinations, relay_check, version, created_at,
    (SELECT COUNT(*) FROM import_jobs i WHERE i.domain_id = domains.id)";

fn read(row: &SqliteRow) -> Domain {
    Domain {
        id: row.get(0),
        name: row.get(1),
        // the panel wrote this list itself
        destinations: serde_json::from_str(row.get(2)).unwrap_or_default(),
        relay_check: RelayCheck::read(row.get(3)),
        alias_domains: Vec::new(),
        imports: count(row.get(6)),
        user_totals: UserTotals::default(),
        failing_over: false,
        version: count(row.get(4)),
        created_at: instant(row.get(5)),
    }
}

/// The name of a tenant's domain.
pub(crate) async fn name(db: &mut SqliteConnection, tenant: &str, id: &str) -> Result<String, Stop> {
    let name: Option<String> =
        sqlx::query_scalar("SELECT name FROM domains WHERE tenant_id = ?1 AND id = ?2").bind(tenant).bind(id).fetch_optional(db).await?;
    name.ok_or_else(|| Stop::not_found("domain"))
}

/// Adds alias domains to domains.
async fn with_aliases(db: &mut SqliteConnection, domains: &mut [Domain]) -> Result<(), Stop> {
    let ids: Vec<&str> = domains.iter().map(|d| d.id.as_str()).collect();
    let mut aliases = domain_names::aliases(db, &ids).await?;
    let failing = continuity::failing_over(db).await?;
    for domain in domains {
        domain.failing_over = failing.contains(&domain.id);
        domain.alias_domains = aliases.remove(&domain.id).unwrap_or_default();
    }
    Ok(())
}

/// Adds counts to domains of a tenant. In a write only before its first effect, as for [`tenants::one`].
async fn with_counts(db: &mut SqliteConnection, app: &App, tenant: &str, domains: &mut [Domain]) -> Result<(), Stop> {
    let mark = tenants::change_mark(db, tenant).await?;
    let counts = app.counts.one(db, tenant, mark).await?;
    for domain in domains {
        domain.user_totals = counts.domain(&domain.id);
    }
    Ok(())
}

/// One domain without counts.
async fn plain(db: &mut SqliteConnection, tenant: &str, id: &str) -> Result<Domain, Stop> {
    let sql = AssertSqlSafe(format!("SELECT {COLUMNS} FROM domains WHERE tenant_id = ?1 AND id = ?2"));
    let row = sqlx::query(sql).bind(tenant).bind(id).fetch_optional(&mut *db).await?;
    let mut domain = row.as_ref().map(read).ok_or_else(|| Stop::not_found("domain"))?;
    with_aliases(db, std::slice::from_mut(&mut domain)).await?;
    Ok(domain)
}

/// One domain.
pub(crate) async fn one(db: &mut SqliteConnection, app: &App, tenant: &str, id: &str) -> Result<Domain, Stop> {
    let mut domain = plain(db, tenant, id).await?;
    with_counts(db, app, tenant, std::slice::from_mut(&mut domain)).await?;
    Ok(domain)
}

/// A page by name; only the exact `name`, where given.
pub(crate) async fn list(
    db: &mut SqliteConnection,
    app: &App,
    tenant: &str,
    name: Option<&str>,
    want: &Want,
) -> Result<Page<Domain>, Stop> {
    let filter = format!("tenant_id = ?1 AND name > ?2 AND {}", exactly("name", name));
    let total = AssertSqlSafe(format!("SELECT COUNT(*) FROM domains WHERE {filter}"));
    let total: i64 = sqlx::query_scalar(total).bind(tenant).bind("").bind(name).fetch_one(&mut *db).await?;
    let sql = AssertSqlSafe(format!("SELECT {COLUMNS} FROM domains WHERE {filter} ORDER BY name LIMIT ?4"));
    let rows = sqlx::query(sql).bind(tenant).bind(&want.after).bind(name).bind(want.rows()).fetch_all(&mut *db).await?;
    let mut items: Vec<Domain> = rows.iter().map(read).collect();
    with_aliases(db, &mut items).await?;
    with_counts(db, app, tenant, &mut items).await?;
    Ok(want.page(items, count(total), |domain| domain.name.clone()))
}

/// Makes a domain.
pub(crate) async fn create(w: &mut Write, tenant: &str, request: &DomainCreate) -> Result<Domain, Stop> {
    let name = check::domain("name", &request.name)?;
    let destinations = json(&check::destinations(&request.destinations)?)?;
    let aliases = check::alias_domains(&name, &request.alias_domains)?;
    let own = BTreeSet::from([name.clone()]);
    domain_names::must_be_free(w.db(), &own.union(&aliases).cloned().collect()).await?;
    let (id, now) = (new_id(), millis(w.now));
    sqlx::query("INSERT INTO domains (id, tenant_id, name, destinations, relay_check, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .bind(&id)
        .bind(tenant)
        .bind(&name)
        .bind(&destinations)
        .bind(request.relay_check.word())
        .bind(now)
        .execute(w.db())
        .await?;
    domain_names::take(w.db(), &id, &own, false).await?;
    domain_names::take(w.db(), &id, &aliases, true).await?;
    let change = format!("→ {destinations} {} {}", request.relay_check.word(), json(&aliases)?);
    w.note("domain.create", &name, change).await?;
    plain(w.db(), tenant, &id).await
}

/// Changes the fields that are given.
pub(crate) async fn patch(w: &mut Write, app: &App, tenant: &str, id: &str, request: &DomainPatch) -> Result<Domain, Stop> {
    let before = one(w.db(), app, tenant, id).await?;
    w.must_match(before.version)?;
    let destinations = request.destinations.as_deref().map(check::destinations).transpose()?;
    let aliases = request.alias_domains.as_deref().map(|list| check::alias_domains(&before.name, list)).transpose()?;
    let mut changes = Vec::new();
    let destinations = destinations.unwrap_or_else(|| before.destinations.clone());
    if destinations != before.destinations {
        changes.push(format!("destinations {} → {}", json(&before.destinations)?, json(&destinations)?));
    }
    let relay_check = request.relay_check.unwrap_or(before.relay_check);
    if relay_check != before.relay_check {
        let now = w.now;
        nightly::skip_to(w.db(), id, now).await?;
        changes.push(format!("relay_check {} → {}", before.relay_check.word(), relay_check.word()));
    }
    let old: BTreeSet<String> = before.alias_domains.iter().cloned().collect();
    let new = aliases.unwrap_or_else(|| old.clone());
    if old != new {
        changes.push(format!("alias_domains {} → {}", json(&old)?, json(&new)?));
        let gone: BTreeSet<String> = old.difference(&new).cloned().collect();
        domain_names::must_be_unused(w.db(), tenant, &gone).await?;
        domain_names::give_back(w.db(), &gone).await?;
        let more: BTreeSet<String> = new.difference(&old).cloned().collect();
        domain_names::must_be_free(w.db(), &more).await?;
        domain_names::take(w.db(), id, &more, true).await?;
    }
    if changes.is_empty() {
        return Ok(before);
    }
    sqlx::query("UPDATE domains SET destinations = ?2, relay_check = ?3, version = version + 1 WHERE id = ?1")
        .bind(id)
        .bind(json(&destinations)?)
        .bind(relay_check.word())
        .execute(w.db())
        .await?;
    w.note("domain.update", &before.name, changes.join("; ")).await?;
    Ok(Domain { user_totals: before.user_totals, ..plain(w.db(), tenant, id).await? })
}

/// Deletes a domain that has no users and in which no alias of another domain's user stands.
pub(crate) async fn delete(w: &mut Write, app: &App, tenant: &str, id: &str) -> Result<(), Stop> {
    let before = one(w.db(), app, tenant, id).await?;
    w.must_match(before.version)?;
    let users: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM users WHERE domain_id = ?1").bind(id).fetch_one(w.db()).await?;
    if users > 0 {
        return Err(Problem::new(Code::NotEmpty, format!("the domain has {users} users; delete them first")).into());
    }
    let names = before.alias_domains.iter().cloned().chain([before.name.clone()]).collect();
    domain_names::must_be_unused(w.db(), tenant, &names).await?;
    sqlx::query("DELETE FROM domains WHERE id = ?1").bind(id).execute(w.db()).await?;
    w.note("domain.delete", &before.name, format!("{} {} →", json(&before.destinations)?, before.relay_check.word())).await
}
