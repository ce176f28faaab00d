//! Reads again, calls and their answers: how one job goes forward.

use crate::base::Timestamp;
use crate::model::{Answer, EntryKind, Fault, OpId, StepOutcome};
use crate::plan::effect::{Effect, Reread, Unfinished};
use crate::plan::run::brain::{Run, Timer};
use crate::plan::run::job::{Job, Stage};
use crate::plan::run::limits::wait;
use crate::plan::step::{Step, StepId};
use std::collections::BTreeSet;

impl Run {
    /// Begins queued jobs as far as there is room, and calls what is ready or due.
    pub(super) fn advance(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let room = self.limits.in_flight.max(1);
        for at in self.jobs.open() {
            self.call_if_wanted(at, now, effects);
        }
        while let Some(at) = self.jobs.next_queued(room) {
            self.begin_job(at, now, effects);
            self.call_if_wanted(at, now, effects);
        }
    }
    fn call_if_wanted(&mut self, at: usize, now: Timestamp, effects: &mut Vec<Effect>) {
        match self.jobs[at].stage {
            Stage::Ready | Stage::Due => self.call(at, now, effects),
            Stage::Queued
            | Stage::Rereading { .. }
            | Stage::Proving
            | Stage::Calling
            | Stage::Keeping { .. }
            | Stage::Resting
            | Stage::Over => {}
        }
    }
    /// An object was read again, immediately before its delete.
    pub(super) fn reread(&mut self, step: StepId, seen: Result<Option<Reread>, Fault>) -> Vec<Effect> {
        let waits = |j: &Job| matches!(&j.stage, Stage::Rereading { left } if left.contains(&step));
        let Some(at) = self.jobs.position(waits) else { return Vec::new() };
        let asked = match &seen {
            Err(Fault::Retry { .. } | Fault::OutcomeUnknown { .. }) => Some(None),
            Err(Fault::Throttled { after_seconds }) => Some(*after_seconds),
            Err(_) | Ok(_) => None,
        };
        let job = &mut self.jobs[at];
        if let Some(asked) = asked {
            job.failed_reads += 1;
            let pause = wait(&job.op, job.failed_reads, asked).filter(|_| job.failed_reads < self.limits.attempts);
            if let Some(pause) = pause {
                return vec![self.sleep(Timer::Read(step), pause)];
            }
        }
        self.judge_reread(at, step, seen);
        Vec::new()
    }
    /// The pause before another read again is over.
    pub(super) fn read_again(&mut self, step: StepId) -> Vec<Effect> {
        let waits = |j: &Job| matches!(&j.stage, Stage::Rereading { left } if left.contains(&step));
        let job = self.jobs.position(waits).map(|at| &self.jobs[at]);
        let key = job.and_then(|j| j.batch.steps.iter().find(|s| s.id == step)).map(Step::live_key);
        key.into_iter().map(|key| Effect::Read { step, key }).collect()
    }
    /// A call was answered.
    pub(super) fn answered(&mut self, op: &OpId, answer: Result<Answer, Fault>) -> Vec<Effect> {
        let Some(at) = self.jobs.position(|j| j.op == *op && j.stage == Stage::Calling) else { return Vec::new() };
        let fault = match answer {
            Ok(answer) => {
                return self.kept_first(at, answer);
            }
            Err(fault) => fault,
        };
        let job = &mut self.jobs[at];
        let asked = match &fault {
            Fault::Retry { .. } => Some(None),
            Fault::OutcomeUnknown { .. } => {
                job.maybe = true;
                Some(None)
            }
            Fault::Throttled { after_seconds } => Some(*after_seconds),
            Fault::Conflict { .. }
            | Fault::Denied { .. }
            | Fault::Missing { .. }
            | Fault::Rejected { .. }
            | Fault::Fenced { .. }
            | Fault::Local { .. } => None,
        };
        let pause = asked.and_then(|asked| wait(&job.op, job.attempts, asked)).filter(|_| job.attempts < self.limits.attempts);
        if let Some(pause) = pause {
            job.stage = Stage::Resting;
            let op = op.clone();
            return vec![self.sleep(Timer::Call(op), pause)];
        }
        self.give_up(at, &fault);
        Vec::new()
    }

