//! Writes to directories and discoveries, and what a directory answers.

use crate::base::Timestamp;
use crate::drivers::memory::changes::{defect, only};
use crate::drivers::memory::data::{MemoryDirectory, MemoryDiscovery};
use crate::drivers::memory::heads::{apply, check_version, conflict};
use crate::drivers::memory::panel::Inner;
use crate::drivers::memory::writer::{Left, Made};
use crate::model::{DirectoryAnswer, DirectoryStops, Fault, Field, Key, Kind, StepOutcome, Value};
use crate::plan::Step;
use jiff::ToSpan as _;
use std::collections::BTreeMap;

/// The domain that a directory's key names.
fn domain_of(name: &str) -> &str {
    name.split('/').next().unwrap_or(name)
}

impl Inner {
    pub(super) fn create_directory(&mut self, tenant: &str, step: &Step, now: Timestamp) -> Result<Made, Fault> {
        let fields: Vec<Field> = Field::of(Kind::Directory).collect();
        only(step, &fields)?;
        if step.changes.iter().any(|c| c.field.is_secret()) && step.secrets.is_empty() {
            return Err(defect(step, "nobody says where its password is to be had"));
        }
        let id = self.id('y');
        let name = step.key.name.clone();
        let tenant = self.tenant_mut(Some(tenant))?;
        let domain = tenant.domains.get_mut(domain_of(&name)).ok_or_else(|| Fault::Missing { text: format!("domain of {}", step.key) })?;
        if domain.directories.contains_key(&name) {
            return Err(conflict("the domain has that directory"));
        }
        let mut attrs = blank();
        apply(&mut attrs, step);
        must_be_whole(&attrs)?;
        let made = MemoryDirectory {
            id: id.clone(),
            name: name.clone(),
            version: 1,
            attrs,
            created_at: now,
            users: 0,
            synced_at: None,
            consent: false,
        };
        domain.directories.insert(name, made);
        tenant.change_mark += 1;
        Ok((StepOutcome::Done, Some(id)))
    }

    pub(super) fn update_directory(&mut self, tenant: &str, step: &Step, left: &mut Left) -> Result<Made, Fault> {
        let fields: Vec<Field> = Field::of(Kind::Directory).collect();
        only(step, &fields)?;
        let missing = || Fault::Missing { text: step.key.to_string() };
        let tenant = self.tenant_mut(Some(tenant))?;
        let live = tenant.domains.get_mut(domain_of(&step.key.name)).and_then(|d| d.directories.get_mut(&step.key.name));
        let live = live.filter(|d| step.only_if.incarnation.as_ref().is_none_or(|id| *id == d.id)).ok_or_else(missing)?;
        check_version(step, left, &live.id, live.version)?;
        let mut after = live.attrs.clone();
        let moves = SERVER.iter().any(|field| step.changes.iter().any(|c| c.field == *field));
        if !apply(&mut after, step) {
            return Ok((StepOutcome::AlreadyDone, None));
        }
        if moves && !step.changes.iter().any(|c| c.field == Field::DirectoryBindPassword) {
            after.insert(Field::DirectoryBindPassword, Value::Token(String::new()));
        }
        must_be_whole(&after)?;
        live.attrs = after;
        live.version += 1;
        left.insert(live.id.clone(), live.version);
        tenant.change_mark += 1;
        Ok((StepOutcome::Done, None))
    }

    pub(super) fn put_discovery(&mut self, tenant: &str, step: &Step, left: &mut Left, now: Timestamp) -> Result<Made, Fault> {
        let fields: Vec<Field> = Field::of(Kind::Discovery).collect();
        only(step, &fields)?;
        let tenant = self.tenant_mut(Some(tenant))?;
        let domain = tenant.domains.get_mut(&step.key.name).ok_or_else(|| Fault::Missing { text: step.key.to_string() })?;
        let id = format!("discovery of {}", domain.id);
        check_version(step, left, &id, domain.discovery.version)?;
        let mut after = domain.discovery.attrs.clone();
        if !apply(&mut after, step) {
            return Ok((StepOutcome::AlreadyDone, None));
        }
        ends_in_time(&domain.discovery.attrs, &after, now)?;
        domain.discovery.attrs = after;
        domain.discovery.version += 1;
        left.insert(id, domain.discovery.version);
        tenant.change_mark += 1;
        Ok((StepOutcome::Done, None))
    }

