//! Counts again what would go without approval (S7.5), with its own arithmetic.

use crate::model::{Key, Kind};
use crate::plan::audit::auditing::Case;
use crate::plan::audit::bug::Bug;
use crate::plan::step::{Action, Cause, Step};
use std::collections::BTreeMap;

/// One day, in seconds.
const DAY_SECONDS: i64 = 86_400;

pub(super) fn what_goes_is_within_its_budget(c: &Case<'_>) -> Result<(), Bug> {
    let mut per_domain: BTreeMap<&str, u64> = BTreeMap::new();
    let mut deleted: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut tenant, mut named) = (0, 0);
    for step in c.going().filter(|s| !s.counted.is_empty()) {
        let owns = !matches!(step.key.kind, Kind::User | Kind::PasswordPolicy | Kind::Discovery | Kind::Continuity);
        if owns && step.action == Action::Delete {
            return Err(Bug::of("budget", step, "its kind has none"));
        }
        let count = step.counted.len() as u64;
        match step.why {
            Cause::Removed { .. } => named += count,
            _ => {
                tenant += count;
                *per_domain.entry(step.key.domain().unwrap_or_default()).or_default() += count;
            }
        }
        if is_user_delete(step) {
            *deleted.entry(step.key.domain().unwrap_or_default()).or_default() += 1;
        }
    }
    let over =
        |what: &str, planned: u64, most: u64| Bug { check: "budget", text: format!("{planned} deletions in {what}, {most} allowed") };
    for (domain, planned) in per_domain.into_iter().filter(|(d, _)| !d.is_empty()) {
        let (recent, most) = (recent(c, false, Some(domain)), most(c, Some(domain)));
        if planned + recent > most {
            return Err(over(domain, planned + recent, most));
        }
    }
    let (day, most_of_all) = (recent(c, false, None), most(c, None));
    if tenant > 0 && tenant + day > most_of_all {
        return Err(over("the tenant", tenant + day, most_of_all));
    }
    let named_day = recent(c, true, None);
    if named > 0 && named + named_day > c.p.guards.named {
        return Err(over("tombstones", named + named_day, c.p.guards.named));
    }
    match deleted.into_iter().find(|(domain, gone)| *gone >= live(c, Some(domain))) {
        Some((domain, gone)) => Err(over(&format!("{domain}, which would be empty"), gone, gone.saturating_sub(1))),
        None => Ok(()),
    }
}

fn is_user_delete(step: &Step) -> bool {
    step.key.kind == Kind::User && step.action == Action::Delete
}

fn live(c: &Case<'_>, domain: Option<&str>) -> u64 {
    c.o.tally.iter().filter(|(d, _)| domain.is_none_or(|n| n == d.as_str())).map(|(_, t)| t.own).sum()
}

fn most(c: &Case<'_>, domain: Option<&str>) -> u64 {
    let whole = live(c, domain) + recent(c, false, domain);
    (whole * c.p.guards.percent / 100).max(2).min(c.p.guards.objects)
}

fn recent(c: &Case<'_>, named: bool, domain: Option<&str>) -> u64 {
    if !c.r.exists {
        return 0;
    }
    let tombstone = |k: &Key| c.d.heads.removed.iter().any(|t| t.kind == k.kind && t.name.value == k.name);
    let young = |at: i64| c.now.as_second() - at < DAY_SECONDS;
    let of = |k: &Key| k.tenant == c.plan.tenant && tombstone(k) == named && domain.is_none_or(|d| k.domain() == Some(d));
    c.r.deletions.iter().filter(|(at, k)| young(at.as_second()) && of(k)).count() as u64
}
