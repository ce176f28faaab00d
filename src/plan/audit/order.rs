//! Edges, order, batches (S4.5, S6.4, S14).

use crate::model::{Field, Kind, Value};
use crate::plan::audit::auditing::Case;
use crate::plan::audit::bug::Bug;
use crate::plan::step::{Action, Cause, Step, StepId, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// Every edge leads to a step that stands earlier; so there is no cycle either.
pub(super) fn edges_are_known_and_come_first(c: &Case<'_>) -> Result<(), Bug> {
    let mut seen: BTreeSet<StepId> = BTreeSet::new();
    for step in &c.plan.steps {
        for edge in &step.after {
            if !c.by_id.contains_key(&edge.step) {
                return Err(Bug::of("edge", step, "it comes after a step that is not in the plan"));
            }
            // steps that wait for each other have no order; they are blocked and named
            if !seen.contains(&edge.step) && !matches!(c.plan.verdicts.get(&step.id), Some(Verdict::Blocked(_))) {
                return Err(Bug::of("order", step, "it stands before what must come first"));
            }
        }
        seen.insert(step.id);
    }
    Ok(())
}

pub(super) fn batches_hold_what_may_go_once(c: &Case<'_>) -> Result<(), Bug> {
    let mut seen: BTreeSet<StepId> = BTreeSet::new();
    for id in c.plan.batches.iter().flat_map(|(_, ids)| ids) {
        let step = c.by_id.get(id).ok_or_else(|| Bug { check: "batch", text: format!("{} is no step", id.short()) })?;
        if !seen.insert(*id) {
            return Err(Bug::of("batch", step, "it is sent twice"));
        }
    }
    match c.open().find(|s| !seen.contains(&s.id)) {
        Some(lost) => Err(Bug::of("batch", lost, "it may go and is in no batch")),
        None => Ok(()),
    }
}

/// What comes first is in an earlier batch: the steps of one batch go side by side. What is blocked does not go.
pub(super) fn batches_keep_the_edges(c: &Case<'_>) -> Result<(), Bug> {
    let place: BTreeMap<StepId, usize> =
        c.plan.batches.iter().enumerate().flat_map(|(n, (_, ids))| ids.iter().map(move |id| (*id, n))).collect();
    for step in &c.plan.steps {
        let Some(mine) = place.get(&step.id) else { continue };
        if matches!(c.plan.verdicts.get(&step.id), Some(Verdict::Blocked(_))) {
            continue;
        }
        if step.after.iter().any(|e| place.get(&e.step).is_some_and(|first| first >= mine)) {
            return Err(Bug::of("batch order", step, "it is sent with or before what must come first"));
        }
    }
    Ok(())
}

pub(super) fn bulk_only_creates_users(c: &Case<'_>) -> Result<(), Bug> {
    for (_, ids) in c.plan.batches.iter().filter(|(bulk, _)| *bulk) {
        let steps: Vec<&Step> = ids.iter().filter_map(|id| c.by_id.get(id).copied()).collect();
        if steps.iter().any(|s| s.action != Action::Create) {
            imports_the_whole_list(c, &steps)?;
            continue;
        }
        for step in steps {
            if step.action != Action::Create || step.key.kind != Kind::User {
                return Err(Bug::of("bulk", step, "a bulk call only creates users"));
            }
            let most = c.caps.get(&step.provider).and_then(|caps| caps.bulk).map_or(0, |rule| rule.most as usize);
            if ids.len() > most {
                return Err(Bug::of("bulk", step, "more than the panel takes in one call"));
            }
        }
    }
    Ok(())
}

/// An import replaces the list of one domain whose list is the whole list, deletes somebody, and leaves out no change of a
/// user there that may go (S3.2, S14).
fn imports_the_whole_list(c: &Case<'_>, steps: &[&Step]) -> Result<(), Bug> {
    let Some(first) = steps.first() else { return Ok(()) };
    let domain = first.key.domain().unwrap_or_default();
    let canonical = crate::base::DomainName::canonical(domain);
    let rule = c.caps.get(&first.provider).and_then(|caps| caps.timetable.imports.as_ref());
    let most = rule.map_or(0, |r| r.most as usize);
    let fits = |s: &&Step| {
        s.key.kind == Kind::User && s.key.domain() == Some(domain) && matches!(s.action, Action::Create | Action::Update | Action::Delete)
    };
    if let Some(step) = steps.iter().find(|s| !fits(s)) {
        return Err(Bug::of("import", step, "an import only creates, changes and deletes users of one domain"));
    }
    if c.d.heads.users_authority(&canonical) != crate::model::Authority::AddDeleteOld {
        return Err(Bug::of("import", first, "its list is not the whole list"));
    }
    if !steps.iter().any(|s| s.action == Action::Delete) || steps.len() > most {
        return Err(Bug::of("import", first, "nothing is deleted, or more rows than the panel takes"));
    }
    if !matches!(c.o.jobs.get(&canonical), Some(crate::model::Seen::Present(_))) {
        return Err(Bug::of("import", first, "nobody knows whether another import is under way"));
    }
    Ok(())
}

/// An address that one step takes away and another gives is given first, or moved, or freed immediately for a step that
/// says that it comes next: it is never left without an owner by accident (S4.5).
pub(super) fn no_address_is_without_owner(c: &Case<'_>) -> Result<(), Bug> {
    let mut gives: BTreeMap<&str, &Step> = BTreeMap::new();
    for step in &c.plan.steps {
        let before = names(step, false);
        gives.extend(names(step, true).into_iter().filter(|a| !before.contains(a)).map(|a| (a, step)));
    }
    let place: BTreeMap<StepId, usize> = c.plan.steps.iter().enumerate().map(|(n, s)| (s.id, n)).collect();
    // a step that is blocked takes nothing away
    for step in c.open() {
        let kept = names(step, true);
        for address in names(step, false).into_iter().filter(|a| !kept.contains(a)) {
            let Some(giver) = gives.get(address).filter(|g| g.id != step.id) else { continue };
            let first = place.get(&giver.id) < place.get(&step.id);
            let moved = matches!(giver.action, Action::Move | Action::Rename);
            let waits = giver.after.iter().any(|e| e.step == step.id);
            if !first && !moved && !waits {
                return Err(Bug::of("gap", step, &format!("{address} is taken away before {} has it", giver.key)));
            }
        }
    }
    Ok(())
}

/// Addresses of a user before or after its step.
pub(super) fn names(step: &Step, after: bool) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    if step.key.kind != Kind::User {
        return names;
    }
    let there = if after { step.action != Action::Delete } else { step.action != Action::Create };
    if there {
        names.insert(step.key.name.as_str());
    }
    if let (Action::Rename, Cause::Renamed { from }, false) = (step.action, &step.why, after) {
        names.clear();
        names.insert(from.as_str());
    }
    for change in step.changes.iter().filter(|c| c.field == Field::UserAliases) {
        if let Some(Value::Set(set)) = if after { &change.after } else { &change.before } {
            names.extend(set.iter().map(String::as_str));
        }
    }
    names
}
