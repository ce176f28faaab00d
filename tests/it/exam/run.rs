//! The exam itself: a chapter from its first state to its last, and the table that tells how it went.

use crate::exam::bench::Bench;
use crate::exam::chapter::{Chapter, State};
use crate::exam::expected::{contradictions, declared, differences, is_managed, kind_of};
use crate::exam::picture::Picture;
use crate::exam::stand::{SharedMemory, Stand};
use jiff::SignedDuration;
use mailwright::base::Severity;
use mailwright::engine::{Planned, Trouble};
use mailwright::model::{Capabilities, Kind, Operation, Reason, StepOutcome, Support};
use mailwright::plan::{Action, Plan, Verdict};
use std::fmt::Write as _;

/// Findings of wave four: what a panel refuses of what is declared.
const WAVE_FOUR: &str = "MW04";

/// What became of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// It was reached.
    Reached,
    /// It was reached but for what a person must do there.
    HandedOver(String),
    /// The driver refused it by name, and nothing was written.
    Refused(String),
    /// It was not tried.
    Skipped(String),
}

/// What became of all states of a driver.
pub struct Report {
    pub driver: &'static str,
    pub states: Vec<(String, Came)>,
}

impl Report {
    fn count(&self, is: fn(&Came) -> bool) -> usize {
        self.states.iter().filter(|(_, came)| is(came)).count()
    }
    /// States that were reached, in whole or but for a person.
    pub fn reached(&self) -> usize {
        self.count(|came| matches!(came, Came::Reached | Came::HandedOver(_)))
    }
    /// The table.
    pub fn table(&self) -> String {
        let (handed, refused) = (self.count(|c| matches!(c, Came::HandedOver(_))), self.count(|c| matches!(c, Came::Refused(_))));
        let skipped = self.count(|c| matches!(c, Came::Skipped(_)));
        let mut out = format!(
            "exam of {}: {} states, {} reached ({handed} with a part for a person), {refused} refused by name, {skipped} skipped\n",
            self.driver,
            self.states.len(),
            self.reached()
        );
        for (name, came) in &self.states {
            let (word, why) = match came {
                Came::Reached => continue,
                Came::HandedOver(why) => ("handed over", why),
                Came::Refused(why) => ("refused", why),
                Came::Skipped(why) => ("skipped", why),
            };
            writeln!(out, "  {word:<11} {name}: {why}").expect("memory");
        }
        out
    }
}

/// Takes a driver through a chapter, from an empty panel.
///
/// # Errors
/// The state that was not reached, and why.
pub async fn chapter(bench: &dyn Bench, chapter: &Chapter) -> Result<Vec<(String, Came)>, String> {
    let site = bench.open(None).await;
    let stand = Stand::new(bench, site, SharedMemory::new());
    let caps = stand.driver().await.map_err(|fault| fault.to_string())?.capabilities().clone();
    let (mut all, mut ran_before) = (Vec::new(), true);
    for state in &chapter.states {
        let name = format!("{} / {}", chapter.name, state.name);
        let came = match cannot(&stand, state, ran_before).await {
            Some(why) => Came::Skipped(why),
            None => reach(&stand, &caps, state).await.map_err(|why| format!("{name} on {} ({}): {why}", bench.name(), chapter.about))?,
        };
        ran_before = matches!(came, Came::Reached | Came::HandedOver(_));
        all.push((name, came));
    }
    Ok(all)
}

/// Why a state is not even tried. Time passes here.
async fn cannot(stand: &Stand, state: &State, ran_before: bool) -> Option<String> {
    if state.builds_on_before() && !ran_before {
        return Some("it builds on a state that was not reached".into());
    }
    let passes = state.days == 0 || stand.pass(SignedDuration::from_hours(24 * state.days)).await;
    (!passes).then(|| format!("{} days pass in it, and this clock cannot be moved", state.days))
}

