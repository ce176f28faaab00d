//! Writes to users, one by one.

use crate::base::Timestamp;
use crate::base::address::domain_part;
use crate::drivers::memory::access::give_access;
use crate::drivers::memory::changes::{defect, kind, only, set, set_before, status, text};
use crate::drivers::memory::data::{MemoryTenant, MemoryUser};
use crate::drivers::memory::heads::{check_version, conflict};
use crate::drivers::memory::panel::Inner;
use crate::drivers::memory::writer::{Left, Made};
use crate::model::{Fault, Field, Origin, StepOutcome};
use crate::plan::Step;
use crate::port::Secrets;
use std::collections::BTreeSet;

/// What can be written of a user.
pub(super) const FIELDS: [Field; 5] = [Field::UserFirstName, Field::UserLastName, Field::UserAliases, Field::UserKind, Field::UserStatus];
/// As [`FIELDS`], with the password, which is judged before.
const WITH_PASSWORD: [Field; 6] =
    [Field::UserFirstName, Field::UserLastName, Field::UserAliases, Field::UserKind, Field::UserStatus, Field::UserPassword];

impl Inner {
    pub(super) fn create_user(
        &mut self,
        tenant: &str,
        step: &Step,
        origin: Origin,
        now: Timestamp,
        secrets: &dyn Secrets,
    ) -> Result<Made, Fault> {
        only(step, &WITH_PASSWORD)?;
        let id = self.id('u');
        let tenant = self.tenant_mut(Some(tenant))?;
        let mut user = MemoryUser { id: id.clone(), origin, created_at: now, ..MemoryUser::new(&step.key.name) };
        change(&mut user, step)?;
        give_access(&mut user, step, &tenant.policy, now, secrets)?;
        if !tenant.domains.contains_key(domain_part(&user.address)) {
            return Err(Fault::Missing { text: format!("domain {}", domain_part(&user.address)) });
        }
        names_fit(tenant, &user)?;
        tenant.users.insert(user.address.clone(), user);
        tenant.change_mark += 1;
        Ok((StepOutcome::Done, Some(id)))
    }

    pub(super) fn update_user(
        &mut self,
        tenant: &str,
        step: &Step,
        left: &mut Left,
        now: Timestamp,
        secrets: &dyn Secrets,
    ) -> Result<Made, Fault> {
        only(step, &WITH_PASSWORD)?;
        let tenant = self.tenant_mut(Some(tenant))?;
        let before = editable(tenant, step, &step.key.name, left)?;
        let mut after = before.clone();
        change(&mut after, step)?;
        give_access(&mut after, step, &tenant.policy, now, secrets)?;
        replace(tenant, &before, after, left)
    }

    pub(super) fn rename_user(&mut self, tenant: &str, step: &Step, left: &mut Left) -> Result<Made, Fault> {
        only(step, &FIELDS)?;
        let from = step.renamed_from().ok_or_else(|| defect(step, "a rename that does not say from what"))?;
        if domain_part(from) != domain_part(&step.key.name) {
            return Err(Fault::Rejected { text: "a user is renamed within its domain".into() });
        }
        let tenant = self.tenant_mut(Some(tenant))?;
        let before = editable(tenant, step, from, left)?;
        let mut after = before.clone();
        after.address.clone_from(&step.key.name);
        change(&mut after, step)?;
        after.aliases.remove(&step.key.name);
        replace(tenant, &before, after, left)
    }

    pub(super) fn move_aliases(&mut self, tenant: &str, step: &Step, left: &mut Left) -> Result<Made, Fault> {
        only(step, &[Field::UserAliases])?;
        let giver = step.moved_from().ok_or_else(|| defect(step, "a move that does not say from whom"))?.name.clone();
        let gained = gained(step)?;
        let tenant = self.tenant_mut(Some(tenant))?;
        let missing = |name: &str| Fault::Missing { text: format!("user {name}") };
        let from = tenant.users.get(&giver).cloned().ok_or_else(|| missing(&giver))?;
        let to = found(tenant, step, &step.key.name)?;
        must_be_ours(&from)?;
        must_be_ours(&to)?;
        if let Some(alias) = gained.iter().find(|alias| !from.aliases.contains(*alias)) {
            return Err(conflict(format!("{alias} is no alias of {giver}")));
        }
        let mut less = from.clone();
        less.aliases.retain(|alias| !gained.contains(alias));
        let mut more = to.clone();
        more.aliases.extend(gained);
        replace(tenant, &from, less, left)?;
        replace(tenant, &to, more, left)
    }

