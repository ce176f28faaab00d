//! Steps in the making: a step with its verdict, its place in the order and the addresses that it touches.

use crate::model::{Field, Key, Kind, Reason, Value};
use crate::plan::build::ground::Ground;
use crate::plan::{Action, Cause, Change, Edge, Facts, Note, Precondition, Report, Risk, Stage, Step, StepId, Until, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// Where a step stands when nothing else decides: adds come before removes (S4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Tenant, policy.
    Ground,
    /// Domains come to be, or take alias domains.
    Domains,
    /// Renames.
    Renames,
    /// Addresses move between objects that are there.
    Moves,
    /// Users come to be or change without losing an address.
    Adds,
    /// Addresses move to users that came to be in this plan.
    LateMoves,
    /// Relay check, destination.
    Switches,
    /// Aliases and users go.
    Removes,
    /// Alias domains and domains go.
    LastRemoves,
    /// Persons.
    HandOffs,
}

/// A step in the making.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub step: Step,
    pub verdict: Verdict,
    pub phase: Phase,
    /// Names that it lets begin; of a new user only what [`Draft::begins`] does not read from the step.
    pub adds: BTreeSet<String>,
    /// Addresses that it takes from its object.
    pub drops: BTreeSet<String>,
}

impl Draft {
    pub(super) fn after(&mut self, step: StepId, stage: Stage, why: &str) {
        // the same edge may come twice; edges are sorted and deduplicated when the plan is finished
        if step != self.step.id {
            // most steps have one edge, and a vector that grows by itself makes room for four
            if self.step.after.is_empty() {
                self.step.after.reserve_exact(1);
            }
            self.step.after.push(Edge { step, stage, why: why.to_owned() });
        }
    }
    /// Addresses and domains that begin by it: of a new user its names, which are not kept twice for that.
    pub(super) fn begins(&self) -> impl Iterator<Item = &str> {
        let is_new_user = self.step.action == Action::Create && self.step.key.kind == Kind::User;
        let aliases = self.step.changes.iter().filter(move |c| is_new_user && c.field == Field::UserAliases);
        let aliases = aliases.flat_map(|c| match &c.after {
            Some(Value::Set(all)) => Some(all.iter().map(String::as_str)),
            Some(Value::Text(_) | Value::Switch(_) | Value::Number(_) | Value::List(_) | Value::Token(_)) | None => None,
        });
        let own = is_new_user.then_some(self.step.key.name.as_str());
        self.adds.iter().map(String::as_str).chain(own).chain(aliases.flatten())
    }
    /// Blocks it, unless it is blocked already: the first reason is the nearest.
    pub(super) fn block(&mut self, reason: Option<Reason>) {
        if let (Some(reason), false) = (reason, matches!(self.verdict, Verdict::Blocked(_))) {
            self.verdict = Verdict::Blocked(reason);
        }
    }
    /// Says since when it waits for a person, where the panel tells.
    pub(super) fn waits_since(&mut self, at: Option<crate::base::Timestamp>) {
        if let Verdict::Waiting(Until::Person { since, .. }) = &mut self.verdict {
            *since = at;
        }
    }
    pub(super) fn at_least(&mut self, risk: Risk) {
        self.step.risk = self.step.risk.max(risk);
    }
    pub(super) fn note(&mut self, text: impl Into<String>) {
        self.step.notes.push(text.into());
    }
}

impl Ground<'_> {
    /// A step with its digest, and nothing else yet: no edges, risk R2, verdict go.
    pub(super) fn draft(&self, action: Action, key: Key, incarnation: Option<&str>, changes: Vec<Change>, phase: Phase) -> Draft {
        let mut changes = changes;
        changes.sort_by_key(|c| c.field);
        changes.shrink_to_fit();
        let step = Step {
            id: Step::digest(self.origin(key.kind), &key, incarnation, action, &changes),
            action,
            provider: self.heads().provider(key.kind).clone(),
            key,
            changes,
            risk: Risk::R2,
            why: Cause::Declared,
            after: Vec::new(),
            only_if: Precondition { incarnation: incarnation.map(ToOwned::to_owned), ..Precondition::default() },
            at: None,
            stops: BTreeSet::new(),
            counted: BTreeSet::new(),
            always_approved: false,
            evidence: Vec::new(),
            facts: Facts::default(),
            notes: Vec::new(),
            hand_off: None,
            secrets: std::collections::BTreeMap::new(),
            sink: None,
        };
        Draft { step, verdict: Verdict::Go, phase, adds: BTreeSet::new(), drops: BTreeSet::new() }
    }

    /// A step for a person (S6.5): waits, and is never sent.
    pub(super) fn hand_off(&self, key: Key, changes: Vec<Change>, text: &str, send: String) -> Draft {
        self.hand_off_of(key, None, changes, text, send)
    }
    /// A step for a person about this very object.
    pub(super) fn hand_off_of(&self, key: Key, incarnation: Option<&str>, changes: Vec<Change>, text: &str, send: String) -> Draft {
        let mut draft = self.draft(Action::HandOff, key, incarnation, changes, Phase::HandOffs);
        draft.verdict = Verdict::Waiting(Until::Person { who: text.to_owned(), since: None });
        draft.step.hand_off = Some(send);
        draft
    }
}

/// What the planner has so far.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub drafts: Vec<Draft>,
    pub report: Report,
}

impl Work {
    pub(super) fn push(&mut self, draft: Draft) -> StepId {
        let id = draft.step.id;
        self.drafts.push(draft);
        id
    }
    pub(super) fn note(&mut self, key: Option<Key>, text: impl Into<String>) {
        self.report.notes.push(Note { key, text: text.into(), paste: None });
    }
    pub(super) fn warn(&mut self, key: Option<Key>, text: impl Into<String>) {
        self.report.warnings.push(Note { key, text: text.into(), paste: None });
    }
    /// The step that brings a domain name (or alias domain) into being, by that name.
    pub(super) fn births(&self) -> BTreeMap<String, StepId> {
        let mut all = BTreeMap::new();
        for draft in self.drafts.iter().filter(|d| d.step.key.kind == Kind::Domain) {
            for name in &draft.adds {
                all.insert(name.clone(), draft.step.id);
            }
        }
        all
    }
}

/// Texts of a set value; none for every other shape.
pub(in crate::plan) fn texts(value: Option<&Value>) -> BTreeSet<String> {
    match value {
        Some(Value::Set(set)) => set.clone(),
        Some(Value::List(list)) => list.iter().cloned().collect(),
        Some(Value::Text(_) | Value::Switch(_) | Value::Number(_) | Value::Token(_)) | None => BTreeSet::new(),
    }
}
