//! The write port.

use crate::base::TenantName;
use crate::base::clock::BoxFuture;
use crate::drivers::memory::changes::defect;
use crate::drivers::memory::faults::Injected;
use crate::drivers::memory::panel::{Inner, MemoryPanel};
use crate::model::{Answer, Credential, Fault, Kind, Lease, OpId, Origin, StepOutcome};
use crate::plan::{Action, Batch, Step};
use crate::port::{Apply, Secrets};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Versions that our own writes left, by id.
pub(super) type Left = BTreeMap<String, u64>;
/// What became of a call, and the id of what it created.
pub(super) type Made = (StepOutcome, Option<String>);

#[derive(Default)]
struct Own {
    remote: Option<String>,
    holder: Option<String>,
    token: Option<u64>,
    left: Left,
}

/// Writes to a panel in memory.
pub(super) struct MemoryWriter {
    panel: MemoryPanel,
    tenant: TenantName,
    secrets: Arc<dyn Secrets>,
    own: Mutex<Own>,
}

impl MemoryWriter {
    pub(super) fn new(panel: MemoryPanel, tenant: TenantName, remote: Option<String>, secrets: Arc<dyn Secrets>) -> Self {
        Self { panel, tenant, secrets, own: Mutex::new(Own { remote, ..Own::default() }) }
    }

    fn own(&self) -> MutexGuard<'_, Own> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One call: counted, failed on order, replayed under its key, fenced, and then made.
    fn call(&self, key: String, what: String, make: impl FnOnce(&mut Inner, &mut Own) -> Result<Made, Fault>) -> Result<Made, Fault> {
        let (mut inner, mut own) = (self.panel.lock(), self.own());
        let injected = inner.call(true, what);
        if let Some(Injected::Before(fault)) = injected {
            return Err(fault);
        }
        let made = match inner.operations.get(&key) {
            Some((_, created)) => Ok((StepOutcome::AlreadyDone, created.clone())),
            None => {
                if let Some(remote) = own.remote.as_ref().filter(|id| self.panel.options().lease && inner.tenants.contains_key(*id)) {
                    inner.check_lease(remote, own.token, self.panel.now())?;
                }
                make(&mut inner, &mut own)
            }
        };
        if let Ok((StepOutcome::Done, created)) = &made {
            inner.operations.insert(key, (StepOutcome::Done, created.clone()));
        }
        match (injected, made) {
            (Some(Injected::After(fault)), Ok(_)) => Err(fault),
            (_, made) => made,
        }
    }

    /// One step, and what it minted. A replayed answer holds no credential, as on every honest panel.
    fn one(&self, step: &Step, op: &OpId) -> Result<(Made, Option<Credential>), Fault> {
        let now = self.panel.now();
        let mut minted = None;
        let made = self.call(key(op, step), format!("{} {}", step.action.word(), step.key), |inner, own| {
            if (step.key.kind, step.action) == (Kind::Tenant, Action::Create) {
                return inner.create_tenant(step, now);
            }
            let Some(tenant) = own.remote.clone() else { return Err(Fault::Missing { text: format!("tenant {}", self.tenant) }) };
            if matches!(step.key.kind, Kind::SendingDomain | Kind::SmtpUser) {
                let (made, credential) = inner.outbound(&tenant, step, &mut own.left, now)?;
                minted = credential;
                return Ok(made);
            }
            match (step.key.kind, step.action) {
                (Kind::Tenant, Action::Delete) => inner.delete_tenant(&tenant),
                (Kind::PasswordPolicy, Action::Create | Action::Update) => inner.put_policy(&tenant, step, &mut own.left),
                (Kind::Domain, Action::Create) => inner.create_domain(&tenant, step, now),
                (Kind::Domain, Action::Update) => inner.update_domain(&tenant, step, &mut own.left),
                (Kind::Domain, Action::Delete) => inner.delete_domain(&tenant, step, &own.left),
                (Kind::Continuity, Action::Update | Action::Buy) => inner.set_continuity(&tenant, step, &mut own.left, now),
                (Kind::Directory, Action::Create) => inner.create_directory(&tenant, step, now),
                (Kind::Directory, Action::Update) => inner.update_directory(&tenant, step, &mut own.left),
                (Kind::Discovery, Action::Create | Action::Update) => inner.put_discovery(&tenant, step, &mut own.left, now),
                (Kind::User, Action::Create) => inner.create_user(&tenant, step, Origin::Manual, now, self.secrets.as_ref()),
                (Kind::User, Action::Update) => inner.update_user(&tenant, step, &mut own.left, now, self.secrets.as_ref()),
                (Kind::User, Action::Rename) if self.panel.options().rename => inner.rename_user(&tenant, step, &mut own.left),
                (Kind::User, Action::Move) => inner.move_aliases(&tenant, step, &mut own.left),
                (Kind::User, Action::Delete) => inner.delete_user(&tenant, step, &own.left),
                (_, _) => Err(defect(step, "this driver said that it cannot do that")),
            }
        });
        match made {
            // what is not there needs no delete
            Err(Fault::Missing { .. }) if step.action == Action::Delete => Ok(((StepOutcome::AlreadyDone, None), None)),
            Ok((outcome, created)) => {
                if (step.key.kind, step.action) == (Kind::Tenant, Action::Create) {
                    self.bind(created.clone())?;
                }
                Ok(((outcome, created), minted))
            }
            Err(fault) => Err(fault),
        }
    }

    /// Binds to the tenant that this run created, and takes its lease.
    fn bind(&self, remote: Option<String>) -> Result<(), Fault> {
        let holder = {
            let mut own = self.own();
            own.remote = remote;
            own.holder.clone()
        };
        holder.map_or(Ok(()), |holder| self.take(&holder).map(drop))
    }

