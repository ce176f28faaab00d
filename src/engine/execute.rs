//! The shell around the executor's brain: carries out what [`Run::step`] asks for, and decides nothing.
//!
//! Entries of one answer are flushed together before any call of that answer is made; a failed flush drops the calls.

use crate::base::{Clock, TenantName};
use crate::model::entry::{Entry, EntryKind};
use crate::model::{Fault, Key, LastConnection, LiveFacts, Object, OpId, Seq};
use crate::plan::{ApprovedPlan, Effect, Input, Outcome, Reread, Run, RunLimits};
use crate::port::{Apply, Memory, Observe, Sinks};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The memory of a run, shared by its tenants.
pub type SharedMemory = Arc<Mutex<Box<dyn Memory>>>;

/// What the shell needs to carry out effects.
pub struct Hands {
    /// The write port of this plan.
    pub writer: Arc<dyn Apply>,
    /// The read port, for reads again.
    pub reader: Arc<dyn Observe>,
    /// Where credentials go.
    pub sinks: Arc<dyn Sinks>,
    /// Journal.
    pub memory: SharedMemory,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The id of this run.
    pub run: String,
    /// The id of this holder of leases.
    pub holder: String,
    /// Open intents of earlier runs.
    pub open: BTreeMap<crate::base::Digest, OpId>,
    /// Bounds.
    pub limits: RunLimits,
    /// Becomes true with Ctrl-C or SIGTERM (S12.3).
    pub interrupted: watch::Receiver<bool>,
}

/// Executes an approved plan to its end.
pub async fn execute(plan: ApprovedPlan, mut hands: Hands) -> Outcome {
    let (tenant, remote) = (plan.tenant().clone(), plan.remote().map(str::to_owned));
    let mut run = Run::start(plan, &hands.open, &hands.run, hands.limits);
    let mut told = VecDeque::from([Input::Start]);
    let mut calls: JoinSet<Input> = JoinSet::new();
    let mut stopped = false;
    loop {
        let input = match told.pop_front() {
            Some(input) => input,
            None => wait(&mut calls, &mut hands.interrupted, &mut stopped).await,
        };
        let mut effects = run.step(input, hands.clock.now());
        let entries: Vec<EntryKind> = effects.iter().filter_map(entry).collect();
        if !entries.is_empty() {
            let written = append(&hands, &tenant, entries).await;
            if written.is_err() {
                effects.retain(|e| !matches!(e, Effect::Call { .. }));
            }
            told.push_back(Input::Appended(written));
        }
        for effect in effects {
            match effect {
                Effect::Done(outcome) => {
                    calls.shutdown().await;
                    return outcome;
                }
                Effect::Release => release(&hands).await,
                other => start(&mut calls, other, &hands, remote.as_deref()),
            }
        }
    }
}

fn entry(effect: &Effect) -> Option<EntryKind> {
    match effect {
        Effect::Append(kind) => Some(kind.clone()),
        Effect::Lease
        | Effect::Renew
        | Effect::Read { .. }
        | Effect::Prove { .. }
        | Effect::Store { .. }
        | Effect::ReadBack { .. }
        | Effect::Call { .. }
        | Effect::Sleep { .. }
        | Effect::Release
        | Effect::Done(_) => None,
    }
}

/// The next thing that happens: an answer, or the wish to stop, which is told once.
async fn wait(calls: &mut JoinSet<Input>, interrupted: &mut watch::Receiver<bool>, stopped: &mut bool) -> Input {
    loop {
        tokio::select! {
            Some(done) = calls.join_next() => match done {
                Ok(input) => return input,
                Err(error) => tracing::error!("a port panicked: {error}"),
            },
            Ok(_) = interrupted.wait_for(|on| *on), if !*stopped => {
                *stopped = true;
                return Input::Interrupted;
            }
            // nothing under way and nobody to ask: only a defect leads here, and stopping is the careful answer
            else => return Input::Interrupted,
        }
    }
}

