//! Directories: their settings, read and written.

use crate::base::Secret;
use crate::panel::change::Write;
use crate::panel::check;
use crate::panel::directory::{Login, next_run};
use crate::panel::limits::DIRECTORIES;
use crate::panel::stop::Stop;
use crate::panel::store::directory_rules::Settings;
use crate::panel::store::page::Want;
use crate::panel::store::time::{count, instant, millis, new_id};
use crate::panel::store::user_changes::Home;
use crate::panel::store::words::Word as _;
use crate::panel::store::{directory_users, domains};
use crate::wire::{
    Code, Directory, DirectoryCreate, DirectoryPatch, DirectorySchedule, DirectorySource, DirectoryStatus, DirectoryTls, Page, Problem,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

/// `bind_password` stands last, so that what is shown can be read without it.
const COLUMNS: &str = "d.id, d.name, d.enabled, d.source, d.host, d.port, d.tls, d.bind_dn, d.bind_password IS NOT NULL, d.bind_label,
    d.search_base, d.filter, d.min_users, d.schedule, d.consent, d.created_at, d.version, d.next_run_at, d.last_run_at, d.last_success_at,
    d.last_count, d.last_error, d.last_notes, (SELECT COUNT(*) FROM directory_users u WHERE u.directory_id = d.id), d.bind_password";

fn small<T: TryFrom<i64> + Default>(row: &SqliteRow, column: usize) -> T {
    T::try_from(row.get::<i64, _>(column)).unwrap_or_default()
}

fn read(row: &SqliteRow) -> Directory {
    let at = |column: usize| row.get::<Option<i64>, _>(column).map(instant);
    Directory {
        id: row.get(0),
        name: row.get(1),
        enabled: row.get(2),
        source: DirectorySource::read(row.get(3)),
        host: row.get(4),
        port: small(row, 5),
        tls: DirectoryTls::read(row.get(6)),
        bind_dn: row.get(7),
        bind_password_set: row.get(8),
        bind_password_label: row.get(9),
        search_base: row.get(10),
        filter: row.get(11),
        min_users: small(row, 12),
        schedule: DirectorySchedule::read(row.get(13)),
        consent: row.get(14),
        created_at: instant(row.get(15)),
        version: count(row.get(16)),
        status: DirectoryStatus {
            next_run_at: at(17),
            last_run_at: at(18),
            last_success_at: at(19),
            last_count: row.get::<Option<i64>, _>(20).map(count),
            last_error: row.get(21),
            last_notes: row.get(22),
            users: count(row.get(23)),
        },
    }
}

/// A directory with its password, for the panel's own use.
pub(crate) struct Whole {
    pub(crate) shown: Directory,
    pub(crate) settings: Settings,
}

fn whole(row: &SqliteRow) -> Whole {
    let shown = read(row);
    let login = Login {
        host: shown.host.clone(),
        port: shown.port,
        tls: shown.tls,
        bind_dn: shown.bind_dn.clone(),
        bind_password: row.get::<Option<String>, _>(24).map(Secret::new),
        search_base: shown.search_base.clone(),
        filter: shown.filter.clone(),
    };
    let settings = Settings {
        enabled: shown.enabled,
        source: shown.source,
        login,
        label: shown.bind_password_label.clone(),
        min_users: shown.min_users,
        schedule: shown.schedule,
    };
    Whole { shown, settings }
}

/// A directory of a domain, with its password.
pub(crate) async fn with_password(db: &mut SqliteConnection, domain: &str, id: &str) -> Result<Whole, Stop> {
    let sql = AssertSqlSafe(format!("SELECT {COLUMNS} FROM directories d WHERE d.domain_id = ?1 AND d.id = ?2"));
    let row = sqlx::query(sql).bind(domain).bind(id).fetch_optional(db).await?;
    row.as_ref().map(whole).ok_or_else(|| Stop::not_found("directory"))
}

/// A directory of a tenant's domain, as it is shown.
pub(crate) async fn one(db: &mut SqliteConnection, home: Home<'_>, id: &str) -> Result<Directory, Stop> {
    domains::name(db, home.tenant, home.domain).await?;
    Ok(with_password(db, home.domain, id).await?.shown)
}

/// A page of a domain's directories by name.
pub(crate) async fn list(db: &mut SqliteConnection, domain: &str, want: &Want) -> Result<Page<Directory>, Stop> {
    let total: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM directories WHERE domain_id = ?1").bind(domain).fetch_one(&mut *db).await?;
    let sql = format!("SELECT {COLUMNS} FROM directories d WHERE d.domain_id = ?1 AND d.name > ?2 ORDER BY d.name LIMIT ?3");
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(domain).bind(&want.after).bind(want.rows()).fetch_all(db).await?;
    Ok(want.page(rows.iter().map(read).collect(), count(total), |directory| directory.name.clone()))
}

/// Makes a directory. It is read at its next hour.
pub(crate) async fn create(w: &mut Write, home: Home<'_>, request: &DirectoryCreate) -> Result<Directory, Stop> {
    let domain = domains::name(w.db(), home.tenant, home.domain).await?;
    check::name("name", &request.name)?;
    let tls = request.settings.tls.unwrap_or_default();
    let (settings, _) = Settings::blank(request.enabled.unwrap_or(true), request.source, tls).over(&request.settings);
    settings.check()?;
    let names: Vec<String> =
        sqlx::query_scalar("SELECT name FROM directories WHERE domain_id = ?1").bind(home.domain).fetch_all(w.db()).await?;
    if names.contains(&request.name) {
        return Err(Problem::new(Code::NameTaken, format!("the domain has a directory {}", request.name)).into());
    }
    if names.len() as i64 >= DIRECTORIES {
        return Err(Stop::invalid(format!("a domain has at most {DIRECTORIES} directories")));
    }
    let (id, now) = (new_id(), millis(w.now));
    sqlx::query(
        "INSERT INTO directories (id, domain_id, name, enabled, source, host, port, tls, bind_dn, search_base, filter, min_users, schedule,
           created_at) VALUES (?1, ?2, ?3, 0, 'ldap', '', 0, 'none', '', '', '', 0, '60-minutes', ?4)",
    )
    .bind(&id)
    .bind(home.domain)
    .bind(&request.name)
    .bind(now)
    .execute(w.db())
    .await?;
    write(w, &id, &settings, 1).await?;
    w.note("directory.create", &format!("{domain}/{}", request.name), format!("→ {}", words(&settings))).await?;
    Ok(with_password(w.db(), home.domain, &id).await?.shown)
}

