//! Continuity in memory: a switch that needs a term, and terms.

use crate::base::Timestamp;
use crate::drivers::memory::changes::{defect, only};
use crate::drivers::memory::heads::{apply, check_version, conflict};
use crate::drivers::memory::panel::Inner;
use crate::drivers::memory::writer::{Left, Made};
use crate::model::continuity::Term;
use crate::model::{Fault, Field, StepOutcome, Value};
use crate::plan::{Action, Step};
use jiff::ToSpan as _;
use jiff::civil::Date;

/// A term may be bought until so many days after its first day.
const LATE_DAYS: i64 = 14;

fn term(value: Option<&Value>) -> Option<Term> {
    match value {
        Some(Value::Text(text)) => Term::read(text),
        Some(Value::Switch(_) | Value::Number(_) | Value::List(_) | Value::Set(_) | Value::Token(_)) | None => None,
    }
}

/// The first day that a term does not cover.
fn end(term: Term) -> Date {
    term.from.saturating_add(i64::from(term.months).months())
}

impl Inner {
    pub(super) fn set_continuity(&mut self, tenant: &str, step: &Step, left: &mut Left, now: Timestamp) -> Result<Made, Fault> {
        let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        match step.action {
            Action::Buy => only(step, &[Field::ContinuityTerm])?,
            _ => only(step, &[Field::ContinuityEnabled, Field::ContinuityOutgoing])?,
        }
        let tenant = self.tenant_mut(Some(tenant))?;
        let Some(domain) = tenant.domains.get_mut(&step.key.name) else { return Err(Fault::Missing { text: step.key.to_string() }) };
        let id = format!("continuity of {}", domain.id);
        check_version(step, left, &id, domain.continuity.version)?;
        let wants = |on: bool| step.changes.iter().any(|c| c.field == Field::ContinuityEnabled && c.after == Some(Value::Switch(on)));
        let live = term(domain.continuity.attrs.get(&Field::ContinuityTerm));
        if wants(true) && live.is_none_or(|term| end(term) <= today) {
            return Err(conflict("continuity has no term that is still to come or running"));
        }
        if step.action == Action::Buy {
            let bought =
                step.changes.first().and_then(|c| term(c.after.as_ref())).ok_or_else(|| defect(step, "a term that cannot be read"))?;
            if bought.from < today.saturating_sub(LATE_DAYS.days()) {
                return Err(Fault::Rejected { text: "continuity does not act backwards".into() });
            }
            if live.is_some_and(|live| live != bought && end(live) > bought.from) {
                return Err(conflict("another term is running"));
            }
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
