//! `apply --wait`: until when the plans that are left wait, and the waiting itself.
//!
//! Only moments are waited for: windows, imports under way, and tombstones of today. Persons and gates are not.

use crate::base::{ExitCode, Timestamp};
use crate::cli::failure::Failure;
use crate::cli::interrupt;
use crate::cli::terminal::Terminal;
use crate::engine::Applied;
use crate::plan::{Plan, Until, Verdict};
use std::time::Duration;

/// The longest wait for one moment: a nightly run of tomorrow is inside, a tombstone of next week is not.
const LONGEST: Duration = Duration::from_secs(26 * 3600);
/// A panel whose clock is behind ours is asked again after so long.
const SHORTEST: Duration = Duration::from_secs(5);

/// The earliest moment at which there is something new to do; `None` where nothing waits for a moment, or something failed.
pub fn until(applied: &Applied) -> Option<Timestamp> {
    match applied.exit {
        ExitCode::Done | ExitCode::Pending => {}
        ExitCode::Error | ExitCode::Blocked | ExitCode::NeedsApproval | ExitCode::Incomplete | ExitCode::Partial | ExitCode::Stale => {
            return None;
        }
    }
    let last = |plan: &Plan| applied.tenants.get(&plan.tenant).and_then(|t| t.after.as_ref()).map_or_else(|| moment(plan), moment);
    applied.planned.plans.iter().filter_map(last).min()
}

fn moment(plan: &Plan) -> Option<Timestamp> {
    let steps = plan.steps.iter().filter_map(|step| match plan.verdict(step.id) {
        Verdict::Waiting(Until::Moment { at } | Until::Edge { at: Some(at), .. }) => Some(at),
        Verdict::Waiting(Until::Edge { at: None, .. } | Until::Person { .. })
        | Verdict::Go
        | Verdict::Gated { .. }
        | Verdict::Blocked(_) => None,
    });
    steps.chain(plan.report.in_flight.iter().map(|f| f.until)).min()
}

/// Waits; `false` where the process was asked to stop, or the moment is too far away.
///
/// # Errors
/// No runtime.
pub fn wait(until: Timestamp, now: Timestamp, terminal: Terminal) -> Result<bool, Failure> {
    let span = Duration::try_from(until.duration_since(now)).unwrap_or_default().max(SHORTEST);
    if span > LONGEST {
        terminal.say(&format!("not waiting: {until} is more than {} hours away", LONGEST.as_secs() / 3600));
        return Ok(false);
    }
    terminal.say(&format!("waiting until {until}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(format!("no runtime: {error}")))?;
    Ok(runtime.block_on(async {
        tokio::select! {
            () = tokio::time::sleep(span + Duration::from_secs(2)) => true,
            () = interrupt::told() => false,
        }
    }))
}
