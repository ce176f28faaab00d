//! A whole run as it is shown: tenants, troubles, findings, exit codes.

use crate::base::{ExitCode, Findings, TenantName, Timestamp};
use crate::plan::Plan;
use crate::render::Excerpts;
use crate::render::view::finding::{FindingView, findings};
use crate::render::view::tenant::{TenantView, tenant};
use crate::render::view::words::one_line;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// The version of the JSON that views are written as.
pub const VIEW_SCHEMA: &str = "mailwright/view/v1";

/// What a view of a run is made from.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// Where the declarations came from.
    pub source: &'a str,
    /// The plans, by tenant name.
    pub plans: &'a [Plan],
    /// Tenants without plan, and why in words.
    pub troubles: &'a BTreeMap<TenantName, String>,
    /// All findings.
    pub findings: &'a Findings,
    /// The lines around them.
    pub excerpts: &'a Excerpts,
    /// Per tenant.
    pub exits: &'a BTreeMap<TenantName, ExitCode>,
    /// The gravest.
    pub exit: ExitCode,
    /// How long it took.
    pub elapsed: Duration,
    /// The present moment.
    pub now: Timestamp,
}

/// A tenant without plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TroubleView {
    /// Its name.
    pub tenant: String,
    /// Why.
    pub text: String,
    /// Its exit code.
    pub exit: ExitCode,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunView {
    /// [`VIEW_SCHEMA`].
    pub schema: String,
    /// Where the declarations came from.
    pub source: String,
    /// The plans, by tenant name.
    pub tenants: Vec<TenantView>,
    /// Tenants without plan.
    pub troubles: Vec<TroubleView>,
    /// The first findings of each rule.
    pub findings: Vec<FindingView>,
    /// Errors in all.
    pub errors: u64,
    /// Per rule how many findings are not listed.
    pub findings_beyond: BTreeMap<String, u64>,
    /// The gravest exit code.
    pub exit: ExitCode,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
}

/// The view of a run.
#[must_use]
pub fn run(given: &Given<'_>) -> RunView {
    let exit = |name: &TenantName| given.exits.get(name).copied().unwrap_or(given.exit);
    let trouble = |(name, text): (&TenantName, &String)| TroubleView { tenant: name.to_string(), text: one_line(text), exit: exit(name) };
    RunView {
        schema: VIEW_SCHEMA.to_owned(),
        source: one_line(given.source),
        tenants: given.plans.iter().map(|p| tenant(p, exit(&p.tenant), given.now)).collect(),
        troubles: given.troubles.iter().map(trouble).collect(),
        findings: findings(given.findings, given.excerpts),
        errors: given.findings.errors(),
        findings_beyond: given.findings.beyond().into_iter().map(|(rule, n)| (rule.to_string(), n)).collect(),
        exit: given.exit,
        elapsed_ms: u64::try_from(given.elapsed.as_millis()).unwrap_or(u64::MAX),
    }
}
