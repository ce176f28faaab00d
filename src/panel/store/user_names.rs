//! Addresses and aliases as names: each belongs to one user of the tenant.

use crate::base::address::domain_part;
use crate::panel::answer::json;
use crate::panel::stop::Stop;
use crate::panel::store::domain_names;
use crate::wire::{Code, Problem};
use sqlx::{Row as _, SqliteConnection};
use std::collections::{BTreeSet, HashMap};

/// Who has each of these names, as far as they are taken.
pub(crate) async fn owners(db: &mut SqliteConnection, names: &[&str]) -> Result<HashMap<String, String>, Stop> {
    let rows = sqlx::query("SELECT n.address, n.user_id FROM json_each(?1) AS j JOIN user_names n ON n.address = j.value")
        .bind(json(&names)?)
        .fetch_all(db)
        .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Refuses names that somebody other than `user` has, and aliases that are outside the tenant's domains.
pub(crate) async fn must_be_free(
    db: &mut SqliteConnection,
    tenant: &str,
    user: &str,
    address: &str,
    aliases: &BTreeSet<String>,
) -> Result<(), Stop> {
    let domains = domain_names::of_tenant(db, tenant).await?;
    if let Some(alias) = aliases.iter().find(|alias| !domains.contains(domain_part(alias))) {
        return Err(Stop::invalid(format!("aliases: {alias} is in no domain or alias domain of the tenant")));
    }
    if aliases.contains(address) {
        return Err(Stop::invalid(format!("aliases: {address} is the user's own address")));
    }
    let names: Vec<&str> = aliases.iter().map(String::as_str).chain([address]).collect();
    let owners = owners(db, &names).await?;
    match names.iter().find(|name| owners.get(**name).is_some_and(|owner| owner != user)) {
        Some(name) => Err(Problem::new(Code::NameTaken, format!("{name} belongs to another user")).into()),
        None => Ok(()),
    }
}

/// Replaces all names of users. Each entry is `[name, user id, is alias]`; `users` are those whose names go first.
pub(crate) async fn replace(db: &mut SqliteConnection, users: &[&str], names: &[(&str, &str, bool)]) -> Result<(), Stop> {
    sqlx::query("DELETE FROM user_names WHERE user_id IN (SELECT value FROM json_each(?1))").bind(json(&users)?).execute(&mut *db).await?;
    sqlx::query(
        "INSERT INTO user_names (address, user_id, is_alias)
         SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(?1)",
    )
    .bind(json(&names)?)
    .execute(db)
    .await?;
    Ok(())
}

/// Replaces the names of one user.
pub(crate) async fn set(db: &mut SqliteConnection, user: &str, address: &str, aliases: &BTreeSet<String>) -> Result<(), Stop> {
    let names: Vec<(&str, &str, bool)> = aliases.iter().map(|alias| (alias.as_str(), user, true)).chain([(address, user, false)]).collect();
    replace(db, &[user], &names).await
}
