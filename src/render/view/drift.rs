//! Drift by class (S17.2): the plan's own differences, and what authority keeps it from changing.

use crate::base::{ExitCode, TenantName};
use crate::model::{Field, Kind, Reason, Value};
use crate::plan::{Action, Cause, Plan, StepId, Until, Verdict};
use crate::render::view::run::{Given, TroubleView, VIEW_SCHEMA};
use crate::render::view::step::{AttributeView, Held, StepView, step};
use crate::render::view::tenant::{NotKnown, TenantView, tenant};
use crate::render::view::words::one_line;
use schemars::JsonSchema;
use serde::Serialize;

/// One object that is not as declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DriftItem {
    /// `user bob@acme.example`.
    pub object: String,
    /// Live and declared.
    pub attributes: Vec<AttributeView>,
    /// What is known of it.
    pub summary: Vec<String>,
    /// What the panel's own log says of its last changes, newest first.
    pub trail: Vec<String>,
    /// Why it is what it is.
    pub why: String,
    /// Where it is declared.
    pub place: Option<String>,
}

/// A tenant's drift.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DriftTenant {
    /// Its name.
    pub name: String,
    /// Its provider.
    pub provider: String,
    /// Requests made.
    pub requests: u64,
    /// What is not known; while this is not empty nobody may say "no drift".
    pub not_known: Vec<NotKnown>,
    /// Declared and not live.
    pub missing: Vec<DriftItem>,
    /// Live and declared, and not equal.
    pub differs: Vec<DriftItem>,
    /// Live, and to go: by a whole list or a tombstone; or on, and to be off.
    pub surplus: Vec<DriftItem>,
    /// Held back until a moment that has not come, such as a term that begins next month: no drift.
    pub waiting: Vec<DriftItem>,
    /// Accepted, and not in effect after the window; or waiting for a person longer than `waiting_days`.
    pub overdue: Vec<DriftItem>,
    /// Accepted, and not yet in its window's end: no drift.
    pub in_flight: Vec<String>,
    /// Returned after a deletion.
    pub crept_back: Vec<String>,
    /// Live and not declared.
    pub undeclared: Vec<String>,
    /// For a person; neither drift nor error (S6.5).
    pub waiting_for_a_person: Vec<String>,
    /// What the run cannot tell.
    pub cannot_tell: Vec<String>,
    /// Its exit code.
    pub exit: u8,
}

impl DriftTenant {
    /// Whether any class is not empty.
    #[must_use]
    pub fn has_drift(&self) -> bool {
        let items = [&self.missing, &self.differs, &self.surplus, &self.overdue];
        items.iter().any(|class| !class.is_empty()) || !self.crept_back.is_empty() || !self.undeclared.is_empty()
    }
}

/// The drift of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DriftView {
    /// [`VIEW_SCHEMA`].
    pub schema: String,
    /// Where the declarations came from.
    pub source: String,
    /// Per tenant.
    pub tenants: Vec<DriftTenant>,
    /// Tenants that could not be compared.
    pub troubles: Vec<TroubleView>,
    /// The gravest exit code.
    pub exit: ExitCode,
}

/// The drift of a run. The exit codes of its plans are judged anew: see [`drift_exit`].
#[must_use]
pub fn drift(given: &Given<'_>) -> DriftView {
    let exit = |name: &TenantName| given.exits.get(name).copied().unwrap_or(given.exit);
    let trouble = |(name, text): (&TenantName, &String)| TroubleView { tenant: name.to_string(), text: one_line(text), exit: exit(name) };
    let tenants: Vec<DriftTenant> = given.plans.iter().map(|plan| of(plan, exit(&plan.tenant), given)).collect();
    let troubles: Vec<TroubleView> = given.troubles.iter().map(trouble).collect();
    // A run that ended before any tenant was reached keeps its own code.
    let start = if tenants.is_empty() && troubles.is_empty() { given.exit } else { ExitCode::Done };
    let codes = tenants.iter().filter_map(|t| ExitCode::try_from(t.exit).ok()).chain(troubles.iter().map(|t| t.exit));
    let exit = codes.fold(start, ExitCode::gravest);
    DriftView { schema: VIEW_SCHEMA.to_owned(), source: one_line(given.source), tenants, troubles, exit }
}

/// The exit code of a comparison (S18.2): trouble and incompleteness as in a plan, else 2 where any class is not empty.
#[must_use]
pub fn drift_exit(plan: ExitCode, has_drift: bool) -> ExitCode {
    let judged = if has_drift { ExitCode::Pending } else { ExitCode::Done };
    match plan {
        ExitCode::Error | ExitCode::Incomplete | ExitCode::Partial | ExitCode::Stale => plan,
        ExitCode::Done | ExitCode::Pending | ExitCode::Blocked | ExitCode::NeedsApproval => judged,
    }
}

