//! Leases, in real time: a writer that stands still must lose its lease even when the panel's clock stands still too.

use crate::base::Timestamp;
use crate::panel::stop::Stop;
use crate::panel::store::tenants;
use crate::panel::store::time::{count, instant, millis};
use crate::wire::{Code, Lease, Problem};
use sqlx::{Row as _, SqliteConnection};

struct Held {
    token: u64,
    holder: String,
    until: i64,
}

impl Held {
    fn runs(&self) -> bool {
        self.until > millis(Timestamp::now())
    }
}

async fn read(db: &mut SqliteConnection, tenant: &str) -> Result<Option<Held>, Stop> {
    let row =
        sqlx::query("SELECT fencing_token, holder, until_real FROM leases WHERE tenant_id = ?1").bind(tenant).fetch_optional(db).await?;
    Ok(row.map(|row| Held { token: count(row.get(0)), holder: row.get(1), until: row.get(2) }))
}

fn fenced(detail: &str) -> Stop {
    Problem::new(Code::Fenced, detail).into()
}

/// Lets a write pass: with the token of the lease that runs, or without a token while none runs.
/// A token of a lease that has ended is refused even when nobody took another: its writer believes to be alone.
pub(crate) async fn check(db: &mut SqliteConnection, tenant: &str, token: Option<u64>) -> Result<(), Stop> {
    let held = read(db, tenant).await?;
    match (held, token) {
        (None, None) => Ok(()),
        (Some(held), None) if !held.runs() => Ok(()),
        (Some(_), None) => Err(fenced("a lease is held; send its Fencing-Token, or wait until it ends")),
        (Some(held), Some(token)) if held.token == token && held.runs() => Ok(()),
        (_, Some(_)) => Err(fenced("the lease of this Fencing-Token has ended")),
    }
}

/// Takes the lease, over a holder of the same name at once.
pub(crate) async fn take(db: &mut SqliteConnection, tenant: &str, holder: &str, ttl_seconds: u64) -> Result<Lease, Stop> {
    let held = read(db, tenant).await?;
    if let Some(other) = held.as_ref().filter(|held| held.runs() && held.holder != holder) {
        let mut problem = Problem::new(Code::LeaseHeld, "another holder has the lease; try again when it ends");
        problem.expires_at = Some(instant(other.until));
        return Err(problem.into());
    }
    let token = held.map_or(0, |held| held.token) + 1;
    write(db, tenant, token, holder, ttl_seconds).await
}

/// Renews a lease that still runs.
pub(crate) async fn renew(db: &mut SqliteConnection, tenant: &str, token: u64, ttl_seconds: u64) -> Result<Lease, Stop> {
    match read(db, tenant).await? {
        Some(held) if held.token == token && held.runs() => write(db, tenant, token, &held.holder, ttl_seconds).await,
        Some(_) | None => Err(fenced("this lease has ended; take it again")),
    }
}

/// Ends the lease of this token; its number is never given again.
pub(crate) async fn release(db: &mut SqliteConnection, tenant: &str, token: u64) -> Result<(), Stop> {
    if read(db, tenant).await?.is_none_or(|held| held.token != token) {
        return Err(fenced("this lease has ended, and another one was taken or none ever was"));
    }
    sqlx::query("UPDATE leases SET until_real = 0 WHERE tenant_id = ?1").bind(tenant).execute(db).await?;
    Ok(())
}

async fn write(db: &mut SqliteConnection, tenant: &str, token: u64, holder: &str, ttl_seconds: u64) -> Result<Lease, Stop> {
    let until = millis(Timestamp::now()) + i64::try_from(ttl_seconds).unwrap_or(0) * 1000;
    sqlx::query(
        "INSERT INTO leases (tenant_id, fencing_token, holder, until_real) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (tenant_id) DO UPDATE SET fencing_token = ?2, holder = ?3, until_real = ?4",
    )
    .bind(tenant)
    .bind(i64::try_from(token).unwrap_or(i64::MAX))
    .bind(holder)
    .bind(until)
    .execute(&mut *db)
    .await?;
    Ok(Lease { fencing_token: token, expires_at: instant(until), change_mark: tenants::change_mark(db, tenant).await? })
}
