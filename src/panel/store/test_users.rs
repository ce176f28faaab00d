//! Users of any origin, as directories and discovery would make them. Test endpoints only.

use crate::base::address::domain_part;
use crate::panel::change::Write;
use crate::panel::check;
use crate::panel::stop::Stop;
use crate::panel::store::user_changes::{Home, change, create};
use crate::panel::store::{user_names, users};
use crate::wire::{Kind, TestUser, User};
use sqlx::Row as _;

/// Makes the user, or brings it to these values and this origin. Gives domain and user id.
pub(crate) async fn put(w: &mut Write, request: &TestUser) -> Result<(String, String), Stop> {
    let address = check::address("address", &request.user.address)?;
    let row =
        sqlx::query("SELECT id, tenant_id FROM domains WHERE id = (SELECT domain_id FROM domain_names WHERE name = ?1 AND is_alias = 0)")
            .bind(domain_part(address.as_str()))
            .fetch_optional(w.db())
            .await?
            .ok_or_else(|| Stop::invalid("address: its domain is none of the panel's"))?;
    let (domain, tenant): (String, String) = (row.get(0), row.get(1));
    w.about(&tenant);
    let owner = user_names::owners(w.db(), &[address.as_str()]).await?.remove(address.as_str());
    let Some(id) = owner else {
        let id = create(w, Home { tenant: &tenant, domain: &domain }, &request.user, request.origin).await?;
        return Ok((domain, id));
    };
    let (before, domain) = users::of_tenant(w.db(), &tenant, &id).await?;
    check::person_name("first_name", &request.user.first_name)?;
    check::person_name("last_name", &request.user.last_name)?;
    let after = User {
        first_name: request.user.first_name.clone(),
        last_name: request.user.last_name.clone(),
        aliases: check::aliases(&request.user.aliases)?.into_iter().collect(),
        kind: request.user.kind,
        status: request.user.status,
        origin: request.origin,
        billable: request.user.kind == Kind::Mailbox,
        ..before.clone()
    };
    change(w, &tenant, "user.test", &before, &after).await?;
    Ok((domain, id))
}
