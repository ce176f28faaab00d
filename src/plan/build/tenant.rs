//! The tenant itself: bound, created, or the reason why nothing can be planned (S4.3).

use crate::model::{Authority, Key, Kind, Reason, Seen};
use crate::plan::build::draft::{Phase, Work};
use crate::plan::build::ground::Ground;
use crate::plan::{Action, Difference, Risk, StepId};

/// What the tenant lets the planner do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Footing {
    /// It is there.
    Bound,
    /// It comes to be by this step.
    Created(StepId),
    /// Nothing of it can be planned.
    None,
}

/// Plans the tenant.
pub(super) fn plan_tenant(ground: &Ground<'_>, work: &mut Work) -> Footing {
    match &ground.observed.tenant {
        Seen::Present(live) => {
            if live.frozen {
                let key = Key::tenant(&ground.heads().tenant.name);
                work.warn(Some(key), "it is frozen on its panel: none of its users is deleted until it is thawed there");
            }
            Footing::Bound
        }
        Seen::Absent(_) => create(ground, work),
        Seen::Unknown(reason @ Reason::TenantAmbiguous { .. }) => refuse(ground, work, reason.clone()),
        Seen::Unknown(reason) => {
            let scope = format!("tenants of {}", ground.heads().provider(Kind::Tenant));
            if !work.report.incomplete.iter().any(|(s, _)| *s == scope) {
                work.report.incomplete.push((scope, vec![reason.clone()]));
            }
            Footing::None
        }
    }
}

fn create(ground: &Ground<'_>, work: &mut Work) -> Footing {
    let tenant = &ground.heads().tenant;
    if ground.is_ignored(&Key::tenant(&tenant.name)) {
        *work.report.left_alone.entry(crate::plan::LeftAlone::Ignored).or_default() += 1;
        return Footing::None;
    }
    if let Some(id) = &tenant.remote {
        let text = format!(
            "the panel has no tenant with the id `{}`: it was deleted there, or `remote` is wrong; a bound tenant is never created",
            id.value
        );
        return refuse(ground, work, Reason::Unsupported { text });
    }
    let by_default = ground.can(Kind::Tenant).is_some_and(|c| c.creates_tenants);
    if !tenant.create.as_ref().map_or(by_default, |c| c.value) {
        return refuse(ground, work, Reason::TenantMissing);
    }
    if ground.heads_authority(None) == Authority::Observe {
        let key = Key::tenant(&tenant.name);
        let missing: Difference = super::changes::is_missing(&key, ground.at(tenant.at));
        work.report.differs.push(missing);
        return Footing::None;
    }
    if !ground.kind(Kind::Tenant).create {
        return refuse(ground, work, Reason::Unsupported { text: "this panel cannot create tenants".into() });
    }
    Footing::Created(push(ground, work, None))
}

fn refuse(ground: &Ground<'_>, work: &mut Work, reason: Reason) -> Footing {
    push(ground, work, Some(reason));
    Footing::None
}

fn push(ground: &Ground<'_>, work: &mut Work, reason: Option<Reason>) -> StepId {
    let tenant = &ground.heads().tenant;
    let mut draft = ground.draft(Action::Create, Key::tenant(&tenant.name), None, Vec::new(), Phase::Ground);
    draft.step.risk = Risk::R1;
    draft.step.only_if.absent = true;
    draft.step.at = ground.at(tenant.at);
    draft.block(reason);
    work.push(draft)
}
