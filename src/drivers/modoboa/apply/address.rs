//! Aliases of users, each by itself.
//!
//! Deliberately absent: the list of aliases in an account's `PATCH`. Modoboa would make the account a further recipient of
//! an alias that somebody else has, without a word.

use crate::drivers::modoboa::aliases::{is_own, takes_mail};
use crate::drivers::modoboa::apply::writer::Writer;
use crate::model::Fault;
use reqwest::Method;
use serde_json::json;

impl Writer {
    /// Makes an address lead to a user, and to nobody else.
    pub(super) async fn add_alias(&self, address: &str, user: &str) -> Result<(), Fault> {
        let held = async || Ok(self.api.alias(address).await?.is_some_and(|a| is_own(&a, user) && takes_mail(&a, self.clock.now())));
        let body = json!({ "address": address, "recipients": [user], "enabled": true });
        match self.api.alias(address).await? {
            None if self.api.account(address).await?.is_some() => {
                // Modoboa would take both, and mail would go to both
                Err(Fault::Conflict { text: format!("{address} is the address of another account") })
            }
            None => self.call(Method::POST, &["aliases"], &body, held).await,
            Some(found) if is_own(&found, user) && takes_mail(&found, self.clock.now()) => Ok(()),
            // it is off or has expired; the recipients go along, without which Modoboa answers 500
            Some(found) if is_own(&found, user) => {
                let body = json!({ "recipients": found.recipients, "enabled": true, "expire_at": null });
                self.call(Method::PATCH, &["aliases", &found.pk.to_string()], &body, held).await
            }
            Some(found) => {
                let text = format!("{address} leads to {} now", crate::base::printable::printable_short(&found.recipients.join(", "), 100));
                Err(Fault::Conflict { text })
            }
        }
    }

    /// Takes an address away from a user; one that meanwhile leads elsewhere stays.
    pub(super) async fn remove_alias(&self, address: &str, user: &str) -> Result<(), Fault> {
        let Some(found) = self.api.alias(address).await? else { return Ok(()) };
        if !is_own(&found, user) {
            return Err(Fault::Conflict { text: format!("{address} no longer leads to {user} alone") });
        }
        let held = async || Ok(self.api.alias(address).await?.is_none());
        match self.call(Method::DELETE, &["aliases", &found.pk.to_string()], &json!({}), held).await {
            Ok(()) | Err(Fault::Missing { .. }) => Ok(()),
            Err(fault) => Err(fault),
        }
    }
}
