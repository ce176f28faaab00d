//! Runs through the fault proxy: from a state to the next one, while a request is spoiled. No run writes what its plan does
//! not name, nothing is there twice, and every run converges.

use crate::exam::bench::{Bench, Saved};
use crate::exam::chapter::{State, all};
use crate::exam::expected::differences;
use crate::exam::http_modoboa::HttpModoboa;
use crate::exam::http_panel::HttpPanel;
use crate::exam::picture::Picture;
use crate::exam::run::{Came, brief, only, picture, reach};
use crate::exam::stand::{SharedMemory, Stand};
use crate::exam::trials::{Honest, is_conditional, rules, stale, words};
use crate::exam::wrong;
use crate::support::fault_proxy::{Fault, FaultRule};
use jiff::{SignedDuration, Timestamp};
use mailwright::plan::Plan;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Applies after a spoiled one until nothing is left to do.
const MORE: usize = 3;
/// How long a run with all that follows may take, on a machine with other work.
const LONGEST: Duration = Duration::from_secs(240);

/// From what an earlier state left to the next one.
struct Passage {
    name: String,
    /// The states that come before, where the site could not be saved.
    before: Vec<State>,
    saved: Option<(Saved, SharedMemory)>,
    to: State,
    honest: Honest,
    /// Whether reads may be stale: its writes are conditional.
    is_conditional: bool,
}

/// Which fault of a passage.
#[derive(Debug, Clone, Copy)]
enum Pick {
    /// One of [`rules`] by its turn.
    Turn(usize, usize),
    /// One of [`stale`].
    Stale(usize),
}

impl Passage {
    /// Every fault of the `turn`th passage, with its rule as it is now.
    fn picks(&self, turn: usize, short: Duration) -> Vec<(Pick, FaultRule)> {
        let turns = rules(turn, self.honest, Timestamp::now(), short).into_iter().enumerate();
        let mut all: Vec<_> = turns.map(|(n, rule)| (Pick::Turn(turn, n), rule)).collect();
        if self.to.meanwhile.is_some() && self.is_conditional {
            all.extend(stale(self.honest).into_iter().enumerate().map(|(n, rule)| (Pick::Stale(n), rule)));
        }
        all
    }
    fn rule(&self, pick: Pick, now: Timestamp, short: Duration) -> FaultRule {
        match pick {
            Pick::Turn(turn, n) => rules(turn, self.honest, now, short)[n].clone(),
            Pick::Stale(n) => stale(self.honest)[n].clone(),
        }
    }
}

/// Prepares the passages of the marked states: every state before is reached without faults.
async fn passages(bench: &dyn Bench) -> Vec<Passage> {
    let mut made = Vec::new();
    for chapter in all() {
        let Some(last) = chapter.states.iter().rposition(|s| s.faults) else { continue };
        let stand = Stand::new(bench, bench.open(None).await, SharedMemory::new());
        let caps = stand.driver().await.expect("the panel answers").capabilities().clone();
        let mut before: Vec<State> = Vec::new();
        for state in &chapter.states[..=last] {
            let (saved, copy) = (stand.site.save().await, stand.memory.copy());
            let honest = if state.faults { bring(&stand, state).await.unwrap_or_default() } else { Honest::default() };
            let came = reach(&stand, &caps, state).await;
            if state.faults && matches!(came, Ok(Came::Reached | Came::HandedOver(_))) && honest.writes > 0 {
                let name = format!("{} / {}", chapter.name, state.name);
                let saved = saved.map(|saved| (saved, copy));
                let is_conditional = is_conditional(&caps);
                made.push(Passage { name, before: before.clone(), saved, to: state.clone(), honest, is_conditional });
            }
            if matches!(came, Ok(Came::Reached | Came::HandedOver(_))) {
                before.push(state.clone());
            }
        }
    }
    made
}

/// Goes to a state and looks at nothing but what it asks: reads of a plan, writes of an apply.
async fn bring(stand: &Stand, state: &State) -> Result<Honest, String> {
    let proxy = stand.site.proxy().expect("faults need a proxy");
    proxy.take();
    let planned = stand.plan(stand.files(state)).await;
    let reads = proxy.take().reads.len();
    let Some(plan) = planned.plans.first() else { return Ok(Honest::default()) };
    let applied = stand.apply(stand.approved(stand.files(state), plan), stand.deadline).await;
    let writes = proxy.take().writes.len();
    match applied.tenants.values().find_map(|t| t.outcome.as_ref().filter(|o| !o.left.is_empty())) {
        Some(outcome) => Err(format!("{}: {outcome:?}", state.name)),
        None => Ok(Honest { reads, writes }),
    }
}

/// A site at the start of a passage.
async fn start(bench: &dyn Bench, passage: &Passage) -> Result<Stand, String> {
    if let Some((saved, memory)) = &passage.saved {
        return Ok(Stand::new(bench, bench.open(Some(saved)).await, memory.copy()));
    }
    let stand = Stand::new(bench, bench.open(None).await, SharedMemory::new());
    for state in &passage.before {
        bring(&stand, state).await?;
    }
    Ok(stand)
}

