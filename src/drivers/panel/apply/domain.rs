//! Domains.

use crate::drivers::changes::Changes;
use crate::drivers::panel::api;
use crate::drivers::panel::apply::send::{Made, Write, key};
use crate::drivers::panel::apply::tenant::{deleted, outcome};
use crate::drivers::panel::apply::words;
use crate::drivers::panel::apply::writer::{Done, Writer};
use crate::model::{Fault, Field, OpId};
use crate::plan::Step;
use crate::wire;
use reqwest::Method;

const FIELDS: [Field; 3] = [Field::DomainDestination, Field::DomainRelayCheck, Field::DomainAliasDomains];

impl Writer {
    /// The id of a domain: from our own writes, else as the panel says now.
    pub(super) async fn domain_id(&self, name: &str) -> Result<String, Fault> {
        if let Some(id) = self.known().domains.get(name) {
            return Ok(id.clone());
        }
        let found = self.api.domain_id(&self.remote()?, name).await?;
        let id = found.ok_or_else(|| Fault::Missing { text: format!("domain {name}") })?;
        self.known().domains.insert(name.to_owned(), id.clone());
        Ok(id)
    }

    pub(super) async fn create_domain(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let changes = Changes::only(step, &FIELDS)?;
        let needed = |what: &str| Fault::Rejected { text: format!("this panel needs {what} for a new domain") };
        let body = wire::DomainCreate {
            name: step.key.name.clone(),
            destinations: changes.list(Field::DomainDestination)?.ok_or_else(|| needed("a destination"))?,
            relay_check: words::relay_check(&changes)?.ok_or_else(|| needed("a relay check"))?,
            alias_domains: changes.set(Field::DomainAliasDomains)?.unwrap_or_default().into_iter().collect(),
        };
        let remote = self.remote()?;
        let path = api::domains(&remote);
        let made = self.send(Write::new(Method::POST, &path, key(op, step, 0)).json(&body)?).await?;
        let id = self.learn_domain(&made)?;
        Ok((outcome(made.replayed), Some(id)))
    }

    pub(super) async fn update_domain(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let changes = Changes::only(step, &FIELDS)?;
        let body = wire::DomainPatch {
            destinations: changes.list(Field::DomainDestination)?,
            relay_check: words::relay_check(&changes)?,
            alias_domains: changes.set(Field::DomainAliasDomains)?.map(|set| set.into_iter().collect()),
        };
        let (remote, id) = (self.remote()?, self.same_domain(step).await?);
        let path = api::domain(&remote, &id);
        let write = Write::new(Method::PATCH, &path, key(op, step, 0)).json(&body)?.only_at(self.version(&id, step));
        let made = self.send(write).await?;
        self.learn_domain(&made)?;
        Ok((outcome(made.replayed), None))
    }

    pub(super) async fn delete_domain(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let (remote, id) = (self.remote()?, self.same_domain(step).await?);
        let path = api::domain(&remote, &id);
        let made = self.send(Write::new(Method::DELETE, &path, key(op, step, 0)).only_at(self.version(&id, step))).await;
        if made.is_ok() {
            self.known().domains.remove(&step.key.name);
        }
        deleted(made)
    }

    /// The domain that was observed: by its incarnation, so that a namesake is not touched (S4.2).
    async fn same_domain(&self, step: &Step) -> Result<String, Fault> {
        match &step.only_if.incarnation {
            Some(id) => Ok(id.clone()),
            None => self.domain_id(&step.key.name).await,
        }
    }

    fn learn_domain(&self, made: &Made) -> Result<String, Fault> {
        let domain: wire::Domain = made.read()?;
        self.known().domain(&domain);
        Ok(domain.id)
    }
}
