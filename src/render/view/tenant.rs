//! A tenant's plan as it is shown.

use crate::base::printable::printable;
use crate::base::{ExitCode, Timestamp};
use crate::model::Reason;
use crate::plan::{Action, Note, Pace, Plan, Verdict};
use crate::render::view::moment::{about, moment};
use crate::render::view::step::{AttributeView, StepView, step};
use crate::render::view::words;
use schemars::JsonSchema;
use serde::Serialize;

/// An apply that takes no longer is not worth a line.
const SOON_SECONDS: u64 = 5;

/// How far the panel could be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Observation {
    /// Whether everything that was needed was read.
    pub complete: bool,
    /// Requests made.
    pub requests: u64,
    /// What is not known.
    pub not_known: Vec<NotKnown>,
}

/// A scope that was not read completely.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotKnown {
    /// What.
    pub scope: String,
    /// Why.
    pub reasons: Vec<String>,
}

/// Accepted addresses (S7.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MailView {
    /// Now; `None`: not known.
    pub before: Option<u64>,
    /// After the whole plan.
    pub after: Option<u64>,
    /// Those that stop.
    pub stops: Vec<StopView>,
}

/// An address that stops.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StopView {
    /// The address.
    pub address: String,
    /// By which object's step.
    pub by: String,
}

/// Billable mailboxes (S16.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BillableView {
    /// Now.
    pub before: Option<u64>,
    /// After.
    pub after: Option<u64>,
    /// Added.
    pub added: u64,
    /// Removed.
    pub removed: u64,
    /// Both by cause: `+3 new users`.
    pub causes: Vec<String>,
    /// What comes and goes by no step of the plan, as far as it can be told.
    pub expected: Vec<String>,
    /// Of those of now, found by discovery.
    pub finds: u64,
}

/// How long an apply takes at the rate of the panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PaceView {
    /// Requests, reads included.
    pub calls: u64,
    /// Seconds that they take at least.
    pub seconds: u64,
    /// Both in words: `about 4 min for 1,200 calls`.
    pub text: String,
}

/// A difference that is no step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DifferenceView {
    /// Of which object: `domain acme.example`.
    pub object: String,
    /// Live and declared; none: the object itself is missing or too much.
    pub attributes: Vec<AttributeView>,
    /// Why it is no step.
    pub why: String,
    /// Where it is declared.
    pub place: Option<String>,
}

/// A sentence, with the object that it is about and lines to paste.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoteView {
    /// The object.
    pub object: Option<String>,
    /// What is to be known.
    pub text: String,
    /// Lines to paste.
    pub paste: Vec<String>,
}

/// Steps counted, by what they do and by what holds them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Objects that come to be.
    pub add: u64,
    /// Objects that change.
    pub change: u64,
    /// Objects that go.
    pub delete: u64,
    /// Addresses that move, and renames.
    pub moves: u64,
    /// For a person.
    pub hand_off: u64,
    /// Need an approval.
    pub needs_approval: u64,
    /// Need an approval and have one.
    pub approved: u64,
    /// Are blocked.
    pub blocked: u64,
    /// Left out by selectors; counted as nothing else.
    pub left_out: u64,
    /// Wait.
    pub waiting: u64,
}

/// A tenant's plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TenantView {
    /// Its name.
    pub name: String,
    /// Its provider; both, where outbound mail lives on another.
    pub provider: String,
    /// The plan's id, in full.
    pub plan: String,
    /// The first eight digits of it.
    pub short: String,
    /// How far the panel could be read.
    pub observed: Observation,
    /// What a guard stopped in all.
    pub stopped: Vec<String>,
    /// Accepted addresses.
    pub mail: MailView,
    /// Billable mailboxes.
    pub billable: BillableView,
    /// People to whom the plan sends a request-password mail.
    pub mails: u64,
    /// How long an apply takes at the rate of the panel, where that is worth a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pace: Option<PaceView>,
    /// The steps in the order in which they go.
    pub steps: Vec<StepView>,
    /// Counted.
    pub counts: Counts,
    /// What was left alone, counted.
    pub left_alone: Vec<String>,
    /// What was accepted and does not act yet.
    pub in_flight: Vec<String>,
    /// Differences that are no steps.
    pub differs: Vec<DifferenceView>,
    /// Undeclared addresses.
    pub undeclared: Vec<String>,
    /// Returned after a deletion.
    pub crept_back: Vec<String>,
    /// Accepted, and not in effect after the window.
    pub overdue: Vec<String>,
    /// Left out by selectors.
    pub left_out: Vec<String>,
    /// What the run cannot tell.
    pub cannot_tell: Vec<String>,
    /// What a careful person should look at.
    pub warnings: Vec<NoteView>,
    /// Good to know.
    pub notes: Vec<NoteView>,
    /// The tenant's exit code (S18.2).
    pub exit: ExitCode,
}

impl TenantView {
    /// Whether nothing in it is worth a look: no step, read completely, nothing remarkable.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.steps.is_empty()
            && self.observed.complete
            && self.stopped.is_empty()
            && self.differs.is_empty()
            && self.undeclared.is_empty()
            && self.crept_back.is_empty()
            && self.overdue.is_empty()
            && self.in_flight.is_empty()
            && self.warnings.is_empty()
            && self.notes.is_empty()
            && self.left_out.is_empty()
    }
}

