//! The pacer under random arrivals: its promises, each measured from outside.

use crate::http::rate::{Class, Micros, Next, Pacer, Ticket};
use crate::model::{Allowance, Rate};
use proptest::prelude::*;
use std::collections::{BTreeMap, VecDeque};

/// A request: after how many microseconds it comes, of which tenant, whether it writes, and how long it takes.
type Arrival = (i64, usize, bool, i64);

#[derive(Debug, Clone)]
struct Gone {
    at: Micros,
    tenant: usize,
    class: Class,
    ticket: Ticket,
}

/// Sends all that arrives, and tells when each went. Time goes on only as the pacer asks for it, or as requests come and end.
fn run(rate: Rate, slots: usize, arrivals: &[Arrival]) -> Vec<Gone> {
    let mut pacer = Pacer::new(Some(rate), slots, 0);
    let mut comes: VecDeque<(Micros, Arrival)> = VecDeque::new();
    let mut at = 0;
    for arrival in arrivals {
        at += arrival.0;
        comes.push_back((at, *arrival));
    }
    let (mut now, mut ends, mut known, mut gone) = (0, Vec::<Micros>::new(), BTreeMap::new(), Vec::new());
    while gone.len() < arrivals.len() {
        pacer.pass(now);
        while let Some((_, arrival)) = comes.pop_front_if(|(at, _)| *at <= now) {
            let class = if arrival.2 { Class::Write } else { Class::Read };
            known.insert(pacer.enter(&format!("t{}", arrival.1), class), (arrival, class));
        }
        let ended = ends.len();
        ends.retain(|end| *end > now);
        (ends.len()..ended).for_each(|_| pacer.back());
        let asked = loop {
            match pacer.step() {
                Next::Go(ticket) => {
                    let (arrival, class) = known[&ticket];
                    gone.push(Gone { at: now, tenant: arrival.1, class, ticket });
                    ends.push(now + arrival.3);
                    assert!(ends.len() <= slots, "{} under way", ends.len());
                }
                Next::At(at, _) => break Some(at),
                Next::Full => {
                    assert_eq!(ends.len(), slots, "it stops for slots that are free");
                    break None;
                }
                Next::Idle => break None,
            }
        };
        let next = asked.into_iter().chain(comes.front().map(|(at, _)| *at)).chain(ends.iter().copied()).min();
        match next {
            Some(next) => {
                assert!(next > now, "time stands still at {now}");
                now = next;
            }
            None => assert_eq!(gone.len(), arrivals.len(), "somebody was forgotten"),
        }
    }
    gone
}

fn within(gone: &[Gone], allowance: Allowance) {
    for (first, start) in gone.iter().enumerate() {
        for (count, end) in (1u64..).zip(&gone[first..]) {
            let most = u64::from(allowance.burst) + u64::from(allowance.per_minute) * (end.at - start.at) as u64 / 60_000_000;
            assert!(count <= most, "{count} from {} to {}, allowed {most}", start.at, end.at);
        }
    }
}

fn allowance() -> impl Strategy<Value = Option<Allowance>> {
    proptest::option::of((1u32..6, 1u32..6000).prop_map(|(burst, per_minute)| Allowance { burst, per_minute }))
}

fn arrivals(writes: bool) -> impl Strategy<Value = Vec<Arrival>> {
    proptest::collection::vec((0i64..400_000, 0usize..4, any::<bool>().prop_map(move |w| w && writes), 1i64..900_000), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_more_than_burst_and_rate(reads in allowance(), writes in allowance(), all in allowance(), slots in 1usize..5, list in arrivals(true)) {
        let gone = run(Rate { reads, writes, all }, slots, &list);
        prop_assert_eq!(gone.len(), list.len());
        for (class, allowed) in [(Class::Read, reads), (Class::Write, writes)] {
            let of_class: Vec<Gone> = gone.iter().filter(|g| g.class == class).cloned().collect();
            allowed.into_iter().for_each(|a| within(&of_class, a));
        }
        all.into_iter().for_each(|a| within(&gone, a));
        for tenant in 0..4 {
            let tickets: Vec<Ticket> = gone.iter().filter(|g| g.tenant == tenant).map(|g| g.ticket).collect();
            prop_assert!(tickets.is_sorted(), "a tenant's requests go in their order: {:?}", tickets);
        }
    }

    #[test]
    fn who_has_few_waits_for_one_of_each_other(flood in 20usize..200, few in 1usize..5, others in 1usize..4, per_minute in 1u32..6000) {
        // all come at once, the floods first
        let list: Vec<Arrival> = (0..flood * others)
            .map(|n| (0, 1 + n % others, true, 1))
            .chain((0..few).map(|_| (0, 0, true, 1)))
            .collect();
        let gone = run(Rate { writes: Some(Allowance { burst: 1, per_minute }), ..Rate::default() }, 3, &list);
        let last = gone.iter().rposition(|g| g.tenant == 0).unwrap();
        prop_assert!(last < few * (others + 1), "the last of {} went as number {}", few, last);
    }
}

#[test]
fn a_read_does_not_wait_for_another_tenants_writes() {
    let slow = Allowance { burst: 1, per_minute: 1 };
    let list = [(0, 0, true, 1), (0, 0, true, 1), (0, 1, false, 1), (0, 1, false, 1)];
    let gone = run(Rate { writes: Some(slow), ..Rate::default() }, 8, &list);
    let reads: Vec<Micros> = gone.iter().filter(|g| g.class == Class::Read).map(|g| g.at).collect();
    assert_eq!(reads, [0, 0]);
    assert_eq!(gone.last().unwrap().at, 60_000_000);
}

#[test]
fn who_had_enough_is_left_alone_and_then_sent_no_burst() {
    let mut pacer = Pacer::new(Some(Rate { all: Some(Allowance { burst: 10, per_minute: 60 }), ..Rate::default() }), 8, 0);
    pacer.quiet(5_000_000);
    let (one, two) = (pacer.enter("a", Class::Read), pacer.enter("a", Class::Write));
    assert_eq!(pacer.step(), Next::At(6_000_000, one));
    pacer.pass(6_000_000);
    assert_eq!((pacer.step(), pacer.step()), (Next::Go(one), Next::At(7_000_000, two)));
    pacer.pass(2_000_000);
    assert_eq!(pacer.now(), 6_000_000, "time never goes back");
    pacer.leave(two);
    assert_eq!(pacer.step(), Next::Idle);
    let mut free = Pacer::new(None, 8, 0);
    free.quiet(5);
    let ticket = free.enter("a", Class::Read);
    assert_eq!(free.step(), Next::At(5, ticket), "a rest holds without a rate, too");
}
