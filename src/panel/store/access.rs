//! How users sign in: passwords, request-password mails, sign-ins.

use crate::base::Timestamp;
use crate::panel::change::Write;
use crate::panel::limits::INVITE_SECONDS;
use crate::panel::stop::Stop;
use crate::panel::store::time::{count, instant, millis};
use crate::panel::store::user_changes::Home;
use crate::panel::store::{domains, user_names, users};
use crate::panel::{check, passwords};
use crate::wire::{Access, Clear, Code, PasswordPolicy, PasswordSet, Problem, Status, User};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

/// Columns of [`read`]; the first says whether there is anything to read in the others.
pub(crate) const COLUMNS: &str = "(password_hash IS NOT NULL OR signed_in_at IS NOT NULL OR mails_sent > 0), password_hash IS NOT NULL, \
     password_changed_at, password_label, signed_in_at, invited_at, mails_sent";

/// What there is to say, from the column `at` on.
pub(crate) fn read(row: &SqliteRow, at: usize) -> Option<Access> {
    if !row.get::<bool, _>(at) {
        return None;
    }
    let moment = |column: usize| row.get::<Option<i64>, _>(column).map(instant);
    Some(Access {
        has_password: row.get(at + 1),
        password_changed_at: moment(at + 2),
        password_label: row.get(at + 3),
        signed_in_at: moment(at + 4),
        invited_at: moment(at + 5),
        mails_sent: count(row.get(at + 6)),
    })
}

/// A password that was hashed before the transaction began.
#[derive(Debug)]
pub(crate) struct Hashed<'a> {
    pub(crate) set: &'a PasswordSet,
    pub(crate) hash: String,
}

/// Hashes a password, after its label was judged.
pub(crate) async fn hashed(set: &PasswordSet) -> Result<Hashed<'_>, Stop> {
    if let Some(label) = &set.label {
        check::name("label", label)?;
    }
    Ok(Hashed { set, hash: passwords::hash(&set.password).await? })
}

/// Stores a password under the tenant's policy as it is now. An older password is not asked again when a policy changes.
pub(crate) async fn set(w: &mut Write, policy: &PasswordPolicy, user: &User, hashed: &Hashed<'_>) -> Result<(), Stop> {
    passwords::must_fulfil(policy, &user.address, &hashed.set.password)?;
    let now = millis(w.now);
    sqlx::query("UPDATE users SET password_hash = ?2, password_changed_at = ?3, password_label = ?4 WHERE id = ?1")
        .bind(&user.id)
        .bind(&hashed.hash)
        .bind(now)
        .bind(&hashed.set.label)
        .execute(w.db())
        .await?;
    let label = |text: Option<&String>| text.map_or("none".to_owned(), |l| format!("`{l}`"));
    let before = user.access.as_ref().and_then(|a| a.password_label.as_ref());
    let change = format!("password set; label {} → {}", label(before), label(hashed.set.label.as_ref()));
    w.note("user.password", &user.address, change).await
}

/// Sends a request-password mail: counted here, and all that a mail is in this panel.
pub(crate) async fn invite(w: &mut Write, user: &User) -> Result<(), Stop> {
    let now = millis(w.now);
    sqlx::query("UPDATE users SET invited_at = ?2, invite_confirmed_at = NULL, mails_sent = mails_sent + 1 WHERE id = ?1")
        .bind(&user.id)
        .bind(now)
        .execute(w.db())
        .await?;
    w.note("user.invite", &user.address, "a request-password mail was sent".to_owned()).await
}

/// Moves the version of a user whose access changed by a call of its own.
pub(crate) async fn touch(w: &mut Write, id: &str) -> Result<(), Stop> {
    sqlx::query("UPDATE users SET version = version + 1 WHERE id = ?1").bind(id).execute(w.db()).await?;
    Ok(())
}

/// The user of a path, at the version that the caller expects. Also one that a directory owns: its address is the
/// directory's, its password for the panel is not.
pub(crate) async fn of_path(w: &mut Write, home: Home<'_>, id: &str) -> Result<User, Stop> {
    domains::name(w.db(), home.tenant, home.domain).await?;
    let now = w.now;
    let user = users::one(w.db(), home.domain, id, now).await?;
    w.must_match(user.version)?;
    Ok(user)
}

