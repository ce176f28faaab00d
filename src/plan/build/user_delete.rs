//! A user that goes: by the whole list, or by a tombstone.

use crate::model::{Kind, Reason, RelayCheck};
use crate::plan::build::continuity::users_stay;
use crate::plan::build::domain_update::relay_check_after;
use crate::plan::build::draft::{Phase, Work};
use crate::plan::build::ground::Ground;
use crate::plan::build::people::{Fate, Person};
use crate::plan::build::tombstones::{is_vague, not_before};
use crate::plan::build::users::{Steps, facts, incarnation, precondition, was};
use crate::plan::{Action, Cause, Risk, Until, Verdict};

/// Plans the deletion. It counts once, by its address, whatever aliases go with it (S7.3).
pub(super) fn delete_user(ground: &Ground<'_>, work: &mut Work, steps: &mut Steps, person: &Person<'_>) {
    let mut draft = ground.draft(Action::Delete, person.key.clone(), incarnation(person), Vec::new(), Phase::Removes);
    draft.step.risk = Risk::R3;
    draft.step.facts = facts(person);
    draft.step.facts.was = was(person);
    draft.step.only_if = precondition(person);
    draft.step.only_if.reread = true;
    draft.step.counted.insert(person.address().to_owned());
    draft.drops = person.live_names();
    draft.step.stops = draft.drops.iter().filter(|n| !person.frees.contains(*n)).cloned().collect();
    for name in &person.frees {
        draft.step.notes.push(format!("`{name}` passes to another user: between the two calls mail to it is not taken"));
    }
    draft.step.why = Cause::WholeList { list: list(ground, person) };
    if let Fate::Tombstone(removed) = &person.fate {
        draft.step.why = Cause::Removed { since: removed.since.value.to_string(), reason: removed.reason.clone() };
        draft.step.at = ground.at(removed.at);
        let live = (person.live.and_then(|l| l.created_at), incarnation(person));
        draft.step.always_approved = is_vague(removed, live.0, live.1);
        if let Some(at) = not_before(removed, ground.now) {
            draft.verdict = Verdict::Waiting(Until::Moment { at });
        }
    }
    if let Fate::Replaced(renamed) = &person.fate {
        draft.step.why = Cause::Renamed { from: person.address().to_owned() };
        draft.step.at = ground.at(renamed.at);
        draft.step.always_approved = true;
        draft.note(format!("it was created anew as {}; what was not carried over is lost", renamed.to.value));
    }
    match relay_check_after(ground, &person.domain) {
        Some(check @ (RelayCheck::Smtp | RelayCheck::Ldap)) => draft.note(futile(ground, check)),
        Some(RelayCheck::ControlPanel) | None => {}
    }
    draft.block(users_stay(ground, &person.domain));
    draft.block(person.block.clone());
    if !ground.kind(Kind::User).delete {
        draft.block(Some(Reason::Unsupported { text: "this panel cannot delete users".into() }));
    }
    steps.delete.insert(person.address().to_owned(), draft.step.id);
    work.push(draft);
}

/// The lists that are the whole list of a domain, as they are named in its file.
fn list(ground: &Ground<'_>, person: &Person<'_>) -> String {
    let domain = ground.heads().domains.get(&person.domain);
    let from: Vec<&str> = domain.iter().flat_map(|d| &d.users_from).map(|f| f.value.as_str()).collect();
    if from.is_empty() { format!("users of {}", person.domain) } else { from.join(", ") }
}

/// Why a deletion may not last, when the user returns, and what to do first (S13.1).
fn futile(ground: &Ground<'_>, check: RelayCheck) -> String {
    match check {
        RelayCheck::Smtp => {
            let table = ground.can(Kind::User).map(|c| &c.timetable);
            let run = table.and_then(|t| Some((t, t.nightly.as_ref()?, t.next_creation(t.panel_now(ground.now))?)));
            let when = run.map_or_else(
                || "the panel creates the user again after clean mail".to_owned(),
                |(t, nightly, at)| {
                    let mails = nightly.mails;
                    format!("after {mails} clean mails within a day the panel creates the user again, next at {}", t.local(at))
                },
            );
            format!(
                "relay check `smtp`: while the destination still accepts the address, {when}; remove the mailbox there first, or make the \
                 relay check `control-panel`"
            )
        }
        RelayCheck::Ldap => {
            "relay check `ldap`: while the directory still has the address, the next synchronisation brings the user back; \
             remove it there first"
                .to_owned()
        }
        RelayCheck::ControlPanel => String::new(),
    }
}
