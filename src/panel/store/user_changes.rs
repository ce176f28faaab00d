//! Users, written one by one: create, change, rename, move an alias, delete.

use crate::base::address::domain_part;
use crate::base::limits::USER_ALIASES;
use crate::panel::answer::json;
use crate::panel::change::Write;
use crate::panel::check;
use crate::panel::stop::Stop;
use crate::panel::store::time::{instant, millis, new_id};
use crate::panel::store::words::Word as _;
use crate::panel::store::{continuity, domains, user_names, users};
use crate::wire::{AliasMove, Code, Kind, Origin, Problem, User, UserCreate, UserPatch, UserRename};
use std::collections::BTreeSet;

/// Where a user lives: ids of tenant and domain.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Home<'a> {
    pub(crate) tenant: &'a str,
    pub(crate) domain: &'a str,
}

/// Refuses to edit what a directory owns.
fn must_be_ours(user: &User) -> Result<(), Stop> {
    if matches!(user.origin, Origin::Directory | Origin::Office365) {
        return Err(Problem::new(Code::DirectoryOwned, format!("{} is kept by {}", user.address, user.origin.word())).into());
    }
    Ok(())
}

fn must_fit(user: &User, aliases: &BTreeSet<String>) -> Result<(), Stop> {
    if aliases.len() <= USER_ALIASES {
        return Ok(());
    }
    Err(Stop::invalid(format!("{} would have more than {USER_ALIASES} aliases", user.address)))
}

fn set_of(aliases: &[String]) -> BTreeSet<String> {
    aliases.iter().cloned().collect()
}

/// Makes a user of an origin; gives its id.
pub(crate) async fn create(w: &mut Write, home: Home<'_>, request: &UserCreate, origin: Origin) -> Result<String, Stop> {
    let address = check::address("address", &request.address)?.as_str().to_owned();
    check::person_name("first_name", &request.first_name)?;
    check::person_name("last_name", &request.last_name)?;
    let aliases = check::aliases(&request.aliases)?;
    let domain = domains::name(w.db(), home.tenant, home.domain).await?;
    must_be_inside(&address, &domain)?;
    let id = new_id();
    user_names::must_be_free(w.db(), home.tenant, &id, &address, &aliases).await?;
    let now = instant(millis(w.now));
    let user = User {
        id,
        address,
        first_name: request.first_name.clone(),
        last_name: request.last_name.clone(),
        aliases: aliases.iter().cloned().collect(),
        kind: request.kind,
        status: request.status,
        origin,
        created_at: now,
        billable: request.kind == Kind::Mailbox,
        mails_30d: 0,
        last_mail_at: None,
        access: None,
        version: 1,
    };
    insert(w, home.domain, &user).await?;
    user_names::set(w.db(), &user.id, &user.address, &aliases).await?;
    w.note("user.create", &user.address, format!("→ {} {} {}", user.kind.word(), user.status.word(), json(&user.aliases)?)).await?;
    Ok(user.id)
}

fn must_be_inside(address: &str, domain: &str) -> Result<(), Stop> {
    if domain_part(address) == domain {
        return Ok(());
    }
    Err(Stop::invalid(format!("address: {address} is not in the domain {domain}")))
}

