//! What an apply did, per tenant: done, failed, kept back, left over, verified.

use crate::base::{ExitCode, TenantName};
use crate::model::{Fault, Key, Kind, Looked, StepOutcome};
use crate::plan::{Action, Outcome, Plan, Refusal, Step, StepId, Unfinished};
use crate::render::view::run::{TroubleView, VIEW_SCHEMA};
use crate::render::view::tenant::object;
use crate::render::view::words::one_line;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// What the view of one tenant is made from.
#[derive(Debug, Clone, Copy)]
pub struct Applying<'a> {
    /// The plan that it started from.
    pub plan: &'a Plan,
    /// Why nothing was sent, where nothing was.
    pub refusal: Option<&'a Refusal>,
    /// Steps that were not to go, and why.
    pub stays: &'a [(StepId, String)],
    /// What the executor did.
    pub outcome: Option<&'a Outcome>,
    /// What the panel found when it looked again at what waits for a person.
    pub looked: &'a [(Key, Result<Looked, Fault>)],
    /// The plan made afterwards; `None` where it could not be made.
    pub after: Option<&'a Plan>,
    /// Its exit code.
    pub exit: ExitCode,
    /// How long executing took.
    pub elapsed: Duration,
}

/// What the view of an apply is made from.
#[derive(Debug, Clone)]
pub struct AppliedGiven<'a> {
    /// Per tenant, by name.
    pub tenants: Vec<Applying<'a>>,
    /// Tenants that had no plan, and why in words.
    pub troubles: &'a BTreeMap<TenantName, String>,
    /// Per tenant without plan.
    pub exits: &'a BTreeMap<TenantName, ExitCode>,
    /// The gravest.
    pub exit: ExitCode,
}

/// A step that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AppliedStep {
    /// Its digest.
    pub id: String,
    /// What was done.
    pub action: Action,
    /// To what kind of object.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Whether it took effect, now or before.
    pub ok: bool,
    /// What the panel said, where it did not, or "was in effect before".
    pub said: Option<String>,
}

/// A step that was not sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Left {
    /// Its digest.
    pub id: String,
    /// `delete user bob@acme.example`.
    pub what: String,
    /// Why.
    pub why: String,
}

/// What reading again showed (S5.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "verified")]
pub enum Verified {
    /// A new plan has no step.
    Empty,
    /// A new plan has no step, because what is missing is on its way.
    InFlight {
        /// What, and when it acts.
        what: Vec<String>,
    },
    /// Every step of a new plan waits.
    Settled {
        /// How many.
        waiting: u64,
    },
    /// Steps are left that do not wait.
    Residual {
        /// `update user kim@acme.example`.
        steps: Vec<String>,
    },
    /// Read again, but not completely.
    NotComplete {
        /// What is not known.
        scopes: Vec<String>,
    },
    /// No new plan was made.
    NotMade,
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AppliedTenant {
    /// Its name.
    pub name: String,
    /// The plan that it started from, in full.
    pub plan: String,
    /// The first eight digits of it.
    pub short: String,
    /// Why nothing was sent, where nothing was.
    pub refusal: Option<String>,
    /// What was sent, in the plan's order; the journal has the order of completion.
    pub sent: Vec<AppliedStep>,
    /// Steps that were not to go.
    pub stays: Vec<Left>,
    /// Steps that were to go and were not sent.
    pub left: Vec<Left>,
    /// What the panel found when it looked again at what waits for a person (S6.5), a line each.
    pub looked: Vec<String>,
    /// Why not all was done.
    pub unfinished: Option<String>,
    /// Whether anything was written.
    pub wrote: bool,
    /// What reading again showed.
    pub after: Verified,
    /// Its exit code.
    pub exit: ExitCode,
    /// How long executing took, in milliseconds.
    pub elapsed_ms: u64,
}

/// An apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AppliedView {
    /// [`VIEW_SCHEMA`].
    pub schema: String,
    /// Per tenant.
    pub tenants: Vec<AppliedTenant>,
    /// Tenants without plan.
    pub troubles: Vec<TroubleView>,
    /// The gravest exit code.
    pub exit: ExitCode,
}

/// The view of an apply.
#[must_use]
pub fn applied(given: &AppliedGiven<'_>) -> AppliedView {
    let exit = |name: &TenantName| given.exits.get(name).copied().unwrap_or(given.exit);
    let trouble = |(name, text): (&TenantName, &String)| TroubleView { tenant: name.to_string(), text: one_line(text), exit: exit(name) };
    AppliedView {
        schema: VIEW_SCHEMA.to_owned(),
        tenants: given.tenants.iter().map(tenant).collect(),
        troubles: given.troubles.iter().map(trouble).collect(),
        exit: given.exit,
    }
}