/// Moves to a state: apply, settled, live as it says, and nothing is written a second time.
pub async fn reach(stand: &Stand, caps: &Capabilities, state: &State) -> Result<Came, String> {
    stand.site.writes();
    let mut files = stand.files(state);
    let mut last = String::new();
    for _ in 0..state.applies {
        let planned = stand.plan(files.clone()).await;
        if let Some(why) = refused(&planned)? {
            let applied = stand.apply(files, stand.deadline).await;
            let writes = stand.site.writes();
            return match (applied.tenants.is_empty(), writes.is_empty()) {
                (true, true) => Ok(Came::Refused(why)),
                (_, _) => Err(format!("refused, and written all the same: {writes:?}")),
            };
        }
        let plan = only(&planned)?;
        last = brief(plan);
        if let Some(why) = blocked(plan, caps)? {
            return Ok(Came::Refused(why));
        }
        files = stand.approved(files, plan);
        let applied = stand.apply(files.clone(), stand.deadline).await;
        let waits = |id| matches!(plan.verdict(id), Verdict::Waiting(_));
        let stays = applied.tenants.values().flat_map(|t| &t.stays).filter(|(id, _)| !waits(*id));
        let left = applied.tenants.values().filter_map(|t| t.outcome.as_ref()).flat_map(|o| &o.left);
        let failed = applied.tenants.values().filter_map(|t| t.outcome.as_ref()).flat_map(|o| &o.done);
        let failed = failed
            .filter(|(_, came)| matches!(came, StepOutcome::Failed(_) | StepOutcome::Ignored(_)))
            .map(|(_, came)| format!("{came:?}"));
        let refusals = applied.tenants.values().filter_map(|t| t.refusal.as_ref()).filter(|_| !plan.is_settled()).map(|r| format!("{r:?}"));
        if let Some(why) = stays.chain(left).map(|(_, why)| why.clone()).chain(refusals).chain(failed).next() {
            return Err(format!("something is left: {why}\n{last}"));
        }
    }
    shows(stand, caps, state, &last).await?;
    let after = settled(stand, files).await?;
    let handed: Vec<String> = after.steps.iter().filter(|s| s.action == Action::HandOff).map(|s| s.key.to_string()).collect();
    Ok(match unmanaged(stand, caps, state, &handed) {
        None => Came::Reached,
        Some(why) => Came::HandedOver(why),
    })
}

/// The reason where findings of wave four stop the tenant.
fn refused(planned: &Planned) -> Result<Option<String>, String> {
    let errors: Vec<_> = planned.findings.sorted().into_iter().filter(|f| f.severity == Severity::Error).collect();
    if !planned.troubles.values().any(|t| *t == Trouble::Findings) && errors.is_empty() {
        return Ok(None);
    }
    match errors.iter().find(|f| !f.rule.0.starts_with(WAVE_FOUR)) {
        Some(other) => Err(format!("the state is no good: {} {}", other.rule.0, other.title)),
        None => Ok(errors.first().map(|f| format!("{} {}", f.rule.0, f.title))),
    }
}

/// The words of a plan that holds something back for good because the panel has no way to it. Nothing was sent yet.
fn blocked(plan: &Plan, caps: &Capabilities) -> Result<Option<String>, String> {
    let reason = |s: &mailwright::plan::Step| match plan.verdict(s.id) {
        Verdict::Blocked(reason) => Some((s.key.to_string(), reason)),
        Verdict::Go | Verdict::Waiting(_) | Verdict::Gated { .. } => None,
    };
    let all: Vec<_> = plan.steps.iter().filter_map(reason).collect();
    // who moves addresses without a gap swaps those of users, too
    let swaps = |key: &str| key.starts_with("user/") && caps.offer(Operation::Move).atomic;
    let cannot = |key: &str, why: &Reason| match why {
        Reason::Swap { .. } => !swaps(key),
        other => matches!(other, Reason::Unsupported { .. }),
    };
    match all.iter().find(|(key, why)| !cannot(key, why)) {
        Some((key, why)) => Err(format!("{key} is blocked: {why}\n{}", brief(plan))),
        None => Ok(all.first().map(|(key, why)| format!("{key}: {why}"))),
    }
}

