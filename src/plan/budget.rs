//! How many deletions a domain and a tenant may have in 24 hours (S7.5): the numbers, not the decision.
//!
//! Counted are the addresses of [`Step::counted`]; the whole list is what is live of our own plus what went in the last
//! 24 hours, as far as memory tells. Named deletions (tombstones) have a budget of their own and are in no other.

use crate::base::Timestamp;
use crate::model::{Guards, Key, Kind, Observed, Remembered};
use crate::plan::report::Budget;
use crate::plan::step::{Action, Cause, Step};
use crate::resolve::Desired;

/// The window over which deletions add up, in seconds.
pub const ROLLING_SECONDS: i64 = 24 * 60 * 60;
/// The least that percent can come to; smaller tenants could else never delete anybody.
pub const LEAST: u64 = 2;

/// What a whole list of this size may lose: `objects` or `percent` of it, whichever is smaller, percent at least
/// [`LEAST`] and rounded down. A policy that allows fewer objects than that is obeyed.
#[must_use]
pub fn allowed(guards: &Guards, whole: u64) -> u64 {
    guards.objects.min(LEAST.max(whole.saturating_mul(guards.percent) / 100))
}

/// Whether the deletion is one of an irreversible or owning kind, whose budget is 0 (S7.5, S9.1). A block is none: it is
/// counted like a user who may not sign in any more, and taken back by a reset (S7.3).
#[must_use]
pub fn is_irreversible(step: &Step) -> bool {
    let kind = matches!(step.key.kind, Kind::Tenant | Kind::Domain | Kind::Directory | Kind::SendingDomain | Kind::SmtpUser);
    kind && step.action == Action::Delete
}

/// Whether the deletion is named by a tombstone.
#[must_use]
pub fn is_named(step: &Step) -> bool {
    matches!(step.why, Cause::Removed { .. })
}

/// Deletions of a tenant in the last 24 hours.
#[derive(Debug)]
pub struct Recent<'a> {
    keys: Option<Vec<&'a Key>>,
    desired: &'a Desired,
}

impl<'a> Recent<'a> {
    /// What memory tells of the tenant of `d`; it cannot tell without memory.
    #[must_use]
    pub fn new(d: &'a Desired, r: &'a Remembered, now: Timestamp) -> Self {
        let since = now.as_second() - ROLLING_SECONDS;
        let of_tenant = |k: &Key| k.tenant == *d.heads.name();
        let keys = r.deletions.iter().filter(|(at, k)| at.as_second() > since && of_tenant(k)).map(|(_, k)| k);
        Self { keys: r.exists.then(|| keys.collect()), desired: d }
    }
    /// Whether nothing can be told.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.keys.is_none()
    }
    /// Deletions that no tombstone names: of one domain, or of the whole tenant.
    #[must_use]
    pub fn unnamed(&self, domain: Option<&str>) -> Option<u64> {
        self.count(|k| !self.has_tombstone(k) && domain.is_none_or(|d| k.domain() == Some(d)))
    }
    /// Deletions that a tombstone names.
    #[must_use]
    pub fn named(&self) -> Option<u64> {
        self.count(|k| self.has_tombstone(k))
    }
    /// Deletions of users of a domain, named or not.
    #[must_use]
    pub fn users(&self, domain: &str) -> Option<u64> {
        self.count(|k| k.kind == Kind::User && k.domain() == Some(domain))
    }
    fn count(&self, which: impl Fn(&Key) -> bool) -> Option<u64> {
        self.keys.as_ref().map(|all| all.iter().filter(|k| which(k)).count() as u64)
    }
    fn has_tombstone(&self, key: &Key) -> bool {
        self.desired.heads.removed.iter().any(|t| t.kind == key.kind && t.name.value == key.name)
    }
}

/// The budgets that the open steps touch, each with the steps that fall under it by index.
pub fn budgets(open: &[&Step], o: &Observed, g: &Guards, recent: &Recent<'_>) -> Vec<(Budget, Vec<usize>)> {
    let under = |which: &dyn Fn(&Step) -> bool| -> Vec<usize> {
        (0..open.len()).filter(|i| open[*i].is_counted() && !is_irreversible(open[*i]) && which(open[*i])).collect()
    };
    let mut all = Vec::new();
    let mut add = |scope: String, steps: Vec<usize>, recent: Option<u64>, own: Option<u64>| {
        let planned: u64 = steps.iter().map(|i| open[*i].counted.len() as u64).sum();
        if planned == 0 {
            return;
        }
        let of = own.map_or(0, |own| own + recent.unwrap_or(0));
        let allowed = if own.is_some() { allowed(g, of) } else { g.named };
        all.push((Budget { scope, planned, recent, allowed, of }, steps));
    };
    let mut domains: Vec<&str> = open.iter().filter_map(|s| s.key.domain()).collect();
    domains.sort_unstable();
    domains.dedup();
    for domain in domains {
        let steps = under(&|s| !is_named(s) && s.key.domain() == Some(domain));
        add(format!("domain {domain}"), steps, recent.unnamed(Some(domain)), Some(own(o, Some(domain))));
    }
    let tenant = recent.desired.heads.name();
    add(format!("tenant {tenant}"), under(&|s| !is_named(s)), recent.unnamed(None), Some(own(o, None)));
    add("named".into(), under(&is_named), recent.named(), None);
    all
}

/// Live users of the whole list (S3.3): of one domain, or of all.
#[must_use]
pub fn own(o: &Observed, domain: Option<&str>) -> u64 {
    o.tally.iter().filter(|(d, _)| domain.is_none_or(|name| d.as_str() == name)).map(|(_, t)| t.own).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Authority;
    use crate::plan::testing_plans::{at, delete, desired, observed};

    #[test]
    fn five_or_five_percent_at_least_two() {
        let g = Guards::default();
        for (whole, want) in [(0, 2), (1, 2), (39, 2), (40, 2), (59, 2), (60, 3), (99, 4), (100, 5), (10_000, 5)] {
            assert_eq!(allowed(&g, whole), want, "{whole}");
        }
        assert_eq!(allowed(&Guards { objects: 0, ..g }, 100), 0, "a stricter policy is obeyed");
    }

    #[test]
    fn the_last_day_counts_and_adds_to_the_whole_list() {
        let (d, o) = (desired("acme", Authority::AddDeleteOld), observed("acme", 99));
        let gone = |n: i64| (at(n), delete("acme", "x@acme.example").key);
        let other = (at(-10), delete("other", "x@acme.example").key);
        let r = Remembered { exists: true, deletions: vec![gone(-ROLLING_SECONDS), gone(-60), other], ..Remembered::default() };
        let recent = Recent::new(&d, &r, at(0));
        let step = delete("acme", "bob@acme.example");
        let all = budgets(&[&step], &o, &Guards::default(), &recent);
        let shown: Vec<_> = all.iter().map(|(b, _)| (b.scope.as_str(), b.planned, b.recent, b.allowed, b.of)).collect();
        assert_eq!(shown, [("domain acme.example", 1, Some(1), 5, 100), ("tenant acme", 1, Some(1), 5, 100)]);
    }

    #[test]
    fn without_memory_nothing_is_told() {
        let (d, r) = (desired("acme", Authority::Add), Remembered::default());
        let recent = Recent::new(&d, &r, at(0));
        assert!(recent.is_unknown() && recent.unnamed(None).is_none());
    }
}
