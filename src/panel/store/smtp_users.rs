//! SMTP users: minted, reset, switched off, deleted; a user name is never given twice.

use crate::panel::change::Write;
use crate::panel::check;
use crate::panel::mint;
use crate::panel::stop::Stop;
use crate::panel::store::page::{Want, exactly};
use crate::panel::store::time::{count, instant, millis, new_id};
use crate::panel::store::{sending_domains, sending_events};
use crate::wire::{Code, Page, Problem, SmtpUser, SmtpUserCreate, SmtpUserPatch};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

const COLUMNS: &str =
    "id, username, sending_domain, label, token, operation_tag, enabled, last_connection_at, password_set_at, version, created_at";
/// The token of a new password, where the client gives it none.
const INITIAL: &str = "initial";

fn read(row: &SqliteRow) -> SmtpUser {
    let last: Option<i64> = row.get(7);
    SmtpUser {
        id: row.get(0),
        username: row.get(1),
        sending_domain: row.get(2),
        label: row.get(3),
        token: row.get(4),
        operation_tag: row.get(5),
        enabled: row.get(6),
        never_connected: last.is_none(),
        last_connection_at: last.map(instant),
        password_set_at: instant(row.get(8)),
        version: count(row.get(9)),
        created_at: instant(row.get(10)),
    }
}

/// One SMTP user.
pub(crate) async fn one(db: &mut SqliteConnection, tenant: &str, id: &str) -> Result<SmtpUser, Stop> {
    let sql = AssertSqlSafe(format!("SELECT {COLUMNS} FROM smtp_users WHERE tenant_id = ?1 AND id = ?2"));
    let row = sqlx::query(sql).bind(tenant).bind(id).fetch_optional(db).await?;
    row.as_ref().map(read).ok_or_else(|| Stop::not_found("SMTP user"))
}

/// A page by user name; only the exact one, where given.
pub(crate) async fn list(db: &mut SqliteConnection, tenant: &str, username: Option<&str>, want: &Want) -> Result<Page<SmtpUser>, Stop> {
    let filter = format!("tenant_id = ?1 AND username > ?2 AND {}", exactly("username", username));
    let total = AssertSqlSafe(format!("SELECT COUNT(*) FROM smtp_users WHERE {filter}"));
    let total: i64 = sqlx::query_scalar(total).bind(tenant).bind("").bind(username).fetch_one(&mut *db).await?;
    let sql = AssertSqlSafe(format!("SELECT {COLUMNS} FROM smtp_users WHERE {filter} ORDER BY username LIMIT ?4"));
    let rows = sqlx::query(sql).bind(tenant).bind(&want.after).bind(username).bind(want.rows()).fetch_all(db).await?;
    Ok(want.page(rows.iter().map(read).collect(), count(total), |user| user.username.clone()))
}

/// Makes an SMTP user with the hash of a password that was minted before the write began.
pub(crate) async fn create(w: &mut Write, tenant: &str, request: &SmtpUserCreate, hash: &str) -> Result<SmtpUser, Stop> {
    check::name("label", &request.label)?;
    let token = request.token.as_deref().unwrap_or(INITIAL);
    check::name("token", token)?;
    request.operation_tag.as_deref().map(|tag| check::name("operation_tag", tag)).transpose()?;
    let domain = check::domain("sending_domain", &request.sending_domain)?;
    let domain_id = sending_domains::id(w.db(), tenant, &domain).await?;
    let domain_id = domain_id.ok_or_else(|| Stop::invalid(format!("sending_domain: {domain} is none of the tenant's")))?;
    let (id, username, now) = (new_id(), mint::username()?, millis(w.now));
    // a name that was given before, to whomever, fails here: the primary key is the promise
    sqlx::query("INSERT INTO smtp_usernames (username) VALUES (?1)").bind(&username).execute(w.db()).await?;
    sqlx::query(
        "INSERT INTO smtp_users (id, tenant_id, sending_domain_id, sending_domain, username, label, hash, token, operation_tag,
         password_set_at, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)",
    )
    .bind(&id)
    .bind(tenant)
    .bind(&domain_id)
    .bind(&domain)
    .bind(&username)
    .bind(&request.label)
    .bind(hash)
    .bind(token)
    .bind(&request.operation_tag)
    .bind(now)
    .execute(w.db())
    .await?;
    w.note("smtp_user.create", &username, format!("→ {domain} {:?}", request.label)).await?;
    sending_events::add(w, tenant, &domain, Some(&username), "user-created").await?;
    one(w.db(), tenant, &id).await
}

