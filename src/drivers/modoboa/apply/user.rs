//! Users: accounts with their mailbox, and their aliases.

use crate::base::printable::printable_short;
use crate::drivers::changes::{Changes, defect};
use crate::drivers::modoboa::aliases::{address_of, canonical};
use crate::drivers::modoboa::apply::password::unseen;
use crate::drivers::modoboa::apply::writer::{Done, Writer, is_open, outcome};
use crate::drivers::modoboa::convert::own_aliases;
use crate::drivers::modoboa::observe::aliases_of;
use crate::drivers::modoboa::raw::{Account, Alias};
use crate::model::{Fault, Field, StepOutcome, Value};
use crate::plan::{Action, Step};
use reqwest::Method;
use serde_json::{Map, json};
use std::collections::{BTreeMap, BTreeSet};

/// What this driver writes of a user. Kind and status are what an account always is; others were blocked by name.
const FIELDS: [Field; 6] =
    [Field::UserFirstName, Field::UserLastName, Field::UserAliases, Field::UserKind, Field::UserStatus, Field::UserPassword];
/// Texts of an account, by field.
const TEXTS: [(Field, &str); 2] = [(Field::UserFirstName, "first_name"), (Field::UserLastName, "last_name")];

impl Writer {
    pub(super) async fn create_user(&self, step: &Step) -> Result<Done, Fault> {
        let changes = Changes::only(step, &FIELDS)?;
        let address = &step.key.name;
        let found = self.api.account(address).await?;
        if let Some(other) = found.as_ref().filter(|a| !self.is_ours(step, a.pk)) {
            return self.account_of_others(step, other).await;
        }
        let pk = match found {
            Some(ours) => ours.pk,
            None => self.make_account(step).await?,
        };
        self.remember(step, pk);
        for alias in changes.set(Field::UserAliases)?.unwrap_or_default() {
            self.add_alias(&alias, address).await?;
        }
        Ok((StepOutcome::Done, Some(pk.to_string())))
    }

    /// Makes the account with its mailbox. Where a domain was deleted, Modoboa keeps its accounts without mailbox: such a one
    /// gets its mailbox again, under the names and the password of this step.
    async fn make_account(&self, step: &Step) -> Result<u64, Fault> {
        let (changes, address) = (Changes(step), &step.key.name);
        if let Some(alias) = self.api.alias(address).await? {
            // Modoboa would take both, and mail would go to both
            let text = format!("{address} is an alias that leads to {}", printable_short(&alias.recipients.join(", "), 100));
            return Err(Fault::Conflict { text });
        }
        let password = self.password(step)?.map_or_else(unseen, Ok)?;
        let mut body = json!({
            "username": address, "role": "SimpleUsers", "is_active": true, "password": password.expose(),
            "first_name": changes.text(Field::UserFirstName)?.unwrap_or_default(),
            "last_name": changes.text(Field::UserLastName)?.unwrap_or_default(),
        });
        let held = async || Ok(self.api.account(address).await?.is_some());
        match self.api.account_without_mailbox(address).await? {
            Some(left) => {
                body["mailbox"] = json!({ "use_domain_quota": true });
                self.call(Method::PATCH, &["accounts", &left.pk.to_string()], &body, held).await?;
            }
            None => self.call(Method::POST, &["accounts"], &body, held).await?,
        }
        let made = self.api.account(address).await?;
        Ok(made.ok_or_else(|| Fault::OutcomeUnknown { text: format!("{address} is not shown after it was created") })?.pk)
    }

    /// Somebody else was faster: that is fine only where it is what shall be, and no password was to be set.
    async fn account_of_others(&self, step: &Step, found: &Account) -> Result<Done, Fault> {
        let now = self.attributes(found).await?;
        let differs = step.changes.iter().any(|c| c.after.as_ref() != now.get(&c.field));
        if differs {
            return Err(Fault::Conflict { text: format!("{} was created by somebody else", step.key) });
        }
        Ok((StepOutcome::AlreadyDone, Some(found.pk.to_string())))
    }

    pub(super) async fn update_user(&self, step: &Step) -> Result<Done, Fault> {
        Changes::only(step, &FIELDS)?;
        let found = self.same_user(step).await?;
        if address_of(&found).as_deref() != Some(step.key.name.as_str()) {
            return Err(Fault::Conflict { text: format!("{} has another address now", step.key) });
        }
        refuse_inactive(step, &found)?;
        let texts = self.set_texts(step, &found).await?;
        let aliases = self.set_aliases(step, &step.key.name).await?;
        let password = self.password(step)?;
        if let Some(password) = &password {
            let (pk, body) = (found.pk.to_string(), json!({ "password": password.expose() }));
            // setting the same password twice leaves what setting it once leaves
            match self.api.write(Method::PATCH, &["accounts", &pk], &body).await {
                Ok(_) => {}
                Err(Fault::OutcomeUnknown { .. }) => drop(self.api.write(Method::PATCH, &["accounts", &pk], &body).await?),
                Err(fault) => return Err(fault),
            }
        }
        Ok((outcome(!texts && !aliases && password.is_none()), None))
    }

