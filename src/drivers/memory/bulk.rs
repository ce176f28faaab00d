//! Many creates in one call; rows that cannot be taken are ignored and named, as import dialogues do.

use crate::base::Timestamp;
use crate::drivers::memory::changes::only;
use crate::drivers::memory::panel::Inner;
use crate::drivers::memory::users::{FIELDS, change, names_fit};
use crate::model::{Fault, Origin, StepOutcome};
use crate::plan::Step;
use crate::port::Secrets;

impl Inner {
    /// Takes the rows of creates; one who is there already is brought to what the row carries.
    pub(super) fn bulk(&mut self, tenant: &str, steps: &[&Step], now: Timestamp, secrets: &dyn Secrets) -> Result<Vec<StepOutcome>, Fault> {
        for step in steps {
            only(step, &FIELDS)?;
        }
        let mark = self.tenant(Some(tenant))?.change_mark;
        let outcomes = steps.iter().map(|step| self.row(tenant, step, now, secrets)).collect::<Result<Vec<_>, _>>()?;
        // one call moves the mark once
        let tenant = self.tenant_mut(Some(tenant))?;
        tenant.change_mark = tenant.change_mark.min(mark + 1);
        Ok(outcomes)
    }

    fn row(&mut self, tenant: &str, step: &Step, now: Timestamp, secrets: &dyn Secrets) -> Result<StepOutcome, Fault> {
        let made = match self.tenant(Some(tenant))?.users.get(&step.key.name).cloned() {
            None => self.create_user(tenant, step, Origin::Import, now, secrets).map(drop),
            Some(user) if matches!(user.origin, Origin::Directory | Origin::Office365 | Origin::Unknown) => {
                Err(Fault::Conflict { text: format!("{} is kept by {}", user.address, user.origin) })
            }
            Some(user) => self.overwrite(tenant, step, user),
        };
        match made {
            Ok(()) => Ok(StepOutcome::Done),
            Err(fault @ (Fault::Conflict { .. } | Fault::Rejected { .. } | Fault::Missing { .. })) => {
                Ok(StepOutcome::Ignored(fault.to_string()))
            }
            Err(fault) => Err(fault),
        }
    }

    fn overwrite(&mut self, tenant: &str, step: &Step, before: crate::drivers::memory::data::MemoryUser) -> Result<(), Fault> {
        let tenant = self.tenant_mut(Some(tenant))?;
        let mut after = before.clone();
        change(&mut after, step)?;
        after.aliases.extend(before.aliases.iter().cloned());
        names_fit(tenant, &after)?;
        if after != before {
            after.version += 1;
            tenant.users.insert(after.address.clone(), after);
            tenant.change_mark += 1;
        }
        Ok(())
    }
}