/// Changes the label.
pub(crate) async fn patch(w: &mut Write, tenant: &str, id: &str, request: &SmtpUserPatch) -> Result<SmtpUser, Stop> {
    let before = one(w.db(), tenant, id).await?;
    w.must_match(before.version)?;
    let Some(label) = request.label.as_ref().filter(|label| **label != before.label) else { return Ok(before) };
    check::name("label", label)?;
    sqlx::query("UPDATE smtp_users SET label = ?2, version = version + 1 WHERE id = ?1").bind(id).bind(label).execute(w.db()).await?;
    w.note("smtp_user.update", &before.username, format!("label {:?} → {label:?}", before.label)).await?;
    one(w.db(), tenant, id).await
}

/// Puts another password in the place of the present one, which ends at once.
pub(crate) async fn reset(w: &mut Write, tenant: &str, id: &str, token: &str, hash: &str) -> Result<SmtpUser, Stop> {
    check::name("token", token)?;
    let before = one(w.db(), tenant, id).await?;
    w.must_match(before.version)?;
    if !before.enabled {
        return Err(Problem::new(Code::Disabled, format!("{} was switched off with {}", before.username, before.sending_domain)).into());
    }
    let now = millis(w.now);
    sqlx::query("UPDATE smtp_users SET hash = ?2, token = ?3, password_set_at = ?4, version = version + 1 WHERE id = ?1")
        .bind(id)
        .bind(hash)
        .bind(token)
        .bind(now)
        .execute(w.db())
        .await?;
    w.note("smtp_user.reset", &before.username, format!("token {} → {token}", before.token)).await?;
    sending_events::add(w, tenant, &before.sending_domain, Some(&before.username), "user-reset").await?;
    one(w.db(), tenant, id).await
}

/// Deletes an SMTP user; nobody gets its name again.
pub(crate) async fn delete(w: &mut Write, tenant: &str, id: &str) -> Result<(), Stop> {
    let before = one(w.db(), tenant, id).await?;
    w.must_match(before.version)?;
    sqlx::query("DELETE FROM smtp_users WHERE id = ?1").bind(id).execute(w.db()).await?;
    w.note("smtp_user.delete", &before.username, format!("{} {:?} →", before.sending_domain, before.label)).await?;
    sending_events::add(w, tenant, &before.sending_domain, Some(&before.username), "user-deleted").await
}

/// Switches off all users of a sending domain for good; gives their user names.
pub(crate) async fn disable_all(w: &mut Write, tenant: &str, domain_id: &str) -> Result<Vec<String>, Stop> {
    let rows = sqlx::query(
        "UPDATE smtp_users SET enabled = 0, version = version + 1
         WHERE tenant_id = ?1 AND sending_domain_id = ?2 AND enabled = 1 RETURNING username",
    )
    .bind(tenant)
    .bind(domain_id)
    .fetch_all(w.db())
    .await?;
    let mut names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    names.sort();
    Ok(names)
}

/// What a sign-in is judged by.
pub(crate) struct Login {
    pub(crate) tenant: String,
    pub(crate) id: String,
    pub(crate) sending_domain: String,
    pub(crate) enabled: bool,
    /// Whether the records of its sending domain were found: before that nothing is sent.
    pub(crate) verified: bool,
    pub(crate) hash: String,
}

/// The login with this user name, of any tenant.
pub(crate) async fn login(db: &mut SqliteConnection, username: &str) -> Result<Option<Login>, Stop> {
    let row = sqlx::query(
        "SELECT u.tenant_id, u.id, u.sending_domain, u.enabled, u.hash, COALESCE(d.verified, 0)
         FROM smtp_users u LEFT JOIN sending_domains d ON d.id = u.sending_domain_id WHERE u.username = ?1",
    )
    .bind(username)
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Login {
        tenant: row.get(0),
        id: row.get(1),
        sending_domain: row.get(2),
        enabled: row.get(3),
        hash: row.get(4),
        verified: row.get::<i64, _>(5) != 0,
    }))
}

/// Writes down a successful sign-in, if the password is still the one that was verified.
pub(crate) async fn connected(w: &mut Write, login: &Login, username: &str) -> Result<bool, Stop> {
    let now = millis(w.now);
    let done = sqlx::query("UPDATE smtp_users SET last_connection_at = ?3 WHERE id = ?1 AND hash = ?2 AND enabled = 1")
        .bind(&login.id)
        .bind(&login.hash)
        .bind(now)
        .execute(w.db())
        .await?;
    let counted = done.rows_affected() == 1;
    if counted {
        w.about(&login.tenant);
        sending_events::add(w, &login.tenant, &login.sending_domain, Some(username), "login").await?;
    }
    Ok(counted)
}