    /// A native rename: account and mailbox stay, and aliases lead to the new address (S4.4).
    pub(super) async fn rename_user(&self, step: &Step) -> Result<Done, Fault> {
        Changes::only(step, &FIELDS)?;
        let (from, to) = match step.renamed_from() {
            Some(from) if from != step.key.name => (from, step.key.name.as_str()),
            Some(_) | None => return Err(defect(step, "a rename that does not say from what")),
        };
        let found = self.same_user(step).await?;
        refuse_inactive(step, &found)?;
        let address = address_of(&found);
        if address.as_deref() == Some(from) {
            let pk = found.pk.to_string();
            let held = async || Ok(self.api.account_by_pk(&pk).await?.and_then(|a| address_of(&a)).as_deref() == Some(to));
            self.call(Method::PATCH, &["accounts", &pk], &json!({ "username": to }), held).await?;
        } else if address.as_deref() != Some(to) {
            return Err(Fault::Conflict { text: format!("{} has another address now", step.key) });
        }
        self.set_texts(step, &found).await?;
        self.set_aliases(step, to).await?;
        Ok((StepOutcome::Done, None))
    }

    pub(super) async fn delete_user(&self, step: &Step) -> Result<Done, Fault> {
        let found = match self.same_user(step).await {
            Ok(found) => found,
            Err(Fault::Missing { .. }) => return Ok((StepOutcome::AlreadyDone, None)),
            Err(fault) => return Err(fault),
        };
        if address_of(&found).as_deref() != Some(step.key.name.as_str()) {
            return Err(Fault::Conflict { text: format!("{} has another address now", step.key) });
        }
        self.prove_local().await?;
        self.delete_account(&found.pk.to_string()).await
    }

    /// Deletes an account; its mails stay on the server's disk.
    pub(super) async fn delete_account(&self, pk: &str) -> Result<Done, Fault> {
        let held = async || Ok(self.api.account_by_pk(pk).await?.is_none());
        match self.call(Method::POST, &["accounts", pk, "delete"], &json!({ "keepdir": true }), held).await {
            Ok(()) => Ok((StepOutcome::Done, None)),
            Err(Fault::Missing { .. }) => Ok((StepOutcome::AlreadyDone, None)),
            Err(fault) => Err(fault),
        }
    }

    /// The account that was observed: by its `pk`, so that a namesake is not touched (S4.2).
    async fn same_user(&self, step: &Step) -> Result<Account, Fault> {
        let missing = || Fault::Missing { text: step.key.to_string() };
        match &step.only_if.incarnation {
            Some(id) if id.starts_with("alias-") => {
                let text = format!("{} is an alias of several or foreign recipients; change it in Modoboa", step.key.name);
                Err(Fault::Rejected { text })
            }
            Some(pk) => self.api.account_by_pk(pk).await?.ok_or_else(missing),
            None => self.api.account(&step.key.name).await?.ok_or_else(missing),
        }
    }

    /// Sets names that differ; `true`: something was sent. Only they are named, and nothing else changes by it.
    async fn set_texts(&self, step: &Step, found: &Account) -> Result<bool, Fault> {
        let now = texts(found);
        let mut body = Map::new();
        for (field, name) in TEXTS {
            if is_open(step, field, now.get(&field))? {
                body.insert(name.into(), json!(Changes(step).text(field)?));
            }
        }
        if body.is_empty() {
            return Ok(false);
        }
        let pk = found.pk.to_string();
        let held = async || {
            let now = self.api.account_by_pk(&pk).await?.map(|a| texts(&a)).unwrap_or_default();
            let wanted = step.changes.iter().filter(|c| TEXTS.iter().any(|(f, _)| *f == c.field));
            Ok(wanted.into_iter().all(|c| c.after.as_ref() == now.get(&c.field)))
        };
        self.call(Method::PATCH, &["accounts", &pk], &body.into(), held).await?;
        Ok(true)
    }

    /// Adds, then removes, the aliases by which the step's two sides differ; `true`: something differs.
    async fn set_aliases(&self, step: &Step, user: &str) -> Result<bool, Fault> {
        let changes = Changes(step);
        let Some(wanted) = changes.set(Field::UserAliases)? else { return Ok(false) };
        let before = changes.set_before(Field::UserAliases);
        let wanted: BTreeSet<String> = wanted.into_iter().filter(|alias| alias != user).collect();
        for added in wanted.difference(&before) {
            self.add_alias(added, user).await?;
        }
        for removed in before.difference(&wanted).filter(|alias| *alias != user) {
            self.remove_alias(removed, user).await?;
        }
        Ok(wanted != before)
    }

    /// What a step can name of an account, as it is now; a password is never shown.
    async fn attributes(&self, found: &Account) -> Result<BTreeMap<Field, Value>, Fault> {
        let address = address_of(found).unwrap_or_default();
        let all = aliases_of(&self.api, found).await?;
        let book: BTreeMap<String, &Alias> = all.iter().filter_map(|a| Some((canonical(&a.address)?, a))).collect();
        let mut now = texts(found);
        now.insert(Field::UserAliases, Value::Set(own_aliases(found, &address, &book, self.clock.now()).into_iter().collect()));
        now.insert(Field::UserKind, Value::text("mailbox"));
        now.insert(Field::UserStatus, Value::text(if found.is_active { "active" } else { "inactive" }));
        Ok(now)
    }
}

/// Any change of an account that is off switches its aliases off, too.
fn refuse_inactive(step: &Step, found: &Account) -> Result<(), Fault> {
    let only_aliases = step.changes.iter().all(|c| c.field == Field::UserAliases);
    if found.is_active || (only_aliases && step.action == Action::Update) {
        return Ok(());
    }
    let text = format!("the account of {} is off; Modoboa would switch its aliases off with any change", step.key.name);
    Err(Fault::Rejected { text })
}

fn texts(account: &Account) -> BTreeMap<Field, Value> {
    BTreeMap::from([
        (Field::UserFirstName, Value::text(account.first_name.clone())),
        (Field::UserLastName, Value::text(account.last_name.clone())),
    ])
}
