//! From plans to writers: consent, approvals, execution, verification. The write port is made from an approved plan, and
//! from nothing else (S5.6).

use crate::base::{ExitCode, TenantName, Timestamp};
use crate::engine::execute::{Hands, SharedMemory, execute};
use crate::engine::load::{self, Loaded};
use crate::engine::setup::Engine;
use crate::engine::told::{Applied, Ask, ExitCodeOrDone, Planned, TenantApplied, Trouble, Wish};
use crate::model::{Fault, Key, Look, Looked, Remembered, SmtpUser};
use crate::plan::{self, ApprovedPlan, Outcome, Plan, PlanFile, Refusal, RunLimits, Unfinished};
use crate::resolve::Heads;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// New steps that are named where a saved plan is stale; the plan that is shown has them all.
const STALE_NAMED: usize = 10;

impl Engine {
    /// Plans, asks, executes, verifies. `saved` is a plan file: a tenant goes on only if every step is one of its (S5.5).
    pub async fn apply(&self, wish: &Wish, saved: Option<&PlanFile>, ask: Ask<'_>) -> Applied {
        let wish = restrict(wish, saved);
        let mut planned = self.plan(&wish).await; // I/O, pure
        if let Some(saved) = saved {
            check_saved(&mut planned, saved, self.setup.clock.now()); // pure
        }
        let todo = planned.plans.iter().any(|p| !p.is_settled());
        let consent = if todo && planned.fault.is_none() { ask(&planned) } else { None };
        let mut applied = Applied { tenants: BTreeMap::new(), exit: planned.exit.0, planned };
        let opened = load::load(self.setup.source.as_ref()).and_then(|loaded| Ok((loaded, self.memory()?))); // I/O
        let (loaded, (memory, remembered)) = match opened {
            Ok(opened) => opened,
            Err(fault) => {
                applied.planned.fault = Some(fault);
                applied.exit = applied.exit.gravest(ExitCode::Error);
                return applied;
            }
        };
        self.clear_sinks(&loaded, &applied.planned);
        let fresh: Vec<Plan> = applied.planned.plans.iter().filter(|p| !applied.planned.stale.contains_key(&p.tenant)).cloned().collect();
        let now = self.setup.clock.now();
        let approved = plan::approve(fresh, &loaded.declared.approvals, consent, &remembered, now); // pure
        for (name, result) in approved {
            let told = match result {
                Ok(approved) => self.tenant_apply(&loaded, approved, &memory, &remembered, &wish).await, // I/O
                Err(refusal) => refused(&applied.planned, &name, refusal),
            };
            applied.tenants.insert(name, told);
        }
        applied.close();
        applied
    }

    /// Takes away what a killed run left beside the sinks of the tenants in hand. The folder's lock is held by now.
    fn clear_sinks(&self, loaded: &Loaded, planned: &Planned) {
        let here = |heads: &&Heads| planned.plans.iter().any(|p| p.tenant == *heads.name());
        for sink in loaded.heads.iter().filter(here).flat_map(|h| h.smtp_users.values()).filter_map(SmtpUser::sink) {
            match self.setup.sinks.clear(&sink) {
                Ok(false) => {}
                Ok(true) => tracing::warn!("removed what an interrupted run left beside the sink {}", sink.place),
                Err(fault) => tracing::warn!("{fault}"),
            }
        }
    }

    fn memory(&self) -> Result<(SharedMemory, Remembered), Fault> {
        let holder = uuid::Uuid::now_v7().simple().to_string();
        let memory = self.setup.memory.open(&holder)?;
        let remembered = memory.recall()?;
        Ok((Arc::new(Mutex::new(memory)), remembered))
    }

    async fn tenant_apply(
        &self,
        loaded: &Loaded,
        approved: ApprovedPlan,
        memory: &SharedMemory,
        remembered: &Remembered,
        wish: &Wish,
    ) -> TenantApplied {
        let started = Instant::now();
        let (name, mut stays, looks) = (approved.tenant().clone(), approved.stays().to_vec(), approved.looks().to_vec());
        self.setup.progress.phase(&format!("applying {name}"), Some(approved.batches().iter().map(|b| b.steps.len() as u64).sum()));
        let mut told = Told { outcome: idle(&approved, self.setup.clock.now()), looked: Vec::new() };
        for part in approved.per_panel() {
            if !told.outcome.may_go_on() {
                break;
            }
            told.add(self.on_panel(loaded, part, memory, remembered).await);
        }
        let Told { outcome, looked } = told;
        let found = |look: &Look| looked.iter().any(|(key, seen)| *key == look.key && seen.as_ref().is_ok_and(|l| l.found));
        stays.retain(|(id, _)| !looks.iter().any(|look| look.step == *id && found(look)));
        self.setup.progress.finish();
        let elapsed = started.elapsed();
        let after = self.verify(&name, wish).await;
        let exit = exit_of(&outcome, after.as_ref(), &stays);
        TenantApplied { refusal: None, stays, outcome: Some(outcome), looked, after, exit, elapsed }
    }

