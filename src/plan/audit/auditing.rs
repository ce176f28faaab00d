//! The list of checks, and what they look at.

use crate::base::{ProviderName, Timestamp};
use crate::model::{Capabilities, Observed, Policy, Remembered};
use crate::plan::audit::bug::Bug;
use crate::plan::audit::{budgets, deletes, identity, order, owners, scopes, stops};
use crate::plan::step::{Step, StepId, Verdict};
use crate::plan::tenant_plan::Plan;
use crate::resolve::Desired;
use std::collections::BTreeMap;

/// All that a check may look at.
pub(super) struct Case<'a> {
    pub plan: &'a Plan,
    pub d: &'a Desired,
    pub o: &'a Observed,
    pub caps: &'a BTreeMap<ProviderName, Capabilities>,
    pub r: &'a Remembered,
    pub p: &'a Policy,
    pub now: Timestamp,
    pub by_id: BTreeMap<StepId, &'a Step>,
}

impl Case<'_> {
    /// Steps that may be sent, at most with an approval.
    pub fn open(&self) -> impl Iterator<Item = &Step> {
        self.plan.steps.iter().filter(|s| matches!(self.plan.verdicts.get(&s.id), Some(Verdict::Go | Verdict::Gated { .. })))
    }
    /// Steps that go without approval.
    pub fn going(&self) -> impl Iterator<Item = &Step> {
        self.plan.steps.iter().filter(|s| self.plan.verdicts.get(&s.id) == Some(&Verdict::Go))
    }
}

type Check = fn(&Case<'_>) -> Result<(), Bug>;

const CHECKS: &[Check] = &[
    identity::ids_are_unique,
    identity::digests_are_right,
    identity::plan_id_is_right,
    identity::every_step_has_a_verdict,
    identity::secrets_are_tokens,
    order::edges_are_known_and_come_first,
    order::batches_hold_what_may_go_once,
    order::batches_keep_the_edges,
    order::bulk_only_creates_users,
    order::no_address_is_without_owner,
    scopes::nothing_is_written_into_the_unknown,
    owners::authority_is_kept,
    owners::ignored_is_left_alone,
    owners::the_directorys_users_are_left_alone,
    deletes::a_delete_has_a_cause,
    deletes::a_delete_is_read_again,
    deletes::an_alias_goes_with_a_cause,
    stops::every_stop_is_named_and_graver,
    stops::what_needs_approval_is_gated,
    budgets::what_goes_is_within_its_budget,
];

/// Checks a judged plan. `caps` are those of all providers that its steps name.
///
/// # Errors
/// The first [`Bug`] in the order of the checks.
pub fn audit(
    plan: &Plan,
    d: &Desired,
    o: &Observed,
    caps: &BTreeMap<ProviderName, Capabilities>,
    r: &Remembered,
    p: &Policy,
    now: Timestamp,
) -> Result<(), Bug> {
    let by_id = plan.steps.iter().map(|s| (s.id, s)).collect();
    let case = Case { plan, d, o, caps, r, p, now, by_id };
    CHECKS.iter().try_for_each(|check| check(&case))
}

#[cfg(test)]
#[path = "auditing_tests.rs"]
mod tests;