fn tenant(of: &Applying<'_>) -> AppliedTenant {
    let steps: Steps<'_> = of.plan.steps.iter().map(|s| (s.id, s)).collect();
    let left = |all: &[(StepId, String)]| {
        all.iter().map(|(id, why)| Left { id: id.to_string(), what: what(&steps, *id), why: one_line(why) }).collect()
    };
    AppliedTenant {
        name: of.plan.tenant.to_string(),
        plan: of.plan.id.to_string(),
        short: of.plan.id.short(),
        refusal: of.refusal.map(refusal),
        sent: of.outcome.map(|o| all_sent(of.plan, o)).unwrap_or_default(),
        stays: match of.refusal {
            Some(Refusal::NothingMayGo { stays }) => left(stays),
            Some(Refusal::Nothing | Refusal::NoConsent | Refusal::Bug(_)) | None => left(of.stays),
        },
        left: of.outcome.map(|o| left(&o.left)).unwrap_or_default(),
        looked: of.looked.iter().map(|(key, result)| looked(key, result)).collect(),
        unfinished: of.outcome.and_then(|o| unfinished(&o.unfinished)),
        wrote: of.outcome.is_some_and(|o| o.wrote),
        after: of.after.map_or(Verified::NotMade, verified),
        exit: of.exit,
        elapsed_ms: u64::try_from(of.elapsed.as_millis()).unwrap_or(u64::MAX),
    }
}

fn looked(key: &Key, result: &Result<Looked, Fault>) -> String {
    let found = match result {
        Ok(Looked { found: true, .. }) => "its records are in the DNS, it is verified".to_owned(),
        Ok(Looked { lacks, .. }) => format!("not yet: {}", one_line(&lacks.join("; "))),
        Err(fault) => format!("the panel could not look: {}", one_line(&fault.to_string())),
    };
    format!("{}: {found}", object(key))
}

/// Steps by id.
type Steps<'a> = BTreeMap<StepId, &'a Step>;

fn what(steps: &Steps<'_>, id: StepId) -> String {
    steps.get(&id).map_or_else(|| format!("step {}", id.short()), |s| words(s))
}

/// `delete user bob@acme.example`.
fn words(step: &Step) -> String {
    format!("{} {}", step.action.word(), object(&step.key))
}

/// Calls that do not wait for each other end in any order; people and comparisons want one.
fn all_sent(plan: &Plan, outcome: &Outcome) -> Vec<AppliedStep> {
    let how: BTreeMap<StepId, &StepOutcome> = outcome.done.iter().map(|(id, how)| (*id, how)).collect();
    plan.steps.iter().filter_map(|step| how.get(&step.id).map(|how| sent(step, how))).collect()
}

fn sent(step: &Step, how: &StepOutcome) -> AppliedStep {
    let (ok, said) = match how {
        StepOutcome::Done => (true, None),
        StepOutcome::Accepted { until, text } => {
            (true, Some(format!("accepted, acts by {}: {}", until.strftime("%-d %b %H:%M UTC"), one_line(text))))
        }
        StepOutcome::AlreadyDone => (true, Some("was in effect before".to_owned())),
        StepOutcome::Ignored(text) => (false, Some(format!("ignored by the panel: {}", one_line(text)))),
        StepOutcome::Failed(fault) => (false, Some(one_line(&fault.to_string()))),
    };
    let name = crate::base::printable::printable(&step.key.name).into_owned();
    AppliedStep { id: step.id.to_string(), action: step.action, kind: step.key.kind, name, ok, said }
}

fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Nothing => "nothing to do".to_owned(),
        Refusal::NoConsent => "nobody said yes".to_owned(),
        Refusal::NothingMayGo { .. } => "nothing may go: every step waits, needs an approval or is blocked".to_owned(),
        Refusal::Bug(text) => format!("a defect of mailwright was found, please report it: {}", one_line(text)),
    }
}

fn unfinished(why: &Unfinished) -> Option<String> {
    Some(match why {
        Unfinished::No => return None,
        Unfinished::Stale(text) => format!("stale: {}", one_line(text)),
        Unfinished::Locked(text) => format!("another writer holds the tenant: {}", one_line(text)),
        Unfinished::Failed(text) => format!("a call failed: {}", one_line(text)),
        Unfinished::Expired(text) => format!("an approval ended: {}", one_line(text)),
        Unfinished::Interrupted => "interrupted: the call in hand was finished, nothing more was sent".to_owned(),
        Unfinished::Journal(text) => format!("the journal could not be written, nothing more was sent: {}", one_line(text)),
    })
}

fn verified(after: &Plan) -> Verified {
    if !after.is_complete() {
        return Verified::NotComplete { scopes: after.report.incomplete.iter().map(|(scope, _)| one_line(scope)).collect() };
    }
    if after.is_empty() && !after.report.in_flight.is_empty() {
        return Verified::InFlight {
            what: after.report.in_flight.iter().map(|f| crate::render::view::tenant::flight(f, after.observed_at)).collect(),
        };
    }
    if after.is_empty() {
        return Verified::Empty;
    }
    if after.is_settled() {
        return Verified::Settled { waiting: after.steps.len() as u64 };
    }
    let open = |s: &&Step| !matches!(after.verdict(s.id), crate::plan::Verdict::Waiting(_));
    Verified::Residual { steps: after.steps.iter().filter(open).map(words).collect() }
}
