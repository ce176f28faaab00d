//! Floor 3: the ports. Traits only: source, driver, observe, apply, memory, secrets.
//!
//! Invariant: reading and writing are different types, and a writer is made from an [`ApprovedPlan`] and from nothing
//! else (S5.6). Faults are [`Fault`]s, sorted by remedy. Deliberately absent: implementations.

use crate::base::Findings;
use crate::base::{BoxFuture, Secret, SecretRef};
use crate::model::entry::Entry;
use crate::model::{Answer, Capabilities, Fault, Key, Lease, Object, OpId, Remembered, Scope, Seq};
use crate::plan::{ApprovedPlan, Batch};
use crate::resolve::Desired;
use std::ops::Range;

/// A file of a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceFile {
    /// Name relative to the workspace, with `/`.
    pub name: String,
    /// Size in bytes.
    pub len: u64,
}

/// Where declared texts come from: a work tree, a git tree at a commit, memory. Lists names and reads ranges; nobody
/// above owns a large text. Paths that leave the workspace are refused (S19.2).
pub trait Source: Send + Sync {
    /// All regular files below the workspace that could be ours (`*.toml`, `*.csv`), sorted by name.
    ///
    /// # Errors
    /// [`Fault::Local`] with path and reason.
    fn list(&self) -> Result<Vec<SourceFile>, Fault>;
    /// Reads a range of a file into `into` (cleared first); fewer bytes only at the end of the file.
    ///
    /// # Errors
    /// [`Fault::Local`]; [`Fault::Missing`] where there is no such file.
    fn read(&self, name: &str, range: Range<u64>, into: &mut Vec<u8>) -> Result<(), Fault>;
    /// What the source is, for people: a folder, or a commit.
    fn describe(&self) -> String;
}

/// One page of a listing, as it came.
#[derive(Debug, Clone)]
pub struct Page {
    /// The scope that it belongs to.
    pub scope: Scope,
    /// The body.
    pub body: Vec<u8>,
    /// The cursor of the next page; `None` at the end.
    pub next: Option<String>,
    /// The panel's total of the whole listing, where it tells.
    pub total: Option<u64>,
    /// Objects on this page, counted from the body.
    pub count: u64,
}

/// Where a listing goes on; `None` starts.
pub type Cursor = Option<String>;

/// Reading (S5.6). One page; the engine loops, counts, bounds, retries and prefetches.
pub trait Observe: Send + Sync {
    /// One page of a scope. `remote` is the panel's id of the tenant, where the scope has one.
    fn fetch<'a>(&'a self, scope: &'a Scope, remote: Option<&'a str>, from: Cursor) -> BoxFuture<'a, Result<Page, Fault>>;
    /// One object, for the read again before a delete (S10.4): empty page body where it is not there.
    fn one<'a>(&'a self, key: &'a Key, remote: Option<&'a str>) -> BoxFuture<'a, Result<Option<Page>, Fault>>;
    /// The objects of a page. Pure. `tenant` is the name under which they are declared.
    ///
    /// # Errors
    /// A [`Fault::Retry`] with [`crate::model::Reason::Malformed`] for anything that is not what it should be.
    fn decode(&self, page: &Page, each: &mut dyn FnMut(Object<'_>)) -> Result<(), Fault>;
    /// A page of recipients that get mail in a domain (S13.3); only asked where capabilities say `counts_mail`.
    fn recipients<'a>(&'a self, scope: &'a Scope, remote: Option<&'a str>, from: Cursor) -> BoxFuture<'a, Result<Page, Fault>>;
}

/// Writing. Made from an approved plan only.
pub trait Apply: Send + Sync {
    /// Takes the lease of the tenant for `holder` (S12.1); `Lease::fencing_token` is `None` where the panel has none.
    fn lease<'a>(&'a self, holder: &'a str) -> BoxFuture<'a, Result<Lease, Fault>>;
    /// Renews it.
    fn renew(&self) -> BoxFuture<'_, Result<Lease, Fault>>;
    /// Gives it back.
    fn release(&self) -> BoxFuture<'_, Result<(), Fault>>;
    /// Carries out a batch under an operation id. One outcome for each step.
    fn apply<'a>(&'a self, batch: &'a Batch, op: &'a OpId) -> BoxFuture<'a, Result<Answer, Fault>>;
}

/// A kind of panel.
pub trait Driver: Send + Sync {
    /// What it can do. Data, no call; `origin` may have been learnt by [`Driver::connect`].
    fn capabilities(&self) -> &Capabilities;
    /// What this panel says to what is desired (wave four). Pure, no call. The common part is done by the engine.
    fn audit(&self, desired: &Desired) -> Findings;
    /// The read port.
    ///
    /// # Errors
    /// [`Fault::Local`] where the token cannot be had.
    fn reader(&self, secrets: &dyn Secrets) -> Result<Box<dyn Observe>, Fault>;
    /// The write port, from an approved plan.
    ///
    /// # Errors
    /// [`Fault::Local`] where the token or a secret of the plan cannot be had.
    fn writer(&self, plan: &ApprovedPlan, secrets: &dyn Secrets) -> Result<Box<dyn Apply>, Fault>;
}

/// Secrets by reference (S10.1).
pub trait Secrets: Send + Sync {
    /// The secret.
    ///
    /// # Errors
    /// [`Fault::Local`] naming the reference, never the value.
    fn get(&self, what: &SecretRef) -> Result<Secret, Fault>;
}

/// What outlives a run (S11): journal, receipts, backups.
pub trait Memory: Send {
    /// What it tells.
    ///
    /// # Errors
    /// [`Fault::Local`]; also for a memory of a newer version (S20).
    fn recall(&self) -> Result<Remembered, Fault>;
    /// Appends entries in order, with one flush; all are durable before it returns.
    ///
    /// # Errors
    /// [`Fault::Local`]: nothing may be sent after it.
    fn append(&mut self, entries: &[Entry]) -> Result<Seq, Fault>;
}