/// The plan of the only tenant.
pub fn only(planned: &Planned) -> Result<&Plan, String> {
    let plan = planned.plans.first().ok_or_else(|| format!("no plan: {:?} {:?}", planned.fault, planned.troubles))?;
    if plan.is_complete() { Ok(plan) } else { Err(format!("not read completely: {:?}", plan.report.incomplete)) }
}

/// What must be live after a state: what it declares, with what it says beside that.
pub fn picture(stand: &Stand, caps: &Capabilities, state: &State) -> Picture {
    let mut expected = declared(&stand.text(state), caps);
    for (key, more) in &state.live {
        if caps.kind(kind_of(key)).support != Support::Managed {
            continue;
        }
        if more.get("gone").is_some_and(|gone| *gone == true) {
            expected.remove(key);
            continue;
        }
        let attrs = expected.entry(key.clone()).or_default();
        let managed = more.iter().filter(|(name, _)| is_managed(caps, kind_of(key), name));
        attrs.extend(managed.map(|(name, value)| (name.clone(), value.clone())));
    }
    expected
}

async fn shows(stand: &Stand, caps: &Capabilities, state: &State, plan: &str) -> Result<(), String> {
    let expected = picture(stand, caps, state);
    let mut live = stand.live().await?;
    if !differences(&expected, &live).is_empty() && state.shows_within > 0 {
        stand.pass(SignedDuration::from_hours(state.shows_within)).await;
        live = stand.live().await?;
    }
    let mut wrong = differences(&expected, &live);
    if let Some(witness) = stand.site.witness().await {
        wrong.extend(contradictions(&live, &witness));
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("live is not as the state says:\n   {}\n{plan}", wrong.join("\n   "))) }
}

/// Plans and applies once more: settled (S5.3), and nothing is written but a look at what waits for a person (S6.5).
async fn settled(stand: &Stand, files: mailwright::store::MemorySource) -> Result<Plan, String> {
    stand.site.writes();
    let again = stand.apply(files, stand.deadline).await;
    let plan = only(&again.planned)?;
    if !plan.is_settled() {
        return Err(format!("not settled afterwards:\n{}", brief(plan)));
    }
    let looks = plan.steps.iter().any(|s| s.key.kind == Kind::SendingDomain && s.hand_off.is_some());
    let writes = stand.site.writes();
    if writes.is_empty() || looks { Ok(plan.clone()) } else { Err(format!("a second apply writes {writes:?}")) }
}

/// What of a state a person must do on this panel.
fn unmanaged(stand: &Stand, caps: &Capabilities, state: &State, handed: &[String]) -> Option<String> {
    let everything =
        caps.kinds.keys().map(|kind| (*kind, mailwright::model::KindSupport { support: Support::Managed, ..caps.kind(*kind) }));
    let able = Capabilities { kinds: everything.collect(), fields: std::collections::BTreeMap::new(), ..caps.clone() };
    let wanted = declared(&stand.text(state), &able);
    let fields = wanted.iter().flat_map(|(key, attrs)| attrs.keys().map(move |name| (key, name)));
    let text = fields.filter_map(|(key, name)| {
        let mut all = mailwright::model::Field::of(kind_of(key)).filter(|f| f.name() == name);
        match caps.support(all.next()?) {
            Support::HandOff { text } => Some(format!("`{name}` of {key}: {text}")),
            Support::Managed | Support::Readable | Support::Absent { .. } => None,
        }
    });
    let mut text = text;
    text.next().or_else(|| (!handed.is_empty()).then(|| format!("a person is waited for: {}", handed.join(", "))))
}

/// A plan in a few lines.
pub fn brief(plan: &Plan) -> String {
    let line = |s: &mailwright::plan::Step| {
        let changes: Vec<String> = s.changes.iter().map(|c| format!("{} {:?} -> {:?}", c.field.name(), c.before, c.after)).collect();
        format!("   {} {} [{}] {:?}\n", s.action.word(), s.key, changes.join("; "), plan.verdict(s.id))
    };
    plan.steps.iter().map(line).collect()
}
