//! Names of domains and alias domains: unique over the whole panel.

use crate::panel::answer::json;
use crate::panel::stop::Stop;
use crate::wire::{Code, Problem};
use sqlx::{Row as _, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};

/// All names of a tenant's domains and alias domains.
pub(crate) async fn of_tenant(db: &mut SqliteConnection, tenant: &str) -> Result<BTreeSet<String>, Stop> {
    let rows = sqlx::query("SELECT n.name FROM domain_names n JOIN domains d ON d.id = n.domain_id WHERE d.tenant_id = ?1")
        .bind(tenant)
        .fetch_all(db)
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// The alias domains of domains, by domain id, sorted.
pub(crate) async fn aliases(db: &mut SqliteConnection, domains: &[&str]) -> Result<BTreeMap<String, Vec<String>>, Stop> {
    let rows = sqlx::query(
        "SELECT domain_id, name FROM domain_names WHERE is_alias = 1 AND domain_id IN (SELECT value FROM json_each(?1)) ORDER BY name",
    )
    .bind(json(&domains)?)
    .fetch_all(db)
    .await?;
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in &rows {
        all.entry(row.get(0)).or_default().push(row.get(1));
    }
    Ok(all)
}

/// The domain that has a name as its own or as an alias domain.
pub(crate) async fn owner(db: &mut SqliteConnection, name: &str) -> Result<Option<String>, Stop> {
    Ok(sqlx::query_scalar("SELECT domain_id FROM domain_names WHERE name = ?1").bind(name).fetch_optional(db).await?)
}

/// Refuses names that stand anywhere on the panel.
pub(crate) async fn must_be_free(db: &mut SqliteConnection, names: &BTreeSet<String>) -> Result<(), Stop> {
    let taken: Option<String> = sqlx::query_scalar("SELECT name FROM domain_names WHERE name IN (SELECT value FROM json_each(?1)) LIMIT 1")
        .bind(json(names)?)
        .fetch_optional(db)
        .await?;
    match taken {
        Some(name) => Err(Problem::new(Code::DomainTaken, format!("{name} is a domain or alias domain on this panel already")).into()),
        None => Ok(()),
    }
}

/// Takes free names for a domain.
pub(crate) async fn take(db: &mut SqliteConnection, domain: &str, names: &BTreeSet<String>, alias: bool) -> Result<(), Stop> {
    sqlx::query("INSERT INTO domain_names (name, domain_id, is_alias) SELECT value, ?2, ?3 FROM json_each(?1)")
        .bind(json(names)?)
        .bind(domain)
        .bind(alias)
        .execute(db)
        .await?;
    Ok(())
}

/// Refuses while an alias of a user of the tenant stands in one of these names.
pub(crate) async fn must_be_unused(db: &mut SqliteConnection, tenant: &str, names: &BTreeSet<String>) -> Result<(), Stop> {
    if names.is_empty() {
        return Ok(());
    }
    let used: Option<String> = sqlx::query_scalar(
        "SELECT n.address FROM domains d JOIN users u ON u.domain_id = d.id JOIN user_names n ON n.user_id = u.id
         WHERE d.tenant_id = ?1 AND substr(n.address, instr(n.address, '@') + 1) IN (SELECT value FROM json_each(?2)) LIMIT 1",
    )
    .bind(tenant)
    .bind(json(names)?)
    .fetch_optional(db)
    .await?;
    match used {
        Some(address) => Err(Problem::new(Code::InUse, format!("{address} is still the name of a user")).into()),
        None => Ok(()),
    }
}

/// Gives names back.
pub(crate) async fn give_back(db: &mut SqliteConnection, names: &BTreeSet<String>) -> Result<(), Stop> {
    sqlx::query("DELETE FROM domain_names WHERE name IN (SELECT value FROM json_each(?1))").bind(json(names)?).execute(db).await?;
    Ok(())
}
