//! Who a recipient is to the filter.

use crate::base::Timestamp;
use crate::base::address::domain_part;
use crate::panel::directory::Login;
use crate::panel::stop::Stop;
use crate::panel::store::directories::with_password;
use crate::panel::store::words::Word as _;
use crate::panel::store::{discoveries, user_names};
use crate::wire::{DirectorySource, RelayCheck};
use sqlx::{Row as _, SqliteConnection};

/// What the filter knows of a recipient whose domain is the tenant's.
pub(crate) struct Facing {
    pub(crate) relay_check: RelayCheck,
    /// Its domain, an alias domain replaced.
    pub(crate) domain: String,
    /// Directories that are on, in the order in which they were made; only read where they decide.
    pub(crate) directories: Vec<Login>,
    pub(crate) destinations: Vec<String>,
    /// The recipient, with an alias domain replaced by its domain.
    pub(crate) target: String,
    /// Whether discovery is on: then the destination is asked about who is not on the list yet.
    pub(crate) discovers: bool,
    /// The user who has it, as its own or as an alias, also through an alias domain.
    pub(crate) user: Option<String>,
}

/// Looks a canonical address up; none where the tenant has no such domain.
pub(crate) async fn facing(db: &mut SqliteConnection, tenant: &str, address: &str, now: Timestamp) -> Result<Option<Facing>, Stop> {
    let row = sqlx::query(
        "SELECT d.name, d.relay_check, d.destinations, d.id FROM domain_names n JOIN domains d ON d.id = n.domain_id
         WHERE n.name = ?1 AND d.tenant_id = ?2",
    )
    .bind(domain_part(address))
    .bind(tenant)
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let local = &address[..address.len() - domain_part(address).len()];
    let target = format!("{local}{}", row.get::<&str, _>(0));
    let mut owners = user_names::owners(db, &[address, &target]).await?;
    let user = owners.remove(address).or_else(|| owners.remove(&target));
    let relay_check = RelayCheck::read(row.get(1));
    let directories = if relay_check == RelayCheck::Ldap { directories(db, row.get(3)).await? } else { Vec::new() };
    let discovers = discoveries::is_on(db, row.get(3), now).await?;
    Ok(Some(Facing {
        discovers,
        relay_check,
        domain: row.get(0),
        directories,
        // the panel wrote this list itself
        destinations: serde_json::from_str(row.get(2)).unwrap_or_default(),
        target,
        user,
    }))
}

async fn directories(db: &mut SqliteConnection, domain: &str) -> Result<Vec<Login>, Stop> {
    let ids: Vec<String> =
        sqlx::query_scalar("SELECT id FROM directories WHERE domain_id = ?1 ORDER BY id").bind(domain).fetch_all(&mut *db).await?;
    let mut all = Vec::new();
    for id in ids {
        let settings = with_password(db, domain, &id).await?.settings;
        if settings.enabled && settings.source == DirectorySource::Ldap {
            all.push(settings.login);
        }
    }
    Ok(all)
}
