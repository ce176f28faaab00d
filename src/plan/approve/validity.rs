//! Whether an approval holds now, and for which risk (S8.1, S8.3, S8.4).

use crate::base::Timestamp;
use crate::model::{Approval, Remembered};
use crate::plan::step::{Risk, Step};

/// The longest life of an approval, in days.
pub const APPROVAL_DAYS: i64 = 14;
/// The longest life of an approval of R4, in days.
pub const R4_APPROVAL_DAYS: i64 = 3;
/// How far ahead another machine's clock may be, in seconds; an approval dated later is refused.
pub const CLOCK_SKEW_SECONDS: i64 = 3600;

/// Seconds of a day.
pub const DAY_SECONDS: i64 = 86_400;

/// Why an approval does not hold at all; `None`: it does.
#[must_use]
pub fn refusal(a: &Approval, now: Timestamp) -> Option<String> {
    let (created, expires, now) = (a.created.as_second(), a.expires.as_second(), now.as_second());
    if now >= expires {
        return Some(format!("the approval of {} expired on {}", a.approver, a.expires));
    }
    if expires - created > APPROVAL_DAYS * DAY_SECONDS {
        return Some(format!("the approval of {} holds longer than {APPROVAL_DAYS} days", a.approver));
    }
    if created > now + CLOCK_SKEW_SECONDS {
        return Some(format!("the approval of {} is dated {}, which is still to come", a.approver, a.created));
    }
    None
}

/// Why an approval that holds does not hold for this step.
#[must_use]
pub fn refusal_for(a: &Approval, step: &Step, r: &Remembered) -> Option<String> {
    let life = a.expires.as_second() - a.created.as_second();
    if step.risk == Risk::R4 && life > R4_APPROVAL_DAYS * DAY_SECONDS {
        return Some(format!("the approval of {} holds longer than {R4_APPROVAL_DAYS} days, the most for R4", a.approver));
    }
    if let Some(spent) = r.spent.get(&step.id).filter(|spent| **spent >= a.created) {
        return Some(format!("the approval of {} was spent on {spent}; approve it anew", a.approver));
    }
    if step.risk == Risk::R4 && step.only_if.incarnation.is_none() && !r.exists {
        return Some("neither the panel nor a memory could tell that this approval is spent; R4 is refused".into());
    }
    None
}

/// A sentence where nothing can tell that the approval is spent (S8.3).
#[must_use]
pub fn caveat(step: &Step, r: &Remembered, until: Timestamp) -> Option<String> {
    (step.only_if.incarnation.is_none() && !r.exists)
        .then(|| format!("this approval can be spent until {until}: neither panel nor memory tells"))
}