async fn insert(w: &mut Write, domain: &str, user: &User) -> Result<(), Stop> {
    sqlx::query(
        "INSERT INTO users (id, domain_id, address, first_name, last_name, aliases, kind, status, origin, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )
    .bind(&user.id)
    .bind(domain)
    .bind(&user.address)
    .bind(&user.first_name)
    .bind(&user.last_name)
    .bind(json(&user.aliases)?)
    .bind(user.kind.word())
    .bind(user.status.word())
    .bind(user.origin.word())
    .bind(millis(user.created_at))
    .execute(w.db())
    .await?;
    Ok(())
}

/// Writes what may have changed, and moves the version.
async fn update(w: &mut Write, user: &User) -> Result<(), Stop> {
    sqlx::query(
        "UPDATE users SET address = ?2, first_name = ?3, last_name = ?4, aliases = ?5, kind = ?6, status = ?7, origin = ?8,
         version = version + 1 WHERE id = ?1",
    )
    .bind(&user.id)
    .bind(&user.address)
    .bind(&user.first_name)
    .bind(&user.last_name)
    .bind(json(&user.aliases)?)
    .bind(user.kind.word())
    .bind(user.status.word())
    .bind(user.origin.word())
    .execute(w.db())
    .await?;
    Ok(())
}

/// What differs between two users, for the audit trail.
fn differences(before: &User, after: &User) -> Result<String, Stop> {
    let mut list = Vec::new();
    let mut text = |field: &str, a: &str, b: &str| {
        if a != b {
            list.push(format!("{field} {a} → {b}"));
        }
    };
    text("address", &before.address, &after.address);
    text("first_name", &before.first_name, &after.first_name);
    text("last_name", &before.last_name, &after.last_name);
    text("aliases", &json(&before.aliases)?, &json(&after.aliases)?);
    text("kind", before.kind.word(), after.kind.word());
    text("status", before.status.word(), after.status.word());
    text("origin", before.origin.word(), after.origin.word());
    Ok(list.join("; "))
}

/// Writes `after` over `before`, names included, unless they are equal.
pub(crate) async fn change(w: &mut Write, tenant: &str, action: &'static str, before: &User, after: &User) -> Result<(), Stop> {
    let differences = differences(before, after)?;
    if differences.is_empty() {
        return Ok(());
    }
    let aliases = set_of(&after.aliases);
    if (&before.address, &before.aliases) != (&after.address, &after.aliases) {
        user_names::must_be_free(w.db(), tenant, &after.id, &after.address, &aliases).await?;
        user_names::set(w.db(), &after.id, &after.address, &aliases).await?;
    }
    update(w, after).await?;
    w.note(action, &before.address, differences).await
}

/// A user that may be edited here, at the version that the caller expects.
async fn editable(w: &mut Write, home: Home<'_>, id: &str) -> Result<User, Stop> {
    domains::name(w.db(), home.tenant, home.domain).await?;
    let now = w.now;
    let user = users::one(w.db(), home.domain, id, now).await?;
    w.must_match(user.version)?;
    must_be_ours(&user)?;
    Ok(user)
}

/// Changes the fields that are given.
pub(crate) async fn patch(w: &mut Write, home: Home<'_>, id: &str, request: &UserPatch) -> Result<(), Stop> {
    let before = editable(w, home, id).await?;
    let mut after = before.clone();
    if let Some(text) = &request.first_name {
        check::person_name("first_name", text)?;
        after.first_name.clone_from(text);
    }
    if let Some(text) = &request.last_name {
        check::person_name("last_name", text)?;
        after.last_name.clone_from(text);
    }
    if let Some(list) = &request.aliases {
        after.aliases = check::aliases(list)?.into_iter().collect();
    }
    after.kind = request.kind.unwrap_or(before.kind);
    after.status = request.status.unwrap_or(before.status);
    change(w, home.tenant, "user.update", &before, &after).await
}

/// Gives a user another address in its domain; the id stays, and the old address as an alias if wanted (S4.4).
pub(crate) async fn rename(w: &mut Write, home: Home<'_>, id: &str, request: &UserRename) -> Result<(), Stop> {
    let before = editable(w, home, id).await?;
    let address = check::address("address", &request.address)?.as_str().to_owned();
    let domain = domains::name(w.db(), home.tenant, home.domain).await?;
    must_be_inside(&address, &domain)?;
    let mut aliases = set_of(&before.aliases);
    aliases.remove(&address);
    if request.keep_old && address != before.address {
        aliases.insert(before.address.clone());
    }
    must_fit(&before, &aliases)?;
    let after = User { address, aliases: aliases.into_iter().collect(), ..before.clone() };
    change(w, home.tenant, "user.rename", &before, &after).await
}

/// Deletes a user and all its names.
pub(crate) async fn delete(w: &mut Write, home: Home<'_>, id: &str) -> Result<(), Stop> {
    let before = editable(w, home, id).await?;
    continuity::users_may_go(w.db(), home).await?;
    sqlx::query("DELETE FROM users WHERE id = ?1").bind(id).execute(w.db()).await?;
    w.note("user.delete", &before.address, format!("{} {} {} →", before.kind.word(), before.status.word(), json(&before.aliases)?)).await
}

/// Moves an alias from one user of the tenant to another, in one step (S4.5). Gives the domains of both.
pub(crate) async fn move_alias(w: &mut Write, tenant: &str, request: &AliasMove) -> Result<(String, String), Stop> {
    let address = check::address("address", &request.address)?.as_str().to_owned();
    let (from, from_domain) = users::of_tenant(w.db(), tenant, &request.from_user).await?;
    let (to, to_domain) = users::of_tenant(w.db(), tenant, &request.to_user).await?;
    must_be_ours(&from)?;
    must_be_ours(&to)?;
    if from.id == to.id {
        return Err(Stop::invalid("to_user: the same user as from_user"));
    }
    let mut less = set_of(&from.aliases);
    if !less.remove(&address) {
        return Err(Problem::new(Code::NotHeld, format!("{address} is no alias of {}", from.address)).into());
    }
    let mut more = set_of(&to.aliases);
    more.insert(address);
    must_fit(&to, &more)?;
    let less = User { aliases: less.into_iter().collect(), ..from.clone() };
    let more = User { aliases: more.into_iter().collect(), ..to.clone() };
    change(w, tenant, "user.move_away", &from, &less).await?;
    change(w, tenant, "user.move_here", &to, &more).await?;
    Ok((from_domain, to_domain))
}