    /// What a directory answers to any settings: what was seeded, else as many users as it has.
    pub(super) fn answer(&self, key: &Key, remote: Option<&str>) -> Result<DirectoryAnswer, Fault> {
        let missing = || Fault::Missing { text: key.to_string() };
        let live = self.tenant(remote)?.domains.get(domain_of(&key.name)).and_then(|d| d.directories.get(&key.name)).ok_or_else(missing)?;
        let (count, stops) = (live.users, DirectoryStops::default());
        let as_now = || DirectoryAnswer::Answered { count, gone: 0, users: count, stops };
        Ok(self.answers.get(&live.id).cloned().unwrap_or_else(as_now))
    }
}

/// What makes another server of a directory: the password of the one is not given to the other.
const SERVER: [Field; 4] = [Field::DirectoryHost, Field::DirectoryPort, Field::DirectoryTls, Field::DirectoryBindDn];

/// An LDAP directory that is on has a name to bind as, its password, and a place to search.
fn must_be_whole(attrs: &BTreeMap<Field, Value>) -> Result<(), Fault> {
    let is = |field, value: Value| attrs.get(&field) == Some(&value);
    let lacks = is(Field::DirectoryBindDn, Value::text(""))
        || is(Field::DirectorySearchBase, Value::text(""))
        || is(Field::DirectoryBindPassword, Value::Token(String::new()));
    let on = is(Field::DirectoryEnabled, Value::Switch(true)) && is(Field::DirectorySource, Value::text("ldap"));
    if on && lacks {
        return Err(Fault::Rejected { text: "bind_dn, bind_password and search_base are needed while the directory is on".into() });
    }
    Ok(())
}

/// Longest time for which discovery may be on, in days.
const DISCOVERY_DAYS: i64 = 60;

/// Discovery that is on ends within its time; what runs already is not stopped by its own last day.
fn ends_in_time(before: &BTreeMap<Field, Value>, after: &BTreeMap<Field, Value>, now: Timestamp) -> Result<(), Fault> {
    let on = |attrs: &BTreeMap<Field, Value>| attrs.get(&Field::DiscoveryEnabled) == Some(&Value::Switch(true));
    let until = |attrs: &BTreeMap<Field, Value>| match attrs.get(&Field::DiscoveryUntil) {
        Some(Value::Text(text)) => text.parse::<jiff::civil::Date>().ok(),
        Some(Value::Switch(_) | Value::Number(_) | Value::List(_) | Value::Set(_) | Value::Token(_)) | None => None,
    };
    if !on(after) || (on(before) && until(before) == until(after)) {
        return Ok(());
    }
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let last = today.saturating_add(DISCOVERY_DAYS.days());
    if until(after).is_some_and(|until| (today..=last).contains(&until)) {
        return Ok(());
    }
    Err(Fault::Rejected { text: format!("a day from {today} to {last} is needed while discovery is on") })
}

/// A directory of which nothing was said.
fn blank() -> BTreeMap<Field, Value> {
    let text = |field| (field, Value::text(""));
    let mut attrs: BTreeMap<Field, Value> =
        [Field::DirectoryHost, Field::DirectoryBindDn, Field::DirectorySearchBase, Field::DirectoryFilter].map(text).into();
    attrs.insert(Field::DirectoryEnabled, Value::Switch(true));
    attrs.insert(Field::DirectorySource, Value::text("ldap"));
    attrs.insert(Field::DirectoryPort, Value::Number(389));
    attrs.insert(Field::DirectoryTls, Value::text("none"));
    attrs.insert(Field::DirectoryMinUsers, Value::Number(0));
    attrs.insert(Field::DirectorySchedule, Value::text("60-minutes"));
    attrs.insert(Field::DirectoryBindPassword, Value::Token(String::new()));
    attrs
}

impl Default for MemoryDiscovery {
    fn default() -> Self {
        let attrs = [(Field::DiscoveryEnabled, Value::Switch(false)), (Field::DiscoveryUntil, Value::text(""))];
        Self { version: 1, attrs: attrs.into() }
    }
}
