//! About how long an apply takes, where the panel says how many requests it takes. Pure.
//!
//! An estimate for people and nothing else: it is in no plan id, and nobody decides by it. Counted is what would be sent if
//! all that may go were approved: calls, reads again before deletions, and the two observations around them.

use crate::base::ProviderName;
use crate::model::{Capabilities, Rate};
use crate::plan::step::{Action, Step, Verdict};
use crate::plan::tenant_plan::Plan;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long an apply takes at the rate of its panels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Pace {
    /// Requests, reads included.
    pub calls: u64,
    /// Seconds that they take at least.
    pub seconds: u64,
}

/// Notes the pace in a plan that was judged; nothing where no panel says its rate, or nothing would be sent.
pub fn pace(plan: &mut Plan, caps: &BTreeMap<ProviderName, Capabilities>) {
    let mut all = Pace { calls: 0, seconds: 0 };
    let mut known = false;
    for (provider, caps) in caps {
        let (writes, rereads) = counted(plan, provider);
        if writes == 0 {
            continue;
        }
        // what was read for the plan is read twice more: before the first call and after the last
        let observing = if *provider == plan.provider { plan.report.requests.saturating_mul(2) } else { 0 };
        let reads = observing.saturating_add(rereads);
        known |= caps.rate.is_some_and(|rate| rate != Rate::default());
        all.calls = all.calls.saturating_add(reads).saturating_add(writes);
        all.seconds = all.seconds.saturating_add(caps.rate.map_or(0, |rate| rate.takes_ms(reads, writes).div_ceil(1000)));
    }
    plan.report.pace = known.then_some(all);
}

/// Calls that write on a provider, and reads of single objects before them.
fn counted(plan: &Plan, provider: &ProviderName) -> (u64, u64) {
    let goes = |step: &Step| {
        step.action != Action::HandOff && step.provider == *provider && matches!(plan.verdict(step.id), Verdict::Go | Verdict::Gated { .. })
    };
    let (mut writes, mut rereads) = (0u64, 0u64);
    for batch in plan.batched() {
        let going: Vec<&Step> = batch.steps.iter().filter(|s| goes(s)).collect();
        let count = going.len() as u64;
        writes += if batch.bulk { count.min(1) } else { count };
        rereads += if batch.replaces() { 0 } else { going.iter().filter(|s| s.only_if.reread).count() as u64 };
    }
    (writes, rereads)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Allowance, Reason};
    use crate::plan::testing_plans::{create, delete, plan, provider, set};

    fn caps(rate: Option<Rate>) -> BTreeMap<ProviderName, Capabilities> {
        BTreeMap::from([(provider("edge"), Capabilities { rate, ..Capabilities::nothing("memory") })])
    }

    #[test]
    fn calls_are_counted_as_they_go() {
        let rate = Rate { writes: Some(Allowance { burst: 1, per_minute: 60 }), ..Rate::default() };
        let steps = (0..100).map(|n| create("acme", &format!("u{n}@acme.example"))).collect();
        let mut p = plan("acme", steps);
        p.report.requests = 7;
        pace(&mut p, &caps(Some(rate)));
        assert_eq!(p.report.pace, Some(Pace { calls: 114, seconds: 99 }));
        // bulk is one call
        p.batches = vec![(true, p.steps.iter().map(|s| s.id).collect())];
        pace(&mut p, &caps(Some(rate)));
        assert_eq!(p.report.pace, Some(Pace { calls: 15, seconds: 0 }));
        for unknown in [None, Some(Rate::default())] {
            pace(&mut p, &caps(unknown));
            assert_eq!(p.report.pace, None);
        }
    }

    #[test]
    fn what_is_not_sent_is_not_counted() {
        let rate = Rate { all: Some(Allowance { burst: 1, per_minute: 60 }), ..Rate::default() };
        let mut p = plan("acme", vec![create("acme", "a@acme.example"), delete("acme", "b@acme.example")]);
        let id = p.id;
        p.report.requests = 0;
        pace(&mut p, &caps(Some(rate)));
        assert_eq!(p.report.pace.map(|p| p.calls), Some(3), "a deletion reads first");
        set(&mut p, 1, Verdict::Blocked(Reason::NoProof));
        pace(&mut p, &caps(Some(rate)));
        assert_eq!(p.report.pace.map(|p| p.calls), Some(1));
        set(&mut p, 0, Verdict::Blocked(Reason::NoProof));
        pace(&mut p, &caps(Some(rate)));
        assert_eq!((p.report.pace, p.id), (None, id));
    }
}
