//! A declared user that is there: attribute by attribute, under the authority of each.

use crate::model::{Authority, Field, Kind, Support, UserKind, UserStatus, Value};
use crate::plan::build::draft::{Draft, Phase, Work, texts};
use crate::plan::build::ground::Ground;
use crate::plan::build::password::update_password;
use crate::plan::build::people::{Fate, Person};
use crate::plan::build::users::{Steps, facts, incarnation, left_alone, precondition};
use crate::plan::{Action, Cause, Change, DetailRow, Difference, Risk, Stage};
use std::collections::BTreeSet;

/// Plans what differs.
pub(super) fn update_user(ground: &Ground<'_>, work: &mut Work, steps: &mut Steps, person: &Person<'_>) {
    let (Some(row), Some(live)) = (person.row, person.live) else {
        return;
    };
    if let Some(why) = ground.foreign(live.origin, &person.domain) {
        left_alone(work, person, why);
        return;
    }
    let authority = match ground.kind(Kind::User).support {
        Support::Readable => Authority::Observe,
        Support::Managed | Support::HandOff { .. } | Support::Absent { .. } => ground.users_authority(&person.domain),
    };
    let mut declared: Vec<(Field, Value)> = Vec::new();
    row.user.visit(&mut |field, value| declared.push((field, value)));
    declared.retain(|(field, _)| *field != Field::UserAliases || !ground.is_managed(Field::UserAliases));
    let mut compared = ground.compare(declared, Some(&|field| live.value(field)), authority);
    let mut changes = std::mem::take(&mut compared.changes);
    let mut differs = compared.difference(&person.key, Some(row.at.clone()));
    if ground.is_managed(Field::UserAliases) {
        if ground.aliases_authority(&person.domain) == Authority::Observe {
            aliases_differ(person, row, &mut differs);
        } else {
            changes.extend(alias_change(person));
        }
    }
    work.report.differs.extend(differs);
    let late = cut_late(person, &mut changes);
    if !changes.is_empty() {
        let draft = draft(ground, person, row, changes);
        steps.update.insert(person.address().to_owned(), draft.step.id);
        work.push(draft);
    }
    if let Some(change) = late {
        let mut draft = draft(ground, person, row, vec![change]);
        draft.step.only_if.version = None;
        if let Some(first) = steps.update.get(person.address()) {
            draft.after(*first, Stage::Accepted, "what it gives up comes before what it takes");
        }
        steps.late_update.insert(person.address().to_owned(), draft.step.id);
        work.push(draft);
    }
    update_password(ground, work, steps, person);
}

/// Who frees a name for a rename and takes a name that a rename leaves behind does so in two steps: the renames lie between.
fn cut_late(person: &Person<'_>, changes: &mut Vec<Change>) -> Option<Change> {
    if person.frees.is_empty() || person.late_takes.is_empty() {
        return None;
    }
    let at = changes.iter().position(|c| c.field == Field::UserAliases)?;
    let (before, after) = (texts(changes[at].before.as_ref()), texts(changes[at].after.as_ref()));
    let early: BTreeSet<String> = after.iter().filter(|n| before.contains(*n) || !person.late_takes.contains(*n)).cloned().collect();
    if early == after {
        return None;
    }
    let change = |from: &BTreeSet<String>, to: &BTreeSet<String>| Change {
        field: Field::UserAliases,
        before: Some(Value::Set(from.clone())),
        after: Some(Value::Set(to.clone())),
    };
    changes[at] = change(&before, &early);
    if early == before {
        changes.remove(at);
    }
    Some(change(&early, &after))
}

/// What the aliases will be when all moves of this user have been made, against what they shall be.
fn alias_change(person: &Person<'_>) -> Option<Change> {
    let mut after = person.aliases.clone()?;
    let mut before = person.live_aliases();
    before.extend(person.moves_in.iter().cloned());
    before.retain(|name| !person.moves_out.contains(name));
    // names that move later, to users that come to be in this plan, stay until then
    after.extend(person.late_moves_out.iter().cloned());
    after.retain(|name| !person.late_moves_in.contains(name));
    (before != after).then_some(Change { field: Field::UserAliases, before: Some(Value::Set(before)), after: Some(Value::Set(after)) })
}

