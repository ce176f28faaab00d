//! Sending domains and SMTP users of the panel in memory: records and names are counted, passwords are random to nobody.

use crate::base::{Secret, Timestamp};
use crate::drivers::memory::changes::{defect, only, text};
use crate::drivers::memory::data::{MemorySendingDomain, MemorySmtpUser};
use crate::drivers::memory::heads::conflict;
use crate::drivers::memory::panel::Inner;
use crate::drivers::memory::writer::{Left, Made};
use crate::model::{Credential, Fault, Field, Kind, StepOutcome, Value};
use crate::plan::{Action, Step};

/// The token of a password that was minted with its user.
const INITIAL: &str = "initial";

fn missing(step: &Step) -> Fault {
    Fault::Missing { text: step.key.to_string() }
}

impl Inner {
    /// Any write to an outbound object; and what it minted.
    pub(super) fn outbound(
        &mut self,
        tenant: &str,
        step: &Step,
        left: &mut Left,
        now: Timestamp,
    ) -> Result<(Made, Option<Credential>), Fault> {
        let plain = |made: Made| (made, None);
        match (step.key.kind, step.action) {
            (Kind::SendingDomain, Action::Create) => self.create_sending_domain(tenant, step, now).map(plain),
            (Kind::SendingDomain, Action::Delete) => self.delete_sending_domain(tenant, step).map(plain),
            (Kind::SmtpUser, Action::Mint) => self.mint(tenant, step, now),
            (Kind::SmtpUser, Action::Reset) => self.reset(tenant, step, left, now),
            (Kind::SmtpUser, Action::Block) => self.reset(tenant, step, left, now).map(|(made, _)| plain(made)),
            (Kind::SmtpUser, Action::Update) => self.relabel(tenant, step, left).map(plain),
            (Kind::SmtpUser, Action::Delete) => {
                let username = self.login(tenant, step)?.username.clone();
                let tenant = self.tenant_mut(Some(tenant))?;
                tenant.smtp_users.remove(&username);
                tenant.change_mark += 1;
                Ok(plain((StepOutcome::Done, None)))
            }
            (_, _) => Err(defect(step, "this driver said that it cannot do that")),
        }
    }

    fn create_sending_domain(&mut self, tenant: &str, step: &Step, now: Timestamp) -> Result<Made, Fault> {
        only(step, &[])?;
        let name = step.key.name.clone();
        if self.tenants.values().any(|t| t.sending_domains.contains_key(&name)) {
            return Err(conflict(format!("{name} is taken")));
        }
        let id = self.id('s');
        let cnames = vec![(format!("{id}.{name}"), format!("{id}.relay.example"))];
        let domain = MemorySendingDomain { id: id.clone(), name: name.clone(), cnames, verified: false, version: 1, created_at: now };
        let tenant = self.tenant_mut(Some(tenant))?;
        tenant.sending_domains.insert(name, domain);
        tenant.change_mark += 1;
        Ok((StepOutcome::Done, Some(id)))
    }

    fn delete_sending_domain(&mut self, tenant: &str, step: &Step) -> Result<Made, Fault> {
        let tenant = self.tenant_mut(Some(tenant))?;
        let same = |d: &&MemorySendingDomain| step.only_if.incarnation.as_ref().is_none_or(|id| *id == d.id);
        let name = tenant.sending_domains.get(&step.key.name).filter(same).map(|d| d.name.clone()).ok_or_else(|| missing(step))?;
        tenant.sending_domains.remove(&name);
        for user in tenant.smtp_users.values_mut().filter(|u| u.sending_domain == name && u.enabled) {
            user.enabled = false;
            user.version += 1;
        }
        tenant.change_mark += 1;
        Ok((StepOutcome::Done, None))
    }

