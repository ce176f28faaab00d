//! Domains: created, passed on elsewhere, deleted with their folders kept.

use crate::drivers::changes::{Changes, defect};
use crate::drivers::modoboa::apply::writer::{Done, Writer, is_open, outcome};
use crate::drivers::modoboa::convert::{HOSTED, HOSTS, RELAY, VERIFIES, attributes};
use crate::drivers::modoboa::raw::{Domain, DomainAlias};
use crate::model::{Fault, Field, StepOutcome, Value};
use crate::plan::Step;
use reqwest::Method;
use serde_json::{Map, json};
use std::collections::BTreeMap;

const FIELDS: [Field; 3] = [Field::DomainDestination, Field::DomainRelayCheck, Field::DomainAliasDomains];

impl Writer {
    pub(super) async fn create_domain(&self, step: &Step) -> Result<Done, Fault> {
        let changes = Changes::only(step, &FIELDS)?;
        let to = changes.list(Field::DomainDestination)?.unwrap_or_default();
        let check = changes.text(Field::DomainRelayCheck)?;
        let aliases = changes.set(Field::DomainAliasDomains)?.unwrap_or_default();
        let name = &step.key.name;
        let found = self.api.domain(name).await?;
        if let Some(other) = found.as_ref().filter(|d| !self.is_ours(step, d.pk)) {
            return self.domain_of_others(step, other).await;
        }
        let pk = match found {
            Some(ours) => ours.pk,
            None => {
                let body = match (to.first(), check.as_deref()) {
                    (Some(to), Some(VERIFIES)) => {
                        json!({ "name": name, "type": RELAY, "transport": { "service": "relay", "settings": settings(Map::new(), to, true)? } })
                    }
                    (None, Some(HOSTED)) => json!({ "name": name, "type": HOSTS }),
                    (_, _) => {
                        let text = "a new domain needs `relay_check`: \"control-panel\", or \"smtp\" with a destination".to_owned();
                        return Err(Fault::Rejected { text });
                    }
                };
                self.call(Method::POST, &["domains"], &body, async || Ok(self.api.domain(name).await?.is_some())).await?;
                let made = self.api.domain(name).await?;
                made.ok_or_else(|| Fault::OutcomeUnknown { text: format!("domain {name} is not shown after it was created") })?.pk
            }
        };
        self.remember(step, pk);
        for alias in &aliases {
            self.add_domain_alias(alias, pk).await?;
        }
        Ok((StepOutcome::Done, Some(pk.to_string())))
    }

    /// Somebody else was faster: that is fine only where it is what shall be.
    async fn domain_of_others(&self, step: &Step, found: &Domain) -> Result<Done, Fault> {
        let now = attributes(found, &self.api.domain_aliases().await?)?;
        let differs = step.changes.iter().any(|c| c.after.as_ref() != now.get(&c.field));
        if differs {
            return Err(Fault::Conflict { text: format!("{} was created by somebody else", step.key) });
        }
        Ok((StepOutcome::AlreadyDone, Some(found.pk.to_string())))
    }

    pub(super) async fn update_domain(&self, step: &Step) -> Result<Done, Fault> {
        let changes = Changes::only(step, &FIELDS)?;
        let (found, aliases) = self.same_domain(step).await?;
        let now = attributes(&found, &aliases)?;
        let open = |field: Field| is_open(step, field, now.get(&field));
        let (to, check) = (open(Field::DomainDestination)?, open(Field::DomainRelayCheck)?);
        let names = open_names(step, &now)?;
        if to || check {
            let to = changes.list(Field::DomainDestination)?.filter(|_| to);
            let check = changes.text(Field::DomainRelayCheck)?.filter(|_| check);
            self.patch_domain(step, &found, to, check.as_deref()).await?;
        }
        let wanted = changes.set(Field::DomainAliasDomains)?.filter(|_| names);
        if let Some(wanted) = &wanted {
            let before = changes.set_before(Field::DomainAliasDomains);
            for added in wanted.difference(&before) {
                self.add_domain_alias(added, found.pk).await?;
            }
            for removed in before.difference(wanted) {
                self.remove_domain_alias(removed, found.pk).await?;
            }
        }
        Ok((outcome(!(to || check || names)), None))
    }

