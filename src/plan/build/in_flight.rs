//! Steps against import jobs (S6.2, S6.3): what a job under way does already is no step; another value waits for it; what
//! a lost job carried is planned once more, and a second loss stops by name.

use crate::base::{DomainName, Timestamp};
use crate::model::{Kind, LiveJob, Reason, Timetable};
use crate::plan::build::draft::{Draft, Work};
use crate::plan::build::flights::{Flight, Flights, fate, gone};
use crate::plan::build::ground::Ground;
use crate::plan::ledger::billable;
use crate::plan::{Action, BillableCause, BillableChange, Cause, InFlight, StepId, Until, Verdict};
use std::collections::BTreeMap;

/// After how many losses a row stops.
const LOSSES: usize = 2;

/// Takes out of the drafts what is on its way, and holds what it would disturb.
pub(super) fn settle(ground: &Ground<'_>, work: &mut Work) {
    unread(ground, work);
    let flights = Flights::of(ground.observed, ground.panel_now());
    let table = ground.can(Kind::User).map(|c| c.timetable.clone()).unwrap_or_default();
    for (domain, flight) in &flights.flying {
        work.report.in_flight.push(shown(&table, domain, flight.job));
    }
    let mut covered: BTreeMap<StepId, Timestamp> = BTreeMap::new();
    for draft in work.drafts.iter_mut().filter(|d| d.step.key.kind == Kind::User && d.step.action != Action::HandOff) {
        let domain = DomainName::canonical(draft.step.key.domain().unwrap_or_default());
        if let Some(flight) = flights.flying.get(&domain) {
            if flight.covers(&draft.step) {
                covered.insert(draft.step.id, flight.job.until);
            } else {
                hold(&table, draft, flight);
            }
        } else {
            let lost = flights.lost.get(&domain).map_or(&[][..], Vec::as_slice);
            let gone = gone(ground, &domain, draft.step.id);
            again(ground, &table, draft, lost, &gone, &mut work.report.overdue);
        }
    }
    work.report.overdue.sort();
    expect(work, &covered);
    work.drafts.retain(|d| !covered.contains_key(&d.step.id));
    for draft in &mut work.drafts {
        wait_for_covered(draft, &covered);
    }
    relay_checks(ground, &table, work, &flights);
}

/// What an import under way will cost or save (S16.4).
fn expect(work: &mut Work, covered: &BTreeMap<StepId, Timestamp>) {
    let steps = work.drafts.iter().filter(|d| covered.contains_key(&d.step.id)).map(|d| billable(&d.step));
    let (added, removed) = steps.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    if added + removed > 0 {
        work.report.billable_expected.push(BillableChange { cause: BillableCause::ImportUnderWay, added, removed });
    }
}

/// Jobs that could not be read are a scope like others (S1.4).
fn unread(ground: &Ground<'_>, work: &mut Work) {
    for (domain, jobs) in &ground.observed.jobs {
        if let crate::model::Seen::Unknown(reason) = jobs {
            work.report.incomplete.push((format!("import jobs of {domain}"), vec![reason.clone()]));
        }
    }
}

/// One line: which import, how many rows, when it acts, by the clock on the panel's wall too.
fn shown(table: &Timetable, domain: &DomainName, job: &LiveJob) -> InFlight {
    let mode = if job.replaces { "add + delete old" } else { "add" };
    let local = table.zone.is_some().then(|| format!("{} to {}", table.local(job.from), table.local(job.until)));
    let text = format!("import of {} into {domain} ({mode}): {}", table.local(job.submitted_at), job.counts());
    InFlight { text, from: job.from, until: job.until, local }
}

/// A step that another value, or another change of the list, must wait for.
fn hold(table: &Timetable, draft: &mut Draft, flight: &Flight<'_>) {
    let (job, name) = (flight.job, draft.step.key.name.as_str());
    let others = matches!(draft.step.action, Action::Move | Action::Rename);
    if !flight.names(name) && !job.replaces && !others {
        return;
    }
    let import = format!("the import of {}", table.local(job.submitted_at));
    let until = table.local(job.until);
    draft.note(if flight.names(name) {
        format!(
            "supersedes {import}, which carries another value: this panel takes one import of a domain at a time, so at the \
             earliest {until}; then a single call acts at once, another import half an hour later at best"
        )
    } else {
        format!("{import} replaces the list by {until}: a change before that would make it fail, or be lost by it")
    });
    wait(draft, job.until);
}

fn wait(draft: &mut Draft, at: Timestamp) {
    if draft.verdict == Verdict::Go {
        draft.verdict = Verdict::Waiting(Until::Moment { at });
    }
}

/// Planned once more, with that cause; after a second loss it stops (S6.3).
fn again(
    ground: &Ground<'_>,
    table: &Timetable,
    draft: &mut Draft,
    lost: &[Flight<'_>],
    gone: &[Timestamp],
    overdue: &mut Vec<crate::model::Key>,
) {
    let mine: Vec<&Flight<'_>> = lost.iter().filter(|flight| flight.covers(&draft.step)).collect();
    let last = mine.last().map(|last| (last.job.until, table.local(last.job.submitted_at), fate(last.job, ground.panel_now())));
    let text = match (last, gone.iter().max()) {
        (Some((until, taken, fate)), last_gone) if last_gone.is_none_or(|gone| *gone < until) => format!("the import of {taken} {fate}"),
        (_, Some(until)) => format!("the import that was to act by {} is gone from the panel", table.local(*until)),
        (_, None) => return,
    };
    overdue.push(draft.step.key.clone());
    let losses = mine.len() + gone.len();
    if losses >= LOSSES {
        draft.block(Some(Reason::Overdue { losses: losses as u64, text }));
        return;
    }
    draft.note(format!("overdue: {text}; it is planned once more"));
    if draft.step.why == Cause::Declared {
        draft.step.why = Cause::Overdue;
    }
}

/// What comes after a step that is on its way waits for that.
fn wait_for_covered(draft: &mut Draft, covered: &BTreeMap<StepId, Timestamp>) {
    let until = draft.step.after.iter().filter_map(|edge| covered.get(&edge.step)).max().copied();
    if let Some(until) = until {
        draft.step.after.retain(|edge| !covered.contains_key(&edge.step));
        wait(draft, until);
    }
}

/// The panel's list decides only when its users act (S6.4).
fn relay_checks(ground: &Ground<'_>, table: &Timetable, work: &mut Work, flights: &Flights<'_>) {
    for draft in work.drafts.iter_mut().filter(|d| super::forecast::is_switch(d)) {
        let domain = DomainName::canonical(&draft.step.key.name);
        if let Some(flight) = flights.flying.get(&domain) {
            let text = format!(
                "the users of the import of {} act before the panel's list decides: waiting until {}",
                table.local(flight.job.submitted_at),
                table.local(flight.job.until)
            );
            draft.note(text);
            wait(draft, flight.job.until);
        } else if !Flights::is_known(ground.observed, table.imports.is_some(), &domain) {
            draft.block(Some(Reason::DependsOn { scope: format!("import jobs of {domain}") }));
        }
    }
}