    /// What goes on one panel; looks come last, and also where nothing was to be sent.
    async fn on_panel(&self, loaded: &Loaded, part: ApprovedPlan, memory: &SharedMemory, remembered: &Remembered) -> Told {
        let now = self.setup.clock.now();
        if part.batches().is_empty() && part.looks().is_empty() {
            return Told { outcome: idle(&part, now), looked: Vec::new() };
        }
        let looks = part.looks().to_vec();
        match self.hands(loaded, &part, memory, remembered).await {
            Ok(hands) => {
                let writer = hands.writer.clone();
                let outcome = if part.batches().is_empty() { idle(&part, now) } else { execute(part, hands).await };
                Told { outcome, looked: look(writer.as_ref(), &looks).await }
            }
            Err(fault) => Told { outcome: nothing_sent(&part, &fault, now), looked: Vec::new() },
        }
    }

    async fn hands(
        &self,
        loaded: &Loaded,
        approved: &ApprovedPlan,
        memory: &SharedMemory,
        remembered: &Remembered,
    ) -> Result<Hands, Fault> {
        let missing = || Fault::Local { text: format!("provider `{}` is not declared any more", approved.provider()) };
        let declared = loaded.declared.workspace.providers.get(approved.provider()).ok_or_else(missing)?;
        let provider = self.provider(declared).await.map_err(|reason| Fault::Retry { reason })?;
        let writer = provider.driver.writer(approved, self.setup.secrets.clone())?;
        Ok(Hands {
            writer: Arc::from(writer),
            reader: provider.reader.clone(),
            sinks: self.setup.sinks.clone(),
            memory: memory.clone(),
            clock: self.setup.clock.clone(),
            run: self.setup.run.clone(),
            holder: remembered.holder.clone(),
            open: remembered.open.clone(),
            limits: RunLimits { in_flight: provider.driver.capabilities().pages.in_flight as usize, ..RunLimits::default() },
            interrupted: self.setup.interrupted.clone(),
        })
    }

    /// Observes and plans again: settled, or the residual is shown (S5.4).
    async fn verify(&self, name: &TenantName, wish: &Wish) -> Option<Plan> {
        let again = Wish { tenants: vec![name.to_string()], reset: Vec::new(), ..wish.clone() };
        let mut planned = self.again().await.plan(&again).await;
        planned.plans.pop()
    }
}

/// With a plan file only its tenants are looked at.
fn restrict(wish: &Wish, saved: Option<&PlanFile>) -> Wish {
    let mut wish = wish.clone();
    if let (Some(saved), true) = (saved, wish.tenants.is_empty()) {
        wish.tenants = saved.plans.iter().map(|p| p.tenant.to_string()).collect();
    }
    wish
}

/// A tenant whose fresh steps are not all among the saved ones is stale; an expired file makes all stale (S5.5).
fn check_saved(planned: &mut Planned, saved: &PlanFile, now: Timestamp) {
    let known: BTreeMap<&TenantName, BTreeSet<_>> =
        saved.plans.iter().map(|p| (&p.tenant, p.steps.iter().map(|s| s.id).collect())).collect();
    for plan in &planned.plans {
        let new: Vec<String> = plan
            .steps
            .iter()
            .filter(|s| known.get(&plan.tenant).is_none_or(|have| !have.contains(&s.id)))
            .map(|s| format!("{} {}", s.action.word(), s.key))
            .collect();
        let origin = saved.plans.iter().find(|p| p.tenant == plan.tenant).map(|p| p.origin.as_str());
        if now > saved.expires {
            planned.stale.insert(plan.tenant.clone(), vec![format!("the plan file expired at {}", saved.expires)]);
        } else if origin.is_some_and(|o| o != plan.origin) {
            planned.stale.insert(plan.tenant.clone(), vec!["the plan file was made for another panel".to_owned()]);
        } else if !new.is_empty() {
            planned.stale.insert(plan.tenant.clone(), vec![not_in_file(&new)]);
        }
    }
    for name in planned.stale.keys() {
        planned.exits.insert(name.clone(), ExitCode::Stale);
    }
    planned.exit = ExitCodeOrDone(planned.exits.values().fold(planned.exit.0, |a, b| a.gravest(*b)));
}

/// The first few steps that are new, in words.
fn not_in_file(new: &[String]) -> String {
    let shown = new.iter().take(STALE_NAMED).cloned().collect::<Vec<_>>().join(", ");
    let rest = new.len().saturating_sub(STALE_NAMED);
    let more = if rest > 0 { format!(" … and {rest} more") } else { String::new() };
    format!("the plan file does not hold: {shown}{more}")
}