    pub(super) fn delete_user(&mut self, tenant: &str, step: &Step, left: &Left) -> Result<Made, Fault> {
        let tenant = self.tenant_mut(Some(tenant))?;
        let user = editable(tenant, step, &step.key.name, left)?;
        if tenant.domains.get(domain_part(&user.address)).is_some_and(|d| d.continuity.taking_over) {
            return Err(conflict("mail of the domain is being taken over"));
        }
        if tenant.frozen {
            return Err(conflict("the tenant is frozen"));
        }
        tenant.users.remove(&user.address);
        tenant.change_mark += 1;
        Ok((StepOutcome::Done, None))
    }
}

/// The user that was observed: by its incarnation, so that a namesake is not touched (S4.2).
fn found(tenant: &MemoryTenant, step: &Step, name: &str) -> Result<MemoryUser, Fault> {
    let found = match &step.only_if.incarnation {
        Some(id) => tenant.user(id),
        None => tenant.users.get(name),
    };
    found.cloned().ok_or_else(|| Fault::Missing { text: format!("user {name}") })
}

fn editable(tenant: &MemoryTenant, step: &Step, name: &str, left: &Left) -> Result<MemoryUser, Fault> {
    let user = found(tenant, step, name)?;
    check_version(step, left, &user.id, user.version)?;
    must_be_ours(&user)?;
    Ok(user)
}

fn must_be_ours(user: &MemoryUser) -> Result<(), Fault> {
    match user.origin {
        Origin::Directory | Origin::Office365 => Err(conflict(format!("{} is kept by {}", user.address, user.origin))),
        Origin::Manual | Origin::Import | Origin::Smtp | Origin::Discovery | Origin::Unknown => Ok(()),
    }
}

/// What the step adds to the aliases.
fn gained(step: &Step) -> Result<BTreeSet<String>, Fault> {
    let before = set_before(step, Field::UserAliases);
    Ok(set(step, Field::UserAliases)?.unwrap_or_default().difference(&before).cloned().collect())
}

/// Carries the step's changes to a user; of its aliases what the step adds and takes away, and nothing else.
pub(super) fn change(user: &mut MemoryUser, step: &Step) -> Result<(), Fault> {
    if let Some(text) = text(step, Field::UserFirstName)? {
        user.first_name = text;
    }
    if let Some(text) = text(step, Field::UserLastName)? {
        user.last_name = text;
    }
    if let Some(after) = set(step, Field::UserAliases)? {
        let before = set_before(step, Field::UserAliases);
        if step.changes.iter().any(|c| c.field == Field::UserAliases && c.before.is_some()) {
            user.aliases.retain(|alias| !before.contains(alias) || after.contains(alias));
            user.aliases.extend(after.difference(&before).cloned());
        } else {
            user.aliases = after;
        }
    }
    user.kind = kind(step)?.unwrap_or(user.kind);
    user.status = status(step)?.unwrap_or(user.status);
    Ok(())
}

/// Names are unique in the tenant, and in its domains or their aliases.
pub(super) fn names_fit(tenant: &MemoryTenant, user: &MemoryUser) -> Result<(), Fault> {
    let domains = tenant.domain_names();
    if let Some(alias) = user.aliases.iter().find(|alias| !domains.contains(domain_part(alias))) {
        return Err(Fault::Rejected { text: format!("{alias} is in no domain of the tenant") });
    }
    if user.aliases.contains(&user.address) {
        return Err(Fault::Rejected { text: format!("{} is the user's own address", user.address) });
    }
    for name in user.aliases.iter().chain([&user.address]) {
        if let Some(holder) = tenant.holder(name).filter(|holder| holder.id != user.id) {
            return Err(conflict(format!("{name} belongs to {}", holder.address)));
        }
    }
    Ok(())
}

fn replace(tenant: &mut MemoryTenant, before: &MemoryUser, mut after: MemoryUser, left: &mut Left) -> Result<Made, Fault> {
    if *before == after {
        return Ok((StepOutcome::AlreadyDone, None));
    }
    names_fit(tenant, &after)?;
    after.version = before.version + 1;
    left.insert(after.id.clone(), after.version);
    tenant.users.remove(&before.address);
    tenant.users.insert(after.address.clone(), after);
    tenant.change_mark += 1;
    Ok((StepOutcome::Done, None))
}
