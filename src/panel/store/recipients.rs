//! Who a recipient is to the filter.

use crate::base::address::domain_part;
use crate::panel::stop::Stop;
use crate::panel::store::user_names;
use crate::panel::store::words::Word as _;
use crate::wire::RelayCheck;
use sqlx::{Row as _, SqliteConnection};

/// What the filter knows of a recipient whose domain is the tenant's.
pub(crate) struct Facing {
    pub(crate) relay_check: RelayCheck,
    pub(crate) destinations: Vec<String>,
    /// The recipient, with an alias domain replaced by its domain.
    pub(crate) target: String,
    /// The user who has it, as its own or as an alias, also through an alias domain.
    pub(crate) user: Option<String>,
}

/// Looks a canonical address up; none where the tenant has no such domain.
pub(crate) async fn facing(db: &mut SqliteConnection, tenant: &str, address: &str) -> Result<Option<Facing>, Stop> {
    let row = sqlx::query(
        "SELECT d.name, d.relay_check, d.destinations FROM domain_names n JOIN domains d ON d.id = n.domain_id
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
    Ok(Some(Facing {
        relay_check: RelayCheck::read(row.get(1)),
        // the panel wrote this list itself
        destinations: serde_json::from_str(row.get(2)).unwrap_or_default(),
        target,
        user,
    }))
}
