//! Continuity of a domain: the switch, and the purchase of a term.

use crate::drivers::changes::{Changes, defect};
use crate::drivers::panel::api;
use crate::drivers::panel::apply::send::{Write, key};
use crate::drivers::panel::apply::tenant::outcome;
use crate::drivers::panel::apply::writer::{Done, Writer};
use crate::model::{Fault, Field, OpId};
use crate::plan::Step;
use crate::wire;
use reqwest::Method;

impl Writer {
    pub(super) async fn switch_continuity(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let changes = Changes::only(step, &[Field::ContinuityEnabled, Field::ContinuityOutgoing])?;
        let body = wire::ContinuityPatch {
            enabled: changes.switch(Field::ContinuityEnabled)?,
            outgoing_via_own_server: changes.switch(Field::ContinuityOutgoing)?,
        };
        let (remote, domain) = (self.remote()?, self.domain_id(&step.key.name).await?);
        let path = api::continuity(&remote, &domain);
        let write = Write::new(Method::PATCH, &path, key(op, step, 0)).json(&body)?;
        let made = self.send(write.only_at(self.version(&continuity_of(&domain), step))).await?;
        self.learn_continuity(&domain, &made.read()?);
        Ok((outcome(made.replayed), None))
    }

    /// Buys a term. The panel takes the same term twice for one purchase.
    pub(super) async fn buy_continuity(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let text = Changes::only(step, &[Field::ContinuityTerm])?.text(Field::ContinuityTerm)?;
        let term =
            text.as_deref().and_then(crate::model::continuity::Term::read).ok_or_else(|| defect(step, "a term that cannot be read"))?;
        let body = wire::TermBuy { months: term.months, from: term.from.to_string() };
        let (remote, domain) = (self.remote()?, self.domain_id(&step.key.name).await?);
        let path = api::terms(&remote, &domain);
        let write = Write::new(Method::POST, &path, key(op, step, 0)).json(&body)?;
        let made = self.send(write.only_at(self.version(&continuity_of(&domain), step))).await?;
        self.learn_continuity(&domain, &made.read()?);
        Ok((outcome(made.replayed), None))
    }

    fn learn_continuity(&self, domain: &str, live: &wire::Continuity) {
        self.known().left(continuity_of(domain), live.version);
    }
}

/// Under which name its version is known: its id is the domain's, whose version is another one.
fn continuity_of(domain: &str) -> String {
    format!("continuity of {domain}")
}
