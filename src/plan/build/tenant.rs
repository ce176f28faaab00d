//! The tenant itself: bound, created, or the reason why nothing can be planned (S4.3).

use crate::base::ProviderName;
use crate::model::{Authority, Key, Kind, Reason, Seen};
use crate::plan::build::draft::{Phase, Work};
use crate::plan::build::ground::Ground;
use crate::plan::{Action, Difference, Risk, Step, StepId};

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

/// Plans the tenant on the provider of outbound mail, where that is another one: bound by its name there, or created.
pub(super) fn plan_outbound_tenant(ground: &Ground<'_>, work: &mut Work, inbound: &Footing) -> Footing {
    let provider = ground.heads().provider(Kind::SendingDomain);
    match &ground.observed.outbound {
        None => inbound.clone(),
        Some(Seen::Present(_)) => Footing::Bound,
        Some(Seen::Unknown(reason)) => {
            work.report.incomplete.push((format!("tenants of {provider}"), vec![reason.clone()]));
            Footing::None
        }
        Some(Seen::Absent(_)) => {
            let tenant = &ground.heads().tenant;
            let can = ground.can(Kind::SendingDomain);
            let creates = tenant.create.as_ref().map_or_else(|| can.is_some_and(|c| c.creates_tenants), |c| c.value);
            let observes = ground.heads_authority(None) == Authority::Observe;
            let able = can.is_some_and(|c| c.kind(Kind::Tenant).create);
            let missing = Some(Reason::TenantMissing).filter(|_| !creates || observes || !able);
            let footing = missing.is_some();
            let step = push_on(ground, work, provider, missing);
            if footing { Footing::None } else { Footing::Created(step) }
        }
    }
}

/// The tenant on the provider of outbound mail: the same name, another panel, another step.
fn push_on(ground: &Ground<'_>, work: &mut Work, provider: &ProviderName, reason: Option<Reason>) -> StepId {
    let key = Key::tenant(&ground.heads().tenant.name);
    let mut draft = ground.draft(Action::Create, key, None, Vec::new(), Phase::Ground);
    draft.step.id = Step::digest(ground.origin(Kind::SendingDomain), &draft.step.key, None, Action::Create, &[]);
    draft.step.provider = provider.clone();
    draft.step.risk = Risk::R1;
    draft.step.only_if.absent = true;
    draft.step.at = ground.at(ground.heads().tenant.at);
    draft.note(format!("on {provider}, the provider of outbound mail"));
    draft.block(reason);
    work.push(draft)
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