    fn mint(&mut self, tenant: &str, step: &Step, now: Timestamp) -> Result<(Made, Option<Credential>), Fault> {
        only(step, &[Field::SmtpUserDomain, Field::SmtpUserLabel])?;
        let domain = text(step, Field::SmtpUserDomain)?.ok_or_else(|| defect(step, "a mint without a sending domain"))?;
        let label = text(step, Field::SmtpUserLabel)?.ok_or_else(|| defect(step, "a mint without a label"))?;
        if !self.tenant(Some(tenant))?.sending_domains.contains_key(&domain) {
            return Err(Fault::Rejected { text: format!("{domain} is none of the tenant's sending domains") });
        }
        let id = self.id('m');
        let username = format!("smtp-{id}");
        let user = MemorySmtpUser {
            id: id.clone(),
            username: username.clone(),
            sending_domain: domain,
            label,
            password: 1,
            token: INITIAL.into(),
            operation_tag: Some(step.operation_tag()),
            enabled: true,
            last_connection_at: None,
            password_set_at: now,
            version: 1,
            created_at: now,
        };
        let credential = user.credential();
        let tenant = self.tenant_mut(Some(tenant))?;
        tenant.smtp_users.insert(username, user);
        tenant.change_mark += 1;
        Ok(((StepOutcome::Done, Some(id)), Some(credential)))
    }

    fn reset(&mut self, tenant: &str, step: &Step, left: &mut Left, now: Timestamp) -> Result<(Made, Option<Credential>), Fault> {
        only(step, &[Field::SmtpUserPassword])?;
        let token = match step.changes.first().and_then(|c| c.after.as_ref()) {
            Some(Value::Token(token)) => token.clone(),
            Some(Value::Text(_) | Value::Switch(_) | Value::Number(_) | Value::List(_) | Value::Set(_)) | None => {
                return Err(defect(step, "a password without a token"));
            }
        };
        let user = self.at_version(tenant, step, left)?;
        if !user.enabled {
            return Err(conflict("it was switched off with its sending domain"));
        }
        user.token = token;
        user.password += 1;
        user.password_set_at = now;
        user.version += 1;
        let (credential, id, version) = (user.credential(), user.id.clone(), user.version);
        left.insert(id, version);
        self.tenant_mut(Some(tenant))?.change_mark += 1;
        Ok(((StepOutcome::Done, None), Some(credential)))
    }

    fn relabel(&mut self, tenant: &str, step: &Step, left: &mut Left) -> Result<Made, Fault> {
        only(step, &[Field::SmtpUserLabel])?;
        let label = text(step, Field::SmtpUserLabel)?;
        let user = self.at_version(tenant, step, left)?;
        let Some(label) = label.filter(|label| *label != user.label) else { return Ok((StepOutcome::AlreadyDone, None)) };
        user.label = label;
        user.version += 1;
        let (id, version) = (user.id.clone(), user.version);
        left.insert(id, version);
        self.tenant_mut(Some(tenant))?.change_mark += 1;
        Ok((StepOutcome::Done, None))
    }

    fn login(&self, tenant: &str, step: &Step) -> Result<&MemorySmtpUser, Fault> {
        let id = step.only_if.incarnation.as_deref().ok_or_else(|| defect(step, "it does not say which login it means"))?;
        self.tenant(Some(tenant))?.smtp_users.values().find(|u| u.id == id).ok_or_else(|| missing(step))
    }
    fn at_version(&mut self, tenant: &str, step: &Step, left: &Left) -> Result<&mut MemorySmtpUser, Fault> {
        let (username, id, version) = {
            let user = self.login(tenant, step)?;
            (user.username.clone(), user.id.clone(), user.version)
        };
        crate::drivers::memory::heads::check_version(step, left, &id, version)?;
        self.tenant_mut(Some(tenant))?.smtp_users.get_mut(&username).ok_or_else(|| missing(step))
    }
}

impl MemorySmtpUser {
    /// Its present credential.
    #[must_use]
    pub fn credential(&self) -> Credential {
        Credential { username: self.username.clone(), password: Secret::new(format!("password {} of {}", self.password, self.username)) }
    }
}
