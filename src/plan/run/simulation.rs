//! An in-memory panel with idempotency keys and a seeded schedule of faults, which drives [`Run::step`] to its end.
//! Test code only: the oracles look at the panel and the trace, not at what the run says.

use crate::base::Secret;
use crate::base::Timestamp;
use crate::model::{Answer, Credential, EntryKind, Fault, Kind, Lease, OpId, Reason, StepOutcome};
use crate::plan::approved::ApprovedPlan;
use crate::plan::effect::{Effect, Input, Outcome, Reread};
use crate::plan::run::{Run, RunLimits};
use crate::plan::step::{Action, Batch, Step, StepId};
use crate::plan::testing_plans::at;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A generator whose numbers only the seed decides.
pub struct Dice(u64);

impl Dice {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }
    /// A number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }
    /// True once in `n` times; never for 0.
    pub fn one_in(&mut self, n: u64) -> bool {
        n > 0 && self.below(n) == 0
    }
}

/// How often what goes wrong: once in so many times, 0 for never.
#[derive(Clone, Copy, Default)]
pub struct Faults {
    /// Calls that fail, in one of many ways.
    pub call: u64,
    /// Appends that fail.
    pub append: u64,
    /// Leases and renewals that fail.
    pub lease: u64,
    /// Reads again that fail.
    pub read: u64,
    /// Sinks that cannot be proven or written.
    pub sink: u64,
    /// Steps of the run at which somebody presses Ctrl-C.
    pub interrupt: u64,
    /// Steps of the run at which the process is killed.
    pub kill: u64,
}

/// What happened, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trace {
    /// An entry became durable.
    Durable(EntryKind),
    /// An append failed.
    Lost,
    /// A call reached the panel.
    Called(OpId, Vec<StepId>),
    /// The lease was given back.
    Released,
}

/// The panel, the journal and the world around them; they outlive runs.
pub struct World {
    /// Chance.
    pub dice: Dice,
    /// What goes wrong.
    pub faults: Faults,
    /// How often each step took effect.
    pub executed: BTreeMap<StepId, u32>,
    /// Answers by operation id, with the steps that it was made for.
    keys: BTreeMap<OpId, (Vec<StepId>, Result<Answer, Fault>)>,
    /// Requests that the network still holds.
    held: Vec<(OpId, Batch)>,
    /// The trace.
    pub trace: Vec<Trace>,
    /// Logins by name: which password is the present one.
    pub logins: BTreeMap<String, u64>,
    /// What their sinks hold.
    pub kept: BTreeMap<String, u64>,
    /// Objects of another incarnation than planned.
    pub namesakes: BTreeSet<StepId>,
    now: i64,
    fence: u64,
}

impl World {
    /// A world with a seed.
    pub fn new(seed: u64, faults: Faults) -> Self {
        Self {
            dice: Dice::new(seed),
            faults,
            executed: BTreeMap::new(),
            keys: BTreeMap::new(),
            held: Vec::new(),
            trace: Vec::new(),
            logins: BTreeMap::new(),
            kept: BTreeMap::new(),
            namesakes: BTreeSet::new(),
            now: 0,
            fence: 0,
        }
    }
    /// What the trace says about one step.
    pub fn about(&self, step: StepId) -> Vec<String> {
        let id = step.to_string();
        self.trace.iter().map(|t| format!("{t:?}")).filter(|t| t.contains(&id)).collect()
    }
    /// Intents without receipt, as memory tells them.
    pub fn open(&self) -> BTreeMap<StepId, OpId> {
        let mut open = BTreeMap::new();
        for entry in &self.trace {
            match entry {
                Trace::Durable(EntryKind::Intent { op, steps, .. }) => open.extend(steps.iter().map(|s| (*s, op.clone()))),
                Trace::Durable(EntryKind::Receipt { op, outcomes, .. }) => {
                    let unknown = |o: &StepOutcome| matches!(o, StepOutcome::Failed(Fault::OutcomeUnknown { .. }));
                    for (step, _) in outcomes.iter().filter(|(s, o)| !unknown(o) && open.get(s) == Some(op)).cloned().collect::<Vec<_>>() {
                        open.remove(&step);
                    }
                }
                Trace::Durable(_) | Trace::Lost | Trace::Called(..) | Trace::Released => {}
            }
        }
        open
    }
    /// Drives a run to its end; `None` where it was killed.
    pub fn drive(&mut self, plan: ApprovedPlan, run_id: &str) -> Option<Outcome> {
        let by_id: BTreeMap<StepId, Step> = plan.batches().iter().flat_map(|b| &b.steps).map(|s| (s.id, s.clone())).collect();
        let open = self.open();
        let mut run = Run::start(plan, &open, run_id, RunLimits { in_flight: 3, attempts: 4 });
        let mut inputs = VecDeque::from([Input::Start]);
        for _ in 0..20_000 {
            if self.dice.one_in(self.faults.kill) {
                return None;
            }
            if self.dice.one_in(self.faults.interrupt) {
                inputs.push_back(Input::Interrupted);
            }
            self.deliver_late();
            let chosen = usize::try_from(self.dice.below(inputs.len().max(1) as u64)).unwrap_or(0);
            let input = inputs.remove(chosen).expect("the run waits for something that never comes");
            let effects = run.step(input, self.clock());
            if let Some(outcome) = self.carry_out(effects, &by_id, &mut inputs) {
                assert!(run.step(Input::Interrupted, self.clock()).is_empty(), "after the end nothing is asked for");
                return Some(outcome);
            }
        }
        panic!("the run does not end");
    }