fn of(plan: &Plan, exit: ExitCode, given: &Given<'_>) -> DriftTenant {
    let TenantView { name, provider, observed, differs, undeclared, crept_back, overdue, cannot_tell, in_flight, .. } =
        tenant(plan, exit, given.now);
    let mut drift = DriftTenant {
        name,
        provider,
        requests: observed.requests,
        not_known: observed.not_known,
        undeclared,
        in_flight,
        crept_back,
        cannot_tell,
        ..DriftTenant::default()
    };
    // the view keeps the order of the report
    for (view, said) in differs.into_iter().zip(&plan.report.differs) {
        let class =
            if said.key.kind == Kind::Continuity { of_continuity(said.fields.iter().map(|(f, b, a)| (*f, b, a))) } else { Class::Differs };
        let (object, attributes, why, place) = (view.object, view.attributes, view.why, view.place);
        drift.put(class, DriftItem { object, attributes, summary: Vec::new(), trail: Vec::new(), why, place });
    }
    for one in &plan.steps {
        let view = step(plan, one, given.now);
        if one.why == Cause::Overdue {
            drift.overdue.push(item(view));
            continue;
        }
        if matches!(plan.verdict(one.id), Verdict::Blocked(Reason::WaitedTooLong { .. })) {
            drift.overdue.push(DriftItem { attributes: Vec::new(), why: view.reasons.join(" "), ..item(view) });
            continue;
        }
        let class = match one.action {
            Action::HandOff => {
                drift.waiting_for_a_person.push(format!("{} {}", view.kind, view.name));
                continue;
            }
            _ if one.key.kind == Kind::Continuity && is_early(plan, one.id) => Class::Waiting,
            _ if one.key.kind == Kind::Continuity => of_continuity(one.changes.iter().map(|c| (c.field, &c.before, &c.after))),
            Action::Create | Action::Mint | Action::Buy => Class::Missing,
            Action::Update | Action::Reset | Action::Block | Action::Move | Action::Rename => Class::Differs,
            Action::Delete => Class::Surplus,
        };
        drift.put(class, item(view));
    }
    // Under the whole list what nobody declared is surplus, and is told as that.
    let goes: Vec<String> = drift.surplus.iter().map(|i| i.object.clone()).collect();
    drift.undeclared.retain(|address| !goes.iter().any(|object| object.strip_prefix("user ") == Some(address)));
    let bare = |object: String| DriftItem {
        object,
        attributes: Vec::new(),
        summary: Vec::new(),
        trail: Vec::new(),
        why: String::new(),
        place: None,
    };
    let named: Vec<String> = drift.overdue.iter().map(|i| i.object.clone()).collect();
    drift.overdue.extend(overdue.into_iter().filter(|o| !named.contains(o)).map(bare));
    drift.take_trails(plan);
    drift.exit = drift_exit(exit, drift.has_drift()).number();
    drift
}

/// Where one object is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Missing,
    Differs,
    Surplus,
    Waiting,
}

impl DriftTenant {
    /// Says beside each object who changed it, as far as the panel's log tells.
    fn take_trails(&mut self, plan: &Plan) {
        let said = |object: &str| plan.report.trails.get(object).map(|lines| lines.iter().map(|line| one_line(line)).collect::<Vec<_>>());
        for item in self.missing.iter_mut().chain(&mut self.differs).chain(&mut self.surplus).chain(&mut self.overdue) {
            item.trail = said(&item.object.replacen(' ', "/", 1)).unwrap_or_default();
        }
        for object in &mut self.undeclared {
            let key = if object.contains(' ') { object.replacen(' ', "/", 1) } else { format!("user/{object}") };
            if let Some(newest) = said(&key).and_then(|lines| lines.into_iter().next()) {
                *object = format!("{object}   {newest}");
            }
        }
    }
    fn put(&mut self, class: Class, item: DriftItem) {
        match class {
            Class::Missing => self.missing.push(item),
            Class::Differs => self.differs.push(item),
            Class::Surplus => self.surplus.push(item),
            Class::Waiting => self.waiting.push(item),
        }
    }
}

/// Continuity is neither created nor deleted: what is to be bought or switched on is missing, what is to be switched off is
/// too much (S15).
fn of_continuity<'a>(fields: impl Iterator<Item = (Field, &'a Option<Value>, &'a Option<Value>)>) -> Class {
    let mut class = Class::Differs;
    for (field, before, after) in fields {
        match (field, before, after) {
            (Field::ContinuityTerm, None, Some(_)) => class = Class::Missing,
            (Field::ContinuityEnabled, _, Some(Value::Switch(true))) => class = Class::Missing,
            (Field::ContinuityEnabled, _, Some(Value::Switch(false))) => class = Class::Surplus,
            (_, _, _) => {}
        }
    }
    class
}

/// Whether a step, or what it comes after, waits for a moment.
fn is_early(plan: &Plan, id: StepId) -> bool {
    match plan.verdict(id) {
        Verdict::Waiting(Until::Moment { .. }) => true,
        Verdict::Waiting(Until::Edge { step, .. }) => step != id && is_early(plan, step),
        Verdict::Waiting(Until::Person { .. }) | Verdict::Go | Verdict::Gated { .. } | Verdict::Blocked(_) => false,
    }
}

fn item(view: StepView) -> DriftItem {
    let held = if view.held == Held::Go { String::new() } else { view.verdict };
    let why = [view.cause, held].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" · ");
    DriftItem {
        object: format!("{} {}", view.kind, view.name),
        attributes: view.attributes,
        summary: view.summary,
        trail: Vec::new(),
        why,
        place: view.place,
    }
}
