//! Tenants.

use crate::drivers::changes::Changes;
use crate::drivers::panel::apply::send::{Write, key};
use crate::drivers::panel::apply::writer::{Done, Writer};
use crate::model::{Fault, OpId, StepOutcome};
use crate::plan::Step;
use crate::wire;
use reqwest::Method;

/// Done, or done before.
pub(super) fn outcome(replayed: bool) -> StepOutcome {
    if replayed { StepOutcome::AlreadyDone } else { StepOutcome::Done }
}

/// What became of a delete: an object that is not there needs none.
pub(super) fn deleted(made: Result<super::send::Made, Fault>) -> Result<Done, Fault> {
    match made {
        Ok(made) => Ok((outcome(made.replayed), None)),
        Err(Fault::Missing { .. }) => Ok((StepOutcome::AlreadyDone, None)),
        Err(fault) => Err(fault),
    }
}

impl Writer {
    pub(super) async fn create_tenant(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        Changes::only(step, &[])?;
        let body = wire::TenantCreate { name: step.key.name.clone() };
        let made = self.send(Write::new(Method::POST, &["tenants"], key(op, step, 0)).json(&body)?).await?;
        let tenant: wire::Tenant = made.read()?;
        self.known().remote = Some(tenant.id.clone());
        Ok((outcome(made.replayed), Some(tenant.id)))
    }

    pub(super) async fn delete_tenant(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let remote = self.remote()?;
        let id = step.only_if.incarnation.clone().unwrap_or(remote);
        // writes inside the tenant do not move the tenant's own version
        let path = ["tenants", id.as_str()];
        let write = Write::new(Method::DELETE, &path, key(op, step, 0)).only_at(step.only_if.version.clone());
        deleted(self.send(write).await)
    }
}
