//! Users, read: one by one and by the page.

use crate::base::Timestamp;
use crate::panel::auth::View;
use crate::panel::open::App;
use crate::panel::stop::Stop;
use crate::panel::store::page::{Want, exactly};
use crate::panel::store::time::{count, instant};
use crate::panel::store::words::Word as _;
use crate::panel::store::{access, mail, tenants};
use crate::wire::{Fingerprint, Kind, Origin, Page, Status, User};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

/// Columns in the order of [`read`].
pub(crate) fn columns() -> String {
    format!("id, address, first_name, last_name, aliases, kind, status, origin, created_at, version, {}", access::COLUMNS)
}

/// A user without mail counts.
pub(crate) fn read(row: &SqliteRow) -> User {
    let kind = Kind::read(row.get(5));
    User {
        id: row.get(0),
        address: row.get(1),
        first_name: row.get(2),
        last_name: row.get(3),
        // the panel wrote this list itself
        aliases: serde_json::from_str(row.get(4)).unwrap_or_default(),
        kind,
        status: Status::read(row.get(6)),
        origin: Origin::read(row.get(7)),
        created_at: instant(row.get(8)),
        billable: kind == Kind::Mailbox,
        mails_30d: 0,
        last_mail_at: None,
        access: access::read(row, 10),
        version: count(row.get(9)),
    }
}

/// One user of a domain.
pub(crate) async fn one(db: &mut SqliteConnection, domain: &str, id: &str, now: Timestamp) -> Result<User, Stop> {
    let sql = sqlx::AssertSqlSafe(format!("SELECT {} FROM users WHERE id = ?1 AND domain_id = ?2", columns()));
    let row = sqlx::query(sql).bind(id).bind(domain).fetch_optional(&mut *db).await?;
    let mut user = row.as_ref().map(read).ok_or_else(|| Stop::not_found("user"))?;
    mail::fill(db, std::slice::from_mut(&mut user), now).await?;
    Ok(user)
}

/// One user of a tenant, and the id of its domain.
pub(crate) async fn of_tenant(db: &mut SqliteConnection, tenant: &str, id: &str) -> Result<(User, String), Stop> {
    let sql = sqlx::AssertSqlSafe(format!(
        "SELECT {}, domain_id FROM users WHERE id = ?1 AND domain_id IN (SELECT id FROM domains WHERE tenant_id = ?2)",
        columns()
    ));
    let row = sqlx::query(sql).bind(id).bind(tenant).fetch_optional(db).await?.ok_or_else(|| Stop::not_found("user"))?;
    Ok((read(&row), row.get("domain_id")))
}

/// A page of a domain's users by address, with the fingerprint of the whole list. With an exact `address` there is none:
/// a look at one user must not cost a walk over all.
pub(crate) async fn list(
    view: &mut View,
    app: &App,
    tenant: &str,
    domain: &str,
    address: Option<&str>,
    want: &Want,
) -> Result<Page<User>, Stop> {
    let only = exactly("address", address);
    let sql = format!("SELECT {} FROM users WHERE domain_id = ?1 AND address > ?2 AND {only} ORDER BY address LIMIT ?4", columns());
    let sql = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(domain).bind(&want.after).bind(address).bind(want.rows());
    let mut items: Vec<User> = sql.fetch_all(&mut **view).await?.iter().map(read).collect();
    mail::fill(view, &mut items, app.clock.now()).await?;
    let key = |user: &User| user.address.clone();
    if address.is_some() {
        let total = items.len() as u64;
        return Ok(want.page(items, total, key));
    }
    let whole = fingerprint(view, app, tenant, domain).await?;
    Ok(Page { fingerprint: Some(whole.fingerprint), ..want.page(items, whole.total, key) })
}

/// The fingerprint of a domain's list of users.
pub(crate) async fn fingerprint(view: &mut View, app: &App, tenant: &str, domain: &str) -> Result<Fingerprint, Stop> {
    let mark = tenants::change_mark(view, tenant).await?;
    app.counts.one(view, tenant, mark).await?.fingerprint(view, domain).await
}
