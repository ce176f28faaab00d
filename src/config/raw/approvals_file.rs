//! `approvals/*.toml`: approvals, written by `mailwright approve` or by hand for one object (S8).

use crate::base::TenantName;
use crate::config::reading::part::raw_table;
use crate::config::value::list::Tables;
use crate::config::value::{At, DigestText, List, Marker, Moment};
use crate::model::Kind;
use crate::model::approval::Evidence;

raw_table! {
    /// Approvals of gated steps.
    ApprovalsFile {
        /// The version of the format: "mailwright/v1".
        schema: Marker = required,
        /// One table for each approval.
        approvals: Tables<ApprovalTable>,
    }
}

raw_table! {
    /// An approval: of the steps of a plan (plan, steps), or by hand of one object (kind, key, action).
    ApprovalTable {
        /// The plan that it was written for.
        plan: At<DigestText>,
        /// The digests of the gated steps that it covers.
        steps: List<DigestText>,
        /// The evidence that it accepts: rejects, cascade, unjudged, emptied, shrunk, budget.
        evidence: List<Evidence>,
        /// Why.
        reason: At<String> = required,
        /// Who gives it.
        approver: At<String> = required,
        /// When it was given.
        created: At<Moment> = required,
        /// Until when it holds: at most 14 days.
        expires: At<Moment> = required,
        /// By hand: the kind of the object.
        kind: At<Kind>,
        /// By hand: its name.
        key: At<String>,
        /// By hand: create, update, delete, ...
        action: At<String>,
        /// By hand: the panel's own id of the object.
        incarnation: At<String>,
        /// By hand: the tenant.
        tenant: At<TenantName>,
    }
}
