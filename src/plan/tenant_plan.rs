//! The plan of one tenant: the unit of planning, approving and applying (S5.1).

use crate::base::digest::{Digest, Encoder};
use crate::base::{ProviderName, TenantName, Timestamp};
use crate::plan::report::{Budget, Ledger, Report};
use crate::plan::step::{Batch, Step, StepId, Verdict};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A tenant's plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// Whose.
    #[schemars(with = "String")]
    pub tenant: TenantName,
    /// On which inbound provider.
    #[schemars(with = "String")]
    pub provider: ProviderName,
    /// The panel's origin (instance id or base URL).
    pub origin: String,
    /// The panel's id of the tenant; `None` while it is to be created.
    pub remote: Option<String>,
    /// The hash of the sorted step digests (S5.2).
    #[schemars(with = "String")]
    pub id: Digest,
    /// When reading began.
    #[schemars(with = "String")]
    pub observed_at: Timestamp,
    /// The tenant's change mark when it was read (S12.1).
    pub change_mark: Option<String>,
    /// The panel that keeps outbound mail, where that is another one.
    #[serde(default)]
    pub outbound: Option<Leg>,
    /// The steps, in the order in which they go.
    pub steps: Vec<Step>,
    /// What may become of each.
    #[schemars(with = "BTreeMap<String, Verdict>")]
    pub verdicts: BTreeMap<StepId, Verdict>,
    /// How they go: groups of steps; bulk or single. By step id.
    #[schemars(with = "Vec<(bool, Vec<String>)>")]
    pub batches: Vec<(bool, Vec<StepId>)>,
    /// Accepted addresses before and after (S7.4).
    pub ledger: Ledger,
    /// Deletion budgets (S7.5).
    pub budgets: Vec<Budget>,
    /// What was not done, and why.
    pub report: Report,
}

/// A tenant's part on a second panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Leg {
    /// On which provider.
    #[schemars(with = "String")]
    pub provider: ProviderName,
    /// The panel's origin.
    pub origin: String,
    /// The panel's id of the tenant; `None` while it is to be created.
    pub remote: Option<String>,
    /// The tenant's change mark when it was read (S12.1).
    pub change_mark: Option<String>,
}

impl Plan {
    /// The plan id of a set of steps (S5.2). The empty plan has an id, too.
    #[must_use]
    pub fn id_of(steps: &[Step]) -> Digest {
        let mut ids: Vec<StepId> = steps.iter().map(|s| s.id).collect();
        ids.sort_unstable();
        let mut e = Encoder::new("mailwright plan");
        e.number(ids.len() as u64);
        for id in &ids {
            e.bytes(&id.0);
        }
        e.finish()
    }
    /// No step at all (S5.3).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
    /// Every step left is waiting (S5.3).
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.steps.iter().all(|s| matches!(self.verdict(s.id), Verdict::Waiting(_)))
    }
    /// The verdict of a step; a step without one is blocked by a defect of ours, so it says so.
    #[must_use]
    pub fn verdict(&self, step: StepId) -> Verdict {
        let lost = || Verdict::Blocked(crate::model::Reason::Unsupported { text: "a step without verdict: please report this".into() });
        self.verdicts.get(&step).cloned().unwrap_or_else(lost)
    }
    /// A step by id.
    #[must_use]
    pub fn step(&self, id: StepId) -> Option<&Step> {
        self.steps.iter().find(|s| s.id == id)
    }
    /// The batches with their steps.
    #[must_use]
    pub fn batched(&self) -> Vec<Batch> {
        let by_id: BTreeMap<StepId, &Step> = self.steps.iter().map(|s| (s.id, s)).collect();
        let full = |ids: &[StepId]| ids.iter().filter_map(|id| by_id.get(id).map(|s| (*s).clone())).collect();
        self.batches.iter().map(|(bulk, ids)| Batch { bulk: *bulk, steps: full(ids) }).collect()
    }
    /// Whether every scope that was asked for was read completely.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.report.incomplete.is_empty()
    }
}