/// Changes what is given.
pub(crate) async fn patch(w: &mut Write, home: Home<'_>, id: &str, request: &DirectoryPatch) -> Result<Directory, Stop> {
    let domain = domains::name(w.db(), home.tenant, home.domain).await?;
    let before = with_password(w.db(), home.domain, id).await?;
    w.must_match(before.shown.version)?;
    let mut present = before.settings.clone();
    present.enabled = request.enabled.unwrap_or(present.enabled);
    present.source = request.source.unwrap_or(present.source);
    let (after, dropped) = present.over(&request.settings);
    if dropped {
        return Err(Stop::invalid("bind_password: what is kept was given for another host, port, TLS mode or bind name; give it again"));
    }
    after.check()?;
    let password = |s: &Settings| s.login.bind_password.as_ref().map(|p| p.expose().to_owned());
    let (old, new) = (words(&before.settings), words(&after));
    if old == new && password(&before.settings) == password(&after) {
        return Ok(before.shown);
    }
    write(w, id, &after, before.shown.version + 1).await?;
    let change = if old == new { "another bind password".to_owned() } else { format!("{old} → {new}") };
    w.note("directory.update", &format!("{domain}/{}", before.shown.name), change).await?;
    Ok(with_password(w.db(), home.domain, id).await?.shown)
}

