//! Domain aliases, each by itself: another name of a whole domain.

use crate::drivers::modoboa::apply::writer::Writer;
use crate::drivers::modoboa::convert;
use crate::drivers::modoboa::raw::DomainAlias;
use crate::model::Fault;
use reqwest::Method;
use serde_json::json;

impl Writer {
    /// Makes a name lead to a domain; one that is off is switched on.
    pub(super) async fn add_domain_alias(&self, name: &str, target: u64) -> Result<(), Fault> {
        let leads = |alias: &DomainAlias| alias.target == target && alias.enabled;
        let held = async || Ok(self.domain_alias(name).await?.as_ref().is_some_and(leads));
        match self.domain_alias(name).await? {
            Some(found) if leads(&found) => Ok(()),
            Some(found) if found.target == target => {
                let pk = found.pk.to_string();
                self.call(Method::PATCH, &["domainaliases", &pk], &json!({ "enabled": true }), held).await
            }
            Some(_) => Err(Fault::Conflict { text: format!("{name} leads to another domain now") }),
            None => {
                let body = json!({ "name": name, "target": target, "enabled": true });
                self.call(Method::POST, &["domainaliases"], &body, held).await
            }
        }
    }

    /// Takes a name away from a domain, and from no other.
    pub(super) async fn remove_domain_alias(&self, name: &str, target: u64) -> Result<(), Fault> {
        let Some(found) = self.domain_alias(name).await?.filter(|a| a.target == target) else { return Ok(()) };
        let pk = found.pk.to_string();
        let held = async || Ok(self.domain_alias(name).await?.is_none_or(|a| a.pk != found.pk));
        match self.call(Method::DELETE, &["domainaliases", &pk], &json!({}), held).await {
            Ok(()) | Err(Fault::Missing { .. }) => Ok(()),
            Err(fault) => Err(fault),
        }
    }

    async fn domain_alias(&self, name: &str) -> Result<Option<DomainAlias>, Fault> {
        let all = self.api.domain_aliases().await?;
        Ok(all.into_iter().find(|a| convert::name(&a.name).is_ok_and(|n| n.as_str() == name)))
    }
}
