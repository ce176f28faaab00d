//! A declared rename (S4.4): natively where the panel can, else an approved delete and create that says what is lost.

use crate::base::DomainName;
use crate::base::address::domain_part;
use crate::config::Renamed;
use crate::model::{Field, Kind, Reason, Value};
use crate::plan::build::continuity::users_stay;
use crate::plan::build::draft::{Draft, Phase, Work};
use crate::plan::build::ground::Ground;
use crate::plan::build::people::Person;
use crate::plan::build::renames::is_native;
use crate::plan::build::user_create::create_user;
use crate::plan::build::user_update::update_user;
use crate::plan::build::users::{Steps, facts, incarnation, precondition, was};
use crate::plan::{Action, Cause, Change, Risk, Stage, StepId};
use std::collections::BTreeSet;

/// Plans the rename, and what else differs after it.
pub(super) fn rename_user(ground: &Ground<'_>, work: &mut Work, steps: &mut Steps, person: &Person<'_>, renamed: &Renamed) {
    if is_native(ground, renamed) {
        let draft = native(ground, person, renamed);
        steps.rename.insert(person.address().to_owned(), work.push(draft));
        update_user(ground, work, steps, person);
    } else {
        replace(ground, work, steps, person, renamed);
    }
}

/// One call. The key is the new address; whether the old one stays shows in the aliases.
fn native(ground: &Ground<'_>, person: &Person<'_>, renamed: &Renamed) -> Draft {
    let from = renamed.from.value.to_string();
    let live: BTreeSet<String> = person.live.iter().flat_map(|l| l.aliases.iter()).map(|a| a.clone().into_owned()).collect();
    let after = person.live_aliases();
    let change = Change { field: Field::UserAliases, before: Some(Value::Set(live.clone())), after: Some(Value::Set(after.clone())) };
    let changes = if live == after { Vec::new() } else { vec![change] };
    let mut draft = ground.draft(Action::Rename, person.key.clone(), incarnation(person), changes, Phase::Renames);
    draft.step.why = Cause::Renamed { from: from.clone() };
    draft.step.at = ground.at(renamed.at);
    draft.step.facts = facts(person);
    draft.step.only_if = precondition(person);
    draft.adds.insert(person.address().to_owned());
    if !person.keeps_old {
        draft.drops.insert(from.clone());
        draft.step.counted.insert(from.clone());
        draft.step.risk = Risk::R3;
        if !person.frees.contains(&from) {
            draft.step.stops.insert(from);
        }
    }
    draft.block(person.block.clone());
    draft
}

/// Delete and create. Approved always, because history and settings do not come along.
fn replace(ground: &Ground<'_>, work: &mut Work, steps: &mut Steps, person: &Person<'_>, renamed: &Renamed) {
    let from = renamed.from.value.to_string();
    let names = person.live_names();
    let mut later: BTreeSet<String> = person.aliases.iter().flatten().cloned().collect();
    later.insert(person.address().to_owned());
    let shared = names.iter().any(|n| later.contains(n));
    let mut draft = ground.draft(Action::Delete, ground.key(Kind::User, &from), incarnation(person), Vec::new(), Phase::Removes);
    draft.step.why = Cause::Renamed { from: from.clone() };
    draft.step.at = ground.at(renamed.at);
    draft.step.facts = facts(person);
    draft.step.facts.was = was(person);
    draft.step.only_if = precondition(person);
    draft.step.only_if.reread = true;
    draft.step.risk = Risk::R3;
    draft.step.always_approved = true;
    draft.step.counted.insert(from.clone());
    draft.step.stops = names.iter().filter(|n| !later.contains(*n) && !person.frees.contains(*n)).cloned().collect();
    draft.drops = names;
    draft.note(format!(
        "this panel cannot rename: the user is deleted and created as {}; its history, quarantine, personal settings and password are lost",
        person.address()
    ));
    // who goes is of the old domain
    draft.block(users_stay(ground, &DomainName::canonical(domain_part(&from))));
    draft.block(person.block.clone());
    if !ground.kind(Kind::User).delete {
        draft.block(Some(Reason::Unsupported { text: "this panel cannot delete users".into() }));
    }
    let deleted = draft.step.id;
    steps.delete.insert(person.address().to_owned(), deleted);
    create_user(ground, work, steps, person);
    if let Some(created) = steps.create.get(person.address()).copied() {
        in_order(work, &mut draft, deleted, created, shared);
    }
    work.push(draft);
}

/// Shared names must be free first; without any the new user is there before the old one goes.
fn in_order(work: &mut Work, delete: &mut Draft, deleted: StepId, created: StepId, shared: bool) {
    if !shared {
        delete.after(created, Stage::Visible, "the new user is there before the old one goes");
        return;
    }
    delete.note("its addresses are not taken between the two calls");
    if let Some(create) = work.drafts.iter_mut().find(|d| d.step.id == created) {
        create.after(deleted, Stage::Accepted, "an address is freed before it is taken");
    }
}
