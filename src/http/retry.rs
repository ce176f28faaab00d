//! When a failed read is tried again, as a pure function; whoever reads does the waiting.

use crate::base::limits::{READ_ATTEMPTS, RETRY_AFTER_SECONDS};
use crate::model::{Fault, Reason};
use std::time::Duration;

/// First wait; doubled with each attempt: 0.5 + 1 + 2 s at most, about two and a half on average.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// How long to wait before the next attempt after attempt number `attempt` (from 1) ended in `fault`; `None`: give up.
/// `jitter` is a random number from 0 to 1: it takes up to half of the wait away, so that many readers do not return
/// together. A panel's own `Retry-After` is a lower bound; more than [`RETRY_AFTER_SECONDS`] is a failure (S18.1).
#[must_use]
pub fn delay(attempt: u32, fault: &Fault, jitter: f64) -> Option<Duration> {
    let asked = match fault {
        // the listing has to be started again: the same page will not change
        Fault::Retry { reason: Reason::Moved } => return None,
        Fault::Retry { .. } => Duration::ZERO,
        Fault::Throttled { after_seconds } => Duration::from_secs(after_seconds.unwrap_or(0)),
        Fault::Conflict { .. }
        | Fault::Denied { .. }
        | Fault::Missing { .. }
        | Fault::Rejected { .. }
        | Fault::OutcomeUnknown { .. }
        | Fault::Fenced { .. }
        | Fault::Local { .. } => return None,
    };
    if attempt >= READ_ATTEMPTS || asked > Duration::from_secs(RETRY_AFTER_SECONDS) {
        return None;
    }
    let back_off = FIRST_WAIT.saturating_mul(1 << attempt.saturating_sub(1).min(16));
    let cut = if jitter.is_finite() { jitter.clamp(0.0, 1.0) / 2.0 } else { 0.0 };
    Some(asked.max(back_off.mul_f64(1.0 - cut)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn busy() -> Fault {
        Fault::Retry { reason: Reason::Status { status: 503, text: "busy".into() } }
    }

    #[test]
    fn waits_double_and_end() {
        let waits: Vec<u128> = (1..9).map_while(|n| delay(n, &busy(), 0.0)).map(|d| d.as_millis()).collect();
        assert_eq!(waits, [500, 1000, 2000]);
        assert_eq!(delay(1, &busy(), 1.0), Some(Duration::from_millis(250)));
        assert_eq!(delay(1, &busy(), f64::NAN), Some(Duration::from_millis(500)));
    }

    #[test]
    fn the_panel_may_ask_for_a_minute_and_no_more() {
        let asked = |s| delay(1, &Fault::Throttled { after_seconds: Some(s) }, 0.5);
        assert_eq!(asked(7), Some(Duration::from_secs(7)));
        assert_eq!(asked(60), Some(Duration::from_secs(60)));
        assert_eq!(asked(61), None);
        assert_eq!(asked(u64::MAX), None);
        assert_eq!(delay(1, &Fault::Throttled { after_seconds: None }, 0.0), Some(Duration::from_millis(500)));
    }

    #[test]
    fn what_cannot_get_better_is_not_repeated() {
        for fault in [
            Fault::Denied { reason: Reason::Denied { status: 403, text: String::new() } },
            Fault::OutcomeUnknown { text: String::new() },
            Fault::Retry { reason: Reason::Moved },
        ] {
            assert_eq!(delay(1, &fault, 0.0), None, "{fault}");
        }
    }
}
