//! The lease of a run (S12.1): taken before the first write, compared once, renewed at half of its life.

use crate::base::Timestamp;
use crate::base::limits::LEASE_SECONDS;
use crate::model::{Fault, Lease, OpId};
use crate::plan::effect::{Effect, Unfinished};
use crate::plan::run::brain::{Phase, Run, Timer};
use crate::plan::run::limits::wait;
use std::time::Duration;

/// What a run knows of its lease.
#[derive(Debug, Default)]
pub struct LeaseBook {
    /// Whether it is ours to give back.
    pub held: bool,
    /// Until when it holds without renewal; `None` where the panel has no leases.
    pub until: Option<Timestamp>,
    /// Whether a renewal is out or waits for its turn.
    pub renewing: bool,
    /// Attempts in a row that failed.
    pub failed: u32,
}

impl LeaseBook {
    /// Whether it ran out by our clock: nothing is called before it is renewed.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| now >= until)
    }
}

impl Run {
    pub(super) fn leased(&mut self, answer: Result<Lease, Fault>, now: Timestamp) -> Vec<Effect> {
        match (answer, self.phase) {
            (Ok(lease), Phase::Leasing) => {
                self.phase = Phase::Working;
                self.stop_if_stale(&lease);
                self.hold(&lease, now)
            }
            (Ok(lease), Phase::Working) => self.hold(&lease, now),
            (Err(fault), Phase::Leasing | Phase::Working) => self.not_leased(fault, now),
            (_, Phase::Fresh | Phase::Opening | Phase::Closing | Phase::Over) => Vec::new(),
        }
    }
    /// The renewal timer went off.
    pub(super) fn renew(&mut self) -> Vec<Effect> {
        if self.phase != Phase::Working || self.lease.renewing && self.lease.failed == 0 {
            return Vec::new();
        }
        self.lease.renewing = true;
        vec![Effect::Renew]
    }

    /// The mark is compared once, at the start: later it changes by our own writes.
    fn stop_if_stale(&mut self, lease: &Lease) {
        if let (Some(seen), Some(now)) = (self.plan.change_mark(), &lease.change_mark)
            && seen != now
        {
            self.stop(Unfinished::Stale(format!("the tenant changed since it was observed: its mark was {seen} and is {now}")));
        }
    }
    fn hold(&mut self, lease: &Lease, now: Timestamp) -> Vec<Effect> {
        self.lease.held = true;
        self.lease.renewing = false;
        self.lease.failed = 0;
        if lease.fencing_token.is_none() {
            return Vec::new();
        }
        let life = i64::try_from(LEASE_SECONDS).unwrap_or(i64::MAX);
        self.lease.until = Timestamp::from_second(now.as_second().saturating_add(life)).ok();
        vec![self.sleep(Timer::Renew, Duration::from_secs(LEASE_SECONDS / 2))]
    }
    fn not_leased(&mut self, fault: Fault, now: Timestamp) -> Vec<Effect> {
        self.lease.failed += 1;
        let asked = match fault {
            Fault::Retry { .. } | Fault::OutcomeUnknown { .. } => None,
            Fault::Throttled { after_seconds } => after_seconds,
            Fault::Fenced { text } => {
                self.lease.held = false;
                return self.stopped(Unfinished::Locked(text));
            }
            Fault::Conflict { .. } | Fault::Denied { .. } | Fault::Missing { .. } | Fault::Rejected { .. } | Fault::Local { .. } => {
                return self.stopped(Unfinished::Failed(format!("no lease: {fault}")));
            }
        };
        let tries_left = self.lease.failed < self.limits.attempts.max(1) || (self.lease.until.is_some() && !self.lease.is_over(now));
        let pause = wait(&OpId(format!("{} lease", self.plan.tenant())), self.lease.failed, asked);
        match pause.filter(|_| tries_left) {
            Some(pause) => vec![self.sleep(Timer::Lease, pause)],
            None => self.stopped(Unfinished::Failed(format!("no lease: {fault}"))),
        }
    }
    fn stopped(&mut self, why: Unfinished) -> Vec<Effect> {
        self.lease.renewing = false;
        if self.phase == Phase::Leasing {
            self.phase = Phase::Working;
        }
        self.stop(why);
        Vec::new()
    }
}
