//! The run itself: phases, batches, what is asked for next.

use crate::base::Timestamp;
use crate::base::digest::Digest;
use crate::model::{EntryKind, Fault, Kind, OpId, Seq};
use crate::plan::approved::ApprovedPlan;
use crate::plan::effect::{Effect, Input, Unfinished};
use crate::plan::run::book::Book;
use crate::plan::run::job::{Job, Stage};
use crate::plan::run::jobs::Jobs;
use crate::plan::run::lease::LeaseBook;
use crate::plan::run::limits::RunLimits;
use crate::plan::run::ops::Ops;
use crate::plan::step::{Action, Step, StepId};
use std::collections::BTreeMap;
use std::time::Duration;

/// How far the run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Fresh,
    Opening,
    Leasing,
    Working,
    Closing,
    Over,
}

/// What a timer is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Timer {
    Renew,
    Lease,
    Call(OpId),
    Read(StepId),
}

/// A run of an approved plan: sans-I/O, driven by [`Run::step`] to [`Effect::Done`].
#[derive(Debug)]
pub struct Run {
    pub(super) plan: ApprovedPlan,
    pub(super) limits: RunLimits,
    pub(super) ops: Ops,
    pub(super) phase: Phase,
    pub(super) lease: LeaseBook,
    pub(super) book: Book,
    /// The jobs of the batch in hand.
    pub(super) jobs: Jobs,
    /// Entries to be appended with the next answer.
    pub(super) entries: Vec<EntryKind>,
    next_batch: usize,
    /// Whether an append is in hand; until it is durable nothing else that writes is asked for.
    appending: bool,
    /// Calls that stand behind the append in hand: if it fails they were not made.
    behind: Vec<OpId>,
    stop: Option<Unfinished>,
    timers: BTreeMap<u64, Timer>,
    next_timer: u64,
}

impl Run {
    /// A run that has not begun. `open` are the intents without receipt that memory tells of; `run_id` is part of every
    /// operation id made here.
    #[must_use]
    pub fn start(plan: ApprovedPlan, open: &BTreeMap<Digest, OpId>, run_id: &str, limits: RunLimits) -> Run {
        Run {
            ops: Ops::new(run_id, open),
            plan,
            limits,
            phase: Phase::Fresh,
            lease: LeaseBook::default(),
            book: Book::default(),
            jobs: Jobs::default(),
            entries: Vec::new(),
            next_batch: 0,
            appending: false,
            behind: Vec::new(),
            stop: None,
            timers: BTreeMap::new(),
            next_timer: 0,
        }
    }

    /// Takes what happened and says what to do. After [`Effect::Done`] it asks for nothing any more.
    pub fn step(&mut self, input: Input, now: Timestamp) -> Vec<Effect> {
        let mut effects = match input {
            Input::Start => {
                self.begin();
                Vec::new()
            }
            Input::Appended(result) => self.appended(result, now),
            Input::Leased(answer) => self.leased(answer, now),
            Input::Reread { step, seen } => self.reread(step, seen),
            Input::Answered { op, answer } => self.answered(&op, answer),
            Input::Proven { step, result } => self.proven(step, result),
            Input::Stored { step, result } => self.stored(step, result),
            Input::ReadBack { step, result } => self.read_back(step, result),
            Input::Woken { timer } => self.woken(timer),
            Input::Interrupted => {
                self.stop(Unfinished::Interrupted);
                Vec::new()
            }
        };
        effects.extend(self.pump(now));
        effects
    }

    /// The first reason to stop is the one that is told.
    pub(super) fn stop(&mut self, why: Unfinished) {
        if self.phase != Phase::Over {
            self.stop.get_or_insert(why);
        }
    }
    pub(super) fn sleep(&mut self, what: Timer, span: Duration) -> Effect {
        self.next_timer += 1;
        self.timers.insert(self.next_timer, what);
        Effect::Sleep { timer: self.next_timer, span }
    }

    fn begin(&mut self) {
        if self.phase == Phase::Fresh {
            self.phase = Phase::Opening;
            self.entries.push(EntryKind::Started { plan: self.plan.plan(), waits: self.plan.waits().to_vec() });
        }
    }
    fn appended(&mut self, result: Result<Seq, Fault>, now: Timestamp) -> Vec<Effect> {
        self.appending = false;
        let behind = std::mem::take(&mut self.behind);
        let Err(fault) = result else { return Vec::new() };
        for job in self.jobs.open_mut().filter(|j| behind.contains(&j.op)) {
            job.stage = Stage::Resting; // never sent; named as left below
        }
        self.stop = Some(Unfinished::Journal(fault.to_string()));
        if self.phase == Phase::Closing { self.over(now) } else { Vec::new() }
    }
    fn woken(&mut self, timer: u64) -> Vec<Effect> {
        match self.timers.remove(&timer) {
            Some(Timer::Renew) => self.renew(),
            Some(Timer::Lease) if self.phase == Phase::Leasing => vec![Effect::Lease],
            Some(Timer::Lease) => self.renew(),
            Some(Timer::Call(op)) => {
                let resting = self.jobs.open_mut().find(|j| j.op == op && j.stage == Stage::Resting);
                resting.into_iter().for_each(|job| job.stage = Stage::Due);
                Vec::new()
            }
            Some(Timer::Read(step)) => self.read_again(step),
            None => Vec::new(),
        }
    }

