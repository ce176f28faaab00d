//! Users in bulk: one transaction, a handful of statements for any number of rows.

use crate::panel::answer::json;
use crate::panel::bulk_rules::{Live, Outcome, Row, decide, is_ours, read};
use crate::panel::change::Write;
use crate::panel::limits::BULK_ROWS;
use crate::panel::stop::Stop;
use crate::panel::store::counts::fingerprint;
use crate::panel::store::time::{instant, millis, new_id};
use crate::panel::store::user_changes::Home;
use crate::panel::store::words::Word as _;
use crate::panel::store::{continuity, domain_names, domains, user_names, users};
use crate::wire::{BulkAnswer, BulkMode, BulkRequest, Code, IgnoreReason, Kind, Origin, Problem, Status, User};
use serde_json::json as value;
use sqlx::AssertSqlSafe;
use std::collections::{BTreeSet, HashMap};

type Rows = Vec<Result<Row, (String, IgnoreReason)>>;

/// Takes a list into a domain.
pub(crate) async fn run(w: &mut Write, home: Home<'_>, request: BulkRequest) -> Result<BulkAnswer, Stop> {
    let mode = request.mode;
    let answer = take(w, home, request).await?;
    note(w, home, mode, &answer).await?;
    Ok(answer)
}

/// Takes a list without a word in the audit trail.
pub(crate) async fn take(w: &mut Write, home: Home<'_>, request: BulkRequest) -> Result<BulkAnswer, Stop> {
    let domain = domains::name(w.db(), home.tenant, home.domain).await?;
    if request.users.is_empty() || request.users.len() > BULK_ROWS {
        return Err(Stop::invalid(format!("users: 1 to {BULK_ROWS} rows; an empty list is never taken")));
    }
    if let Some(expected) = &request.expected_fingerprint
        && fingerprint(w.db(), home.domain).await?.fingerprint != *expected
    {
        return Err(Problem::new(Code::FingerprintMismatch, "read the list of users again").into());
    }
    let tenant_domains = domain_names::of_tenant(w.db(), home.tenant).await?;
    let rows: Rows = request.users.into_iter().map(|row| read(row, &domain, &tenant_domains)).collect();
    let deleted = match request.mode {
        BulkMode::Add => 0,
        BulkMode::AddDeleteOld => {
            let deleted = delete_old(w, home.domain, &rows).await?;
            if deleted > 0 {
                // what was deleted comes back with the whole call
                continuity::users_may_go(w.db(), home).await?;
            }
            deleted
        }
    };
    let live = live(w, home.domain, &rows).await?;
    let now = instant(millis(w.now));
    let outcome = decide(request.mode, rows, &live, |address| blank(address, now));
    write(w, home.domain, &outcome).await?;
    let (created, updated) = (outcome.create.len() as u64, outcome.update.len() as u64);
    Ok(BulkAnswer { accepted: outcome.accepted, created, updated, deleted, ignored: outcome.ignored })
}

/// The audit entry of a list that had an effect.
pub(crate) async fn note(w: &mut Write, home: Home<'_>, mode: BulkMode, answer: &BulkAnswer) -> Result<(), Stop> {
    if answer.created + answer.updated + answer.deleted > 0 {
        let (created, updated, ignored) = (answer.created, answer.updated, answer.ignored.len());
        let (mode, deleted) = (serde_json::to_value(mode).unwrap_or_default(), answer.deleted);
        let change = format!("{mode}: {created} created, {updated} updated, {deleted} deleted, {ignored} ignored");
        let domain = domains::name(w.db(), home.tenant, home.domain).await?;
        w.note("users.bulk", &domain, change).await?;
    }
    Ok(())
}

/// Deletes the panel's own users that no row names, and gives their number. A list of which no row can be read is
/// as good as empty, and refused.
async fn delete_old(w: &mut Write, domain: &str, rows: &Rows) -> Result<u64, Stop> {
    let mut named: BTreeSet<String> = BTreeSet::new();
    let mut readable = false;
    for row in rows {
        match row {
            Ok(row) => {
                readable = true;
                named.insert(row.address.clone());
            }
            // its user, if there is one, stays as it is
            Err((sent, _)) => named.extend(crate::base::Address::parse(sent).ok().map(|a| a.as_str().to_owned())),
        }
    }
    if !readable {
        return Err(Stop::invalid("users: no row can be taken, so this would delete everybody"));
    }
    let ours = [Origin::Manual, Origin::Import, Origin::Smtp, Origin::Directory, Origin::Office365, Origin::Discovery, Origin::Unknown];
    let ours: Vec<&str> = ours.into_iter().filter(|origin| is_ours(*origin)).map(|origin| origin.word()).collect();
    let done = sqlx::query(
        "DELETE FROM users WHERE domain_id = ?1 AND origin IN (SELECT value FROM json_each(?2))
         AND address NOT IN (SELECT value FROM json_each(?3))",
    )
    .bind(domain)
    .bind(json(&ours)?)
    .bind(json(&named)?)
    .execute(w.db())
    .await?;
    Ok(done.rows_affected())
}

