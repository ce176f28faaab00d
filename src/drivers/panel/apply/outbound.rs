//! Sending domains and SMTP users: minted under an idempotency key, reset under a version.
//!
//! A password is in one answer only. Where that answer was lost, the call took effect and nobody saw the password: what is
//! left is a reset of the very same login, conditional on the version that the lost call left, until an answer arrives.

use crate::base::Secret;
use crate::drivers::batch::Minted;
use crate::drivers::changes::{Changes, defect};
use crate::drivers::panel::api;
use crate::drivers::panel::apply::send::{Made, Write, key};
use crate::drivers::panel::apply::tenant::{deleted, outcome};
use crate::drivers::panel::apply::writer::{Done, Writer};
use crate::model::{Credential, Fault, Field, Looked, OpId, Value};
use crate::plan::{Action, Step};
use crate::wire;
use reqwest::Method;

/// Answers in a row that may be lost before the step is given up; the next run goes on from there.
const LOST_ANSWERS: usize = 3;

impl Writer {
    pub(super) async fn create_sending_domain(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        Changes::only(step, &[])?;
        let body = wire::SendingDomainCreate { name: step.key.name.clone() };
        let remote = self.remote()?;
        let made = self.send(Write::new(Method::POST, &api::sending_domains(&remote), key(op, step, 0)).json(&body)?).await?;
        let domain: wire::SendingDomain = made.read()?;
        Ok((outcome(made.replayed), Some(domain.id)))
    }

    pub(super) async fn delete_sending_domain(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let (remote, id) = (self.remote()?, incarnation(step)?);
        let path = api::sending_domain(&remote, id);
        deleted(self.send(Write::new(Method::DELETE, &path, key(op, step, 0)).only_at(self.version(id, step))).await)
    }

    /// Has the panel look its records up. It does not change them, so the call needs no key and may be repeated.
    pub(super) async fn verify_sending_domain(&self, id: &str) -> Result<Looked, Fault> {
        let check = self.api.verify_sending_domain(&self.remote()?, id).await?;
        let lacks = check.wrong.iter().map(|wrong| format!("{} CNAME {}: {}", wrong.name, wrong.target, wrong.found));
        Ok(Looked { found: check.sending_domain.verified, lacks: lacks.collect() })
    }

    pub(super) async fn update_smtp_user(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let body = wire::SmtpUserPatch { label: Changes::only(step, &[Field::SmtpUserLabel])?.text(Field::SmtpUserLabel)? };
        let (remote, id) = (self.remote()?, incarnation(step)?);
        let path = api::smtp_user(&remote, id);
        let made = self.send(Write::new(Method::PATCH, &path, key(op, step, 0)).json(&body)?.only_at(self.version(id, step))).await?;
        let user: wire::SmtpUser = made.read()?;
        self.known().smtp_user(&user);
        Ok((outcome(made.replayed), None))
    }

    pub(super) async fn delete_smtp_user(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let (remote, id) = (self.remote()?, incarnation(step)?);
        let path = api::smtp_user(&remote, id);
        deleted(self.send(Write::new(Method::DELETE, &path, key(op, step, 0)).only_at(self.version(id, step))).await)
    }

    /// A password that nobody sees: the panel does not show it (S9.3).
    pub(super) async fn block_smtp_user(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let body = wire::SmtpUserReset { token: token(step)?, discard: true };
        let (remote, id) = (self.remote()?, incarnation(step)?);
        let path = api::smtp_user_reset(&remote, id);
        let made = self.send(Write::new(Method::POST, &path, key(op, step, 0)).json(&body)?.only_at(self.version(id, step))).await?;
        self.learn_minted(&made)?;
        Ok((outcome(made.replayed), None))
    }

    /// Steps whose answer holds a credential.
    pub(super) async fn mint(&self, step: &Step, op: &OpId) -> Result<Minted, Fault> {
        let remote = self.remote()?;
        let made = match step.action {
            Action::Mint => {
                let changes = Changes::only(step, &[Field::SmtpUserDomain, Field::SmtpUserLabel])?;
                let missing = |what: &str| defect(step, &format!("a mint without {what}"));
                let body = wire::SmtpUserCreate {
                    sending_domain: changes.text(Field::SmtpUserDomain)?.ok_or_else(|| missing("a sending domain"))?,
                    label: changes.text(Field::SmtpUserLabel)?.ok_or_else(|| missing("a label"))?,
                    token: None,
                    operation_tag: Some(step.operation_tag()),
                };
                self.send(Write::new(Method::POST, &api::smtp_users(&remote), key(op, step, 0)).json(&body)?).await?
            }
            Action::Reset => {
                let body = wire::SmtpUserReset { token: token(step)?, discard: false };
                let id = incarnation(step)?;
                let path = api::smtp_user_reset(&remote, id);
                self.send(Write::new(Method::POST, &path, key(op, step, 0)).json(&body)?.only_at(self.version(id, step))).await?
            }
            Action::Create | Action::Update | Action::Move | Action::Rename | Action::Delete => return Err(no_credential(step)),
            Action::Block | Action::Buy | Action::HandOff => return Err(no_credential(step)),
        };
        let replayed = made.replayed;
        let minted = self.until_shown(step, op, &remote, self.learn_minted(&made)?).await?;
        let credential = minted.password.map(|p| Credential { username: minted.smtp_user.username.clone(), password: Secret::new(p) });
        let created = (step.action == Action::Mint).then_some(minted.smtp_user.id);
        Ok((outcome(replayed), created, credential))
    }

    /// Resets the login that a lost answer left, until an answer shows a password.
    async fn until_shown(
        &self,
        step: &Step,
        op: &OpId,
        remote: &str,
        mut minted: wire::SmtpUserMinted,
    ) -> Result<wire::SmtpUserMinted, Fault> {
        for part in 1..=LOST_ANSWERS {
            if minted.password.is_some() {
                break;
            }
            let user = &minted.smtp_user;
            let path = api::smtp_user_reset(remote, &user.id);
            let body = wire::SmtpUserReset { token: user.token.clone(), discard: false };
            let again = Write::new(Method::POST, &path, key(op, step, part)).json(&body)?.only_at(Some(user.version.to_string()));
            let made = self.send(again).await?;
            minted = self.learn_minted(&made)?;
        }
        Ok(minted)
    }

    fn learn_minted(&self, made: &Made) -> Result<wire::SmtpUserMinted, Fault> {
        let minted: wire::SmtpUserMinted = made.read()?;
        self.known().smtp_user(&minted.smtp_user);
        Ok(minted)
    }
}

fn no_credential(step: &Step) -> Fault {
    defect(step, "it mints nothing")
}

/// The object that was observed: never a namesake.
fn incarnation(step: &Step) -> Result<&str, Fault> {
    step.only_if.incarnation.as_deref().ok_or_else(|| defect(step, "it does not say which object it means"))
}

/// What the new password is called.
fn token(step: &Step) -> Result<String, Fault> {
    let changes = Changes::only(step, &[Field::SmtpUserPassword])?;
    match changes.change(Field::SmtpUserPassword).and_then(|c| c.after.as_ref()) {
        Some(Value::Token(token)) => Ok(token.clone()),
        Some(Value::Text(_) | Value::Switch(_) | Value::Number(_) | Value::List(_) | Value::Set(_)) | None => {
            Err(defect(step, "a password without a token"))
        }
    }
}
