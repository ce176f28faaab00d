//! Discovery: the panel replaces it whole, so it is read, overlaid and written (S2.4).

use crate::drivers::changes::{Changes, defect};
use crate::drivers::panel::api;
use crate::drivers::panel::apply::send::{Write, key};
use crate::drivers::panel::apply::tenant::outcome;
use crate::drivers::panel::apply::writer::{Done, Writer};
use crate::model::{Fault, Field, OpId, StepOutcome};
use crate::plan::Step;
use crate::wire;
use reqwest::Method;

impl Writer {
    pub(super) async fn put_discovery(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let changes = Changes::only(step, &[Field::DiscoveryEnabled, Field::DiscoveryUntil])?;
        let (remote, domain) = (self.remote()?, self.domain_id(&step.key.name).await?);
        let path = api::discovery(&remote, &domain);
        let live: wire::Discovery = self.api.show(&path).await?.json()?;
        let until = match changes.text(Field::DiscoveryUntil)?.as_deref() {
            None => live.until,
            Some("") => None,
            Some(day) => Some(day.parse().map_err(|_| defect(step, "its last day is no day"))?),
        };
        let wanted = wire::DiscoveryPut { enabled: changes.switch(Field::DiscoveryEnabled)?.unwrap_or(live.enabled), until };
        if (wanted.enabled, wanted.until) == (live.enabled, live.until) {
            return Ok((StepOutcome::AlreadyDone, None));
        }
        if step.only_if.version.as_ref().is_some_and(|observed| *observed != live.version.to_string()) {
            return Err(Fault::Conflict { text: format!("the discovery is at version {} now", live.version) });
        }
        let write = Write::new(Method::PUT, &path, key(op, step, 0)).json(&wanted)?.only_at(Some(live.version.to_string()));
        let made = self.send(write).await?;
        Ok((outcome(made.replayed), None))
    }
}