/// Reads the users that the rows name, and the owners of all names that the rows claim.
async fn live(w: &mut Write, domain: &str, rows: &Rows) -> Result<Live, Stop> {
    let good: Vec<&Row> = rows.iter().filter_map(|row| row.as_ref().ok()).collect();
    let addresses: Vec<&str> = good.iter().map(|row| row.address.as_str()).collect();
    let sql = format!("SELECT {} FROM users WHERE domain_id = ?1 AND address IN (SELECT value FROM json_each(?2))", users::columns());
    let found = sqlx::query(AssertSqlSafe(sql)).bind(domain).bind(json(&addresses)?).fetch_all(w.db()).await?;
    let users: HashMap<String, User> = found.iter().map(users::read).map(|user| (user.address.clone(), user)).collect();
    let aliases = good.iter().filter_map(|row| row.aliases.as_ref()).flatten().map(String::as_str);
    let names: Vec<&str> = addresses.iter().copied().chain(aliases).collect();
    let owners = user_names::owners(w.db(), &names).await?;
    Ok(Live { users, owners })
}

fn blank(address: &str, now: crate::base::Timestamp) -> User {
    User {
        id: new_id(),
        address: address.to_owned(),
        first_name: String::new(),
        last_name: String::new(),
        aliases: Vec::new(),
        kind: Kind::default(),
        status: Status::default(),
        origin: Origin::Import,
        created_at: now,
        billable: true,
        mails_30d: 0,
        last_mail_at: None,
        access: None,
        version: 1,
    }
}

/// Writes everything with one statement per table and kind of change.
async fn write(w: &mut Write, domain: &str, outcome: &Outcome) -> Result<(), Stop> {
    let as_row = |u: &User| -> Result<serde_json::Value, Stop> {
        let (kind, status, origin) = (u.kind.word(), u.status.word(), u.origin.word());
        Ok(value!([u.id, u.address, u.first_name, u.last_name, json(&u.aliases)?, kind, status, origin, millis(u.created_at)]))
    };
    let created = outcome.create.iter().map(as_row).collect::<Result<Vec<_>, _>>()?;
    let updated = outcome.update.iter().map(|(_, after)| as_row(after)).collect::<Result<Vec<_>, _>>()?;
    sqlx::query(
        "INSERT INTO users (id, domain_id, address, first_name, last_name, aliases, kind, status, origin, created_at)
         SELECT value ->> 0, ?1, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8
         FROM json_each(?2)",
    )
    .bind(domain)
    .bind(json(&created)?)
    .execute(w.db())
    .await?;
    sqlx::query(
        "UPDATE users SET first_name = j.first_name, last_name = j.last_name, aliases = j.aliases, kind = j.kind, status = j.status,
           version = version + 1
         FROM (SELECT value ->> 0 AS id, value ->> 2 AS first_name, value ->> 3 AS last_name, value ->> 4 AS aliases,
               value ->> 5 AS kind, value ->> 6 AS status FROM json_each(?1)) AS j
         WHERE users.id = j.id",
    )
    .bind(json(&updated)?)
    .execute(w.db())
    .await?;
    let renamed = outcome.update.iter().filter(|(before, after)| before.aliases != after.aliases).map(|(_, after)| after);
    let renamed: Vec<&User> = renamed.collect();
    let gone: Vec<&str> = renamed.iter().map(|user| user.id.as_str()).collect();
    let names = renamed.iter().copied().chain(&outcome.create).flat_map(|user| {
        let aliases = user.aliases.iter().map(|alias| (alias.as_str(), user.id.as_str(), true));
        aliases.chain([(user.address.as_str(), user.id.as_str(), false)])
    });
    user_names::replace(w.db(), &gone, &names.collect::<Vec<_>>()).await
}
