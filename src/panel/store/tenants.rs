//! Tenants.

use crate::panel::change::Write;
use crate::panel::check;
use crate::panel::open::App;
use crate::panel::stop::Stop;
use crate::panel::store::page::{Want, exactly};
use crate::panel::store::time::{count, instant, millis, new_id};
use crate::wire::{Code, Page, Problem, Tenant, TenantCreate, TenantPatch};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

const COLUMNS: &str = "id, name, version, change_mark, created_at, frozen_at IS NOT NULL";

/// Refuses a tenant that is not there.
pub(crate) async fn must_exist(db: &mut SqliteConnection, id: &str) -> Result<(), Stop> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM tenants WHERE id = ?1").bind(id).fetch_optional(db).await?;
    found.map(|_| ()).ok_or_else(|| Stop::not_found("tenant"))
}

/// Moves the change mark; a tenant that was just deleted has none.
pub(crate) async fn mark(db: &mut SqliteConnection, id: &str) -> Result<(), Stop> {
    sqlx::query("UPDATE tenants SET change_mark = change_mark + 1 WHERE id = ?1").bind(id).execute(db).await?;
    Ok(())
}

/// The change mark.
pub(crate) async fn change_mark(db: &mut SqliteConnection, id: &str) -> Result<u64, Stop> {
    let mark: i64 = sqlx::query_scalar("SELECT change_mark FROM tenants WHERE id = ?1").bind(id).fetch_one(db).await?;
    Ok(count(mark))
}

fn read(row: &SqliteRow) -> Tenant {
    Tenant {
        id: row.get(0),
        name: row.get(1),
        version: count(row.get(2)),
        change_mark: count(row.get(3)),
        billable: 0,
        created_at: instant(row.get(4)),
        frozen: row.get(5),
    }
}

/// One tenant without its counts.
async fn plain(db: &mut SqliteConnection, id: &str) -> Result<Tenant, Stop> {
    let sql = AssertSqlSafe(format!("SELECT {COLUMNS} FROM tenants WHERE id = ?1"));
    let row = sqlx::query(sql).bind(id).fetch_optional(&mut *db).await?;
    row.as_ref().map(read).ok_or_else(|| Stop::not_found("tenant"))
}

/// One tenant with its counts. In a write only before its first effect: what is counted is remembered under the change
/// mark, and a mark that is rolled back will stand for something else.
pub(crate) async fn one(db: &mut SqliteConnection, app: &App, id: &str) -> Result<Tenant, Stop> {
    let mut tenant = plain(db, id).await?;
    tenant.billable = app.counts.one(db, id, tenant.change_mark).await?.billable();
    Ok(tenant)
}

/// A page by name: the tenant `only`, where the caller is bound to one, and those of the exact `name`, where given.
pub(crate) async fn list(
    db: &mut SqliteConnection,
    app: &App,
    only: Option<&str>,
    name: Option<&str>,
    want: &Want,
) -> Result<Page<Tenant>, Stop> {
    let filter = format!("name > ?1 AND (?2 IS NULL OR id = ?2) AND {}", exactly("name", name));
    let total = AssertSqlSafe(format!("SELECT COUNT(*) FROM tenants WHERE {filter}"));
    let total: i64 = sqlx::query_scalar(total).bind("").bind(only).bind(name).fetch_one(&mut *db).await?;
    let sql = AssertSqlSafe(format!("SELECT {COLUMNS} FROM tenants WHERE {filter} ORDER BY name LIMIT ?4"));
    let rows = sqlx::query(sql).bind(&want.after).bind(only).bind(name).bind(want.rows()).fetch_all(&mut *db).await?;
    let mut items: Vec<Tenant> = rows.iter().map(read).collect();
    let marks: Vec<(String, u64)> = items.iter().map(|t| (t.id.clone(), t.change_mark)).collect();
    let counts = app.counts.of(db, &marks).await?;
    for tenant in &mut items {
        tenant.billable = counts.get(&tenant.id).map_or(0, |c| c.billable());
    }
    Ok(want.page(items, count(total), |tenant| tenant.name.clone()))
}

