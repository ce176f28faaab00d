//! A plan with leave to go: what a writer is made from, and from nothing else.

use crate::base::digest::Digest;
use crate::base::{ProviderName, TenantName, Timestamp};
use crate::model::Look;
use crate::plan::step::{Batch, StepId};
use crate::plan::tenant_plan::Leg;
use std::collections::BTreeMap;

/// A person's yes (S7.2): to R1, R2 and R3 within budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Who or what said it: `asked`, `--yes`.
    pub how: String,
}

/// Why a tenant may not be applied at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing to do.
    Nothing,
    /// Nobody said yes.
    NoConsent,
    /// Nothing may go: every step is waiting, gated or blocked.
    NothingMayGo {
        /// Each step, and why it stays: also why an approval did not cover it (S8.4).
        stays: Vec<(StepId, String)>,
    },
    /// A defect was found by the auditor: nothing is written, please report.
    Bug(String),
}

/// What may go, approved. Made by `approve` only.
#[derive(Debug, Clone)]
pub struct ApprovedPlan {
    pub(super) tenant: TenantName,
    pub(super) provider: ProviderName,
    pub(super) remote: Option<String>,
    pub(super) plan: Digest,
    pub(super) change_mark: Option<String>,
    pub(super) batches: Vec<Batch>,
    /// Gated steps that go by an approval, and until when that holds (checked again before each call, S8.4).
    pub(super) by_approval: BTreeMap<StepId, Timestamp>,
    /// Steps that stay, in words: (step, why).
    pub(super) stays: Vec<(StepId, String)>,
    /// Steps that wait for a person.
    pub(super) waits: Vec<StepId>,
    /// What the panel can be asked to look at again, because it waits for a person.
    pub(super) looks: Vec<Look>,
    /// The second panel, where outbound mail lives on another one.
    pub(super) outbound: Option<Leg>,
}

impl ApprovedPlan {
    /// One plan for each panel, that of inbound mail first: each has its own writer, lease and change mark. What stays and what
    /// waits is told with every part.
    #[must_use]
    pub fn per_panel(mut self) -> Vec<ApprovedPlan> {
        let Some(leg) = self.outbound.take() else { return vec![self] };
        let part = |whole: &[Batch], provider: &ProviderName| -> Vec<Batch> {
            let mut batches = whole.to_vec();
            batches.iter_mut().for_each(|b| b.steps.retain(|s| s.provider == *provider));
            batches.retain(|b| !b.steps.is_empty());
            batches
        };
        let outbound = ApprovedPlan {
            batches: part(&self.batches, &leg.provider),
            provider: leg.provider,
            remote: leg.remote,
            change_mark: leg.change_mark,
            looks: std::mem::take(&mut self.looks),
            ..self.clone()
        };
        self.batches = part(&self.batches, &self.provider);
        vec![self, outbound]
    }
    /// Whose.
    #[must_use]
    pub fn tenant(&self) -> &TenantName {
        &self.tenant
    }
    /// On which provider.
    #[must_use]
    pub fn provider(&self) -> &ProviderName {
        &self.provider
    }
    /// The panel's id of the tenant; `None` while it is to be created by the first step.
    #[must_use]
    pub fn remote(&self) -> Option<&str> {
        self.remote.as_deref()
    }
    /// The plan that it came from.
    #[must_use]
    pub fn plan(&self) -> Digest {
        self.plan
    }
    /// The tenant's change mark as observed (S12.1).
    #[must_use]
    pub fn change_mark(&self) -> Option<&str> {
        self.change_mark.as_deref()
    }
    /// What goes, in order.
    #[must_use]
    pub fn batches(&self) -> &[Batch] {
        &self.batches
    }
    /// Until when a gated step's approval holds; `None` for a step that needs none.
    #[must_use]
    pub fn approved_until(&self, step: StepId) -> Option<Timestamp> {
        self.by_approval.get(&step).copied()
    }
    /// Steps that wait for a person (S6.5).
    #[must_use]
    pub fn waits(&self) -> &[StepId] {
        &self.waits
    }
    /// What the panel is asked to look at again.
    #[must_use]
    pub fn looks(&self) -> &[Look] {
        &self.looks
    }
    /// What stays, and why.
    #[must_use]
    pub fn stays(&self) -> &[(StepId, String)] {
        &self.stays
    }
}