/// The user with this address, and its tenant, for those who sign in.
pub(crate) async fn by_address(db: &mut SqliteConnection, address: &str) -> Result<Option<(User, String)>, Stop> {
    let owner = user_names::owners(db, &[address]).await?.remove(address);
    let Some(id) = owner else { return Ok(None) };
    let tenant = sqlx::query_scalar("SELECT d.tenant_id FROM users u JOIN domains d ON d.id = u.domain_id WHERE u.id = ?1");
    let Some(tenant): Option<String> = tenant.bind(&id).fetch_optional(&mut *db).await? else { return Ok(None) };
    Ok(Some((users::of_tenant(db, &tenant, &id).await?.0, tenant)))
}

/// The password at rest.
pub(crate) async fn stored(db: &mut SqliteConnection, id: &str) -> Result<Option<String>, Stop> {
    Ok(sqlx::query_scalar("SELECT password_hash FROM users WHERE id = ?1").bind(id).fetch_one(db).await?)
}

/// Why somebody may not sign in whatever is typed.
pub(crate) fn barred(user: &User) -> Option<&'static str> {
    (user.status == Status::Inactive).then_some("inactive")
}

/// Notes a sign-in; `remember` is the hash of a password that a directory has just confirmed.
pub(crate) async fn signed_in(w: &mut Write, user: &User, remember: Option<&str>) -> Result<(), Stop> {
    let now = millis(w.now);
    sqlx::query("UPDATE users SET signed_in_at = ?2, password_hash = COALESCE(?3, password_hash), version = version + 1 WHERE id = ?1")
        .bind(&user.id)
        .bind(now)
        .bind(remember)
        .execute(w.db())
        .await?;
    w.note("user.sign_in", &user.address, String::new()).await
}

/// Whether a request-password mail is open: sent, and not older than its link lasts.
async fn open_invite(db: &mut SqliteConnection, id: &str, now: Timestamp) -> Result<Option<bool>, Stop> {
    let row = sqlx::query("SELECT invited_at, invite_confirmed_at IS NOT NULL FROM users WHERE id = ?1").bind(id).fetch_one(db).await?;
    let sent: Option<i64> = row.get(0);
    Ok(sent.filter(|at| millis(now) - at <= INVITE_SECONDS * 1000).map(|_| row.get(1)))
}

/// Step one of the registration: the link in the mail is followed.
pub(crate) async fn confirm(w: &mut Write, user: &User) -> Result<(), Stop> {
    let now = w.now;
    if open_invite(w.db(), &user.id, now).await?.is_none() {
        return Err(no_invite(user));
    }
    sqlx::query("UPDATE users SET invite_confirmed_at = ?2 WHERE id = ?1").bind(&user.id).bind(millis(now)).execute(w.db()).await?;
    w.note("user.confirm", &user.address, String::new()).await
}

/// Step two: the user chooses a password. The mail is used up by it; the caller's label goes, because this password is the
/// user's own.
pub(crate) async fn choose(w: &mut Write, policy: &PasswordPolicy, user: &User, password: &Clear, hash: &str) -> Result<(), Stop> {
    let now = w.now;
    match open_invite(w.db(), &user.id, now).await? {
        Some(true) => {}
        Some(false) => return Err(Problem::new(Code::NotHeld, "the link in the mail comes first").into()),
        None => return Err(no_invite(user)),
    }
    passwords::must_fulfil(policy, &user.address, password)?;
    sqlx::query(
        "UPDATE users SET password_hash = ?2, password_changed_at = ?3, password_label = NULL, invite_confirmed_at = NULL,
         version = version + 1 WHERE id = ?1",
    )
    .bind(&user.id)
    .bind(hash)
    .bind(millis(now))
    .execute(w.db())
    .await?;
    w.note("user.password", &user.address, "chosen by the user".to_owned()).await
}

fn no_invite(user: &User) -> Stop {
    Problem::new(Code::NotHeld, format!("{} has no request-password mail, or it is too old", user.address)).into()
}