    /// Everything that can be asked for now: appends first, then what stands behind them.
    fn pump(&mut self, now: Timestamp) -> Vec<Effect> {
        if self.appending {
            return Vec::new();
        }
        let effects = match self.phase {
            Phase::Fresh | Phase::Leasing | Phase::Over => Vec::new(),
            Phase::Opening if self.entries.is_empty() => self.open(now),
            Phase::Opening => Vec::new(),
            Phase::Working => self.work(now),
            Phase::Closing => return self.over(now),
        };
        let entries = if self.is_broken() { Vec::new() } else { std::mem::take(&mut self.entries) };
        self.appending = !entries.is_empty();
        if self.appending {
            let op = |e: &Effect| if let Effect::Call { op, .. } = e { Some(op.clone()) } else { None };
            self.behind = effects.iter().filter_map(op).collect();
        }
        entries.into_iter().map(Effect::Append).chain(effects).collect()
    }
    fn is_broken(&self) -> bool {
        matches!(self.stop, Some(Unfinished::Journal(_)))
    }
    /// The journal is open: the lease comes next, but a tenant that is not there yet has none before it is created.
    fn open(&mut self, now: Timestamp) -> Vec<Effect> {
        if self.stop.is_some() || self.creates_tenant() {
            self.phase = Phase::Working;
            return self.work(now);
        }
        self.phase = Phase::Leasing;
        vec![Effect::Lease]
    }
    fn creates_tenant(&self) -> bool {
        let is_tenant = |s: &Step| s.key.kind == Kind::Tenant && s.action == Action::Create;
        self.plan.remote().is_none() && self.plan.batches().first().is_some_and(|b| b.steps.iter().any(is_tenant))
    }

    fn work(&mut self, now: Timestamp) -> Vec<Effect> {
        loop {
            if self.stop.is_some() {
                return self.wind_up(now);
            }
            let mut effects = Vec::new();
            if self.lease.is_over(now) {
                return if self.lease.renewing { effects } else { self.renew() };
            }
            self.advance(now, &mut effects);
            if self.stop.is_some() {
                continue;
            }
            if !effects.is_empty() || !self.jobs.are_over() {
                return effects;
            }
            if self.next_batch > 0 && !self.lease.held {
                return self.lease_after_creation(now);
            }
            let Some(batch) = self.plan.batches().get(self.next_batch) else { return self.close(now) };
            self.jobs = Jobs::new(Job::of(batch, &self.ops));
            self.next_batch += 1;
        }
    }
    fn lease_after_creation(&mut self, now: Timestamp) -> Vec<Effect> {
        if !self.book.is_complete() {
            self.stop(Unfinished::Failed("the tenant could not be created".into()));
            return self.wind_up(now);
        }
        self.phase = Phase::Leasing;
        vec![Effect::Lease]
    }
    /// Stopped: the calls in hand are awaited, nothing new begins (S12.3).
    fn wind_up(&mut self, now: Timestamp) -> Vec<Effect> {
        // a credential in hand is lost with the run: it is kept first
        let calling = self.jobs.position(|j| matches!(j.stage, Stage::Calling | Stage::Keeping { .. })).is_some();
        if calling { Vec::new() } else { self.close(now) }
    }
    fn close(&mut self, now: Timestamp) -> Vec<Effect> {
        self.name_the_rest();
        self.phase = Phase::Closing;
        if self.is_broken() {
            return self.over(now);
        }
        self.entries.push(EntryKind::Ended { complete: self.stop.is_none() && self.book.is_complete() });
        let held = std::mem::take(&mut self.lease.held);
        held.then_some(Effect::Release).into_iter().collect()
    }
    fn over(&mut self, now: Timestamp) -> Vec<Effect> {
        self.phase = Phase::Over;
        let held = std::mem::take(&mut self.lease.held);
        let outcome = self.book.outcome(self.plan.plan(), self.stop.clone(), now);
        held.then_some(Effect::Release).into_iter().chain([Effect::Done(outcome)]).collect()
    }
    /// Names every step that was neither done nor left yet.
    fn name_the_rest(&mut self) {
        let Some(stop) = &self.stop else { return };
        let why = words(stop);
        for job in self.jobs.not_over() {
            let open = if job.maybe {
                format!("{why}; operation {} may have taken effect, the next run repeats it", job.op.0)
            } else {
                why.clone()
            };
            job.batch.steps.iter().for_each(|s| self.book.leave(s, open.clone()));
        }
        let later = self.plan.batches().iter().skip(self.next_batch).flat_map(|b| &b.steps);
        later.for_each(|s| self.book.leave(s, why.clone()));
    }
}

fn words(stop: &Unfinished) -> String {
    match stop {
        Unfinished::No => String::new(),
        Unfinished::Stale(text) | Unfinished::Expired(text) => text.clone(),
        Unfinished::Locked(text) => format!("another writer: {text}"),
        Unfinished::Failed(text) => format!("stopped: {text}"),
        Unfinished::Interrupted => "interrupted".into(),
        Unfinished::Journal(text) => format!("the journal could not be written: {text}"),
    }
}

#[cfg(test)]
#[path = "brain_tests.rs"]
mod tests;
