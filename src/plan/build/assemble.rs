//! The whole way from inputs to a plan: tenant, domains, parts, users, tombstones, then order, verdicts and batches.

use crate::base::address::domain_part;
use crate::base::{DomainName, ProviderName, Timestamp};
use crate::model::{Capabilities, Field, Key, Kind, Observed, Policy, Reason, Remembered};
use crate::plan::build::batches::batch;
use crate::plan::build::continuity::link_continuity;
use crate::plan::build::domain::plan_domains;
use crate::plan::build::draft::{Draft, Work};
use crate::plan::build::forecast::link_relay_checks;
use crate::plan::build::ground::Ground;
use crate::plan::build::imports::imports;
use crate::plan::build::order::sort;
use crate::plan::build::parts::plan_parts;
use crate::plan::build::removed_heads::plan_removed;
use crate::plan::build::tenant::{Footing, plan_outbound_tenant, plan_tenant};
use crate::plan::build::users::plan_users;
use crate::plan::build::verdicts::{block_all, hold_dependents, wait_for_windows};
use crate::plan::build::{directory, domain_update, in_flight, outbound, persons, report};
use crate::plan::{Action, Details, Ledger, Leg, Plan, Step};
use crate::resolve::Desired;
use std::collections::BTreeMap;

/// The plan of one tenant. Pure: equal inputs give equal bytes.
///
/// `rows` must hold every row of `o.kept` and `o.missing`; where one changed while it was read, everything is blocked.
/// Verdicts are `go`, `waiting` or `blocked`; gates come from the guard.
#[must_use]
pub fn build(
    d: &Desired,
    o: &Observed,
    rows: &Details,
    r: &Remembered,
    c: &BTreeMap<ProviderName, Capabilities>,
    p: &Policy,
    now: Timestamp,
) -> Plan {
    let ground = Ground { desired: d, observed: o, rows, remembered: r, capabilities: c, policy: p, now };
    let mut work = Work::default();
    let people = match plan_tenant(&ground, &mut work) {
        Footing::None => None,
        footing @ (Footing::Bound | Footing::Created(_)) => {
            plan_domains(&ground, &mut work, &footing);
            let outbound = plan_outbound_tenant(&ground, &mut work, &footing);
            let policy = plan_parts(&ground, &mut work, [&footing, &outbound]);
            let people = plan_users(&ground, &mut work, policy);
            plan_removed(&ground, &mut work);
            outbound::say_undeclared(&ground, &mut work);
            link_relay_checks(&ground, &mut work);
            link_continuity(&ground, &mut work, &people);
            in_flight::settle(&ground, &mut work);
            directory::link_relay_checks(&mut work);
            domain_update::link_drops(&mut work);
            block_all(&mut work.drafts, ground.tenant_unknown().as_ref());
            Some(people)
        }
    };
    if let Some(people) = people {
        report::fill(&ground, &mut work, &people);
        if let Some(reason) = people.torn {
            block_all(&mut work.drafts, Some(&reason));
            work.report.incomplete.push(("the files".into(), vec![reason]));
        }
    } else {
        unplanned(&ground, &mut work);
    }
    finish(&ground, work)
}

/// Blocks a step that the panel could not carry out as it stands, in its driver's words.
fn object(ground: &Ground<'_>, draft: &mut Draft) {
    let against = draft.step.changes.iter().find_map(|change| {
        let after = change.after.as_ref().filter(|_| draft.step.action != Action::HandOff)?;
        ground.can(change.field.kind()).and_then(|caps| (caps.objection)(change.field, change.before.as_ref(), after))
    });
    let against = against.or_else(|| against_user(ground, &draft.step));
    draft.block(against.map(|text| Reason::Unsupported { text }));
}

