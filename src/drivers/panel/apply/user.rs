//! Users, one by one.

use crate::base::address::domain_part;
use crate::drivers::changes::{Changes, defect};
use crate::drivers::panel::api;
use crate::drivers::panel::apply::password::Given;
use crate::drivers::panel::apply::send::{Made, Write, key};
use crate::drivers::panel::apply::tenant::{deleted, outcome};
use crate::drivers::panel::apply::words;
use crate::drivers::panel::apply::writer::{Done, Writer};
use crate::model::{Fault, Field, OpId};
use crate::plan::Step;
use crate::wire;
use reqwest::Method;

/// What this driver writes of a user besides [`Field::UserPassword`], which has calls of its own.
pub(super) const FIELDS: [Field; 5] = [Field::UserFirstName, Field::UserLastName, Field::UserAliases, Field::UserKind, Field::UserStatus];

/// What it writes of a new user.
const CREATE: [Field; 6] =
    [Field::UserFirstName, Field::UserLastName, Field::UserAliases, Field::UserKind, Field::UserStatus, Field::UserPassword];

impl Writer {
    pub(super) async fn create_user(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let changes = Changes::only(step, &CREATE)?;
        let (password, invite) = match self.password(step)? {
            None => (None, false),
            Some(Given::Invite) => (None, true),
            Some(Given::Password(set)) => (Some(set), false),
        };
        let body = wire::UserCreate {
            address: step.key.name.clone(),
            first_name: changes.text(Field::UserFirstName)?.unwrap_or_default(),
            last_name: changes.text(Field::UserLastName)?.unwrap_or_default(),
            aliases: changes.set(Field::UserAliases)?.unwrap_or_default().into_iter().collect(),
            kind: words::kind(&changes)?.unwrap_or_default(),
            status: words::status(&changes)?.unwrap_or_default(),
            password,
            invite,
        };
        let (remote, domain) = (self.remote()?, self.domain_id(domain_part(&step.key.name)).await?);
        let path = api::users(&remote, &domain);
        let made = self.send(Write::new(Method::POST, &path, key(op, step, 0)).json(&body)?).await?;
        let id = self.learn_user(&made)?;
        Ok((outcome(made.replayed), Some(id)))
    }

    pub(super) async fn update_user(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        if step.changes.iter().any(|c| c.field == Field::UserPassword) {
            return self.update_password(step, op).await;
        }
        Changes::only(step, &FIELDS)?;
        let id = self.same_user(step, &step.key.name).await?;
        let body = self.patch_of(step, &id)?;
        let made = self.patch_user(step, &id, &body, key(op, step, 0)).await?;
        Ok((outcome(made.replayed), None))
    }

    /// A native rename: the id stays, and the old address as alias where the step's aliases hold it (S4.4).
    pub(super) async fn rename_user(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let changes = Changes::only(step, &FIELDS)?;
        let Some(from) = step.renamed_from().filter(|from| *from != step.key.name) else {
            return Err(defect(step, "a rename that does not say from what"));
        };
        let id = self.same_user(step, from).await?;
        let keep_old = changes.set(Field::UserAliases)?.is_some_and(|after| after.contains(from));
        let (remote, domain) = (self.remote()?, self.domain_id(domain_part(from)).await?);
        let path = api::rename(&remote, &domain, &id);
        let body = wire::UserRename { address: step.key.name.clone(), keep_old };
        let write = Write::new(Method::POST, &path, key(op, step, 0)).json(&body)?.only_at(self.version(&id, step));
        let made = self.send(write).await?;
        self.known().users.remove(from);
        self.learn_user(&made)?;
        // what else the step changes: names, kind, status, and aliases besides the old address
        let body = self.patch_of(step, &id)?;
        let now = self.known().aliases(&id).cloned().unwrap_or_default();
        let aliases_differ =
            body.aliases.as_ref().is_some_and(|wanted| wanted.iter().cloned().collect::<std::collections::BTreeSet<_>>() != now);
        if aliases_differ || step.changes.iter().any(|c| c.field != Field::UserAliases) {
            self.patch_user(step, &id, &body, key(op, step, 1)).await?;
        }
        Ok((outcome(made.replayed), None))
    }

    pub(super) async fn delete_user(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let found = self.same_user(step, &step.key.name).await;
        let domain = self.domain_id(domain_part(&step.key.name)).await;
        let (id, domain) = match (found, domain) {
            (Ok(id), Ok(domain)) => (id, domain),
            (Err(fault), _) | (_, Err(fault)) => return deleted(Err(fault)),
        };
        let remote = self.remote()?;
        let path = api::user(&remote, &domain, &id);
        let write = Write::new(Method::DELETE, &path, key(op, step, 0)).only_at(self.version(&id, step));
        deleted(self.send(write).await)
    }

    /// The user that was observed: by its incarnation, so that a namesake is not touched (S4.2).
    pub(super) async fn same_user(&self, step: &Step, address: &str) -> Result<String, Fault> {
        match &step.only_if.incarnation {
            Some(id) => Ok(id.clone()),
            None => self.user_id(address).await,
        }
    }

    /// The id of the user with this address: from our own writes, else as the panel says now.
    pub(super) async fn user_id(&self, address: &str) -> Result<String, Fault> {
        if let Some(id) = self.known().users.get(address) {
            return Ok(id.clone());
        }
        let (remote, domain) = (self.remote()?, self.domain_id(domain_part(address)).await?);
        let found: Option<wire::User> = self.api.find(&api::users(&remote, &domain), Some(("address", address))).await?;
        let user = found.ok_or_else(|| Fault::Missing { text: format!("user {address}") })?;
        self.known().users.insert(address.to_owned(), user.id.clone());
        Ok(user.id)
    }

    pub(super) fn learn_user(&self, made: &Made) -> Result<String, Fault> {
        let user: wire::User = made.read()?;
        self.known().user(&user);
        Ok(user.id)
    }

    /// The step's changes as a patch; the aliases as the whole set that shall be there.
    fn patch_of(&self, step: &Step, id: &str) -> Result<wire::UserPatch, Fault> {
        let changes = Changes(step);
        let aliases = changes.set_over(Field::UserAliases, self.known().aliases(id))?;
        Ok(wire::UserPatch {
            first_name: changes.text(Field::UserFirstName)?,
            last_name: changes.text(Field::UserLastName)?,
            aliases: aliases.map(|set| set.into_iter().filter(|alias| *alias != step.key.name).collect()),
            kind: words::kind(&changes)?,
            status: words::status(&changes)?,
        })
    }

    async fn patch_user(&self, step: &Step, id: &str, body: &wire::UserPatch, key: String) -> Result<Made, Fault> {
        let (remote, domain) = (self.remote()?, self.domain_id(domain_part(&step.key.name)).await?);
        let path = api::user(&remote, &domain, id);
        let write = Write::new(Method::PATCH, &path, key).json(body)?.only_at(self.version(id, step));
        let made = self.send(write).await?;
        self.learn_user(&made)?;
        Ok(made)
    }
}