    /// Takes out what may not go any more, then reads again what it deletes.
    fn begin_job(&mut self, at: usize, now: Timestamp, effects: &mut Vec<Effect>) {
        let steps = std::mem::take(&mut self.jobs[at].batch.steps);
        let whole = steps.len();
        let kept: Vec<Step> = steps.into_iter().filter(|s| self.may_begin(s, now)).collect();
        // an import reads the whole list again itself, under one fingerprint
        let one_by_one = !self.jobs[at].replaces;
        let reads: Vec<&Step> = kept.iter().filter(|s| s.only_if.reread && one_by_one).collect();
        let left: BTreeSet<StepId> = reads.iter().map(|s| s.id).collect();
        effects.extend(reads.iter().map(|s| Effect::Read { step: s.id, key: s.live_key() }));
        // what mints goes alone in its job: only creates of users go in bulk
        let sink = kept.first().and_then(|s| s.sink.clone().map(|sink| (s.id, sink)));
        let stage = match (kept.is_empty(), left.is_empty()) {
            (false, true) if sink.is_some() => {
                effects.extend(sink.map(|(step, sink)| Effect::Prove { step, sink }));
                Stage::Proving
            }
            (true, _) => Stage::Over,
            (false, true) => Stage::Ready,
            (false, false) => Stage::Rereading { left },
        };
        let cut = kept.len() < whole;
        let job = &mut self.jobs[at];
        job.batch.steps = kept;
        job.stage = stage;
        if cut && !job.batch.steps.is_empty() {
            (job.op, job.again) = self.ops.of(&job.batch); // other steps, other call
            job.maybe = job.again;
        }
    }
    fn may_begin(&mut self, step: &Step, now: Timestamp) -> bool {
        if let Some(first) = self.book.lacks(step) {
            let why = format!("needs {first} first, which did not happen");
            self.book.leave(step, why);
            return false;
        }
        self.is_approved(step, now)
    }
    fn is_approved(&mut self, step: &Step, now: Timestamp) -> bool {
        let over = self.plan.approved_until(step.id).filter(|until| now >= *until);
        over.into_iter().for_each(|until| self.book.leave_expired(step, until));
        over.is_none()
    }
    /// What was read again decides: gone, the same, or another.
    fn judge_reread(&mut self, at: usize, id: StepId, seen: Result<Option<Reread>, Fault>) {
        let Some(n) = self.jobs[at].batch.steps.iter().position(|s| s.id == id) else { return };
        let ended = match seen {
            Ok(None) | Err(Fault::Missing { .. }) => Some(StepOutcome::AlreadyDone),
            Ok(Some(live)) => self.is_another(at, n, live),
            Err(fault) => {
                self.stop_for(&fault);
                Some(StepOutcome::Failed(fault))
            }
        };
        if let Some(outcome) = ended {
            self.end_uncalled(at, n, outcome);
        }
        let job = &mut self.jobs[at];
        let rest = match &mut job.stage {
            Stage::Rereading { left } => {
                left.remove(&id);
                left.len()
            }
            Stage::Queued
            | Stage::Proving
            | Stage::Ready
            | Stage::Calling
            | Stage::Keeping { .. }
            | Stage::Resting
            | Stage::Due
            | Stage::Over => 0,
        };
        if job.batch.steps.is_empty() {
            job.stage = Stage::Over;
        } else if rest == 0 {
            job.stage = Stage::Ready;
        }
    }
    /// A namesake of another incarnation is not touched (S4.2); another version neither, but one that we made ourselves.
    fn is_another(&mut self, at: usize, n: usize, live: Reread) -> Option<StepOutcome> {
        let own = self.book.changed_before(&self.jobs[at].batch.steps[n]);
        let only_if = &mut self.jobs[at].batch.steps[n].only_if;
        let conflict = |text: &str| Some(StepOutcome::Failed(Fault::Conflict { text: text.into() }));
        if only_if.incarnation.is_some() && only_if.incarnation != live.incarnation {
            return conflict("it was deleted and created again");
        }
        if let Some(text) = only_if.quiet_since.and_then(|since| crate::plan::run::sinks::is_in_use(since, live.last_connection)) {
            return conflict(&text);
        }
        match (&only_if.version, live.version) {
            (Some(seen), Some(now)) if *seen != now && !own => return conflict("its version is another"),
            (Some(_), Some(now)) => only_if.version = Some(now),
            (None, _) | (Some(_), None) => {}
        }
        None
    }
    /// A step that ends before its call. Where an earlier run's call is open, that call did it: the receipt closes it.
    pub(super) fn end_uncalled(&mut self, at: usize, n: usize, outcome: StepOutcome) {
        let step = self.jobs[at].batch.steps.remove(n);
        let job = &self.jobs[at];
        if job.again && outcome == StepOutcome::AlreadyDone {
            let batch = crate::plan::step::Batch { bulk: job.batch.bulk, steps: vec![step.clone()] };
            let one = Job {
                op: job.op.clone(),
                again: true,
                replaces: false,
                batch,
                stage: Stage::Over,
                attempts: 0,
                failed_reads: 0,
                maybe: false,
            };
            let entries = self.book.record(&one, vec![(step.id, outcome)], &self.plan);
            self.entries.extend(entries);
        } else {
            self.book.record_uncalled(job, &step, outcome);
        }
    }
    /// Calls: the first time with its intent before it, later under the same id.
    fn call(&mut self, at: usize, now: Timestamp, effects: &mut Vec<Effect>) {
        let first = self.jobs[at].stage == Stage::Ready;
        let over = self.jobs[at].batch.steps.iter().find_map(|s| self.plan.approved_until(s.id).filter(|until| now >= *until));
        if let Some(until) = over {
            return self.expire(at, until);
        }
        let job = &mut self.jobs[at];
        if first {
            self.entries.extend(job.intent());
        }
        job.attempts += 1;
        job.stage = Stage::Calling;
        effects.push(Effect::Call { batch: job.batch.clone(), op: job.op.clone(), attempt: job.attempts });
    }
    /// The approval ended between the beginning of the job and this call (S8.4).
    fn expire(&mut self, at: usize, until: Timestamp) {
        if self.jobs[at].maybe {
            return self.give_up(at, &Fault::OutcomeUnknown { text: format!("not repeated: its approval ended at {until}") });
        }
        let job = &mut self.jobs[at];
        job.stage = Stage::Over;
        let steps = std::mem::take(&mut job.batch.steps);
        steps.iter().for_each(|s| self.book.leave_expired(s, until));
    }
    /// No further attempt. What may have taken effect stays unknown where the last answer does not judge the operation
    /// (not reached, not let in): its intent stays open, and the next run repeats the id. A refusal of the panel is told
    /// for the id, so it holds for every attempt under it.
    fn give_up(&mut self, at: usize, fault: &Fault) {
        self.stop_for(fault);
        let job = &self.jobs[at];
        let unknown = || Fault::OutcomeUnknown { text: format!("after {} attempts: {fault}", job.attempts) };
        let told = match fault {
            Fault::Missing { .. } | Fault::Conflict { .. } | Fault::Rejected { .. } => fault.clone(),
            Fault::OutcomeUnknown { .. } => unknown(),
            Fault::Retry { .. } | Fault::Throttled { .. } | Fault::Denied { .. } | Fault::Fenced { .. } | Fault::Local { .. } => {
                if job.maybe { unknown() } else { fault.clone() }
            }
        };
        let said: Vec<_> = job.batch.steps.iter().map(|s| (s.id, StepOutcome::Failed(told.clone()))).collect();
        let outcomes = job.outcomes(&said);
        self.settle(at, outcomes);
    }
    pub(super) fn settle(&mut self, at: usize, outcomes: Vec<(StepId, StepOutcome)>) {
        let faults: Vec<Fault> =
            outcomes.iter().filter_map(|(_, o)| if let StepOutcome::Failed(f) = o { Some(f.clone()) } else { None }).collect();
        faults.iter().for_each(|f| self.stop_for(f));
        self.jobs[at].stage = Stage::Over;
        let entries: Vec<EntryKind> = self.book.record(&self.jobs[at], outcomes, &self.plan);
        self.entries.extend(entries);
    }
    /// What stops everything: we may not, or another may.
    fn stop_for(&mut self, fault: &Fault) {
        match fault {
            Fault::Denied { .. } => self.stop(Unfinished::Failed(fault.to_string())),
            Fault::Fenced { text } => {
                self.lease.held = false;
                self.stop(Unfinished::Locked(text.clone()));
            }
            Fault::Retry { .. }
            | Fault::Throttled { .. }
            | Fault::Conflict { .. }
            | Fault::Missing { .. }
            | Fault::Rejected { .. }
            | Fault::OutcomeUnknown { .. }
            | Fault::Local { .. } => {}
        }
    }
}
