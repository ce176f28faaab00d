//! What waits for a person: since when, and whether that is too long (S6.5).

use crate::model::Reason;
use crate::plan::build::draft::Draft;
use crate::plan::build::ground::Ground;
use crate::plan::{Until, Verdict};
use jiff::SignedDuration;
use jiff::tz::TimeZone;

/// Hours of a day.
const HOURS: i64 = 24;

/// Says since when each step waits for a person: from the panel, else from memory. One that waits longer than `waiting_days`
/// is no longer waiting: it stops as a finding that only the person can lift.
pub(super) fn wait(ground: &Ground<'_>, drafts: &mut [Draft]) {
    let known = ground.remembered.waits.get(ground.tenant());
    let days = ground.policy.guards.waiting_days;
    let patience = SignedDuration::from_hours(i64::try_from(days).unwrap_or(i64::MAX / HOURS).saturating_mul(HOURS));
    for draft in drafts {
        let Verdict::Waiting(Until::Person { who, since }) = &mut draft.verdict else { continue };
        *since = since.or_else(|| known.and_then(|all| all.get(&draft.step.id)).copied());
        // the panel's clock may be ahead of ours by a little
        *since = since.map(|at| at.min(ground.now));
        let Some(at) = *since else { continue };
        if ground.now.duration_since(at) > patience {
            let since = at.to_zoned(TimeZone::UTC).date().to_string();
            draft.verdict = Verdict::Blocked(Reason::WaitedTooLong { who: std::mem::take(who), since, days });
        }
    }
}
