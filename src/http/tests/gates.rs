//! The door: waits by the clock of the run, and nobody is lost who gives up.

use super::raw::{answer, json, serve_for};
use crate::base::clock::BoxFuture;
use crate::base::{Clock, Timestamp};
use crate::http::gate::Gate;
use crate::http::rate::Class;
use crate::http::{Call, ClientSettings};
use crate::model::{Allowance, Fault, Rate};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A clock whose sleeps pass at once, in the order of their ends.
#[derive(Default)]
struct Jumping(Mutex<Duration>);

impl Jumping {
    fn passed(&self) -> Duration {
        *self.0.lock().unwrap()
    }
}

impl Clock for Jumping {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH.checked_add(self.passed()).unwrap()
    }
    fn sleep(&self, span: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let until = self.passed() + span;
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            let mut now = self.0.lock().unwrap();
            *now = until.max(*now);
        })
    }
}

fn writes(burst: u32, per_minute: u32) -> Option<Rate> {
    Some(Rate { writes: Some(Allowance { burst, per_minute }), ..Rate::default() })
}

#[tokio::test]
async fn calls_are_spread_over_the_time_that_the_panel_wants() {
    let clock = Arc::new(Jumping::default());
    let gate = Arc::new(Gate::new(writes(5, 60), 8, clock.clone()));
    let order = Arc::new(Mutex::new(Vec::new()));
    let all: Vec<_> = (0..40)
        .map(|n| {
            let (gate, order) = (gate.clone(), order.clone());
            let tenant = if n < 37 { "many" } else { "few" };
            tokio::spawn(async move {
                let pass = gate.enter(tenant, Class::Write).await;
                order.lock().unwrap().push(tenant);
                tokio::task::yield_now().await;
                drop(pass);
            })
        })
        .collect();
    for one in all {
        one.await.unwrap();
    }
    assert_eq!(clock.passed(), Duration::from_secs(35), "five at once, then one each second");
    let last = order.lock().unwrap().iter().rposition(|t| *t == "few").unwrap();
    assert!(last < 12, "the last of three went as number {last}");
}

#[tokio::test]
async fn who_gives_up_holds_nobody_up() {
    let clock = Arc::new(Jumping::default());
    let gate = Arc::new(Gate::new(writes(1, 60), 1, clock.clone()));
    let first = gate.enter("a", Class::Write).await;
    {
        let mut lost = Box::pin(gate.enter("b", Class::Write));
        assert!(futures_poll(&mut lost).await.is_none(), "the slot is taken");
        drop(first);
        // it was let in or watches the time, and is given up all the same
    }
    let third = tokio::time::timeout(Duration::from_secs(5), gate.enter("c", Class::Write)).await.expect("nobody is lost");
    drop(third);
}

async fn futures_poll<T>(future: &mut (impl Future<Output = T> + Unpin)) -> Option<T> {
    tokio::select! { biased; done = future => Some(done), () = std::future::ready(()) => None }
}

#[tokio::test]
async fn a_clock_that_stands_still_does_not_stop_a_run() {
    let clock = Arc::new(super::raw::FixedClock);
    let gate = Gate::new(writes(1, 600), 2, clock);
    for _ in 0..20 {
        gate.enter("a", Class::Write).await;
    }
}

#[tokio::test]
async fn a_panel_that_had_enough_is_left_alone_by_all() {
    let clock = Arc::new(Jumping::default());
    let replies = vec![answer("429 Too Many Requests", "retry-after: 7\r\n", ""), json("200 OK", "1")];
    let (client, _requests) = serve_for(replies, |settings| ClientSettings { clock: clock.clone(), ..settings }).await;
    let first = client.send(Call::get(&["x"]).on_behalf_of("acme")).await.unwrap_err().fault;
    assert_eq!(first, Fault::Throttled { after_seconds: Some(7) });
    client.send(Call::get(&["x"]).on_behalf_of("globex")).await.unwrap();
    assert_eq!(clock.passed(), Duration::from_secs(7), "another tenant of the same credential waited, too");
}

#[tokio::test]
async fn a_rest_that_nobody_waits_for_is_the_callers_to_tell() {
    let clock = Arc::new(Jumping::default());
    let replies = vec![answer("429 Too Many Requests", "retry-after: 86400\r\n", ""), json("200 OK", "1")];
    let (client, _requests) = serve_for(replies, |settings| ClientSettings { clock: clock.clone(), ..settings }).await;
    assert!(client.send(Call::get(&["x"])).await.is_err());
    client.send(Call::get(&["x"])).await.unwrap();
    assert_eq!(clock.passed(), Duration::ZERO);
}