/// What is in flight, in one line.
pub(super) fn flight(f: &crate::plan::InFlight, now: Timestamp) -> String {
    let local = f.local.as_ref().map_or(String::new(), |l| format!(" ({})", words::one_line(l)));
    let (from, until) = (moment(now, f.from), moment(now, f.until));
    format!("{}, effective {}–{until}{local}", words::one_line(&f.text), from.trim_end_matches(" UTC"))
}

/// A plan as it is shown at the moment `now`.
#[must_use]
pub fn tenant(plan: &Plan, exit: ExitCode, now: Timestamp) -> TenantView {
    let report = &plan.report;
    let (ledger, keys) = (&plan.ledger, |all: &[crate::model::Key]| all.iter().map(object).collect());
    TenantView {
        name: plan.tenant.to_string(),
        provider: plan.outbound.as_ref().map_or_else(|| plan.provider.to_string(), |leg| format!("{} and {}", plan.provider, leg.provider)),
        plan: plan.id.to_string(),
        short: plan.id.short(),
        observed: observation(plan),
        stopped: report.stopped.iter().map(|r| words::one_line(&r.to_string())).collect(),
        mail: MailView { before: ledger.before, after: ledger.after, stops: ledger.stops.iter().map(stop).collect() },
        billable: BillableView {
            before: ledger.billable_before,
            after: ledger.billable_after,
            added: ledger.billable_added,
            removed: ledger.billable_removed,
            causes: ledger.billable_causes.iter().flat_map(words::billable).collect(),
            expected: report.billable_expected.iter().flat_map(words::billable).collect(),
            finds: ledger.billable_finds,
        },
        mails: plan.steps.iter().filter(|s| s.sends_mail()).count() as u64,
        pace: report.pace.filter(|pace| pace.seconds > SOON_SECONDS).map(pace),
        steps: plan.steps.iter().map(|s| step(plan, s, now)).collect(),
        counts: counts(plan),
        left_alone: report.left_alone.iter().filter(|(_, n)| **n > 0).map(|(why, n)| words::left_alone(*why, *n)).collect(),
        in_flight: report.in_flight.iter().map(|f| flight(f, now)).collect(),
        differs: report.differs.iter().map(difference).collect(),
        undeclared: report.undeclared.iter().map(|a| printable(a).into_owned()).collect(),
        crept_back: keys(&report.crept_back),
        overdue: keys(&report.overdue),
        left_out: report.left_out.iter().map(|(key, why)| format!("{}: {}", object(key), words::one_line(why))).collect(),
        cannot_tell: report.cannot_tell.iter().map(|t| words::one_line(t)).collect(),
        warnings: report.warnings.iter().map(note).collect(),
        notes: report.notes.iter().map(note).collect(),
        exit,
    }
}

fn pace(pace: Pace) -> PaceView {
    let text = format!("{} for {} calls", about(pace.seconds), words::number(pace.calls));
    PaceView { calls: pace.calls, seconds: pace.seconds, text }
}

/// `user bob@acme.example`, harmless.
#[must_use]
pub fn object(key: &crate::model::Key) -> String {
    format!("{} {}", key.kind, printable(&key.name))
}

fn stop(stopped: &crate::plan::Stopped) -> StopView {
    StopView { address: printable(&stopped.address).into_owned(), by: object(&stopped.by) }
}

fn observation(plan: &Plan) -> Observation {
    let said = |why: &[Reason]| why.iter().map(|r| words::one_line(&r.to_string())).collect();
    let not_known = plan.report.incomplete.iter().map(|(scope, why)| NotKnown { scope: printable(scope).into_owned(), reasons: said(why) });
    Observation { complete: plan.is_complete(), requests: plan.report.requests, not_known: not_known.collect() }
}

fn difference(differs: &crate::plan::Difference) -> DifferenceView {
    let attribute = |(field, live, declared): &(crate::model::Field, Option<crate::model::Value>, Option<crate::model::Value>)| {
        let said = |v: &Option<crate::model::Value>| v.as_ref().map(ToString::to_string);
        AttributeView { name: field.name().to_owned(), before: said(live), after: said(declared), added: Vec::new(), removed: Vec::new() }
    };
    DifferenceView {
        object: object(&differs.key),
        attributes: differs.fields.iter().map(attribute).collect(),
        why: words::one_line(&differs.why),
        place: differs.at.as_ref().map(|at| printable(&at.to_string()).into_owned()),
    }
}

fn note(note: &Note) -> NoteView {
    NoteView {
        object: note.key.as_ref().map(object),
        text: words::one_line(&note.text),
        paste: note.paste.as_deref().map(words::lines).unwrap_or_default(),
    }
}

fn counts(plan: &Plan) -> Counts {
    let mut counts = Counts::default();
    for step in &plan.steps {
        if matches!(plan.verdict(step.id), Verdict::Blocked(Reason::LeftOut { .. })) {
            counts.left_out += 1;
            continue;
        }
        *match step.action {
            Action::Create | Action::Mint | Action::Buy => &mut counts.add,
            Action::Update | Action::Reset | Action::Block => &mut counts.change,
            Action::Delete => &mut counts.delete,
            Action::Move | Action::Rename => &mut counts.moves,
            Action::HandOff => &mut counts.hand_off,
        } += 1;
        match plan.verdict(step.id) {
            Verdict::Go => {}
            Verdict::Waiting(_) => counts.waiting += 1,
            Verdict::Gated { .. } if plan.report.approved.contains_key(&step.id) => counts.approved += 1,
            Verdict::Gated { .. } => counts.needs_approval += 1,
            Verdict::Blocked(_) => counts.blocked += 1,
        }
    }
    counts
}
