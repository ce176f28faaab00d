//! Passwords of users: fetched by reference when the call is made, sent, and kept nowhere.
//!
//! The token goes along as the panel's label, so that a later run can tell which password was set (S10.2).

use crate::base::address::domain_part;
use crate::drivers::changes::{Changes, defect};
use crate::drivers::panel::api;
use crate::drivers::panel::apply::send::{Write, key};
use crate::drivers::panel::apply::tenant::outcome;
use crate::drivers::panel::apply::writer::{Done, Writer};
use crate::model::user::INVITE;
use crate::model::{Fault, Field, OpId, Value};
use crate::plan::Step;
use crate::wire::{Clear, PasswordSet};
use reqwest::Method;

/// What a user is given to sign in with.
pub(super) enum Given {
    /// A password.
    Password(PasswordSet),
    /// A mail by which the user gets one.
    Invite,
}

impl Writer {
    /// What the step gives the user, if anything.
    pub(super) fn password(&self, step: &Step) -> Result<Option<Given>, Fault> {
        let Some(change) = Changes(step).change(Field::UserPassword) else { return Ok(None) };
        let Some(Value::Token(token)) = &change.after else { return Err(defect(step, "a password without a token")) };
        if token == INVITE {
            return Ok(Some(Given::Invite));
        }
        let reference = step.secrets.get(&Field::UserPassword).ok_or_else(|| defect(step, "a password without a reference"))?;
        let secret = self.secrets.get(reference)?;
        Ok(Some(Given::Password(PasswordSet { password: Clear(secret.expose().to_owned()), label: Some(token.clone()) })))
    }

    /// Sets the password of a user that is there, or sends the mail.
    pub(super) async fn update_password(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        Changes::only(step, &[Field::UserPassword])?;
        let id = self.same_user(step, &step.key.name).await?;
        let (remote, domain) = (self.remote()?, self.domain_id(domain_part(&step.key.name)).await?);
        let given = self.password(step)?.ok_or_else(|| defect(step, "nothing to set"))?;
        let (method, part) = match &given {
            Given::Password(_) => (Method::PUT, "password"),
            Given::Invite => (Method::POST, "invite"),
        };
        let path = api::user_part(&remote, &domain, &id, part);
        let mut write = Write::new(method, &path, key(op, step, 0)).only_at(self.version(&id, step));
        if let Given::Password(set) = &given {
            write = write.json(set)?;
        }
        let made = self.send(write).await?;
        self.learn_user(&made)?;
        Ok((outcome(made.replayed), None))
    }
}
