//! What the engine is asked and what it tells: the language between it and its faces.

use crate::base::{ExitCode, Findings, TenantName};
use crate::model::{Fault, Key, Looked, Reason};
use crate::plan::{Consent, Outcome, Plan, Refusal, Risk, StepId};
use crate::render::Excerpts;
use std::collections::BTreeMap;
use std::time::Duration;

/// What to plan.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Names of tenants; none: all.
    pub tenants: Vec<String>,
    /// Selectors (`user/bob@acme.example`, `domain/*`): only these (S7.8).
    pub only: Vec<String>,
    /// Selectors: not these.
    pub exclude: Vec<String>,
    /// Nothing more dangerous than this.
    pub max_risk: Option<Risk>,
    /// Whether undeclared addresses are listed.
    pub undeclared: bool,
    /// Whether the panel is asked who changed what is not as declared.
    pub trail: bool,
    /// Names of SMTP users, as declared, whose credentials a person wants to have reset.
    pub reset: Vec<String>,
}

/// Why a tenant could not be planned.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// Findings of severity error concern it (1).
    Findings,
    /// A local port failed: a file, a secret, memory (1).
    Local(Fault),
    /// Its provider could not be reached at all (5).
    Provider(Reason),
    /// The auditor found a defect of ours (1).
    Bug(String),
}

/// What was planned.
#[derive(Debug, Default)]
pub struct Planned {
    /// Where the declarations came from: a folder, or a commit.
    pub source: String,
    /// The plans, by tenant name.
    pub plans: Vec<Plan>,
    /// Tenants without plan.
    pub troubles: BTreeMap<TenantName, Trouble>,
    /// All findings, of all waves that were reached.
    pub findings: Findings,
    /// The lines around the findings' places.
    pub excerpts: Excerpts,
    /// A local port that failed: nothing could be planned.
    pub fault: Option<Fault>,
    /// Tenants whose saved plan no longer fits, and why: steps that are new, another panel, its expiry (S5.5).
    pub stale: BTreeMap<TenantName, Vec<String>>,
    /// Tenants of earlier runs that no file names any more: not managed from now on, which must be said (S9.1).
    pub vanished: Vec<TenantName>,
    /// Per tenant (S18.2).
    pub exits: BTreeMap<TenantName, ExitCode>,
    /// The gravest; also where no tenant was reached.
    pub exit: ExitCodeOrDone,
    /// How long it took.
    pub elapsed: Duration,
}

/// An exit code whose default is [`ExitCode::Done`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExitCodeOrDone(pub ExitCode);

impl Default for ExitCodeOrDone {
    fn default() -> Self {
        Self(ExitCode::Done)
    }
}

/// What became of one tenant in an apply.
#[derive(Debug)]
pub struct TenantApplied {
    /// Why nothing was sent, where nothing was.
    pub refusal: Option<Refusal>,
    /// Steps that were not to go, and why.
    pub stays: Vec<(StepId, String)>,
    /// What the executor did.
    pub outcome: Option<Outcome>,
    /// What the panel found when it looked again at what waits for a person (S6.5).
    pub looked: Vec<(Key, Result<Looked, Fault>)>,
    /// The plan made afterwards, to verify (S5.4); `None` where it could not be made.
    pub after: Option<Plan>,
    /// Its exit code.
    pub exit: ExitCode,
    /// How long executing took.
    pub elapsed: Duration,
}

/// What an apply did.
#[derive(Debug)]
pub struct Applied {
    /// The plans that it started from.
    pub planned: Planned,
    /// Per tenant.
    pub tenants: BTreeMap<TenantName, TenantApplied>,
    /// The gravest.
    pub exit: ExitCode,
}

/// What an import wrote, or would write.
#[derive(Debug)]
pub struct Imported {
    /// File name relative to the workspace, and text. Nothing was written yet: the face does that, never overwriting.
    pub files: Vec<(String, String)>,
    /// What the files cannot express, in words.
    pub not_expressed: Vec<String>,
    /// Why nothing could be imported: incomplete scopes.
    pub incomplete: Vec<(String, Vec<Reason>)>,
    /// Its exit code.
    pub exit: ExitCode,
}

/// Somebody who is asked for a yes, with the plans in view.
pub type Ask<'a> = &'a mut (dyn FnMut(&Planned) -> Option<Consent> + Send);

/// Who watches long work. All calls are cheap and may come from any thread.
pub trait Progress: Send + Sync {
    /// A new phase begins: "reading acme", of so many units where that is known.
    fn phase(&self, what: &str, units: Option<u64>);
    /// Units are done.
    fn advance(&self, units: u64);
    /// The phase is over.
    fn finish(&self);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn phase(&self, _: &str, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
    fn finish(&self) {}
}