/// One spoiled run with all that follows. `false`: the request that was to be spoiled never came.
async fn trial(bench: &dyn Bench, passage: &Passage, pick: Pick) -> Result<bool, String> {
    let stand = start(bench, passage).await?;
    let rule = passage.rule(pick, stand.site.clock().now(), bench.short_deadline());
    let proxy = stand.site.proxy().expect("faults need a proxy");
    let is_stale = rule.fault == Fault::StaleRead;
    proxy.record(is_stale);
    let source = stand.files(&passage.to);
    let planned = stand.plan(source.clone()).await;
    let mut files = stand.approved(source.clone(), only(&planned)?);
    proxy.record(false);
    if let Some(meanwhile) = passage.to.meanwhile().filter(|_| is_stale) {
        let other = Stand::beside(&stand, SharedMemory::new());
        bring(&other, &meanwhile).await?;
    }
    let mut live = stand.live().await?;
    let deadline = if matches!(rule.fault, Fault::Delay(_)) { bench.short_deadline() } else { bench.long_deadline() };
    proxy.set(rule);
    let applied = stand.apply(files, deadline).await;
    proxy.heal();
    let passed = proxy.take();
    live = judged(&stand, applied.planned.plans.first(), &live, &passed.writes).await?;
    for round in 0..=MORE {
        let planned = stand.plan(source.clone()).await;
        let plan = only(&planned)?;
        if plan.is_settled() {
            break;
        }
        if round == MORE {
            return Err(format!("not settled after {MORE} more runs:\n{}", brief(plan)));
        }
        files = stand.approved(source.clone(), plan);
        proxy.take();
        let again = stand.apply(files, bench.long_deadline()).await;
        live = judged(&stand, again.planned.plans.first(), &live, &proxy.take().writes).await?;
    }
    ends_well(&stand, passage, live, is_stale).await?;
    if proxy.strayed() > 0 { Err("somebody followed a redirect to another host".into()) } else { Ok(passed.struck > 0) }
}

/// What is live after a run; an error where the run changed what its plan does not name.
async fn judged(stand: &Stand, plan: Option<&Plan>, before: &Picture, writes: &[String]) -> Result<Picture, String> {
    let after = stand.live().await?;
    let mut wrong = wrong::writes(plan, before, &after);
    let deletes = writes.iter().filter(|w| w.starts_with("DELETE ") && !stand.site.is_bookkeeping(w));
    if !wrong::takes_away(plan) {
        wrong.extend(deletes.map(|write| format!("{write}, and the plan takes nothing away")));
    }
    if wrong.is_empty() {
        return Ok(after);
    }
    Err(format!("WRONG: {}\n   the plan:\n{}", wrong.join("\n   "), plan.map_or_else(|| "none\n".to_owned(), brief)))
}

/// Live is as the state says, for the driver and for the witness. After somebody else was there it is settled, and no more.
async fn ends_well(stand: &Stand, passage: &Passage, mut live: Picture, is_stale: bool) -> Result<(), String> {
    let caps = stand.driver().await.map_err(|fault| fault.to_string())?.capabilities().clone();
    let expected = picture(stand, &caps, &passage.to);
    if !differences(&expected, &live).is_empty() && passage.to.shows_within > 0 {
        stand.pass(SignedDuration::from_hours(passage.to.shows_within)).await;
        live = stand.live().await?;
    }
    let mut wrong = if is_stale { Vec::new() } else { differences(&expected, &live) };
    if let Some(witness) = stand.site.witness().await {
        wrong.extend(crate::exam::expected::contradictions(&live, &witness));
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("it did not converge to the state:\n   {}", wrong.join("\n   "))) }
}

/// All trials of a bench, and how many struck, by fault.
pub async fn try_all(bench: Arc<dyn Bench>) -> BTreeMap<String, usize> {
    let at_a_time = if bench.is_single() { 1 } else { bench.at_a_time() * 2 };
    let (mut running, turn) = (JoinSet::new(), Arc::new(Semaphore::new(at_a_time)));
    let passages: Vec<Arc<Passage>> = passages(bench.as_ref()).await.into_iter().map(Arc::new).collect();
    let of = |(number, passage): (usize, &Arc<Passage>)| {
        let passage = passage.clone();
        passage.picks(number, bench.short_deadline()).into_iter().map(move |(pick, rule)| (passage.clone(), pick, rule)).collect::<Vec<_>>()
    };
    let all: Vec<_> = passages.iter().enumerate().flat_map(of).collect();
    let each = all.len().div_ceil(bench.trials_at_most()).max(1);
    for (passage, pick, rule) in all.into_iter().step_by(each) {
        let (bench, turn) = (bench.clone(), turn.clone());
        running.spawn(async move {
            let _turn = turn.acquire_owned().await.expect("open");
            let name = format!("{}: {}", passage.name, words(&rule));
            let came = tokio::time::timeout(LONGEST, trial(bench.as_ref(), &passage, pick)).await;
            let came = came.unwrap_or_else(|_| Err("it does not end".into()));
            (rule, came.map_err(|why| format!("{name}\n   {why}")))
        });
    }
    let (mut struck, mut wrong) = (BTreeMap::new(), Vec::new());
    for (rule, came) in running.join_all().await {
        let word = format!("{:?}", rule.fault).split(['(', ' ']).next().unwrap_or_default().to_owned();
        match came {
            Ok(did) => *struck.entry(word).or_insert(0) += usize::from(did),
            Err(why) => wrong.push(why),
        }
    }
    println!("faulted runs of {}: {} struck {struck:?}", bench.name(), struck.values().sum::<usize>());
    assert!(wrong.is_empty(), "{} runs went wrong:\n{}", wrong.len(), wrong.join("\n\n"));
    struck
}

#[tokio::test(flavor = "multi_thread")]
async fn exam_faults_panel() {
    let struck = try_all(Arc::new(HttpPanel)).await;
    let sum: usize = struck.values().sum();
    assert!(sum >= HttpPanel.faulted_runs(), "only {sum} runs were struck: {struck:?}");
    assert!(struck.values().all(|n| *n > 0), "a fault never struck: {struck:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn exam_faults_modoboa() {
    if !HttpModoboa::is_here() {
        return;
    }
    let struck = try_all(Arc::new(HttpModoboa)).await;
    let sum: usize = struck.values().sum();
    assert!(sum >= HttpModoboa.faulted_runs(), "only {sum} runs were struck: {struck:?}");
}
