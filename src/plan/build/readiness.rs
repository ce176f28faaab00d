//! Whether the users of a domain could work with continuity (S15): present, active, with a password, and all that is declared
//! of their aliases live. Each judged as it will be when the plan is done; a step that is blocked does nothing.
//!
//! Aliases that nobody declares are complete as they are live: continuity takes what the panel has.

use crate::base::DomainName;
use crate::model::{Field, Kind, UserKind, UserStatus, Value};
use crate::plan::build::draft::Work;
use crate::plan::build::ground::Ground;
use crate::plan::build::people::{Fate, People, Person};
use crate::plan::{Action, Step, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// Most users that are named; the others are counted.
const NAMED: usize = 10;

/// The steps of users that are not blocked, by address.
fn steps(work: &Work) -> BTreeMap<&str, Vec<&Step>> {
    let mut steps: BTreeMap<&str, Vec<&Step>> = BTreeMap::new();
    let acts = work.drafts.iter().filter(|d| d.step.key.kind == Kind::User && !matches!(d.verdict, Verdict::Blocked(_)));
    for draft in acts {
        steps.entry(&draft.step.key.name).or_default().push(&draft.step);
    }
    steps
}

/// Users of the domain who could not sign in when this plan is done.
pub(super) fn unready(ground: &Ground<'_>, work: &Work, people: &People<'_>, domain: &DomainName) -> u64 {
    let steps = steps(work);
    let mut count = i64::try_from(ground.observed.tally.get(domain).map_or(0, |t| t.unready)).unwrap_or(i64::MAX);
    for person in people.all.values().filter(|p| p.domain == *domain) {
        let before = person.live.is_some_and(|l| l.has_person() && !l.is_ready());
        let after = will_be_unready(steps.get(person.address()).map_or(&[], Vec::as_slice), person);
        count += i64::from(after) - i64::from(before);
    }
    u64::try_from(count).unwrap_or(0)
}

/// Whether a person will be there and not ready, by its steps in the plan.
fn will_be_unready(steps: &[&Step], person: &Person<'_>) -> bool {
    if !will_be(steps, person) {
        return false;
    }
    let created = person.live.is_none();
    let after = |field: Field| steps.iter().flat_map(|s| &s.changes).filter(|c| c.field == field).find_map(|c| c.after.clone());
    let hands_on = |v: &Value| [UserKind::List, UserKind::Forward].iter().any(|k| *v == Value::text(k.word()));
    let nobody = after(Field::UserKind).map_or(person.live.is_some_and(|l| !l.has_person()), |v| hands_on(&v));
    let is_active = |v: Value| v == Value::text(UserStatus::Active.word());
    let active = after(Field::UserStatus).map_or(person.live.is_some_and(|l| l.status == UserStatus::Active), is_active);
    let set = steps.iter().flat_map(|s| &s.changes).any(|c| c.field == Field::UserPassword && !c.is_invite());
    let had = !created && person.live.is_some_and(|l| l.access.as_ref().is_some_and(|a| a.has_password));
    !nobody && !(active && (set || had))
}

fn will_be(steps: &[&Step], person: &Person<'_>) -> bool {
    let created = steps.iter().any(|s| s.action == Action::Create);
    let deleted = steps.iter().any(|s| s.action == Action::Delete);
    !deleted && (person.live.is_some() || created)
}

/// Declared users of the domain who will not be there, or not with all their aliases: in words, as evidence.
pub(super) fn lacking(work: &Work, people: &People<'_>, domain: &DomainName) -> Option<String> {
    let steps = steps(work);
    let begun = begun(work);
    let (mut absent, mut incomplete) = (Vec::new(), Vec::new());
    let stays = |p: &&Person<'_>| !matches!(p.fate, Fate::DeleteOld | Fate::Replaced(_) | Fate::Tombstone(_));
    for person in people.all.values().filter(|p| p.domain == *domain).filter(stays) {
        let Some(row) = person.row else { continue };
        let address = person.address();
        if !will_be(steps.get(address).map_or(&[], Vec::as_slice), person) {
            absent.push(address.to_owned());
            continue;
        }
        let live = person.live_aliases();
        let has = |alias: &str| live.contains(alias) || alias == address || begun.get(address).is_some_and(|all| all.contains(alias));
        let missing: Vec<&str> = row.user.aliases.iter().flatten().map(|a| a.as_str()).filter(|a| !has(a)).collect();
        if !missing.is_empty() {
            incomplete.push(format!("{address} ({})", missing.join(" ")));
        }
    }
    let said = [say(&absent, "not there", "not there"), say(&incomplete, "without all its aliases", "without all their aliases")];
    let said: Vec<String> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| format!("declared users of {domain}: {}", said.join("; ")))
}

/// Names that steps begin which are not blocked, by the address of their user.
fn begun(work: &Work) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let acts = work.drafts.iter().filter(|d| d.step.key.kind == Kind::User && !matches!(d.verdict, Verdict::Blocked(_)));
    for draft in acts {
        all.entry(&draft.step.key.name).or_default().extend(draft.begins());
    }
    all
}

fn say(all: &[String], one: &str, many: &str) -> Option<String> {
    let (named, rest) = (all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", "), all.len().saturating_sub(NAMED));
    let rest = if rest == 0 { String::new() } else { format!(" and {rest} more") };
    (!all.is_empty()).then(|| format!("{} {}: {named}{rest}", all.len(), if all.len() == 1 { one } else { many }))
}
