//! Continuity in memory: a switch that needs a term, and terms.

use crate::drivers::memory::changes::only;
use crate::drivers::memory::heads::{apply, check_version, conflict};
use crate::drivers::memory::panel::Inner;
use crate::drivers::memory::writer::{Left, Made};
use crate::model::{Fault, Field, StepOutcome, Value};
use crate::plan::{Action, Step};

impl Inner {
    pub(super) fn set_continuity(&mut self, tenant: &str, step: &Step, left: &mut Left) -> Result<Made, Fault> {
        match step.action {
            Action::Buy => only(step, &[Field::ContinuityTerm])?,
            _ => only(step, &[Field::ContinuityEnabled, Field::ContinuityOutgoing])?,
        }
        let tenant = self.tenant_mut(Some(tenant))?;
        let Some(domain) = tenant.domains.get_mut(&step.key.name) else { return Err(Fault::Missing { text: step.key.to_string() }) };
        let id = format!("continuity of {}", domain.id);
        check_version(step, left, &id, domain.continuity.version)?;
        let wants = |on: bool| step.changes.iter().any(|c| c.field == Field::ContinuityEnabled && c.after == Some(Value::Switch(on)));
        if wants(true) && !domain.continuity.attrs.contains_key(&Field::ContinuityTerm) {
            return Err(conflict("continuity has no term"));
        }
        if wants(false) && domain.continuity.taking_over {
            return Err(conflict("mail is being taken over"));
        }
        if !apply(&mut domain.continuity.attrs, step) {
            return Ok((StepOutcome::AlreadyDone, None));
        }
        domain.continuity.version += 1;
        left.insert(id, domain.continuity.version);
        tenant.change_mark += 1;
        Ok((StepOutcome::Done, None))
    }
}