async fn must_be_free(db: &mut SqliteConnection, name: &str) -> Result<(), Stop> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM tenants WHERE name = ?1").bind(name).fetch_optional(db).await?;
    match found {
        Some(_) => Err(Problem::new(Code::NameTaken, format!("a tenant is called {name:?} already")).into()),
        None => Ok(()),
    }
}

/// Makes a tenant with its default password policy.
pub(crate) async fn create(w: &mut Write, request: &TenantCreate) -> Result<Tenant, Stop> {
    check::name("name", &request.name)?;
    must_be_free(w.db(), &request.name).await?;
    let (id, now) = (new_id(), millis(w.now));
    sqlx::query("INSERT INTO tenants (id, name, created_at) VALUES (?1, ?2, ?3)")
        .bind(&id)
        .bind(&request.name)
        .bind(now)
        .execute(w.db())
        .await?;
    sqlx::query("INSERT INTO password_policies (tenant_id) VALUES (?1)").bind(&id).execute(w.db()).await?;
    w.about(&id);
    w.note("tenant.create", &request.name, format!("→ {}", request.name)).await?;
    plain(w.db(), &id).await
}

/// Renames a tenant, freezes it, thaws it.
pub(crate) async fn patch(w: &mut Write, app: &App, id: &str, request: &TenantPatch) -> Result<Tenant, Stop> {
    let before = one(w.db(), app, id).await?;
    w.must_match(before.version)?;
    let name = request.name.as_ref().unwrap_or(&before.name);
    let frozen = request.frozen.unwrap_or(before.frozen);
    let mut changes = Vec::new();
    if *name != before.name {
        check::name("name", name)?;
        must_be_free(w.db(), name).await?;
        changes.push(format!("name {} → {name}", before.name));
    }
    if frozen != before.frozen {
        changes.push(format!("frozen {} → {frozen}", before.frozen));
    }
    if changes.is_empty() {
        return Ok(before);
    }
    let since = frozen.then_some(millis(w.now));
    sqlx::query("UPDATE tenants SET name = ?2, frozen_at = CASE WHEN ?3 IS NULL THEN NULL ELSE COALESCE(frozen_at, ?3) END, version = version + 1 WHERE id = ?1")
        .bind(id)
        .bind(name)
        .bind(since)
        .execute(w.db())
        .await?;
    w.note("tenant.update", name, changes.join("; ")).await?;
    Ok(Tenant { billable: before.billable, ..plain(w.db(), id).await? })
}

/// Whether nobody may be deleted in a tenant.
pub(crate) async fn is_frozen(db: &mut SqliteConnection, id: &str) -> Result<bool, Stop> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM tenants WHERE id = ?1 AND frozen_at IS NOT NULL)").bind(id).fetch_one(db).await?)
}

/// Deletes a tenant that has no domains.
pub(crate) async fn delete(w: &mut Write, app: &App, id: &str) -> Result<(), Stop> {
    let before = one(w.db(), app, id).await?;
    w.must_match(before.version)?;
    let domains: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM domains WHERE tenant_id = ?1").bind(id).fetch_one(w.db()).await?;
    if domains > 0 {
        return Err(Problem::new(Code::NotEmpty, format!("the tenant has {domains} domains; delete them first")).into());
    }
    let outbound =
        "SELECT (SELECT COUNT(*) FROM sending_domains WHERE tenant_id = ?1) + (SELECT COUNT(*) FROM smtp_users WHERE tenant_id = ?1)";
    let outbound: i64 = sqlx::query_scalar(outbound).bind(id).fetch_one(w.db()).await?;
    if outbound > 0 {
        return Err(
            Problem::new(Code::NotEmpty, format!("the tenant has {outbound} sending domains and SMTP users; delete them first")).into()
        );
    }
    sqlx::query("DELETE FROM tenants WHERE id = ?1").bind(id).execute(w.db()).await?;
    w.note("tenant.delete", &before.name, format!("{} →", before.name)).await
}