/// Gives the lease back. It ends by itself where that fails.
async fn release(hands: &Hands) {
    if let Err(fault) = hands.writer.release().await {
        tracing::warn!("the lease could not be given back: {fault}; it ends by itself");
    }
}

async fn append(hands: &Hands, tenant: &TenantName, kinds: Vec<EntryKind>) -> Result<Seq, Fault> {
    let (memory, run, at, tenant) = (hands.memory.clone(), hands.run.clone(), hands.clock.now(), tenant.clone());
    let entries: Vec<Entry> = kinds.into_iter().map(|kind| Entry { at, run: run.clone(), tenant: tenant.clone(), kind }).collect();
    let flushed = tokio::task::spawn_blocking(move || memory.lock().unwrap_or_else(PoisonError::into_inner).append(&entries));
    flushed.await.unwrap_or_else(|e| Err(Fault::Local { text: format!("memory: {e}") }))
}

fn start(calls: &mut JoinSet<Input>, effect: Effect, hands: &Hands, remote: Option<&str>) {
    let (writer, reader, clock) = (hands.writer.clone(), hands.reader.clone(), hands.clock.clone());
    match effect {
        Effect::Append(_) | Effect::Release | Effect::Done(_) => {}
        Effect::Lease => {
            let holder = hands.holder.clone();
            calls.spawn(async move { Input::Leased(writer.lease(&holder).await) });
        }
        Effect::Renew => {
            calls.spawn(async move { Input::Leased(writer.renew().await) });
        }
        Effect::Read { step, key } => {
            let remote = remote.map(str::to_owned);
            calls.spawn(async move { Input::Reread { step, seen: reread(reader.as_ref(), &key, remote.as_deref()).await } });
        }
        Effect::Call { batch, op, .. } => {
            calls.spawn(async move {
                let answer = writer.apply(&batch, &op).await;
                Input::Answered { op, answer }
            });
        }
        Effect::Prove { .. } | Effect::Store { .. } | Effect::ReadBack { .. } => keep(calls, effect, hands.sinks.clone()),
        Effect::Sleep { timer, span } => {
            calls.spawn(async move {
                clock.sleep(span).await;
                Input::Woken { timer }
            });
        }
    }
}

/// What a sink is asked; files are written beside the threads of the network.
fn keep(calls: &mut JoinSet<Input>, effect: Effect, sinks: Arc<dyn Sinks>) {
    calls.spawn_blocking(move || match effect {
        Effect::Prove { step, sink } => Input::Proven { step, result: sinks.prove(&sink) },
        Effect::Store { step, sink, credential } => Input::Stored { step, result: sinks.store(&sink, &credential) },
        Effect::ReadBack { step, sink, credential } => Input::ReadBack { step, result: sinks.holds(&sink, &credential) },
        Effect::Append(_)
        | Effect::Lease
        | Effect::Renew
        | Effect::Read { .. }
        | Effect::Call { .. }
        | Effect::Sleep { .. }
        | Effect::Release
        | Effect::Done(_) => Input::Interrupted,
    });
}

async fn reread(reader: &dyn Observe, key: &Key, remote: Option<&str>) -> Result<Option<Reread>, Fault> {
    let Some(page) = reader.one(key, remote).await? else { return Ok(None) };
    let mut seen = None;
    let own = |c: &Option<std::borrow::Cow<'_, str>>| c.as_ref().map(|c| c.clone().into_owned());
    reader.decode(&page, &mut |object| match object {
        Object::User(user) => seen = Some(Reread::of(own(&user.incarnation), own(&user.version))),
        Object::Head(head) => {
            let told = if let LiveFacts::SmtpUser { last_connection, .. } = head.facts { Some(last_connection) } else { None };
            let last_connection = told.unwrap_or(LastConnection::Unknown);
            seen = Some(Reread { last_connection, ..Reread::of(head.incarnation, head.version) });
        }
        Object::Tenant(tenant) => seen = Some(Reread::of(Some(tenant.id), None)),
        Object::Recipient { .. } | Object::Job(_) => {}
    })?;
    Ok(seen)
}