    /// Modoboa replaces `settings` as a whole and wants the type beside them, so both go as they were read.
    async fn patch_domain(&self, step: &Step, found: &Domain, to: Option<Vec<String>>, check: Option<&str>) -> Result<(), Fault> {
        let mut body = Map::new();
        body.insert("type".into(), json!(found.kind));
        if check.is_some() && !found.enabled {
            body.insert("enabled".into(), json!(true));
        }
        if found.kind == RELAY {
            let kept = found.transport.as_ref().map(|t| (t.service.clone(), t.settings.clone()));
            let (service, kept) = kept.unwrap_or_else(|| ("relay".to_owned(), Map::new()));
            let goes = found.transport.as_ref().and_then(crate::drivers::modoboa::convert::destination);
            let to = to.and_then(|list| list.into_iter().next()).or(goes);
            let to = to.ok_or_else(|| defect(step, "a relay domain without a destination"))?;
            let verifies = check.map_or(found.transport.as_ref().is_some_and(|t| t.verifies()), |check| check == VERIFIES);
            body.insert("transport".into(), json!({ "service": service, "settings": settings(kept, &to, verifies)? }));
        }
        let pk = found.pk.to_string();
        let held = async || {
            let now = self.api.domain_by_pk(&pk).await?;
            now.map_or(Ok(false), |now| holds(step, &attributes(&now, &[])?, &[Field::DomainDestination, Field::DomainRelayCheck]))
        };
        self.call(Method::PATCH, &["domains", &pk], &body.into(), held).await
    }

    pub(super) async fn delete_domain(&self, step: &Step) -> Result<Done, Fault> {
        let pk = match &step.only_if.incarnation {
            Some(pk) => pk.clone(),
            None => match self.api.domain(&step.key.name).await? {
                Some(found) => found.pk.to_string(),
                None => return Ok((StepOutcome::AlreadyDone, None)),
            },
        };
        if self.api.domain_by_pk(&pk).await?.is_none() {
            return Ok((StepOutcome::AlreadyDone, None));
        }
        // Modoboa would keep the accounts without their mailbox, to sign in with, and refuse to make them again
        for account in self.api.accounts_of(&pk).await?.iter().filter(|a| a.role == "SimpleUsers") {
            self.delete_account(&account.pk.to_string()).await?;
        }
        // `DELETE` on a domain is refused by Modoboa 2.12: the name of its route hides the verb
        let held = async || Ok(self.api.domain_by_pk(&pk).await?.is_none());
        match self.call(Method::POST, &["domains", &pk, "delete"], &json!({ "keep_folder": true }), held).await {
            Ok(()) => Ok((StepOutcome::Done, None)),
            Err(Fault::Missing { .. }) => Ok((StepOutcome::AlreadyDone, None)),
            Err(fault) => Err(fault),
        }
    }

    /// The domain that was observed: by its `pk`, so that a namesake is not touched (S4.2).
    async fn same_domain(&self, step: &Step) -> Result<(Domain, Vec<DomainAlias>), Fault> {
        let found = match &step.only_if.incarnation {
            Some(pk) => self.api.domain_by_pk(pk).await?,
            None => self.api.domain(&step.key.name).await?,
        };
        let found = found.ok_or_else(|| Fault::Missing { text: step.key.to_string() })?;
        Ok((found, self.api.domain_aliases().await?))
    }
}

/// Whether alias domains have still to be changed. What others added meanwhile is no conflict: each name goes by itself.
fn open_names(step: &Step, now: &BTreeMap<Field, Value>) -> Result<bool, Fault> {
    let changes = Changes(step);
    let Some(wanted) = changes.set(Field::DomainAliasDomains)? else { return Ok(false) };
    let before = changes.set_before(Field::DomainAliasDomains);
    let Some(Value::Set(now)) = now.get(&Field::DomainAliasDomains) else { return Ok(true) };
    Ok(wanted.difference(&before).any(|n| !now.contains(n)) || before.difference(&wanted).any(|n| now.contains(n)))
}

/// Whether the live attributes are as the step wants these.
fn holds(step: &Step, now: &BTreeMap<Field, Value>, fields: &[Field]) -> Result<bool, Fault> {
    Ok(step.changes.iter().filter(|c| fields.contains(&c.field)).all(|c| c.after.as_ref() == now.get(&c.field)))
}

/// The settings of a relay, over what was there: the port as a number, which Modoboa insists on.
fn settings(mut kept: Map<String, serde_json::Value>, to: &str, verifies: bool) -> Result<Map<String, serde_json::Value>, Fault> {
    let refused = || Fault::Rejected { text: format!("`{to}` is no destination with host and port") };
    let (host, port) = to.rsplit_once(':').ok_or_else(refused)?;
    let port: u16 = port.parse().map_err(|_| refused())?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    kept.insert("relay_target_host".into(), json!(host));
    kept.insert("relay_target_port".into(), json!(port));
    kept.insert("relay_verify_recipients".into(), json!(verifies));
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_keep_what_nobody_asked_about() {
        let kept = json!({ "relay_target_host": "old.example", "relay_target_port": 25, "relay_verify_recipients": true, "more": "x" });
        let serde_json::Value::Object(kept) = kept else { panic!("an object") };
        let new = settings(kept, "[2001:db8::1]:2525", false).unwrap();
        let want = json!({ "relay_target_host": "2001:db8::1", "relay_target_port": 2525, "relay_verify_recipients": false, "more": "x" });
        assert_eq!(serde_json::Value::Object(new), want);
        assert!(settings(Map::new(), "mx.example", true).is_err() && settings(Map::new(), "mx.example:99999", true).is_err());
    }
}