/// Removes a directory; the users that it has brought stay, as the panel's own.
pub(crate) async fn delete(w: &mut Write, home: Home<'_>, id: &str) -> Result<(), Stop> {
    let domain = domains::name(w.db(), home.tenant, home.domain).await?;
    let before = with_password(w.db(), home.domain, id).await?;
    w.must_match(before.shown.version)?;
    let users = directory_users::release(w.db(), id).await?;
    sqlx::query("DELETE FROM directories WHERE id = ?1").bind(id).execute(w.db()).await?;
    let change = format!("{} → ; {users} users are the panel's own now", words(&before.settings));
    w.note("directory.delete", &format!("{domain}/{}", before.shown.name), change).await
}

async fn write(w: &mut Write, id: &str, s: &Settings, version: u64) -> Result<(), Stop> {
    let next = s.enabled.then(|| millis(next_run(s.schedule, w.now)));
    sqlx::query(
        "UPDATE directories SET enabled = ?2, source = ?3, host = ?4, port = ?5, tls = ?6, bind_dn = ?7, bind_password = ?8, bind_label = ?9,
           search_base = ?10, filter = ?11, min_users = ?12, schedule = ?13, version = ?14, next_run_at = ?15 WHERE id = ?1",
    )
    .bind(id)
    .bind(s.enabled)
    .bind(s.source.word())
    .bind(&s.login.host)
    .bind(i64::from(s.login.port))
    .bind(s.login.tls.word())
    .bind(&s.login.bind_dn)
    .bind(s.login.bind_password.as_ref().map(|p| p.expose().to_owned()))
    .bind(&s.label)
    .bind(&s.login.search_base)
    .bind(&s.login.filter)
    .bind(i64::from(s.min_users))
    .bind(s.schedule.word())
    .bind(i64::try_from(version).unwrap_or(i64::MAX))
    .bind(next)
    .execute(w.db())
    .await?;
    Ok(())
}

/// The settings for the audit trail; the password by its label.
fn words(s: &Settings) -> String {
    let l = &s.login;
    let label = s.label.as_deref().unwrap_or(if l.bind_password.is_some() { "set" } else { "none" });
    format!(
        "{} {} {}:{} {} bind {:?} password {label:?} base {:?} filter {:?} min_users {} {}",
        if s.enabled { "on" } else { "off" },
        s.source.word(),
        l.host,
        l.port,
        l.tls.word(),
        l.bind_dn,
        l.search_base,
        l.filter,
        s.min_users,
        s.schedule.word()
    )
}

/// Gives or takes back consent. Test endpoint: on a real panel an administrator does this in a browser.
pub(crate) async fn consent(w: &mut Write, id: &str, given: bool) -> Result<Directory, Stop> {
    let row = sqlx::query(
        "SELECT d.domain_id, m.tenant_id, d.source, m.name || '/' || d.name FROM directories d JOIN domains m ON m.id = d.domain_id
         WHERE d.id = ?1",
    )
    .bind(id)
    .fetch_optional(w.db())
    .await?
    .ok_or_else(|| Stop::not_found("directory"))?;
    let (domain, tenant, source, name): (String, String, String, String) = (row.get(0), row.get(1), row.get(2), row.get(3));
    if DirectorySource::read(&source) != DirectorySource::Entra {
        return Err(Stop::invalid("only a directory of source entra needs consent"));
    }
    w.about(&tenant);
    let done = sqlx::query("UPDATE directories SET consent = ?2, version = version + 1 WHERE id = ?1 AND consent <> ?2")
        .bind(id)
        .bind(given)
        .execute(w.db())
        .await?;
    if done.rows_affected() > 0 {
        w.note("directory.consent", &name, format!("{} → {given}", !given)).await?;
    }
    Ok(with_password(w.db(), &domain, id).await?.shown)
}