fn refused(planned: &Planned, name: &TenantName, refusal: Refusal) -> TenantApplied {
    let exit = match &refusal {
        Refusal::Bug(_) => ExitCode::Error,
        Refusal::Nothing | Refusal::NoConsent | Refusal::NothingMayGo { .. } => planned.exits.get(name).copied().unwrap_or(ExitCode::Done),
    };
    TenantApplied {
        refusal: Some(refusal),
        stays: Vec::new(),
        outcome: None,
        looked: Vec::new(),
        after: None,
        exit,
        elapsed: Duration::ZERO,
    }
}

/// What came of a tenant so far.
struct Told {
    outcome: Outcome,
    looked: Vec<(Key, Result<Looked, Fault>)>,
}

impl Told {
    /// With what came of it on another panel.
    fn add(&mut self, other: Told) {
        let Outcome { done, left, wrote, unfinished, at, .. } = other.outcome;
        self.outcome.done.extend(done);
        self.outcome.left.extend(left);
        self.outcome.wrote |= wrote;
        self.outcome.at = at;
        if self.outcome.unfinished == Unfinished::No {
            self.outcome.unfinished = unfinished;
        }
        self.looked.extend(other.looked);
    }
}

/// The outcome where nothing was to be sent, and something was to be looked at.
fn idle(approved: &ApprovedPlan, at: Timestamp) -> Outcome {
    Outcome { plan: approved.plan(), done: Vec::new(), left: Vec::new(), wrote: false, unfinished: Unfinished::No, at }
}

/// Has the panel look again at what waits for a person (S6.5). A look that fails is told, and fails nothing.
async fn look(writer: &dyn crate::port::Apply, looks: &[Look]) -> Vec<(Key, Result<Looked, Fault>)> {
    let mut all = Vec::new();
    for one in looks {
        match writer.look(one).await {
            Ok(None) => {}
            Ok(Some(looked)) => all.push((one.key.clone(), Ok(looked))),
            Err(fault) => all.push((one.key.clone(), Err(fault))),
        }
    }
    all
}

fn nothing_sent(approved: &ApprovedPlan, fault: &Fault, at: Timestamp) -> Outcome {
    let left = approved.batches().iter().flat_map(|b| &b.steps).map(|s| (s.id, fault.to_string())).collect();
    Outcome { plan: approved.plan(), done: Vec::new(), left, wrote: false, unfinished: Unfinished::Failed(fault.to_string()), at }
}

/// S18.2, for one tenant that was executed.
fn exit_of(outcome: &Outcome, after: Option<&Plan>, stays: &[(plan::StepId, String)]) -> ExitCode {
    let failed =
        outcome.done.iter().any(|(_, o)| matches!(o, crate::model::StepOutcome::Failed(_) | crate::model::StepOutcome::Ignored(_)));
    let executed = match &outcome.unfinished {
        Unfinished::No if !failed => ExitCode::Done,
        Unfinished::Stale(_) | Unfinished::Locked(_) if !outcome.wrote => ExitCode::Stale,
        Unfinished::Interrupted if !failed => ExitCode::Pending,
        Unfinished::Expired(_) if !failed => ExitCode::NeedsApproval,
        Unfinished::No
        | Unfinished::Stale(_)
        | Unfinished::Locked(_)
        | Unfinished::Failed(_)
        | Unfinished::Interrupted
        | Unfinished::Expired(_)
        | Unfinished::Journal(_) => {
            if outcome.wrote {
                ExitCode::Partial
            } else {
                ExitCode::Error
            }
        }
    };
    let left = if stays.is_empty() { ExitCode::Done } else { ExitCode::Pending };
    let verified = after.map_or(ExitCode::Incomplete, plan::exit_code);
    executed.gravest(left).gravest(verified)
}

impl Applied {
    fn close(&mut self) {
        let planned = &self.planned;
        let of = |name: &TenantName, code: ExitCode| self.tenants.get(name).map_or(code, |t| t.exit);
        let start = if planned.findings.stops_all() || planned.fault.is_some() { ExitCode::Error } else { ExitCode::Done };
        let start = if planned.exits.is_empty() { start.gravest(planned.exit.0) } else { start };
        let all = planned.exits.iter().map(|(name, code)| if planned.stale.contains_key(name) { *code } else { of(name, *code) });
        self.exit = all.fold(start, ExitCode::gravest);
        for (name, trouble) in &planned.troubles {
            let code = match trouble {
                Trouble::Findings | Trouble::Local(_) | Trouble::Bug(_) | Trouble::Provider(_) => trouble.exit(),
            };
            self.exit = self.exit.gravest(of(name, code));
        }
    }
}
