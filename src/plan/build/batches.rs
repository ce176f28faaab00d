//! How steps go: groups of steps that do not wait for each other, and bulk calls where they are the better choice (S14).
//!
//! A bulk call of mode `add` creates and never deletes, so what S3.3 spares is spared whatever the panel does. The whole list
//! goes as one import only where `imports` says so.

use crate::model::{BulkRule, Field, Kind, Operation};
use crate::plan::build::draft::Draft;
use crate::plan::build::flights::Flights;
use crate::plan::build::ground::Ground;
use crate::plan::build::imports::{self, imports};
use crate::plan::{Action, Note, StepId, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// The batches of sorted drafts, and what is to be said about the choice.
pub(super) fn batch(ground: &Ground<'_>, drafts: &[Draft]) -> (Vec<(bool, Vec<StepId>)>, Vec<Note>) {
    let mut batches: Vec<(bool, Vec<StepId>)> = Vec::new();
    let mut notes = Vec::new();
    let lists = imports(ground, drafts);
    let imported: BTreeSet<StepId> = lists.values().flatten().copied().collect();
    for mut level in levels(drafts) {
        level.retain(|d| !imported.contains(&d.step.id));
        let mut rest: Vec<StepId> = Vec::new();
        let mut per_domain: BTreeMap<String, Vec<StepId>> = BTreeMap::new();
        for draft in level {
            match bulk_domain(draft).filter(|domain| rule(ground).is_some() && may_bulk(ground, domain)) {
                Some(domain) => per_domain.entry(domain).or_default().push(draft.step.id),
                None => rest.push(draft.step.id),
            }
        }
        for (domain, ids) in per_domain {
            match rule(ground).filter(|r| ids.len() >= r.from_creates as usize) {
                Some(rule) => {
                    let calls = ids.len().div_ceil(rule.most.max(1) as usize);
                    notes.push(choice(ground, &domain, ids.len(), calls));
                    batches.extend(ids.chunks(rule.most.max(1) as usize).map(|c| (true, c.to_vec())));
                }
                None => rest.extend(ids),
            }
        }
        if !rest.is_empty() {
            batches.push((false, in_order(drafts, rest)));
        }
    }
    // imports come last: all that they stand on was sent before, and nothing in this run waits for them
    for (domain, ids) in lists {
        let deletes = drafts.iter().filter(|d| d.step.action == Action::Delete && ids.contains(&d.step.id)).count();
        notes.push(imports::choice(ground, &domain, ids.len(), deletes));
        batches.push((true, ids));
    }
    (batches, notes)
}

/// Consecutive steps of one action and kind, none of which waits for another of them or touches the same object.
fn levels(drafts: &[Draft]) -> Vec<Vec<&Draft>> {
    let mut levels: Vec<Vec<&Draft>> = Vec::new();
    let mut ids: BTreeSet<StepId> = BTreeSet::new();
    let mut keys: BTreeSet<&str> = BTreeSet::new();
    for draft in drafts {
        let alike = levels
            .last()
            .and_then(|l| l.first())
            .is_some_and(|f| (f.step.action, f.step.key.kind, f.phase) == (draft.step.action, draft.step.key.kind, draft.phase));
        let waits = draft.step.after.iter().any(|e| ids.contains(&e.step)) || names(draft).any(|n| keys.contains(n));
        if !alike || waits {
            levels.push(Vec::new());
            ids.clear();
            keys.clear();
        }
        ids.insert(draft.step.id);
        keys.extend(names(draft));
        if let Some(level) = levels.last_mut() {
            level.push(draft);
        }
    }
    levels
}

/// The objects that a step touches: its own, and the giver of a move.
fn names(draft: &Draft) -> impl Iterator<Item = &str> {
    let giver = match &draft.step.why {
        crate::plan::Cause::Moved { from } => Some(from.name.as_str()),
        crate::plan::Cause::Declared
        | crate::plan::Cause::Default
        | crate::plan::Cause::WholeList { .. }
        | crate::plan::Cause::Removed { .. }
        | crate::plan::Cause::Renamed { .. }
        | crate::plan::Cause::Overdue => None,
    };
    std::iter::once(draft.step.key.name.as_str()).chain(giver)
}

/// The domain of a creation that a bulk call can carry: names, aliases, kind and status, nothing else.
fn bulk_domain(draft: &Draft) -> Option<String> {
    let carried = |field: Field| {
        matches!(field, Field::UserFirstName | Field::UserLastName | Field::UserAliases | Field::UserKind | Field::UserStatus)
    };
    let fits = draft.step.action == Action::Create && draft.step.key.kind == Kind::User && draft.verdict == Verdict::Go;
    (fits && draft.step.changes.iter().all(|c| carried(c.field))).then(|| draft.step.key.domain().map(ToOwned::to_owned))?
}

/// Unread import jobs hold bulk calls back (S1.4): two lists of one domain would meet.
fn may_bulk(ground: &Ground<'_>, domain: &str) -> bool {
    let has_imports = imports::rule(ground).is_some();
    Flights::is_known(ground.observed, has_imports, &crate::base::DomainName::canonical(domain))
}

fn rule(ground: &Ground<'_>) -> Option<BulkRule> {
    ground.can(Kind::User).and_then(|c| c.bulk)
}

/// The choice, said with its reasons: risk, calls, propagation (S14).
fn choice(ground: &Ground<'_>, domain: &str, users: usize, calls: usize) -> Note {
    let window = match ground.window(Kind::User) {
        Some(w) => format!("both act within {} minutes", w.latest_seconds.div_ceil(60)),
        None => "both act at once".to_owned(),
    };
    let exact =
        if ground.offer(Operation::Bulk).is_exact() { "a repeated call is safe" } else { "a lost answer is settled by reading again" };
    let noun = if calls == 1 { "call" } else { "calls" };
    let text = format!(
        "{users} new users go in {calls} bulk {noun} instead of {users} single ones: mode add, which deletes nothing; {window}; {exact}"
    );
    Note { key: Some(ground.key(Kind::Domain, domain)), text, paste: None }
}

fn in_order(drafts: &[Draft], ids: Vec<StepId>) -> Vec<StepId> {
    let wanted: BTreeSet<StepId> = ids.into_iter().collect();
    drafts.iter().map(|d| d.step.id).filter(|id| wanted.contains(id)).collect()
}