    fn clock(&self) -> Timestamp {
        at(self.now)
    }
    fn carry_out(&mut self, effects: Vec<Effect>, by_id: &BTreeMap<StepId, Step>, inputs: &mut VecDeque<Input>) -> Option<Outcome> {
        let appends = effects.iter().filter(|e| matches!(e, Effect::Append(_))).count();
        let lost = appends > 0 && self.dice.one_in(self.faults.append);
        if appends > 0 {
            let result = if lost { Err(Fault::Local { text: "disk full".into() }) } else { Ok(1) };
            inputs.push_back(Input::Appended(result));
        }
        if lost {
            self.trace.push(Trace::Lost);
        }
        for effect in effects {
            match effect {
                Effect::Append(_) | Effect::Call { .. } if lost => {}
                Effect::Append(kind) => self.trace.push(Trace::Durable(kind)),
                Effect::Lease | Effect::Renew => inputs.push_back(Input::Leased(self.lease())),
                Effect::Read { step, .. } => inputs.push_back(Input::Reread { step, seen: self.read(&by_id[&step]) }),
                Effect::Call { batch, op, .. } => {
                    self.trace.push(Trace::Called(op.clone(), batch.steps.iter().map(|s| s.id).collect()));
                    let answer = self.call(&batch, &op);
                    inputs.push_back(Input::Answered { op, answer });
                }
                Effect::Prove { step, .. } => inputs.push_back(Input::Proven { step, result: self.sink() }),
                Effect::Store { step, credential, .. } => {
                    let result = self.sink();
                    // what cannot be written may be written all the same
                    if result.is_ok() || self.dice.one_in(2) {
                        self.kept.insert(by_id[&step].key.name.clone(), password(&credential));
                    }
                    inputs.push_back(Input::Stored { step, result });
                }
                Effect::ReadBack { step, credential, .. } => {
                    let holds = self.kept.get(&by_id[&step].key.name) == Some(&password(&credential));
                    inputs.push_back(Input::ReadBack { step, result: Ok(holds) });
                }
                Effect::Sleep { timer, span } => {
                    self.now += i64::try_from(span.as_secs()).unwrap_or(1) / 8 + 1;
                    inputs.push_back(Input::Woken { timer });
                }
                Effect::Release => self.trace.push(Trace::Released),
                Effect::Done(outcome) => return Some(outcome),
            }
        }
        None
    }
    fn sink(&mut self) -> Result<(), Fault> {
        if self.dice.one_in(self.faults.sink) { Err(Fault::Local { text: "disk full".into() }) } else { Ok(()) }
    }
    fn lease(&mut self) -> Result<Lease, Fault> {
        if self.dice.one_in(self.faults.lease) {
            return Err(match self.dice.below(4) {
                0 => Fault::Fenced { text: "ann".into() },
                1 => Fault::Denied { reason: Reason::Denied { status: 403, text: "no".into() } },
                _ => Fault::Retry { reason: Reason::TimedOut { seconds: 1 } },
            });
        }
        self.fence += 1;
        Ok(Lease { fencing_token: Some(self.fence), change_mark: Some("m1".into()) })
    }
    fn read(&mut self, step: &Step) -> Result<Option<Reread>, Fault> {
        if self.dice.one_in(self.faults.read) {
            return Err(Fault::Retry { reason: Reason::TimedOut { seconds: 1 } });
        }
        if self.executed.contains_key(&step.id) {
            return Ok(None);
        }
        let incarnation = if self.namesakes.contains(&step.id) { Some("another".into()) } else { step.only_if.incarnation.clone() };
        Ok(Some(Reread::of(incarnation, step.only_if.version.clone())))
    }
    fn call(&mut self, batch: &Batch, op: &OpId) -> Result<Answer, Fault> {
        let unknown = || Err(Fault::OutcomeUnknown { text: "time-out".into() });
        if !self.dice.one_in(self.faults.call) {
            return self.execute(batch, op, None);
        }
        match self.dice.below(9) {
            0 => Err(Fault::Retry { reason: Reason::TimedOut { seconds: 1 } }),
            1 => Err(Fault::Throttled { after_seconds: Some(self.dice.below(90)) }),
            2 => self.execute(batch, op, Some(Fault::Conflict { text: "changed".into() })),
            3 => self.execute(batch, op, Some(Fault::Rejected { text: "no".into() })),
            4 if self.dice.one_in(4) => Err(Fault::Denied { reason: Reason::Denied { status: 401, text: "no".into() } }),
            5 if self.dice.one_in(4) => Err(Fault::Fenced { text: "bob".into() }),
            6 => unknown(),
            7 => {
                self.held.push((op.clone(), batch.clone()));
                unknown()
            }
            _ => {
                drop(self.execute(batch, op, None));
                unknown()
            }
        }
    }
    /// Requests that were held arrive at some time, also after the run that sent them.
    fn deliver_late(&mut self) {
        if !self.held.is_empty() && self.dice.one_in(6) {
            let (op, batch) = self.held.remove(0);
            drop(self.execute(&batch, &op, None));
        }
    }
    /// Judges an operation id once: it takes effect or is refused, and every repetition is told the same.
    fn execute(&mut self, batch: &Batch, op: &OpId, refused: Option<Fault>) -> Result<Answer, Fault> {
        let ids: Vec<StepId> = batch.steps.iter().map(|s| s.id).collect();
        if let Some((made_for, answer)) = self.keys.get(op) {
            assert_eq!(*made_for, ids, "one operation id for two different calls");
            return answer.clone();
        }
        if let Some(fault) = refused {
            self.keys.insert(op.clone(), (ids, Err(fault.clone())));
            return Err(fault);
        }
        let (mut outcomes, mut minted) = (Vec::new(), Vec::new());
        for step in &batch.steps {
            assert!(!self.namesakes.contains(&step.id), "a namesake was touched");
            for edge in &step.after {
                assert!(self.executed.contains_key(&edge.step), "{} went before what it needs", step.key);
            }
            // a user who was meant for a bulk call may come in a single one of a later run: there the panel's own rule
            // that an address is unique decides, as no id can; single calls stand by their id alone
            if step.key.name.starts_with('b') && step.action == Action::Create && self.executed.contains_key(&step.id) {
                outcomes.push((step.id, StepOutcome::AlreadyDone));
                continue;
            }
            // a login whose credential got lost is reset by as many runs as it takes
            if step.action != Action::Reset {
                *self.executed.entry(step.id).or_default() += 1;
            }
            minted.extend(self.mint(step));
            outcomes.push((step.id, StepOutcome::Done));
        }
        // a credential is shown once: a repetition is told the same without it
        let answer = Answer { outcomes, created: vec![], minted: vec![] };
        self.keys.insert(op.clone(), (ids, Ok(answer.clone())));
        Ok(Answer { minted, ..answer })
    }
    fn mint(&mut self, step: &Step) -> Option<(StepId, Credential)> {
        if step.key.kind != Kind::SmtpUser {
            return None;
        }
        let number = self.logins.entry(step.key.name.clone()).or_default();
        *number += 1;
        Some((step.id, Credential { username: step.key.name.clone(), password: Secret::new(number.to_string()) }))
    }
}

