//! The panel's clock: given by the opener, or one that tests and `panel serve --clock` can set and advance.
//!
//! A settable clock stands still until somebody moves it, so that a run can be replayed to the byte. Deliberately
//! absent: the real clock, which is the opener's; leases read the real time themselves.

use crate::base::{BoxFuture, Clock, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// A clock that stands still until it is set.
#[derive(Debug)]
pub struct SettableClock {
    now: watch::Sender<Timestamp>,
}

impl SettableClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { now: watch::Sender::new(now) }
    }
    /// Sets it, also backwards. Sleepers whose time has come wake up.
    pub fn set(&self, now: Timestamp) {
        self.now.send_replace(now);
    }
    /// Moves it forward and gives the new instant; at the end of time it stays there.
    pub fn advance(&self, span: Duration) -> Timestamp {
        self.now.send_modify(|now| *now = later(*now, span));
        *self.now.borrow()
    }
}

fn later(now: Timestamp, span: Duration) -> Timestamp {
    now.checked_add(span).unwrap_or(Timestamp::MAX)
}

impl Clock for SettableClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }
    fn sleep(&self, span: Duration) -> BoxFuture<'_, ()> {
        let until = later(self.now(), span);
        let mut seen = self.now.subscribe();
        Box::pin(async move {
            // the sender lives in `self`, which outlives this future, so waiting cannot fail
            let _ = seen.wait_for(|now| *now >= until).await;
        })
    }
}

/// Where the panel's time comes from.
#[derive(Clone)]
pub enum PanelClock {
    /// A clock that nobody can set through the panel.
    Given(Arc<dyn Clock>),
    /// A clock that the test endpoints can set, where these are allowed.
    Settable(Arc<SettableClock>),
}

impl PanelClock {
    pub(crate) fn now(&self) -> Timestamp {
        match self {
            PanelClock::Given(clock) => clock.now(),
            PanelClock::Settable(clock) => clock.now(),
        }
    }
    pub(crate) fn settable(&self) -> Option<&SettableClock> {
        match self {
            PanelClock::Given(_) => None,
            PanelClock::Settable(clock) => Some(clock),
        }
    }
}

impl From<Arc<dyn Clock>> for PanelClock {
    fn from(clock: Arc<dyn Clock>) -> Self {
        Self::Given(clock)
    }
}
impl From<Arc<SettableClock>> for PanelClock {
    fn from(clock: Arc<SettableClock>) -> Self {
        Self::Settable(clock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_when_the_clock_is_advanced_past() {
        let clock = Arc::new(SettableClock::new("2026-12-01T08:00:00Z".parse().unwrap()));
        let sleeper = {
            let clock = clock.clone();
            tokio::spawn(async move { clock.sleep(Duration::from_secs(3600)).await })
        };
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(1800));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        assert_eq!(clock.advance(Duration::from_secs(1800)).to_string(), "2026-12-01T09:00:00Z");
        sleeper.await.unwrap();
    }
}
