//! Password policies.

use crate::panel::change::Write;
use crate::panel::stop::Stop;
use crate::panel::store::time::count;
use crate::wire::{PasswordPolicy, PasswordPolicyPut};
use sqlx::{Row as _, SqliteConnection};

/// The policy of a tenant that exists.
pub(crate) async fn one(db: &mut SqliteConnection, tenant: &str) -> Result<PasswordPolicy, Stop> {
    let row = sqlx::query("SELECT min_length, upper, lower, digit, special, version FROM password_policies WHERE tenant_id = ?1")
        .bind(tenant)
        .fetch_one(db)
        .await?;
    Ok(PasswordPolicy {
        min_length: u32::try_from(row.get::<i64, _>(0)).unwrap_or(0),
        upper: row.get(1),
        lower: row.get(2),
        digit: row.get(3),
        special: row.get(4),
        version: count(row.get(5)),
    })
}

/// Replaces the policy.
pub(crate) async fn put(w: &mut Write, tenant: &str, request: &PasswordPolicyPut) -> Result<(), Stop> {
    let before = one(w.db(), tenant).await?;
    w.must_match(before.version)?;
    if !(8..=128).contains(&request.min_length) {
        return Err(Stop::invalid("min_length: 8 to 128"));
    }
    let old = (before.min_length, before.upper, before.lower, before.digit, before.special);
    let new = (request.min_length, request.upper, request.lower, request.digit, request.special);
    if old == new {
        return Ok(());
    }
    sqlx::query(
        "UPDATE password_policies SET min_length = ?2, upper = ?3, lower = ?4, digit = ?5, special = ?6, version = version + 1
         WHERE tenant_id = ?1",
    )
    .bind(tenant)
    .bind(i64::from(new.0))
    .bind(new.1)
    .bind(new.2)
    .bind(new.3)
    .bind(new.4)
    .execute(w.db())
    .await?;
    w.note("password_policy.update", "password policy", format!("(length, upper, lower, digit, special) {old:?} → {new:?}")).await
}