    fn take(&self, holder: &str) -> Result<Lease, Fault> {
        let (mut inner, mut own) = (self.panel.lock(), self.own());
        own.holder = Some(holder.to_owned());
        let Some(remote) = own.remote.clone().filter(|_| self.panel.options().lease) else {
            return Ok(Lease { fencing_token: None, change_mark: None });
        };
        if let Some(Injected::Before(fault) | Injected::After(fault)) = inner.call(true, "lease") {
            return Err(fault);
        }
        let lease = inner.take_lease(&remote, holder, self.panel.now())?;
        own.token = lease.fencing_token;
        Ok(lease)
    }

    fn bulk(&self, steps: &[&Step], op: &OpId, answer: &mut Answer) -> Result<(), Fault> {
        let now = self.panel.now();
        let mut outcomes = Vec::new();
        let names: Vec<String> = steps.iter().map(|s| s.id.to_string()).collect();
        let made = self.call(format!("{}.bulk.{}", op.0, names.join(".")), format!("bulk of {}", steps.len()), |inner, own| {
            let Some(tenant) = own.remote.clone() else { return Err(Fault::Missing { text: format!("tenant {}", self.tenant) }) };
            outcomes = inner.bulk(&tenant, steps, now, self.secrets.as_ref())?;
            Ok((StepOutcome::Done, None))
        })?;
        if outcomes.is_empty() {
            outcomes = vec![made.0; steps.len()];
        }
        answer.outcomes.extend(steps.iter().map(|s| s.id).zip(outcomes));
        Ok(())
    }

    fn import(&self, steps: &[&Step], op: &OpId, answer: &mut Answer) -> Result<(), Fault> {
        let now = self.panel.now();
        let rule = self.panel.options().imports.clone().ok_or_else(|| Fault::Rejected { text: "this panel takes no lists".into() })?;
        let mut outcomes = Vec::new();
        let names: Vec<String> = steps.iter().map(|s| s.id.to_string()).collect();
        let made = self.call(format!("{}.import.{}", op.0, names.join(".")), format!("import of {}", steps.len()), |inner, own| {
            let Some(tenant) = own.remote.clone() else { return Err(Fault::Missing { text: format!("tenant {}", self.tenant) }) };
            outcomes = inner.import(&tenant, steps, &rule, now)?;
            Ok((StepOutcome::Done, None))
        })?;
        if outcomes.is_empty() {
            outcomes = vec![made.0; steps.len()];
        }
        answer.outcomes.extend(steps.iter().map(|s| s.id).zip(outcomes));
        Ok(())
    }

    fn carry_out(&self, batch: &Batch, op: &OpId) -> Result<Answer, Fault> {
        let mut answer = Answer { outcomes: Vec::new(), created: Vec::new(), minted: Vec::new() };
        if batch.replaces() {
            self.import(&batch.steps.iter().collect::<Vec<_>>(), op, &mut answer)?;
            return Ok(answer);
        }
        let (bulk, rest): (Vec<&Step>, Vec<&Step>) =
            batch.steps.iter().partition(|s| batch.bulk && s.key.kind == Kind::User && s.action == Action::Create);
        if !bulk.is_empty() {
            self.bulk(&bulk, op, &mut answer)?;
        }
        let mut stopped: Option<Fault> = None;
        for step in rest {
            if let Some(fault) = &stopped {
                answer.outcomes.push((step.id, StepOutcome::Failed(Fault::Retry { reason: fault.reason() })));
                continue;
            }
            match self.one(step, op) {
                Ok(((outcome, created), minted)) => {
                    answer.outcomes.push((step.id, outcome));
                    answer.created.extend(created.map(|id| (step.id, id)));
                    answer.minted.extend(minted.map(|credential| (step.id, credential)));
                }
                Err(fault) if answer.outcomes.is_empty() && !is_refusal(&fault) => return Err(fault),
                Err(fault) => {
                    stopped = Some(fault.clone()).filter(|fault| !is_refusal(fault));
                    answer.outcomes.push((step.id, StepOutcome::Failed(fault)));
                }
            }
        }
        let at: BTreeMap<_, _> = batch.steps.iter().enumerate().map(|(i, s)| (s.id, i)).collect();
        answer.outcomes.sort_by_key(|(id, _)| at.get(id).copied());
        Ok(answer)
    }
}

fn key(op: &OpId, step: &Step) -> String {
    format!("{}.{}", op.0, step.id)
}

fn is_refusal(fault: &Fault) -> bool {
    matches!(fault, Fault::Conflict { .. } | Fault::Missing { .. } | Fault::Rejected { .. })
}

impl Apply for MemoryWriter {
    fn lease<'a>(&'a self, holder: &'a str) -> BoxFuture<'a, Result<Lease, Fault>> {
        Box::pin(async move { self.take(holder) })
    }
    fn renew(&self) -> BoxFuture<'_, Result<Lease, Fault>> {
        Box::pin(async move {
            let (mut inner, own) = (self.panel.lock(), self.own());
            match (&own.remote, own.token) {
                (Some(remote), Some(token)) => inner.renew_lease(remote, token, self.panel.now()),
                (_, _) => Ok(Lease { fencing_token: None, change_mark: None }),
            }
        })
    }
    fn release(&self) -> BoxFuture<'_, Result<(), Fault>> {
        Box::pin(async move {
            let (mut inner, mut own) = (self.panel.lock(), self.own());
            if let (Some(remote), Some(token)) = (own.remote.clone(), own.token.take()) {
                inner.release_lease(&remote, token);
            }
            Ok(())
        })
    }
    fn apply<'a>(&'a self, batch: &'a Batch, op: &'a OpId) -> BoxFuture<'a, Result<Answer, Fault>> {
        Box::pin(async move { self.carry_out(batch, op) })
    }
}
