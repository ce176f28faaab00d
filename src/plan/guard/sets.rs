//! Sets that would be emptied or shrunk (S7.5). A set is the users of one domain that are our own (S3.3).
//!
//! The aliases of one user are no set here: they are counted, one by one, in the budget of their domain. New members do
//! not make up for it: a list in which everybody is replaced is more likely the wrong file than the wish.

use crate::model::{Evidence, Guards, Kind, Observed, Reason};
use crate::plan::budget::{Recent, own};
use crate::plan::step::{Action, Gate, Step, StepId};
use std::collections::BTreeMap;

/// Lists shorter than this may shrink by any part, within their budget.
pub const SHRINK_FROM: u64 = 10;

/// The gates of all deletions of users whose set would be emptied or shrink too much.
#[must_use]
pub fn gates(open: &[&Step], o: &Observed, g: &Guards, recent: &Recent<'_>) -> Vec<(StepId, Gate)> {
    let mut by_domain: BTreeMap<&str, Vec<StepId>> = BTreeMap::new();
    for step in open.iter().filter(|s| s.key.kind == Kind::User && s.action == Action::Delete) {
        by_domain.entry(step.key.domain().unwrap_or_default()).or_default().push(step.id);
    }
    let gates = by_domain.into_iter().filter_map(|(domain, steps)| {
        let gate = gate(domain, steps.len() as u64, own(o, Some(domain)), recent.users(domain).unwrap_or(0), g)?;
        Some(steps.into_iter().map(move |id| (id, gate.clone())))
    });
    gates.flatten().collect()
}

fn gate(domain: &str, planned: u64, live: u64, recent: u64, g: &Guards) -> Option<Gate> {
    let scope = format!("the users of {domain}");
    if planned >= live {
        return Some(Gate::Guard { evidence: Evidence::Emptied, reason: Reason::Emptied { scope, count: live } });
    }
    let whole = live + recent;
    let gone = planned + recent;
    if whole < SHRINK_FROM || gone * 100 <= whole * g.shrink_percent {
        return None;
    }
    let reason = Reason::Shrunk { scope, percent: gone * 100 / whole, limit: g.shrink_percent };
    Some(Gate::Guard { evidence: Evidence::Shrunk, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(planned: u64, live: u64, recent: u64) -> Option<Evidence> {
        match gate("x.example", planned, live, recent, &Guards::default())? {
            Gate::Guard { evidence, .. } => Some(evidence),
            Gate::Always { .. } => None,
        }
    }

    #[test]
    fn emptied_always_shrunk_from_ten() {
        assert_eq!(named(1, 1, 0), Some(Evidence::Emptied));
        assert_eq!(named(3, 3, 7), Some(Evidence::Emptied));
        assert_eq!(named(2, 9, 0), None, "nine are fewer than ten");
        assert_eq!(named(2, 10, 0), None, "20 % is not more than 20 %");
        assert_eq!(named(3, 10, 0), Some(Evidence::Shrunk));
        assert_eq!(named(1, 8, 2), Some(Evidence::Shrunk), "what went in the last day counts");
    }
}
