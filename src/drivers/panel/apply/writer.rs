//! The writer: lease, batches, and which step goes where.

use crate::base::TenantName;
use crate::base::clock::BoxFuture;
use crate::drivers::batch::{Minted, Stepwise, in_order, one_by_one};
use crate::drivers::changes::defect;
use crate::drivers::panel::api::Api;
use crate::drivers::panel::apply::known::Known;
use crate::model::{Answer, Fault, Kind, Lease, Look, Looked, OpId, StepOutcome};
use crate::plan::{Action, ApprovedPlan, Batch, Step};
use crate::port::{Apply, Secrets};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Writes one approved plan to a panel.
pub struct Writer {
    pub(super) api: Arc<Api>,
    pub(super) tenant: TenantName,
    pub(super) secrets: Arc<dyn Secrets>,
    leases: bool,
    known: Mutex<Known>,
}

/// What became of a step, and the id of what it created.
pub(super) type Done = (StepOutcome, Option<String>);

impl Writer {
    pub(in crate::drivers::panel) fn new(api: Arc<Api>, plan: &ApprovedPlan, leases: bool, secrets: Arc<dyn Secrets>) -> Self {
        Self::bound(api, plan.tenant().clone(), plan.remote().map(str::to_owned), leases, secrets)
    }

    pub(in crate::drivers::panel) fn bound(
        api: Arc<Api>,
        tenant: TenantName,
        remote: Option<String>,
        leases: bool,
        secrets: Arc<dyn Secrets>,
    ) -> Self {
        Self { api, tenant, secrets, leases, known: Mutex::new(Known::of(remote)) }
    }

    pub(super) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The panel's id of the tenant.
    pub(in crate::drivers::panel) fn remote(&self) -> Result<String, Fault> {
        self.known().remote.clone().ok_or_else(|| Fault::Missing { text: format!("tenant {} is not on the panel", self.tenant) })
    }

    /// The version that a call is conditional on: what our own last write left, else what was observed.
    pub(super) fn version(&self, id: &str, step: &Step) -> Option<String> {
        self.known().version(id).map(|v| v.to_string()).or_else(|| step.only_if.version.clone())
    }

    async fn take(&self, holder: &str) -> Result<Lease, Fault> {
        self.known().holder = Some(holder.to_owned());
        let remote = self.known().remote.clone();
        let Some(remote) = remote.filter(|_| self.leases) else {
            // nothing to hold yet: it is taken as soon as the tenant exists
            return Ok(Lease { fencing_token: None, change_mark: None });
        };
        let lease = self.api.take_lease(&remote, holder).await?;
        self.known().fencing_token = Some(lease.fencing_token);
        Ok(held(&lease))
    }

    /// Takes the lease of a tenant that this very run created.
    async fn hold(&self) -> Result<(), Fault> {
        let holder = {
            let known = self.known();
            known.holder.clone().filter(|_| known.fencing_token.is_none() && known.remote.is_some())
        };
        match holder {
            Some(holder) => self.take(&holder).await.map(drop),
            None => Ok(()),
        }
    }

    async fn carry_out(&self, batch: &Batch, op: &OpId) -> Result<Answer, Fault> {
        let mut answer = Answer { outcomes: Vec::with_capacity(batch.steps.len()), created: Vec::new(), minted: Vec::new() };
        let mut rest: Vec<&Step> = batch.steps.iter().collect();
        if batch.replaces() {
            self.hold().await?;
            answer.outcomes = self.import(&rest, op).await?;
            return Ok(answer);
        }
        if batch.bulk {
            let (creates, others) = rest.into_iter().partition(|s| s.action == Action::Create && s.key.kind == Kind::User);
            rest = others;
            self.hold().await?;
            self.bulk(creates, op, &mut answer).await?;
        }
        one_by_one(self, rest, op, &mut answer).await?;
        in_order(batch, &mut answer);
        Ok(answer)
    }

    async fn carry_out_one(&self, step: &Step, op: &OpId) -> Result<Minted, Fault> {
        if step.key.kind != Kind::Tenant || step.action != Action::Create {
            self.hold().await?;
        }
        if let (Kind::SmtpUser, Action::Mint | Action::Reset) = (step.key.kind, step.action) {
            return self.mint(step, op).await;
        }
        let (outcome, created) = match step.key.kind {
            Kind::SendingDomain | Kind::SmtpUser => self.outbound(step, op).await?,
            Kind::Tenant | Kind::PasswordPolicy | Kind::Domain | Kind::Directory | Kind::Discovery | Kind::Continuity | Kind::User => {
                self.inbound(step, op).await?
            }
        };
        Ok((outcome, created, None))
    }

