//! The writer: batches, which step goes where, and a call whose answer may be lost.

use crate::base::{BoxFuture, Clock};
use crate::drivers::batch::{Minted, Stepwise, in_order, one_by_one};
use crate::drivers::changes::defect;
use crate::drivers::modoboa::api::{Api, LOOKS_BEFORE_A_WRITE};
use crate::drivers::modoboa::apply::parameters::as_conflict;
use crate::model::{Answer, Fault, Kind, Lease, OpId, StepOutcome, Value};
use crate::plan::{Action, Batch, Step};
use crate::port::{Apply, Secrets};
use reqwest::Method;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OnceCell;

/// Writes one approved plan to a Modoboa.
pub struct Writer {
    pub(super) api: Api,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) secrets: Arc<dyn Secrets>,
    /// Whether the plan rests on it that only administrators make accounts.
    only_local: bool,
    proven_local: OnceCell<()>,
    made: Mutex<BTreeMap<crate::base::Digest, u64>>,
}

/// What became of a step, and the id of what it created.
pub(super) type Done = (StepOutcome, Option<String>);

impl Writer {
    pub(in crate::drivers::modoboa) fn new(api: Api, clock: Arc<dyn Clock>, secrets: Arc<dyn Secrets>, only_local: bool) -> Self {
        Self { api, clock, secrets, only_local, proven_local: OnceCell::new(), made: Mutex::default() }
    }

    /// Before a user goes: what the plan took for an account that people made must not be one of a directory (S3.3).
    pub(super) async fn prove_local(&self) -> Result<(), Fault> {
        if !self.only_local {
            return Ok(());
        }
        let prove = async || {
            let now = self.api.parameters(LOOKS_BEFORE_A_WRITE).await.map_err(as_conflict)?;
            let text = "accounts may come from a directory: Modoboa's authentication is not local now".to_owned();
            now.is_some_and(|now| now.only_local()).then_some(()).ok_or(Fault::Conflict { text })
        };
        self.proven_local.get_or_try_init(prove).await?;
        Ok(())
    }

    fn made(&self) -> MutexGuard<'_, BTreeMap<crate::base::Digest, u64>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Remembers what a step of ours created, so that the rest of it can be done when its first attempt was cut short.
    pub(super) fn remember(&self, step: &Step, pk: u64) {
        self.made().insert(step.id, pk);
    }
    /// Whether this is what the step created before.
    pub(super) fn is_ours(&self, step: &Step, pk: u64) -> bool {
        self.made().get(&step.id) == Some(&pk)
    }

    /// One call. Where its answer is lost, `held` reads whether it took effect; what that read cannot tell stays unknown.
    ///
    /// # Errors
    /// The call's own fault.
    pub(super) async fn call<H: Future<Output = Result<bool, Fault>> + Send>(
        &self,
        method: Method,
        path: &[&str],
        body: &serde_json::Value,
        held: impl FnOnce() -> H + Send,
    ) -> Result<(), Fault> {
        match self.api.write(method, path, body).await {
            Ok(_) => Ok(()),
            Err(Fault::OutcomeUnknown { text }) => match held().await {
                Ok(true) => Ok(()),
                Ok(false) | Err(_) => Err(Fault::OutcomeUnknown { text }),
            },
            Err(fault) => Err(fault),
        }
    }

    async fn carry_out(&self, batch: &Batch, op: &OpId) -> Result<Answer, Fault> {
        let mut answer = Answer { outcomes: Vec::with_capacity(batch.steps.len()), created: Vec::new(), minted: Vec::new() };
        one_by_one(self, batch.steps.iter().collect(), op, &mut answer).await?;
        in_order(batch, &mut answer);
        Ok(answer)
    }

    async fn carry_out_one(&self, step: &Step) -> Result<Minted, Fault> {
        let (outcome, created) = match (step.key.kind, step.action) {
            (Kind::PasswordPolicy, Action::Update) => self.put_parameters(step).await?,
            (Kind::Domain, Action::Create) => self.create_domain(step).await?,
            (Kind::Domain, Action::Update) => self.update_domain(step).await?,
            (Kind::Domain, Action::Delete) => self.delete_domain(step).await?,
            (Kind::User, Action::Create) => self.create_user(step).await?,
            (Kind::User, Action::Update) => self.update_user(step).await?,
            (Kind::User, Action::Rename) => self.rename_user(step).await?,
            (Kind::User, Action::Move) => self.move_aliases(step).await?,
            (Kind::User, Action::Delete) => self.delete_user(step).await?,
            (_, _) => return Err(defect(step, "this driver said that it cannot do that")),
        };
        Ok((outcome, created, None))
    }
}

/// Done, or done before.
pub(super) fn outcome(nothing_sent: bool) -> StepOutcome {
    if nothing_sent { StepOutcome::AlreadyDone } else { StepOutcome::Done }
}

/// Compares an attribute as it is now with both sides of its change: `true`, it has still to be changed.
///
/// # Errors
/// [`Fault::Conflict`]: it is neither what the plan was made from nor what it shall be.
pub(super) fn is_open(step: &Step, field: crate::model::Field, now: Option<&Value>) -> Result<bool, Fault> {
    let Some(change) = step.changes.iter().find(|c| c.field == field) else { return Ok(false) };
    if change.after.as_ref() == now {
        return Ok(false);
    }
    if change.before.as_ref() == now || (change.before.is_none() && now.is_none()) {
        return Ok(true);
    }
    let said = now.map_or_else(|| "nothing".to_owned(), ToString::to_string);
    Err(Fault::Conflict { text: format!("{} of {} is {said} now", field.name(), step.key) })
}

impl Stepwise for Writer {
    fn one<'a>(&'a self, step: &'a Step, _: &'a OpId) -> BoxFuture<'a, Result<Minted, Fault>> {
        Box::pin(self.carry_out_one(step))
    }
}

impl Apply for Writer {
    fn lease<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Lease, Fault>> {
        Box::pin(async { Ok(Lease { fencing_token: None, change_mark: None }) })
    }
    fn renew(&self) -> BoxFuture<'_, Result<Lease, Fault>> {
        self.lease("")
    }
    fn release(&self) -> BoxFuture<'_, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
    fn apply<'a>(&'a self, batch: &'a Batch, op: &'a OpId) -> BoxFuture<'a, Result<Answer, Fault>> {
        Box::pin(self.carry_out(batch, op))
    }
}