/// What the panel has against a user who comes into a domain with the relay check that is declared, else live.
fn against_user(ground: &Ground<'_>, step: &Step) -> Option<String> {
    let comes = step.key.kind == Kind::User && matches!(step.action, Action::Create | Action::Rename);
    let caps = ground.can(Kind::User).filter(|_| comes)?;
    let domain = DomainName::parse(domain_part(&step.key.name)).ok()?;
    let declared = ground.heads().domains.get(&domain).and_then(|d| d.relay_check.as_ref()).map(|r| r.value.word().to_owned());
    let live = || {
        let head = ground.observed.heads.get(&Key::new(ground.tenant(), Kind::Domain, domain.as_str()))?;
        head.attrs.get(&Field::DomainRelayCheck).map(ToString::to_string)
    };
    (caps.users_under)(&declared.or_else(live)?)
}

/// What is said where nothing but the tenant itself could be planned.
fn unplanned(ground: &Ground<'_>, work: &mut Work) {
    work.report.requests = ground.observed.requests;
    for (scope, why) in ground.observed.incomplete() {
        let entry = (scope.to_string(), why.to_vec());
        if !work.report.incomplete.contains(&entry) {
            work.report.incomplete.push(entry);
        }
    }
}

fn finish(ground: &Ground<'_>, work: Work) -> Plan {
    let Work { drafts, mut report } = work;
    let mut drafts = sort(drafts);
    drafts.iter_mut().for_each(|draft| object(ground, draft));
    let imported = imports(ground, &drafts).into_values().flatten().collect();
    wait_for_windows(ground, &mut drafts, &imported);
    persons::wait(ground, &mut drafts);
    for draft in &mut drafts {
        draft.step.after.sort();
        draft.step.after.dedup();
    }
    let (batches, notes) = batch(ground, &drafts);
    report.notes.extend(notes);
    tidy(&mut report);
    let verdicts = drafts.iter().map(|d| (d.step.id, d.verdict.clone())).collect();
    let steps: Vec<Step> = drafts.into_iter().map(|d: Draft| d.step).collect();
    let live = ground.observed.tenant.present();
    let mut plan = Plan {
        tenant: ground.tenant().clone(),
        provider: ground.heads().tenant.inbound.value.clone(),
        origin: ground.origin(Kind::Tenant).to_owned(),
        remote: live.map(|t| t.id.clone()),
        id: Plan::id_of(&steps),
        observed_at: ground.observed.at,
        change_mark: live.and_then(|t| t.change_mark.clone()),
        outbound: outbound_leg(ground),
        steps,
        verdicts,
        batches,
        ledger: Ledger::default(),
        budgets: Vec::new(),
        report,
    };
    hold_dependents(&mut plan);
    plan
}

/// The tenant on a second panel, where outbound mail lives there.
fn outbound_leg(ground: &Ground<'_>) -> Option<Leg> {
    let live = ground.observed.outbound.as_ref()?.present();
    Some(Leg {
        provider: ground.heads().tenant.outbound.value.clone(),
        origin: ground.origin(Kind::SendingDomain).to_owned(),
        remote: live.map(|t| t.id.clone()),
        change_mark: live.and_then(|t| t.change_mark.clone()),
    })
}

/// Sorted and without repetitions, so that the order in which subjects were planned does not show.
fn tidy(report: &mut crate::plan::Report) {
    report.notes.sort();
    report.notes.dedup();
    report.warnings.sort();
    report.warnings.dedup();
    report.crept_back.sort();
    report.overdue.sort();
    report.overdue.dedup();
    report.differs.sort_by(|a, b| a.key.cmp(&b.key));
    report.incomplete.sort_by(|a, b| a.0.cmp(&b.0));
    merge_incomplete(&mut report.incomplete);
}

/// One line for each scope.
fn merge_incomplete(all: &mut Vec<(String, Vec<Reason>)>) {
    all.dedup_by(|b, a| {
        let same = a.0 == b.0;
        if same {
            for reason in std::mem::take(&mut b.1) {
                if !a.1.contains(&reason) {
                    a.1.push(reason);
                }
            }
        }
        same
    });
}