fn password(credential: &Credential) -> u64 {
    credential.password.expose().parse().expect("a number")
}

/// Looks at the trace: every call after its durable intent, every receipt after its call, nothing after a lost append
/// within one run, and every deletion backed up first.
pub fn check_order(trace: &[Trace], steps: &BTreeMap<StepId, Step>) {
    let (mut intents, mut called, mut backups) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut lost = false;
    for event in trace {
        match event {
            Trace::Lost => lost = true,
            Trace::Durable(EntryKind::Started { .. }) => lost = false,
            Trace::Durable(EntryKind::Intent { op, steps: of, .. }) => {
                assert!(!lost, "an intent after a failed append");
                let deletes = of.iter().filter(|s| steps[s].action == Action::Delete);
                deletes.for_each(|s| assert!(backups.contains(&steps[s].key), "a delete without backup"));
                intents.insert(op.clone());
            }
            Trace::Durable(EntryKind::Backup { key, .. }) => drop(backups.insert(key.clone())),
            Trace::Durable(EntryKind::Receipt { op, .. }) => assert!(called.contains(op), "a receipt before its call"),
            Trace::Durable(EntryKind::Spent { .. } | EntryKind::Ended { .. }) | Trace::Released => {}
            Trace::Called(op, _) => {
                assert!(intents.contains(op), "a call before its intent");
                assert!(!lost, "a call after a failed append");
                called.insert(op.clone());
            }
        }
    }
}
