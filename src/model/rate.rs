//! How many requests a panel takes from one credential in a time. Data and arithmetic; the keeping is done in `http`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A bucket of requests: `burst` at once, then `per_minute`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Allowance {
    /// Requests that may go at once after a rest; at least 1.
    pub burst: u32,
    /// Requests in a minute after that; at least 1.
    pub per_minute: u32,
}

impl Allowance {
    /// An allowance that never sends more than `calls` in any `seconds`, as a panel counts that says so: a fifth of them at
    /// once, the others evenly.
    #[must_use]
    pub const fn within(calls: u32, seconds: u32) -> Self {
        let burst = if calls < 5 { 1 } else { calls / 5 };
        let span = if seconds == 0 { 1 } else { seconds };
        let even = (calls.saturating_sub(burst) as u64 * 60) / span as u64;
        let per_minute = if even == 0 {
            1
        } else if even > u32::MAX as u64 {
            u32::MAX
        } else {
            even as u32
        };
        Self { burst, per_minute }
    }
    /// How long so many requests take at least, in milliseconds, after a rest.
    #[must_use]
    pub fn takes_ms(self, calls: u64) -> u64 {
        let rest = calls.saturating_sub(u64::from(self.burst.max(1)));
        rest.saturating_mul(60_000).div_ceil(u64::from(self.per_minute.max(1)))
    }
}

/// What a panel allows to one credential, whatever tenants it is used for; none: it says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rate {
    /// Requests that only read.
    pub reads: Option<Allowance>,
    /// Requests that change something.
    pub writes: Option<Allowance>,
    /// Both together.
    pub all: Option<Allowance>,
}

impl Rate {
    /// How long so many requests take at least, in milliseconds, after a rest.
    #[must_use]
    pub fn takes_ms(&self, reads: u64, writes: u64) -> u64 {
        let takes = |allowance: Option<Allowance>, calls: u64| allowance.map_or(0, |a| a.takes_ms(calls));
        let apart = takes(self.reads, reads).saturating_add(takes(self.writes, writes));
        apart.max(takes(self.all, reads.saturating_add(writes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_keeps_below_what_the_panel_counts() {
        for (calls, seconds) in [(5, 1), (200, 60), (300, 60), (1, 1), (1, 600), (10_000, 1), (7, 0)] {
            let a = Allowance::within(calls, seconds);
            let most = u64::from(a.burst) + u64::from(a.per_minute) * u64::from(seconds) / 60;
            assert!(a.burst >= 1 && a.per_minute >= 1 && (most <= u64::from(calls) || calls == 1), "{calls} in {seconds} s: {a:?}");
        }
        assert_eq!(Allowance::within(5, 1), Allowance { burst: 1, per_minute: 240 });
        assert_eq!(Allowance::within(300, 60), Allowance { burst: 60, per_minute: 240 });
    }

    #[test]
    fn a_time_is_told_for_calls() {
        let rate = Rate { writes: Some(Allowance::within(5, 1)), reads: None, all: Some(Allowance::within(300, 60)) };
        assert_eq!(rate.takes_ms(0, 1), 0);
        assert_eq!(rate.takes_ms(0, 5), 1000);
        assert_eq!(rate.takes_ms(0, 1201), 300_000);
        assert_eq!(rate.takes_ms(300, 1), 60_250, "reads count for all together");
        assert_eq!(Rate::default().takes_ms(u64::MAX, u64::MAX), 0);
    }
}
