//! Directories.

use crate::drivers::changes::Changes;
use crate::drivers::panel::api;
use crate::drivers::panel::apply::send::{Write, key};
use crate::drivers::panel::apply::tenant::outcome;
use crate::drivers::panel::apply::writer::{Done, Writer};
use crate::drivers::panel::directory::{DEFAULT, settings, to_source};
use crate::model::{Fault, Field, Kind, OpId, Value};
use crate::plan::Step;
use crate::wire;
use reqwest::Method;

/// The domain of a directory, and its own name.
fn names(step: &Step) -> (&str, &str) {
    step.key.name.split_once('/').unwrap_or((&step.key.name, DEFAULT))
}

impl Writer {
    pub(super) async fn create_directory(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let changes = checked(step)?;
        let (domain, name) = names(step);
        let body = wire::DirectoryCreate {
            name: name.to_owned(),
            enabled: changes.switch(Field::DirectoryEnabled)?,
            source: source(&changes)?.unwrap_or_default(),
            settings: self.directory_settings(step)?,
        };
        let (remote, id) = (self.remote()?, self.domain_id(domain).await?);
        let path = api::directories(&remote, &id);
        let made = self.send(Write::new(Method::POST, &path, key(op, step, 0)).json(&body)?).await?;
        let directory: wire::Directory = made.read()?;
        Ok((outcome(made.replayed), Some(directory.id)))
    }

    pub(super) async fn update_directory(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let changes = checked(step)?;
        let body = wire::DirectoryPatch {
            enabled: changes.switch(Field::DirectoryEnabled)?,
            source: source(&changes)?,
            settings: self.directory_settings(step)?,
        };
        let id = step.only_if.incarnation.clone().ok_or_else(|| Fault::Missing { text: step.key.to_string() })?;
        let (remote, domain) = (self.remote()?, self.domain_id(names(step).0).await?);
        let path = api::directory(&remote, &domain, &id);
        let write = Write::new(Method::PATCH, &path, key(op, step, 0)).json(&body)?.only_at(step.only_if.version.clone());
        let made = self.send(write).await?;
        Ok((outcome(made.replayed), None))
    }

    /// What the step changes; the password is fetched now, for this one call, and its token goes along as its label.
    fn directory_settings(&self, step: &Step) -> Result<wire::DirectorySettings, Fault> {
        let values = step.changes.iter().filter_map(|c| c.after.clone().map(|after| (c.field, after))).collect();
        let mut all = settings(&values)?;
        if let Some(Value::Token(token)) = values.get(&Field::DirectoryBindPassword) {
            let from = step.secrets.get(&Field::DirectoryBindPassword);
            let from = from.ok_or_else(|| Fault::Local { text: format!("{}: nobody says where its password is to be had", step.key) })?;
            all.bind_password = Some(wire::BindPassword(self.secrets.get(from)?.expose().to_owned()));
            all.bind_password_label = Some(token.clone());
        }
        Ok(all)
    }
}

fn checked(step: &Step) -> Result<Changes<'_>, Fault> {
    let fields: Vec<Field> = Field::of(Kind::Directory).collect();
    Changes::only(step, &fields)
}

fn source(changes: &Changes<'_>) -> Result<Option<wire::DirectorySource>, Fault> {
    Ok(changes.text(Field::DirectorySource)?.and_then(|word| to_source(&word)))
}
