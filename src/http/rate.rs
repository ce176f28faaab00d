//! Who may send next, and when: a pure core, with times as arguments.
//!
//! One core serves one credential, whatever tenants it is used for. Invariants: in any time t no more than burst + rate · t
//! requests of a kind go; never more than `slots` are under way; a tenant's requests go in their order; tenants take turns,
//! so that one with ten thousand requests does not hold up one with three. Deliberately absent: waiting, and clocks.

use crate::model::{Allowance, Rate};
use std::collections::{BTreeMap, VecDeque};

/// What one request weighs: the microseconds of a minute, so that refilling by the microsecond stays exact.
const ONE: u64 = 60_000_000;

/// Microseconds of a clock that never goes back.
pub(super) type Micros = i64;

/// A request that waits, or is under way.
pub(super) type Ticket = u64;

/// Whether a request changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Read,
    Write,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// This request goes now.
    Go(Ticket),
    /// Nothing goes before that moment; this request would be the first.
    At(Micros, Ticket),
    /// Nothing goes before one that is under way is back.
    Full,
    /// Nobody waits.
    Idle,
}

#[derive(Debug)]
struct Bucket {
    per_minute: u64,
    most: u64,
    level: u64,
    at: Micros,
}

impl Bucket {
    fn new(allowance: Allowance, now: Micros) -> Self {
        let most = u64::from(allowance.burst.max(1)) * ONE;
        Self { per_minute: u64::from(allowance.per_minute.max(1)), most, level: most, at: now }
    }
    fn fill(&mut self, now: Micros) {
        let passed = u64::try_from(now.saturating_sub(self.at)).unwrap_or(0);
        self.level = self.level.saturating_add(passed.saturating_mul(self.per_minute)).min(self.most);
        self.at = self.at.max(now);
    }
    /// When it holds a request, if nobody takes one before.
    fn ready(&self) -> Micros {
        let missing = ONE.saturating_sub(self.level).div_ceil(self.per_minute);
        self.at.saturating_add(i64::try_from(missing).unwrap_or(i64::MAX))
    }
}

/// The core.
#[derive(Debug)]
pub(super) struct Pacer {
    reads: Option<Bucket>,
    writes: Option<Bucket>,
    all: Option<Bucket>,
    slots: usize,
    under_way: usize,
    quiet_until: Micros,
    now: Micros,
    next: Ticket,
    /// Per tenant, in order.
    queues: BTreeMap<String, VecDeque<(Ticket, Class)>>,
    /// The tenants that wait; the first was served longest ago.
    turns: VecDeque<String>,
}

impl Pacer {
    pub(super) fn new(rate: Option<Rate>, slots: usize, now: Micros) -> Self {
        let Rate { reads, writes, all } = rate.unwrap_or_default();
        let bucket = |allowance: Option<Allowance>| allowance.map(|a| Bucket::new(a, now));
        Self {
            reads: bucket(reads),
            writes: bucket(writes),
            all: bucket(all),
            slots: slots.max(1),
            under_way: 0,
            quiet_until: Micros::MIN,
            now,
            next: 0,
            queues: BTreeMap::new(),
            turns: VecDeque::new(),
        }
    }

    /// The time, as far as it is known; it never goes back.
    pub(super) fn pass(&mut self, now: Micros) {
        self.now = self.now.max(now);
        for bucket in [&mut self.reads, &mut self.writes, &mut self.all].into_iter().flatten() {
            bucket.fill(self.now);
        }
    }
    /// The time as it was last told.
    pub(super) fn now(&self) -> Micros {
        self.now
    }
    /// A request waits.
    pub(super) fn enter(&mut self, tenant: &str, class: Class) -> Ticket {
        self.next += 1;
        if !self.queues.contains_key(tenant) {
            self.turns.push_back(tenant.to_owned());
        }
        self.queues.entry(tenant.to_owned()).or_default().push_back((self.next, class));
        self.next
    }
    /// A request waits no longer; without effect on one that went.
    pub(super) fn leave(&mut self, ticket: Ticket) {
        for queue in self.queues.values_mut() {
            queue.retain(|(waiting, _)| *waiting != ticket);
        }
        self.forget_idle();
    }
    /// One that went is back.
    pub(super) fn back(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }
    /// The panel had enough: nothing goes before that moment, and nothing was saved up for it.
    pub(super) fn quiet(&mut self, until: Micros) {
        self.quiet_until = self.quiet_until.max(until);
        for bucket in [&mut self.reads, &mut self.writes, &mut self.all].into_iter().flatten() {
            bucket.level = 0;
            bucket.at = bucket.at.max(until);
        }
    }

    /// What comes next at the time that was told; one that goes counts from here on.
    pub(super) fn step(&mut self) -> Next {
        let mut first: Option<(Micros, Ticket)> = None;
        for turn in 0..self.turns.len() {
            let Some(&(ticket, class)) = self.queues.get(&self.turns[turn]).and_then(VecDeque::front) else { continue };
            if self.under_way >= self.slots {
                return Next::Full;
            }
            let at = self.ready(class);
            if at <= self.now {
                self.go(turn, class);
                return Next::Go(ticket);
            }
            if first.is_none_or(|(earliest, _)| at < earliest) {
                first = Some((at, ticket));
            }
        }
        first.map_or(Next::Idle, |(at, ticket)| Next::At(at, ticket))
    }

    fn ready(&self, class: Class) -> Micros {
        let own = match class {
            Class::Read => &self.reads,
            Class::Write => &self.writes,
        };
        let buckets = own.iter().chain(&self.all).map(Bucket::ready);
        buckets.fold(self.quiet_until, Micros::max)
    }

    fn go(&mut self, turn: usize, class: Class) {
        let own = match class {
            Class::Read => &mut self.reads,
            Class::Write => &mut self.writes,
        };
        for bucket in own.iter_mut().chain(&mut self.all) {
            bucket.level = bucket.level.saturating_sub(ONE);
        }
        self.under_way += 1;
        if let Some(tenant) = self.turns.remove(turn) {
            if let Some(queue) = self.queues.get_mut(&tenant) {
                queue.pop_front();
            }
            self.turns.push_back(tenant);
        }
        self.forget_idle();
    }

    fn forget_idle(&mut self) {
        self.queues.retain(|_, queue| !queue.is_empty());
        self.turns.retain(|tenant| self.queues.contains_key(tenant));
    }
}
