//! A move: one step for one address that passes between two declared users (S4.5). The key is the taker.
//!
//! Its change is what comes: from the empty set to the set of the one address, so that a step keeps its id when others
//! of the same users were made already. The giver is in the cause.

use crate::model::{Field, Operation, Value};
use crate::plan::build::draft::{Draft, Phase, Work};
use crate::plan::build::ground::Ground;
use crate::plan::build::names::{Link, Pass};
use crate::plan::build::people::{Fate, People, Person};
use crate::plan::build::renames::is_native;
use crate::plan::build::users::{Steps, facts, incarnation, precondition};
use crate::plan::{Action, Cause, Change, Risk, Stage, StepId};
use std::collections::{BTreeMap, BTreeSet};

/// Plans every move, with its edges to the other steps of both users.
pub(super) fn move_names(ground: &Ground<'_>, work: &mut Work, people: &People<'_>, links: &[Link], steps: &Steps) {
    let at: BTreeMap<StepId, usize> = work.drafts.iter().enumerate().map(|(i, d)| (d.step.id, i)).collect();
    for link in links {
        let late = match link.pass {
            Pass::Move => false,
            Pass::LateMove => true,
            Pass::Free | Pass::Delete | Pass::Rename => continue,
        };
        let (taker, holder) = (&people.all[&link.taker], &people.all[&link.holder]);
        let mut draft = draft(ground, taker, holder, &link.name, late);
        for renamed in [steps.rename.get(&link.taker), steps.rename.get(&link.holder)].into_iter().flatten() {
            draft.after(*renamed, Stage::Accepted, "a user is renamed before it is changed");
        }
        let updates = [steps.update.get(&link.taker), steps.update.get(&link.holder)].into_iter().flatten();
        if late {
            if let Some(created) = steps.create.get(&link.taker) {
                draft.after(*created, Stage::Visible, "a user is there before it takes an address");
            }
            for update in updates {
                draft.after(*update, Stage::Accepted, "the other changes of both users come first");
            }
        } else {
            for update in updates {
                if let Some(other) = at.get(update).and_then(|i| work.drafts.get_mut(*i)) {
                    other.after(draft.step.id, Stage::Accepted, "an address moves before the other changes of both users");
                }
            }
        }
        work.push(draft);
    }
}

fn draft(ground: &Ground<'_>, taker: &Person<'_>, holder: &Person<'_>, name: &str, late: bool) -> Draft {
    let set = |names: &[&str]| Some(Value::Set(names.iter().map(|n| (*n).to_owned()).collect::<BTreeSet<_>>()));
    let change = Change { field: Field::UserAliases, before: set(&[]), after: set(&[name]) };
    let is_there = match &taker.fate {
        Fate::Rename(renamed) => is_native(ground, renamed),
        Fate::Keep => true,
        Fate::Create | Fate::DeleteOld | Fate::Replaced(_) | Fate::Tombstone(_) | Fate::LeftAlone(_) | Fate::Unknown => false,
    };
    let incarnation = incarnation(taker).filter(|_| is_there);
    let phase = if late { Phase::LateMoves } else { Phase::Moves };
    let mut draft = ground.draft(Action::Move, taker.key.clone(), incarnation, vec![change], phase);
    draft.step.why = Cause::Moved { from: holder.key.clone() };
    draft.step.at = taker.row.map(|r| r.at.clone());
    draft.adds.insert(name.to_owned());
    if is_there {
        draft.step.facts = facts(taker);
        draft.step.only_if = precondition(taker);
        // only the first write of a plan can name the observed version
        let first = !late && matches!(taker.fate, Fate::Keep) && taker.moves_in.len() + taker.moves_out.len() == 1;
        draft.step.only_if.version = draft.step.only_if.version.filter(|_| first);
    }
    if !ground.offer(Operation::Move).atomic {
        draft.step.risk = Risk::R3;
        draft.step.counted.insert(name.to_owned());
        draft.note(format!("gap of one call: {} gives `{name}` away before {} has it", holder.address(), taker.address()));
    }
    draft.block(taker.block.clone());
    draft.block(holder.block.clone());
    draft
}
