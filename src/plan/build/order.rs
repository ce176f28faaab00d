//! The order of steps: edges first, then adds before removes, then kind, name and digest; cycles are a diagnostic.
//!
//! A step that others wait for comes as early as the earliest of them, so that one removal that frees an address for an
//! addition is made for it, and the other removals still come last.

use crate::model::{Kind, Reason};
use crate::plan::build::draft::{Draft, Phase};
use crate::plan::{Action, StepId};
use std::collections::{BTreeMap, BTreeSet};

type Rank<'d> = (Phase, Kind, &'d str, Action, StepId);

/// Sorts the drafts; those on or behind a cycle come last and are blocked by name.
pub(super) fn sort(drafts: Vec<Draft>) -> Vec<Draft> {
    let at: BTreeMap<StepId, usize> = drafts.iter().enumerate().map(|(i, d)| (d.step.id, i)).collect();
    let before: Vec<Vec<usize>> = drafts.iter().map(|d| d.step.after.iter().filter_map(|e| at.get(&e.step).copied()).collect()).collect();
    let phases = inherited(&drafts, &before);
    let rank =
        |i: usize| -> Rank<'_> { (phases[i], drafts[i].step.key.kind, &drafts[i].step.key.name, drafts[i].step.action, drafts[i].step.id) };
    let mut open: Vec<usize> = before.iter().map(Vec::len).collect();
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); drafts.len()];
    for (i, earlier) in before.iter().enumerate() {
        for e in earlier {
            behind[*e].push(i);
        }
    }
    let mut ready: BTreeSet<(Rank<'_>, usize)> = (0..drafts.len()).filter(|i| open[*i] == 0).map(|i| (rank(i), i)).collect();
    let mut order: Vec<usize> = Vec::with_capacity(drafts.len());
    while let Some((_, i)) = ready.pop_first() {
        order.push(i);
        for next in &behind[i] {
            open[*next] -= 1;
            if open[*next] == 0 {
                ready.insert((rank(*next), *next));
            }
        }
    }
    let mut stuck: Vec<usize> = (0..drafts.len()).filter(|i| open[*i] > 0).collect();
    stuck.sort_by(|a, b| rank(*a).cmp(&rank(*b)));
    let text = stuck.iter().map(|i| format!("{} {}", drafts[*i].step.action.word(), drafts[*i].step.key)).collect::<Vec<_>>().join(", ");
    place(drafts, &order, &stuck, &text)
}

fn place(drafts: Vec<Draft>, order: &[usize], stuck: &[usize], text: &str) -> Vec<Draft> {
    let mut all: Vec<Option<Draft>> = drafts.into_iter().map(Some).collect();
    let mut out: Vec<Draft> = order.iter().filter_map(|i| all[*i].take()).collect();
    for i in stuck {
        if let Some(mut draft) = all[*i].take() {
            draft.block(Some(Reason::Ambiguous { text: format!("these steps wait for each other: {text}") }));
            out.push(draft);
        }
    }
    out
}

/// The phase of each step, or the earliest of those that wait for it.
fn inherited(drafts: &[Draft], before: &[Vec<usize>]) -> Vec<Phase> {
    let mut phases: Vec<Phase> = drafts.iter().map(|d| d.phase).collect();
    let mut work: Vec<usize> = (0..drafts.len()).collect();
    while let Some(i) = work.pop() {
        for earlier in &before[i] {
            if phases[*earlier] > phases[i] {
                phases[*earlier] = phases[i];
                work.push(*earlier);
            }
        }
    }
    phases
}
