//! The door in front of a panel: waits until the pacer lets a request go, by the clock of the run.
//!
//! Of all that wait, the one that would go first watches the time; the others wait to be woken. Waiting may be given up
//! at any moment. Deliberately absent: who goes when; [`Pacer`] decides.

use crate::base::Clock;
use crate::base::limits::RETRY_AFTER_SECONDS;
use crate::http::rate::{Class, Micros, Next, Pacer, Ticket};
use crate::model::Rate;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// The door.
pub(super) struct Gate {
    clock: Arc<dyn Clock>,
    inside: Mutex<Inside>,
}

struct Inside {
    pacer: Pacer,
    waiting: BTreeMap<Ticket, Arc<Notify>>,
    /// Let go, and not yet awake.
    gone: BTreeSet<Ticket>,
    /// Who watches the time, and until when.
    watch: Option<(Ticket, Micros)>,
}

/// The right to have one request under way; given back when it is dropped.
pub(super) struct Pass<'a> {
    gate: &'a Gate,
}

/// A request that waits; it is forgotten when it is dropped.
struct Place<'a> {
    gate: &'a Gate,
    ticket: Ticket,
    woken: Arc<Notify>,
}

impl Gate {
    pub(super) fn new(rate: Option<Rate>, slots: usize, clock: Arc<dyn Clock>) -> Self {
        let pacer = Pacer::new(rate, slots, micros(clock.as_ref()));
        Self { inside: Mutex::new(Inside { pacer, waiting: BTreeMap::new(), gone: BTreeSet::new(), watch: None }), clock }
    }

    /// Waits until a request for a tenant may go.
    pub(super) async fn enter(&self, tenant: &str, class: Class) -> Pass<'_> {
        let place = self.queue(tenant, class);
        loop {
            let until = {
                let mut inside = self.lock();
                if inside.gone.remove(&place.ticket) {
                    return Pass { gate: self };
                }
                inside.watch.filter(|(ticket, _)| *ticket == place.ticket).map(|(_, until)| (until, until - inside.pacer.now()))
            };
            let Some((until, span)) = until else {
                place.woken.notified().await;
                continue;
            };
            tokio::select! {
                () = self.clock.sleep(Duration::from_micros(u64::try_from(span).unwrap_or(0))) => self.turn(Some(until)),
                () = place.woken.notified() => {}
            }
        }
    }

    /// The panel had enough. `after_seconds`: it asks for so long a rest; one that is longer than anybody waits is left to
    /// the call that met it.
    pub(super) fn throttled(&self, after_seconds: Option<u64>) {
        let rest = after_seconds.filter(|s| *s <= RETRY_AFTER_SECONDS).unwrap_or(0);
        let mut inside = self.lock();
        inside.pacer.pass(micros(self.clock.as_ref()));
        let until = inside.pacer.now().saturating_add(i64::try_from(rest).unwrap_or(0) * 1_000_000);
        inside.pacer.quiet(until);
    }

    fn queue(&self, tenant: &str, class: Class) -> Place<'_> {
        let woken = Arc::new(Notify::new());
        let ticket = {
            let mut inside = self.lock();
            let ticket = inside.pacer.enter(tenant, class);
            inside.waiting.insert(ticket, woken.clone());
            ticket
        };
        let place = Place { gate: self, ticket, woken };
        self.turn(None);
        place
    }

    /// Lets all go that may, and sees that somebody watches the time. `slept`: a sleep until then is over, whatever the
    /// clock shows: it may have been set back.
    fn turn(&self, slept: Option<Micros>) {
        let now = micros(self.clock.as_ref());
        let mut inside = self.lock();
        inside.pacer.pass(slept.map_or(now, |slept| slept.max(now)));
        loop {
            match inside.pacer.step() {
                Next::Go(ticket) => {
                    inside.gone.insert(ticket);
                    inside.wake(ticket);
                }
                Next::At(until, ticket) => {
                    let before = inside.watch.replace((ticket, until));
                    if before != Some((ticket, until)) {
                        inside.wake(ticket);
                    }
                    return;
                }
                Next::Full | Next::Idle => {
                    inside.watch = None;
                    return;
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    fn wake(&self, ticket: Ticket) {
        if let Some(woken) = self.waiting.get(&ticket) {
            woken.notify_one();
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        {
            let mut inside = self.gate.lock();
            inside.waiting.remove(&self.ticket);
            inside.pacer.leave(self.ticket);
            // it was let go, and nobody took it
            if inside.gone.remove(&self.ticket) {
                inside.pacer.back();
            }
        }
        self.gate.turn(None);
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.gate.lock().pacer.back();
        self.gate.turn(None);
    }
}

fn micros(clock: &dyn Clock) -> Micros {
    clock.now().as_microsecond()
}
