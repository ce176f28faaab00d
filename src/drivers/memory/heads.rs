//! Writes to tenants, policies and domains.

use crate::base::Timestamp;
use crate::drivers::memory::changes::{only, set};
use crate::drivers::memory::data::MemoryDomain;
use crate::drivers::memory::panel::Inner;
use crate::drivers::memory::writer::{Left, Made};
use crate::model::{Fault, Field, StepOutcome, Value};
use crate::plan::Step;
use std::collections::{BTreeMap, BTreeSet};

const DOMAIN: [Field; 3] = [Field::DomainDestination, Field::DomainRelayCheck, Field::DomainAliasDomains];

pub(super) fn conflict(text: impl Into<String>) -> Fault {
    Fault::Conflict { text: text.into() }
}

/// Whether the object is at the version that the step expects, or that our own last write left.
pub(super) fn check_version(step: &Step, left: &Left, id: &str, version: u64) -> Result<(), Fault> {
    let expected = left.get(id).map(u64::to_string).or_else(|| step.only_if.version.clone());
    match expected {
        Some(expected) if expected != version.to_string() => Err(conflict(format!("the object is at version {version} now"))),
        Some(_) | None => Ok(()),
    }
}

pub(super) fn apply(attrs: &mut BTreeMap<Field, Value>, step: &Step) -> bool {
    let before = attrs.clone();
    attrs.extend(step.changes.iter().filter_map(|c| c.after.clone().map(|after| (c.field, after))));
    *attrs != before
}

impl Inner {
    pub(super) fn create_tenant(&mut self, step: &Step, now: Timestamp) -> Result<Made, Fault> {
        only(step, &[])?;
        if self.tenants.values().any(|t| t.name == step.key.name) {
            return Err(conflict("the name is taken"));
        }
        Ok((StepOutcome::Done, Some(self.add_tenant(&step.key.name, now))))
    }

    pub(super) fn delete_tenant(&mut self, id: &str) -> Result<Made, Fault> {
        if !self.tenant(Some(id))?.domains.is_empty() {
            return Err(conflict("the tenant has domains"));
        }
        self.tenants.remove(id);
        Ok((StepOutcome::Done, None))
    }

    pub(super) fn put_policy(&mut self, tenant: &str, step: &Step, left: &mut Left) -> Result<Made, Fault> {
        let fields: Vec<Field> = Field::of(crate::model::Kind::PasswordPolicy).collect();
        only(step, &fields)?;
        let tenant = self.tenant_mut(Some(tenant))?;
        let id = format!("policy of {}", tenant.id);
        check_version(step, left, &id, tenant.policy.version)?;
        if !apply(&mut tenant.policy.attrs, step) {
            return Ok((StepOutcome::AlreadyDone, None));
        }
        tenant.policy.version += 1;
        tenant.change_mark += 1;
        left.insert(id, tenant.policy.version);
        Ok((StepOutcome::Done, None))
    }

    pub(super) fn create_domain(&mut self, tenant: &str, step: &Step, now: Timestamp) -> Result<Made, Fault> {
        only(step, &DOMAIN)?;
        let name = step.key.name.clone();
        let aliases = set(step, Field::DomainAliasDomains)?.unwrap_or_default();
        let wanted: BTreeSet<String> = aliases.iter().cloned().chain([name.clone()]).collect();
        self.must_be_free(&wanted)?;
        let mut attrs = BTreeMap::from([(Field::DomainAliasDomains, Value::Set(aliases))]);
        apply(&mut attrs, step);
        if !attrs.contains_key(&Field::DomainDestination) || !attrs.contains_key(&Field::DomainRelayCheck) {
            return Err(Fault::Rejected { text: "this panel needs a destination and a relay check for a new domain".into() });
        }
        let id = self.id('d');
        let tenant = self.tenant_mut(Some(tenant))?;
        tenant.domains.insert(name.clone(), MemoryDomain::new(id.clone(), name, attrs, now));
        tenant.change_mark += 1;
        Ok((StepOutcome::Done, Some(id)))
    }

    pub(super) fn update_domain(&mut self, tenant: &str, step: &Step, left: &mut Left) -> Result<Made, Fault> {
        only(step, &DOMAIN)?;
        let domain = self.domain(tenant, step)?.clone();
        check_version(step, left, &domain.id, domain.version)?;
        if let Some(after) = set(step, Field::DomainAliasDomains)? {
            let before = domain.alias_domains();
            self.must_be_free(&after.difference(&before).cloned().collect())?;
            self.must_be_unused(tenant, &before.difference(&after).cloned().collect())?;
        }
        let tenant = self.tenant_mut(Some(tenant))?;
        let Some(live) = tenant.domains.get_mut(&domain.name) else { return Err(Fault::Missing { text: domain.name }) };
        if !apply(&mut live.attrs, step) {
            return Ok((StepOutcome::AlreadyDone, None));
        }
        live.version += 1;
        left.insert(domain.id, live.version);
        tenant.change_mark += 1;
        Ok((StepOutcome::Done, None))
    }

    pub(super) fn delete_domain(&mut self, tenant: &str, step: &Step, left: &Left) -> Result<Made, Fault> {
        let domain = self.domain(tenant, step)?.clone();
        check_version(step, left, &domain.id, domain.version)?;
        let mut names = domain.alias_domains();
        names.insert(domain.name.clone());
        self.must_be_unused(tenant, &names)?;
        let tenant = self.tenant_mut(Some(tenant))?;
        tenant.domains.remove(&domain.name);
        tenant.change_mark += 1;
        Ok((StepOutcome::Done, None))
    }

    fn domain(&self, tenant: &str, step: &Step) -> Result<&MemoryDomain, Fault> {
        let found = self.tenant(Some(tenant))?.domains.get(&step.key.name);
        let same = found.filter(|d| step.only_if.incarnation.as_ref().is_none_or(|id| *id == d.id));
        same.ok_or_else(|| Fault::Missing { text: step.key.to_string() })
    }

    /// Domain names are unique over the whole panel.
    fn must_be_free(&self, names: &BTreeSet<String>) -> Result<(), Fault> {
        let taken: BTreeSet<String> = self.tenants.values().flat_map(|t| t.domain_names()).collect();
        match names.iter().find(|n| taken.contains(*n)) {
            Some(name) => Err(conflict(format!("{name} is taken"))),
            None => Ok(()),
        }
    }

    fn must_be_unused(&self, tenant: &str, names: &BTreeSet<String>) -> Result<(), Fault> {
        let uses = |address: &String| names.contains(crate::base::address::domain_part(address));
        let tenant = self.tenant(Some(tenant))?;
        match tenant.users.values().find(|u| uses(&u.address) || u.aliases.iter().any(uses)) {
            Some(user) => {
                Err(conflict(format!("{} is still used by {}", names.iter().cloned().collect::<Vec<_>>().join(", "), user.address)))
            }
            None => Ok(()),
        }
    }
}
