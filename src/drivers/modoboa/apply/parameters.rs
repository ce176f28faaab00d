//! The password policy, which is parameters among others: `PUT` resets whatever it does not name, so all are read, what the
//! plan names is changed, and all are sent. What else is different afterwards is told.

use crate::drivers::changes::Changes;
use crate::drivers::modoboa::api::{CORE_PARAMETERS, LOOKS, LOOKS_BEFORE_A_WRITE};
use crate::drivers::modoboa::apply::writer::{Done, Writer, is_open, outcome};
use crate::drivers::modoboa::convert::generated;
use crate::drivers::modoboa::raw::GeneratedPasswords;
use crate::model::{Fault, Field, Reason};
use crate::plan::Step;
use reqwest::Method;

const FIELDS: [Field; 2] = [Field::PolicyGeneratedLength, Field::PolicyGeneratedSpecial];

impl Writer {
    pub(super) async fn put_parameters(&self, step: &Step) -> Result<Done, Fault> {
        let changes = Changes::only(step, &FIELDS)?;
        let (before, live) = self.api.policy(LOOKS_BEFORE_A_WRITE).await.map_err(as_conflict)?;
        let now = generated(live);
        let mut open = false;
        for field in FIELDS {
            open |= is_open(step, field, now.get(&field))?;
        }
        if !open {
            return Ok((outcome(true), None));
        }
        let wanted = GeneratedPasswords {
            length: changes.number(Field::PolicyGeneratedLength)?.unwrap_or(live.length),
            special: changes.switch(Field::PolicyGeneratedSpecial)?.unwrap_or(live.special),
        };
        let body = before.with_generated(wanted).0.into();
        self.call(Method::PUT, &CORE_PARAMETERS, &body, async || Ok(self.api.policy(LOOKS).await?.1 == wanted)).await?;
        let (after, _) = self.api.policy(LOOKS).await?;
        let others = before.others_that_differ(&after);
        if others.is_empty() {
            return Ok((outcome(false), None));
        }
        let text = format!("Modoboa's {} changed at the same time: look at them in its settings", others.join(", "));
        Err(Fault::Conflict { text })
    }
}

/// Parameters that are not the same from one read to the next are no ground to write on.
pub(super) fn as_conflict(fault: Fault) -> Fault {
    match fault {
        Fault::Retry { reason: Reason::Moved } => {
            let text =
                "Modoboa shows other parameters from one read to the next, as it does while others use it; run again, or set it there";
            Fault::Conflict { text: text.into() }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drivers::modoboa::raw::CoreParameters;
    use serde_json::json;

    fn parameters(value: serde_json::Value) -> CoreParameters {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn one_changes_and_all_are_sent() {
        let of =
            |length| json!({ "random_password_length": length, "allow_special_characters": true, "default_password": "x", "sms": null });
        let before = parameters(of(json!("8")));
        let live = before.generated().unwrap();
        assert_eq!(live, GeneratedPasswords { length: 8, special: true });
        let sent = before.with_generated(GeneratedPasswords { length: 12, ..live });
        assert_eq!(serde_json::Value::from(sent.0.clone()), of(json!(12)));
        assert!(before.others_that_differ(&sent).is_empty());
    }

    #[test]
    fn what_was_reset_beside_is_named() {
        let before = parameters(json!({ "random_password_length": 8, "scheme": "a", "gone": 1 }));
        let after = parameters(json!({ "random_password_length": 12, "scheme": "b", "new": 2 }));
        assert_eq!(before.others_that_differ(&after), ["gone", "new", "scheme"]);
        assert_eq!(before.generated(), None);
    }
}
