//! Which runs are spoiled, and how: every fault at a request of its own, in turns over the states that are marked for it.

use crate::support::fault_proxy::{Fault, FaultRule, Hit};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use mailwright::model::{Capabilities, Operation};
use std::time::Duration;

/// How much later than the client's deadline a late answer comes.
const TOO_LATE: Duration = Duration::from_millis(500);

/// Every form in which a panel may say when to come again.
fn retry_afters(now: Timestamp) -> [Option<String>; 7] {
    let date = |seconds: i64| {
        let at = now.checked_add(SignedDuration::from_secs(seconds)).expect("in range").to_zoned(TimeZone::UTC);
        Some(at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
    };
    let text = |text: &str| Some(text.to_owned());
    [text("1"), date(2), date(-3600), None, text("soon, or -7"), text("99999999999999999999999"), date(400 * 86_400)]
}

/// Faults of writes.
fn of_writes(now: Timestamp, deadline: Duration) -> Vec<Fault> {
    let mut all = vec![
        Fault::LoseAnswer,
        Fault::Duplicate,
        Fault::Delay(deadline + TOO_LATE),
        Fault::CutBody,
        Fault::ErrorBefore(503),
        Fault::ErrorBefore(500),
        Fault::ErrorAfter(500),
        Fault::ErrorAfter(502),
        Fault::HtmlLogin,
        Fault::Redirect,
    ];
    all.extend(retry_afters(now).map(Fault::TooMany));
    all
}

/// Faults of reads.
fn of_reads(now: Timestamp, deadline: Duration) -> Vec<Fault> {
    let mut all = of_writes(now, deadline);
    all.retain(|fault| !matches!(fault, Fault::Duplicate | Fault::ErrorAfter(_)));
    all.push(Fault::EndlessPages);
    all
}

/// Every write of the driver is conditional, so that what was read too long ago does no harm (S11.4).
pub fn is_conditional(caps: &Capabilities) -> bool {
    [Operation::Update, Operation::Delete].into_iter().all(|operation| caps.offer(operation).precondition)
}

/// What an honest run of a passage asks: how many reads a plan makes, how many writes an apply.
#[derive(Debug, Clone, Copy, Default)]
pub struct Honest {
    pub reads: usize,
    pub writes: usize,
}

/// The rules for one passage, the `turn`th: every other fault, the rest in the next passages. Each strikes at another request
/// each time, and every other one lasts until it is healed.
pub fn rules(turn: usize, honest: Honest, now: Timestamp, deadline: Duration) -> Vec<FaultRule> {
    let at = |hit, most: usize, faults: Vec<Fault>| {
        let rule = move |(n, fault): (usize, Fault)| {
            let late = matches!(fault, Fault::Delay(_));
            FaultRule { fault, hit, nth: 1 + (turn * 5 + n * 3) % most.max(1), lasting: (turn / 2 + n / 2).is_multiple_of(2) && !late }
        };
        let mine = move |(n, fault): &(usize, Fault)| match fault {
            // of these there are many forms
            Fault::TooMany(_) => (turn + n).is_multiple_of(4),
            _ => (turn + n).is_multiple_of(2),
        };
        faults.into_iter().enumerate().filter(mine).map(rule).collect::<Vec<_>>()
    };
    let mut all = at(Hit::Writes, honest.writes, of_writes(now, deadline));
    all.extend(at(Hit::Reads, honest.reads, of_reads(now, deadline)));
    all
}

/// Reads that show what was, one after the other.
pub fn stale(honest: Honest) -> Vec<FaultRule> {
    (1..=honest.reads).map(|nth| FaultRule { fault: Fault::StaleRead, hit: Hit::Reads, nth, lasting: true }).collect()
}

/// A rule in words.
pub fn words(rule: &FaultRule) -> String {
    let hit = if rule.hit == Hit::Reads { "read" } else { "write" };
    format!("{:?} at {hit} {}{}", rule.fault, rule.nth, if rule.lasting { ", lasting" } else { "" })
}