fn aliases_differ(person: &Person<'_>, row: &DetailRow, differs: &mut Option<Difference>) {
    let (Some(written), live) = (&row.user.aliases, person.live_aliases()) else {
        return;
    };
    let declared: BTreeSet<String> = written.iter().map(ToString::to_string).collect();
    if declared == live {
        return;
    }
    let field = (Field::UserAliases, Some(Value::Set(live)), Some(Value::Set(declared)));
    match differs {
        Some(difference) => difference.fields.push(field),
        None => {
            let why = "under `observe` differences are reported, never changed".to_owned();
            *differs = Some(Difference { key: person.key.clone(), fields: vec![field], why, at: Some(row.at.clone()) });
        }
    }
}

fn draft(ground: &Ground<'_>, person: &Person<'_>, row: &DetailRow, changes: Vec<Change>) -> Draft {
    let by_default = changes.iter().all(|c| row.by_default.has(c.field));
    let mut draft = ground.draft(Action::Update, person.key.clone(), incarnation(person), changes, Phase::Adds);
    draft.step.why = if by_default { Cause::Default } else { Cause::Declared };
    draft.step.at = Some(row.at.clone());
    draft.step.facts = facts(person);
    draft.step.only_if = precondition(person);
    // an earlier step of this plan changes the version; the incarnation still guards
    if matches!(person.fate, Fate::Rename(_)) || !person.moves_in.is_empty() || !person.moves_out.is_empty() {
        draft.step.only_if.version = None;
    }
    for change in draft.step.changes.clone() {
        weigh(&mut draft, person, &change);
    }
    draft.block(person.block.clone());
    draft
}

/// Risk, what stops, and what counts, of one changed attribute (S7.1, S7.3).
fn weigh(draft: &mut Draft, person: &Person<'_>, change: &Change) {
    let is = |value: &Option<Value>, word: &str| value.as_ref() == Some(&Value::text(word));
    let address = person.address().to_owned();
    match change.field {
        Field::UserAliases => {
            let (before, after) = (texts(change.before.as_ref()), texts(change.after.as_ref()));
            draft.adds.extend(after.difference(&before).cloned());
            draft.drops.extend(before.difference(&after).cloned());
            draft.step.counted.extend(draft.drops.iter().cloned());
            draft.step.stops.extend(draft.drops.iter().filter(|d| !person.frees.contains(*d)).cloned());
            if !draft.drops.is_empty() {
                draft.step.risk = Risk::R3;
                draft.phase = Phase::Removes;
            }
            let freed: Vec<String> = draft.drops.iter().filter(|d| person.frees.contains(*d)).cloned().collect();
            for name in freed {
                draft.note(format!("`{name}` is freed here and taken by another user in the next call: a gap of one call"));
            }
        }
        Field::UserStatus if is(&change.after, UserStatus::Inactive.word()) => {
            draft.at_least(Risk::R3);
            draft.step.counted.insert(address);
            draft.note("it can no longer sign in; mail flows anyway");
        }
        Field::UserKind if stops_delivery(change) => {
            draft.at_least(Risk::R3);
            draft.step.counted.insert(address);
            draft.note("a user of this kind keeps no mail: delivery to its mailbox stops");
        }
        _ => {}
    }
}

/// From a kind that keeps mail to one that only hands it on (S7.3).
fn stops_delivery(change: &Change) -> bool {
    let keeps = |value: &Option<Value>| {
        let kind = value.as_ref().and_then(|v| UserKind::ALL.iter().find(|k| *v == Value::text(k.word())));
        kind.is_some_and(|k| match k {
            UserKind::Mailbox | UserKind::Shared | UserKind::Resource => true,
            UserKind::List | UserKind::Forward => false,
        })
    };
    keeps(&change.before) && !keeps(&change.after)
}
