//! The password policy: the panel replaces it whole, so it is read, overlaid and written (S2.4).

use crate::drivers::changes::Changes;
use crate::drivers::panel::api;
use crate::drivers::panel::apply::send::{Write, key};
use crate::drivers::panel::apply::tenant::outcome;
use crate::drivers::panel::apply::writer::{Done, Writer};
use crate::model::{Fault, Field, OpId, StepOutcome};
use crate::plan::Step;
use crate::wire;
use reqwest::Method;

const FIELDS: [Field; 5] = [Field::PolicyMinLength, Field::PolicyUpper, Field::PolicyLower, Field::PolicyDigit, Field::PolicySpecial];

impl Writer {
    pub(super) async fn put_policy(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let changes = Changes::only(step, &FIELDS)?;
        let remote = self.remote()?;
        let path = api::policy(&remote);
        let live: wire::PasswordPolicy = self.api.show(&path).await?.json()?;
        let wanted = wire::PasswordPolicyPut {
            min_length: changes.number(Field::PolicyMinLength)?.unwrap_or(live.min_length),
            upper: changes.switch(Field::PolicyUpper)?.unwrap_or(live.upper),
            lower: changes.switch(Field::PolicyLower)?.unwrap_or(live.lower),
            digit: changes.switch(Field::PolicyDigit)?.unwrap_or(live.digit),
            special: changes.switch(Field::PolicySpecial)?.unwrap_or(live.special),
        };
        let wire::PasswordPolicy { min_length, upper, lower, digit, special, version } = live;
        if wanted == (wire::PasswordPolicyPut { min_length, upper, lower, digit, special }) {
            return Ok((StepOutcome::AlreadyDone, None));
        }
        if step.only_if.version.as_ref().is_some_and(|observed| *observed != version.to_string()) {
            return Err(Fault::Conflict { text: format!("the password policy is at version {version} now") });
        }
        let write = Write::new(Method::PUT, &path, key(op, step, 0)).json(&wanted)?.only_at(Some(version.to_string()));
        let made = self.send(write).await?;
        Ok((outcome(made.replayed), None))
    }
}
