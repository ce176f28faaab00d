//! The users that a directory has brought: read, and written many at a time.

use crate::panel::answer::json;
use crate::panel::change::Write;
use crate::panel::directory::{Held, Kept, Person, Wanted};
use crate::panel::stop::Stop;
use crate::panel::store::time::{millis, new_id};
use crate::panel::store::user_names;
use crate::panel::store::words::Word as _;
use crate::wire::{Kind, Origin, Status};
use serde_json::json as value;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};
use std::collections::BTreeSet;

/// Users of a directory.
pub(crate) async fn kept(db: &mut SqliteConnection, directory: &str) -> Result<Vec<Kept>, Stop> {
    let rows = sqlx::query(
        "SELECT u.id, d.guid, u.address, u.aliases, u.first_name, u.last_name, u.status, u.kind
         FROM directory_users d JOIN users u ON u.id = d.user_id WHERE d.directory_id = ?1 ORDER BY u.address",
    )
    .bind(directory)
    .fetch_all(db)
    .await?;
    let person = |row: &SqliteRow| Person {
        guid: row.get(1),
        address: row.get(2),
        // the panel wrote this list itself
        aliases: serde_json::from_str(row.get(3)).unwrap_or_default(),
        first_name: row.get(4),
        last_name: row.get(5),
        is_active: Status::read(row.get(6)) == Status::Active,
        is_group: Kind::read(row.get(7)) == Kind::List,
    };
    Ok(rows.iter().map(|row| Kept { id: row.get(0), person: person(row) }).collect())
}

/// Which of these people's names belong to users that the directory did not bring.
pub(crate) async fn held(db: &mut SqliteConnection, directory: &str, people: &[Person]) -> Result<Held, Stop> {
    let names: BTreeSet<&str> = people.iter().flat_map(|p| p.aliases.iter().chain([&p.address])).map(String::as_str).collect();
    let rows: Vec<String> = sqlx::query_scalar(
        "SELECT n.address FROM json_each(?1) AS j JOIN user_names n ON n.address = j.value
         WHERE n.user_id NOT IN (SELECT user_id FROM directory_users WHERE directory_id = ?2)",
    )
    .bind(json(&names)?)
    .bind(directory)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().collect())
}

fn row(id: &str, person: &Person) -> Result<serde_json::Value, Stop> {
    let kind = if person.is_group { Kind::List } else { Kind::Mailbox };
    let status = if person.is_active { Status::Active } else { Status::Inactive };
    Ok(value!([id, person.address, person.first_name, person.last_name, json(&person.aliases)?, kind.word(), status.word(), person.guid]))
}

/// Brings the users to what the directory says, with one statement per table and kind of change.
pub(crate) async fn write(w: &mut Write, domain: &str, directory: &str, wanted: &Wanted) -> Result<(), Stop> {
    let gone: Vec<&str> = wanted.delete.iter().map(|(id, _)| id.as_str()).collect();
    sqlx::query("DELETE FROM users WHERE id IN (SELECT value FROM json_each(?1))").bind(json(&gone)?).execute(w.db()).await?;
    let born: Vec<(String, &Person)> = wanted.create.iter().map(|p| (new_id(), p)).collect();
    let created = born.iter().map(|(id, p)| row(id, p)).collect::<Result<Vec<_>, _>>()?;
    let updated = wanted.update.iter().map(|(id, p)| row(id, p)).collect::<Result<Vec<_>, _>>()?;
    update(w.db(), &updated).await?;
    let now = millis(w.now);
    sqlx::query(
        "INSERT INTO users (id, domain_id, address, first_name, last_name, aliases, kind, status, origin, created_at)
         SELECT value ->> 0, ?1, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, ?2, ?3 FROM json_each(?4)",
    )
    .bind(domain)
    .bind(Origin::Directory.word())
    .bind(now)
    .bind(json(&created)?)
    .execute(w.db())
    .await?;
    sqlx::query("INSERT INTO directory_users (user_id, directory_id, guid) SELECT value ->> 0, ?1, value ->> 7 FROM json_each(?2)")
        .bind(directory)
        .bind(json(&created)?)
        .execute(w.db())
        .await?;
    let changed: Vec<&str> = wanted.update.iter().map(|(id, _)| id.as_str()).collect();
    let people = wanted.update.iter().map(|(id, p)| (id, p)).chain(born.iter().map(|(id, p)| (id, *p)));
    let names = people.flat_map(|(id, p)| {
        let aliases = p.aliases.iter().map(|alias| (alias.as_str(), id.as_str(), true));
        aliases.chain([(p.address.as_str(), id.as_str(), false)])
    });
    user_names::replace(w.db(), &changed, &names.collect::<Vec<_>>()).await
}

/// Two people may exchange addresses, so all of them are moved out of the way first.
async fn update(db: &mut SqliteConnection, rows: &[serde_json::Value]) -> Result<(), Stop> {
    let rows = json(&rows)?;
    sqlx::query("UPDATE users SET address = id WHERE id IN (SELECT value ->> 0 FROM json_each(?1))").bind(&rows).execute(&mut *db).await?;
    sqlx::query(
        "UPDATE users SET address = j.address, first_name = j.first_name, last_name = j.last_name, aliases = j.aliases, kind = j.kind,
           status = j.status, version = version + 1
         FROM (SELECT value ->> 0 AS id, value ->> 1 AS address, value ->> 2 AS first_name, value ->> 3 AS last_name, value ->> 4 AS aliases,
               value ->> 5 AS kind, value ->> 6 AS status FROM json_each(?1)) AS j
         WHERE users.id = j.id",
    )
    .bind(&rows)
    .execute(db)
    .await?;
    Ok(())
}

/// Makes the users of a directory the panel's own; gives their number.
pub(crate) async fn release(db: &mut SqliteConnection, directory: &str) -> Result<u64, Stop> {
    let done = sqlx::query(
        "UPDATE users SET origin = ?2, version = version + 1 WHERE id IN (SELECT user_id FROM directory_users WHERE directory_id = ?1)",
    )
    .bind(directory)
    .bind(Origin::Manual.word())
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}
