//! Passwords in memory: the value is fetched, judged by the policy and thrown away; its token stays.

use crate::base::Timestamp;
use crate::drivers::memory::changes::defect;
use crate::drivers::memory::data::{MemoryPolicy, MemoryUser};
use crate::model::user::INVITE;
use crate::model::{Fault, Field, Value};
use crate::plan::Step;
use crate::port::Secrets;

/// Gives the user what the step says to sign in with, if it says anything.
pub(super) fn give_access(
    user: &mut MemoryUser,
    step: &Step,
    policy: &MemoryPolicy,
    now: Timestamp,
    secrets: &dyn Secrets,
) -> Result<(), Fault> {
    let Some(change) = step.changes.iter().find(|c| c.field == Field::UserPassword) else { return Ok(()) };
    let Some(Value::Token(token)) = &change.after else { return Err(defect(step, "a password without a token")) };
    let access = user.access.get_or_insert_default();
    if token == INVITE {
        access.mails_sent += 1;
        return Ok(());
    }
    let reference = step.secrets.get(&Field::UserPassword).ok_or_else(|| defect(step, "a password without a reference"))?;
    fulfils(policy, secrets.get(reference)?.expose(), &user.address)?;
    access.password_changed_at = Some(now);
    access.password_label = Some(token.clone());
    Ok(())
}

fn fulfils(policy: &MemoryPolicy, password: &str, address: &str) -> Result<(), Fault> {
    let on = |field| policy.attrs.get(&field) == Some(&Value::Switch(true));
    let least = match policy.attrs.get(&Field::PolicyMinLength) {
        Some(Value::Number(n)) => usize::try_from(*n).unwrap_or(0),
        Some(Value::Text(_) | Value::Switch(_) | Value::List(_) | Value::Set(_) | Value::Token(_)) | None => 0,
    };
    let lacks = password.chars().count() < least
        || (on(Field::PolicyUpper) && !password.chars().any(char::is_uppercase))
        || (on(Field::PolicyLower) && !password.chars().any(char::is_lowercase))
        || (on(Field::PolicyDigit) && !password.chars().any(|c| c.is_ascii_digit()))
        || (on(Field::PolicySpecial) && password.chars().all(char::is_alphanumeric));
    if lacks { Err(Fault::Rejected { text: format!("the password of {address} does not fulfil the policy") }) } else { Ok(()) }
}
