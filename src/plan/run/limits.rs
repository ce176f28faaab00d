//! Limits of a run, and how long it waits before it tries again.

use crate::base::digest::sha256;
use crate::base::limits::{REQUESTS_IN_FLIGHT, RETRY_AFTER_SECONDS};
use crate::model::OpId;
use std::time::Duration;

/// Attempts of one write, the first included; five with back-off last about eight seconds.
pub const WRITE_ATTEMPTS: u32 = 5;
/// The wait after the first attempt, in milliseconds; it doubles with each.
pub const FIRST_WAIT_MS: u64 = 500;
/// The longest wait of our own choice, in milliseconds.
pub const MOST_WAIT_MS: u64 = 30_000;

/// How much a run may do at a time, and how often it tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunLimits {
    /// Calls and reads side by side, at least 1.
    pub in_flight: usize,
    /// Attempts of one call, the first included, at least 1.
    pub attempts: u32,
}

impl Default for RunLimits {
    fn default() -> Self {
        Self { in_flight: REQUESTS_IN_FLIGHT, attempts: WRITE_ATTEMPTS }
    }
}

/// How long to wait after a failed attempt: doubling, with up to half of it added by a number that only operation and
/// attempt decide, so that a replay waits alike and many operations do not wait alike. `None`: the panel asks for longer
/// than [`RETRY_AFTER_SECONDS`].
#[must_use]
pub fn wait(op: &OpId, attempt: u32, asked_seconds: Option<u64>) -> Option<Duration> {
    if asked_seconds.is_some_and(|s| s > RETRY_AFTER_SECONDS) {
        return None;
    }
    let base = FIRST_WAIT_MS.saturating_mul(1 << attempt.saturating_sub(1).min(16)).min(MOST_WAIT_MS);
    let hash = sha256(format!("{} {attempt}", op.0).as_bytes()).0;
    let jitter = u64::from(u16::from_le_bytes([hash[0], hash[1]])) * (base / 2) / u64::from(u16::MAX);
    Some(Duration::from_millis((base + jitter).max(asked_seconds.unwrap_or(0) * 1000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_differ_and_obey() {
        let (a, b) = (OpId("a".into()), OpId("b".into()));
        let ms = |op, n, asked| wait(op, n, asked).unwrap().as_millis();
        assert!((500..=750).contains(&ms(&a, 1, None)) && (4000..=6000).contains(&ms(&a, 4, None)));
        assert!(ms(&a, 40, None) <= 45_000);
        assert_ne!(ms(&a, 1, None), ms(&b, 1, None));
        assert_eq!(ms(&a, 1, None), ms(&a, 1, None));
        assert_eq!(ms(&a, 1, Some(20)), 20_000);
        assert_eq!(wait(&a, 1, Some(61)), None);
    }
}