    async fn inbound(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        match (step.key.kind, step.action) {
            (Kind::Tenant, Action::Create) => self.create_tenant(step, op).await,
            (Kind::Tenant, Action::Delete) => self.delete_tenant(step, op).await,
            (Kind::PasswordPolicy, Action::Create | Action::Update) => self.put_policy(step, op).await,
            (Kind::Domain, Action::Create) => self.create_domain(step, op).await,
            (Kind::Domain, Action::Update) => self.update_domain(step, op).await,
            (Kind::Domain, Action::Delete) => self.delete_domain(step, op).await,
            (Kind::Continuity, Action::Update) => self.switch_continuity(step, op).await,
            (Kind::Continuity, Action::Buy) => self.buy_continuity(step, op).await,
            (Kind::Directory, Action::Create) => self.create_directory(step, op).await,
            (Kind::Directory, Action::Update) => self.update_directory(step, op).await,
            (Kind::Discovery, Action::Create | Action::Update) => self.put_discovery(step, op).await,
            (Kind::User, Action::Create) => self.create_user(step, op).await,
            (Kind::User, Action::Update) => self.update_user(step, op).await,
            (Kind::User, Action::Rename) => self.rename_user(step, op).await,
            (Kind::User, Action::Move) => self.move_aliases(step, op).await,
            (Kind::User, Action::Delete) => self.delete_user(step, op).await,
            (_, _) => Err(defect(step, "this driver said that it cannot do that")),
        }
    }

    async fn outbound(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        match (step.key.kind, step.action) {
            (Kind::SendingDomain, Action::Create) => self.create_sending_domain(step, op).await,
            (Kind::SendingDomain, Action::Delete) => self.delete_sending_domain(step, op).await,
            (Kind::SmtpUser, Action::Update) => self.update_smtp_user(step, op).await,
            (Kind::SmtpUser, Action::Block) => self.block_smtp_user(step, op).await,
            (Kind::SmtpUser, Action::Delete) => self.delete_smtp_user(step, op).await,
            (_, _) => Err(defect(step, "this driver said that it cannot do that")),
        }
    }
}

fn held(lease: &crate::wire::Lease) -> Lease {
    Lease { fencing_token: Some(lease.fencing_token), change_mark: Some(lease.change_mark.to_string()) }
}

impl Stepwise for Writer {
    fn one<'a>(&'a self, step: &'a Step, op: &'a OpId) -> BoxFuture<'a, Result<Minted, Fault>> {
        Box::pin(self.carry_out_one(step, op))
    }
}

impl Apply for Writer {
    fn lease<'a>(&'a self, holder: &'a str) -> BoxFuture<'a, Result<Lease, Fault>> {
        Box::pin(self.take(holder))
    }
    fn renew(&self) -> BoxFuture<'_, Result<Lease, Fault>> {
        Box::pin(async move {
            let (remote, token) = {
                let known = self.known();
                (known.remote.clone(), known.fencing_token)
            };
            match (remote, token) {
                (Some(remote), Some(token)) => Ok(held(&self.api.renew_lease(&remote, token).await?)),
                (_, _) => Ok(Lease { fencing_token: None, change_mark: None }),
            }
        })
    }
    fn release(&self) -> BoxFuture<'_, Result<(), Fault>> {
        Box::pin(async move {
            let (remote, token) = {
                let mut known = self.known();
                (known.remote.clone(), known.fencing_token.take())
            };
            match (remote, token) {
                (Some(remote), Some(token)) => match self.api.release_lease(&remote, token).await {
                    // a deleted tenant has no lease any more, and one that was overtaken is not ours to end
                    Ok(()) | Err(Fault::Missing { .. } | Fault::Fenced { .. }) => Ok(()),
                    Err(fault) => Err(fault),
                },
                (_, _) => Ok(()),
            }
        })
    }
    fn apply<'a>(&'a self, batch: &'a Batch, op: &'a OpId) -> BoxFuture<'a, Result<Answer, Fault>> {
        Box::pin(self.carry_out(batch, op))
    }
    fn look<'a>(&'a self, look: &'a Look) -> BoxFuture<'a, Result<Option<Looked>, Fault>> {
        Box::pin(async move { self.verify_sending_domain(&look.incarnation).await.map(Some) })
    }
}
