//! An alias that moves between two users: its recipients change in one call, without a gap (S4.5).

use crate::drivers::changes::{Changes, defect};
use crate::drivers::modoboa::aliases::is_own;
use crate::drivers::modoboa::apply::writer::{Done, Writer, outcome};
use crate::model::{Fault, Field};
use crate::plan::Step;
use reqwest::Method;
use serde_json::json;

impl Writer {
    /// The step's key is the taker, its cause names the giver, and what its aliases gain is what moves.
    pub(super) async fn move_aliases(&self, step: &Step) -> Result<Done, Fault> {
        let changes = Changes::only(step, &[Field::UserAliases])?;
        let (Some(giver), moving) = (step.moved_from(), changes.added(Field::UserAliases)?) else {
            return Err(defect(step, "a move that does not say from whom"));
        };
        let taker = &step.key.name;
        let mut nothing_sent = true;
        for address in &moving {
            let found = self.api.alias(address).await?;
            let found = found.ok_or_else(|| Fault::Conflict { text: format!("{address} is not there any more") })?;
            if is_own(&found, taker) {
                continue;
            }
            if !is_own(&found, &giver.name) {
                return Err(Fault::Conflict { text: format!("{address} no longer leads to {} alone", giver.name) });
            }
            let held = async || Ok(self.api.alias(address).await?.is_some_and(|a| is_own(&a, taker)));
            let body = json!({ "address": found.address, "recipients": [taker] });
            self.call(Method::PATCH, &["aliases", &found.pk.to_string()], &body, held).await?;
            nothing_sent = false;
        }
        Ok((outcome(nothing_sent), None))
    }
}
