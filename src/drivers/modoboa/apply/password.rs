//! Passwords: fetched by reference when the call is made, sent, and kept nowhere.
//!
//! Modoboa makes no account without a password. Where none is declared, it gets one that nobody has seen: the user asks
//! Modoboa for a new one, or an administrator sets it.

use crate::base::Secret;
use crate::drivers::changes::{Changes, defect};
use crate::drivers::modoboa::apply::writer::Writer;
use crate::model::{Fault, Field, Value};
use crate::plan::Step;

/// Random bytes of a password that nobody has seen.
const UNSEEN_BYTES: usize = 32;

impl Writer {
    /// The password that the step sets, if any.
    pub(super) fn password(&self, step: &Step) -> Result<Option<Secret>, Fault> {
        let Some(change) = Changes(step).change(Field::UserPassword) else { return Ok(None) };
        if !matches!(&change.after, Some(Value::Token(_))) {
            return Err(defect(step, "a password without a token"));
        }
        let reference = step.secrets.get(&Field::UserPassword).ok_or_else(|| defect(step, "a password without a reference"))?;
        self.secrets.get(reference).map(Some)
    }
}

/// A password that nobody has seen, with a character of each class that Modoboa may ask for.
pub(super) fn unseen() -> Result<Secret, Fault> {
    let mut bytes = [0u8; UNSEEN_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| Fault::Local { text: format!("the system gives no random bytes: {error}") })?;
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    Ok(Secret::new(format!("Aa1!{hex}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_has_seen_is_long_and_new() {
        let (one, other) = (unseen().unwrap(), unseen().unwrap());
        assert!(one.expose().len() == 4 + 2 * UNSEEN_BYTES && one.expose() != other.expose());
    }
}
