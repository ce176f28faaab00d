//! Ids, digests, verdicts, secrets (S5.2, S5.3, S10.1).

use crate::base::digest::Encoder;
use crate::model::Value;
use crate::plan::audit::auditing::Case;
use crate::plan::audit::bug::Bug;
use crate::plan::step::{Step, Verdict};

pub(super) fn ids_are_unique(c: &Case<'_>) -> Result<(), Bug> {
    if c.by_id.len() == c.plan.steps.len() {
        return Ok(());
    }
    Err(Bug { check: "ids", text: format!("{} steps, {} ids", c.plan.steps.len(), c.by_id.len()) })
}

pub(super) fn digests_are_right(c: &Case<'_>) -> Result<(), Bug> {
    for step in &c.plan.steps {
        let origin = if step.provider == c.plan.provider { Some(c.plan.origin.as_str()) } else { None };
        let origin = origin.or_else(|| c.caps.get(&step.provider).map(|caps| caps.origin.as_str()));
        let origin = origin.ok_or_else(|| Bug::of("digest", step, "its provider is unknown"))?;
        if Step::digest(origin, &step.key, step.only_if.incarnation.as_deref(), step.action, &step.changes) != step.id {
            return Err(Bug::of("digest", step, "its id is not its digest"));
        }
        if step.key.tenant != c.plan.tenant {
            return Err(Bug::of("digest", step, "it is another tenant's"));
        }
    }
    Ok(())
}

/// The plan id again, written here: label, count, sorted ids.
pub(super) fn plan_id_is_right(c: &Case<'_>) -> Result<(), Bug> {
    let mut encoder = Encoder::new("mailwright plan");
    encoder.number(c.plan.steps.len() as u64);
    for id in c.by_id.keys() {
        encoder.bytes(&id.0);
    }
    if encoder.finish() == c.plan.id { Ok(()) } else { Err(Bug { check: "plan id", text: c.plan.id.short() }) }
}

pub(super) fn every_step_has_a_verdict(c: &Case<'_>) -> Result<(), Bug> {
    if let Some(lost) = c.plan.verdicts.keys().find(|id| !c.by_id.contains_key(id)) {
        return Err(Bug { check: "verdict", text: format!("a verdict for {}, which is no step", lost.short()) });
    }
    for step in &c.plan.steps {
        match c.plan.verdicts.get(&step.id) {
            None => return Err(Bug::of("verdict", step, "it has none")),
            Some(Verdict::Gated { gates }) if gates.is_empty() => return Err(Bug::of("verdict", step, "gated by nothing")),
            Some(Verdict::Go | Verdict::Waiting(_) | Verdict::Gated { .. } | Verdict::Blocked(_)) => {}
        }
    }
    Ok(())
}

pub(super) fn secrets_are_tokens(c: &Case<'_>) -> Result<(), Bug> {
    for step in &c.plan.steps {
        for change in &step.changes {
            let shows = |v: &Option<Value>| v.as_ref().is_some_and(|v| !matches!(v, Value::Token(_)));
            if change.field.is_secret() && (shows(&change.before) || shows(&change.after)) {
                return Err(Bug::of("secret", step, "a secret is not a token"));
            }
            if change.field.kind() != step.key.kind {
                return Err(Bug::of("field", step, "it changes an attribute of another kind"));
            }
        }
    }
    Ok(())
}
