//! When the whole list goes as one import instead of single calls (S14), and what is said of the choice.

use crate::base::DomainName;
use crate::model::{Authority, Field, ImportRule, Kind, Origin, Seen};
use crate::plan::build::draft::Draft;
use crate::plan::build::flights::Flights;
use crate::plan::build::ground::Ground;
use crate::plan::{Action, Note, StepId, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// The steps of each domain whose list goes as one import.
pub(super) fn imports(ground: &Ground<'_>, drafts: &[Draft]) -> BTreeMap<DomainName, Vec<StepId>> {
    let Some(rule) = rule(ground) else { return BTreeMap::new() };
    let mut by_domain: BTreeMap<&str, Vec<&Draft>> = BTreeMap::new();
    for draft in drafts.iter().filter(|d| d.step.key.kind == Kind::User && d.step.action != Action::HandOff) {
        by_domain.entry(draft.step.key.domain().unwrap_or_default()).or_default().push(draft);
    }
    let enough = by_domain.into_iter().filter(|(_, all)| all.len() >= rule.from_calls as usize && all.len() <= rule.most as usize);
    let enough: Vec<(DomainName, Vec<&Draft>)> = enough.map(|(domain, all)| (DomainName::canonical(domain), all)).collect();
    if enough.is_empty() {
        return BTreeMap::new();
    }
    let flights = Flights::of(ground.observed, ground.panel_now());
    let free =
        |domain: &DomainName| matches!(ground.observed.jobs.get(domain), Some(Seen::Present(_))) && !flights.flying.contains_key(domain);
    let fits = |(domain, all): &(DomainName, Vec<&Draft>)| {
        ground.users_authority(domain) == Authority::AddDeleteOld
            && free(domain)
            && is_a_list(all)
            && somebody_stays(ground, domain, all)
            && is_alone(drafts, domain, all)
    };
    enough.into_iter().filter(fits).map(|(domain, all)| (domain, all.iter().map(|d| d.step.id).collect())).collect()
}

pub(super) fn rule<'a>(ground: &Ground<'a>) -> Option<&'a ImportRule> {
    ground.can(Kind::User).and_then(|c| c.timetable.imports.as_ref())
}

/// Whether a list can say all of it: somebody goes, nothing is held back, every attribute has a column, and nobody whom the
/// panel would spare is to go.
fn is_a_list(all: &[&Draft]) -> bool {
    let carried = |field: Field| {
        matches!(field, Field::UserFirstName | Field::UserLastName | Field::UserAliases | Field::UserKind | Field::UserStatus)
    };
    let fits = |d: &&Draft| {
        d.verdict == Verdict::Go
            && match d.step.action {
                Action::Create => d.step.changes.iter().all(|c| carried(c.field)),
                Action::Update => d.step.facts.origin != Some(Origin::Unknown) && d.step.changes.iter().all(|c| carried(c.field)),
                Action::Delete => d.step.facts.origin != Some(Origin::Unknown),
                Action::Move | Action::Rename | Action::Mint | Action::Reset | Action::Block | Action::Buy | Action::HandOff => false,
            }
    };
    all.iter().any(|d| d.step.action == Action::Delete) && all.iter().all(fits)
}

/// Whether the list has a row: an empty one is never sent, and no panel takes it.
fn somebody_stays(ground: &Ground<'_>, domain: &DomainName, all: &[&Draft]) -> bool {
    let of = |action: Action| all.iter().filter(|d| d.step.action == action).count() as u64;
    let own = ground.observed.tally.get(domain).map_or(0, |t| t.own);
    own + of(Action::Create) > of(Action::Delete)
}

/// Whether no other step hangs on one of them, nor one of them on another: an import acts later, and all of it at once.
fn is_alone(drafts: &[Draft], domain: &DomainName, all: &[&Draft]) -> bool {
    let ids: BTreeSet<StepId> = all.iter().map(|d| d.step.id).collect();
    let gives = |d: &Draft| match &d.step.why {
        crate::plan::Cause::Moved { from } => from.domain() == Some(domain.as_str()),
        crate::plan::Cause::Declared
        | crate::plan::Cause::Default
        | crate::plan::Cause::WholeList { .. }
        | crate::plan::Cause::Removed { .. }
        | crate::plan::Cause::Renamed { .. }
        | crate::plan::Cause::Overdue => false,
    };
    let hangs = |d: &Draft| d.step.after.iter().any(|edge| ids.contains(&edge.step));
    !drafts.iter().any(|d| gives(d) || hangs(d))
}

/// The choice, said with its reasons: risk, calls, propagation, source.
pub(super) fn choice(ground: &Ground<'_>, domain: &DomainName, steps: usize, deleted: usize) -> Note {
    let window = rule(ground).map_or_else(String::new, |rule| {
        let (from, until) = (rule.window.earliest_seconds / 60, rule.window.latest_seconds.div_ceil(60));
        format!("it acts {from} to {until} minutes after it is taken ({}), single calls would act at once", rule.source)
    });
    let text = format!(
        "{steps} changes of users go as one import (add + delete old) instead of {steps} single calls; {deleted} users go by not being on \
         the list, those of a directory or Office 365 are spared, and what the list does not carry stays; the list is read again before, \
         and the panel lets the import fail if it changes until it acts; {window}"
    );
    Note { key: Some(ground.key(Kind::Domain, domain.as_str())), text, paste: None }
}
