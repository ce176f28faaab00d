//! Import jobs: a whole list that is taken at once and acts later.

use crate::base::Timestamp;
use crate::base::address::domain_part;
use crate::drivers::memory::data::{MemoryTenant, MemoryUser};
use crate::drivers::memory::heads::conflict;
use crate::drivers::memory::panel::Inner;
use crate::drivers::memory::users::names_fit;
use crate::model::user::{UserKind, UserStatus};
use crate::model::{Fault, Field, ImportRule, JobRow, JobStage, LiveJob, Origin, StepOutcome, Value};
use crate::plan::{Action, Step};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A job with what only the panel knows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryJob {
    /// Whose list.
    pub domain: String,
    /// When it acts.
    pub due: Timestamp,
    /// Ids and versions of the users when it was taken: it fails where they are others when it acts.
    pub fingerprint: Vec<(String, u64)>,
    /// What is shown of it.
    pub job: LiveJob,
}

fn fingerprint(tenant: &MemoryTenant, domain: &str) -> Vec<(String, u64)> {
    let here = tenant.users.values().filter(|u| domain_part(&u.address) == domain);
    here.map(|u| (u.id.clone(), u.version)).collect()
}

fn is_ours(user: &MemoryUser) -> bool {
    match user.origin {
        Origin::Manual | Origin::Import | Origin::Smtp | Origin::Discovery => true,
        Origin::Directory | Origin::Office365 | Origin::Unknown => false,
    }
}

fn later(now: Timestamp, seconds: u64) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX))).unwrap_or(Timestamp::MAX)
}

impl Inner {
    /// Takes the list that comes of the live one and the steps. The panel judges nothing until it acts.
    pub(super) fn import(&mut self, tenant: &str, steps: &[&Step], rule: &ImportRule, now: Timestamp) -> Result<Vec<StepOutcome>, Fault> {
        let Some(domain) = steps.first().map(|s| domain_part(&s.key.name).to_owned()) else { return Ok(Vec::new()) };
        let id = self.id('j');
        let tenant = self.tenant_mut(Some(tenant))?;
        if let Some(other) = tenant.jobs.iter().find(|j| j.domain == domain && j.job.stage == JobStage::Accepted) {
            return Err(conflict(format!("import {} is under way until {}", other.job.id, other.job.until)));
        }
        let (rows, mut outcomes) = rows(tenant, &domain, steps);
        if rows.is_empty() {
            return Err(Fault::Rejected { text: "an empty list is never taken".into() });
        }
        let sent = rows.len() as u64;
        let until = later(now, rule.window.latest_seconds);
        let job = LiveJob {
            id,
            replaces: true,
            stage: JobStage::Accepted,
            sent,
            accepted: sent,
            ignored: BTreeMap::new(),
            submitted_at: now,
            from: later(now, rule.window.earliest_seconds),
            until,
            failure: None,
            rows,
        };
        for outcome in outcomes.iter_mut().filter(|o| **o == StepOutcome::Done) {
            *outcome = StepOutcome::Accepted { until, text: job.counts() };
        }
        tenant.jobs.push(MemoryJob { due: until, fingerprint: fingerprint(tenant, &domain), domain, job });
        tenant.change_mark += 1;
        Ok(outcomes)
    }

    /// Lets every job act whose moment has come, in order of time.
    pub(super) fn run_due(&mut self, now: Timestamp) {
        loop {
            let due = |(id, t): (&String, &MemoryTenant)| {
                let open = t.jobs.iter().enumerate().filter(|(_, j)| j.job.stage == JobStage::Accepted && j.due <= now);
                open.map(|(n, j)| (j.due, id.clone(), n)).min()
            };
            let Some((at, tenant, n)) = self.tenants.iter().filter_map(due).min() else { return };
            self.act(&tenant, n, at);
        }
    }

    fn act(&mut self, tenant: &str, n: usize, at: Timestamp) {
        let rows = self.tenants.get(tenant).and_then(|t| t.jobs.get(n)).map_or(0, |j| j.job.rows.len());
        let ids: Vec<String> = (0..rows).map(|_| self.id('u')).collect();
        let Some(tenant) = self.tenants.get_mut(tenant) else { return };
        let MemoryJob { domain, fingerprint: expected, mut job, due } = tenant.jobs[n].clone();
        let named: BTreeSet<&str> = job.rows.iter().map(|r| r.address.as_str()).collect();
        let goes = |user: &MemoryUser| domain_part(&user.address) == domain && !named.contains(user.address.as_str()) && is_ours(user);
        let stay = tenant.frozen || tenant.domains.get(&domain).is_some_and(|d| d.continuity.taking_over);
        if stay && tenant.users.values().any(goes) {
            job.stage = JobStage::Failed;
            job.accepted = 0;
            job.failure = Some("users would go, and they stay now".into());
        } else if fingerprint(tenant, &domain) == expected {
            tenant.users.retain(|_, user| !goes(user));
            let ignored = take(tenant, &job.rows, &ids, at);
            job.accepted = job.sent.saturating_sub(ignored);
            job.ignored = (ignored > 0).then(|| ("name-taken".to_owned(), ignored)).into_iter().collect();
            job.stage = JobStage::Effective;
            tenant.change_mark += 1;
        } else {
            job.stage = JobStage::Failed;
            job.accepted = 0;
            job.failure = Some("the list of users has changed".into());
        }
        tenant.jobs[n] = MemoryJob { domain, fingerprint: expected, job, due };
    }
}

/// The rows of the list that shall be, and what can be said of each step at once.
fn rows(tenant: &MemoryTenant, domain: &str, steps: &[&Step]) -> (Vec<JobRow>, Vec<StepOutcome>) {
    let here = tenant.users.values().filter(|u| domain_part(&u.address) == domain && is_ours(u));
    let mut rows: BTreeMap<String, JobRow> =
        here.map(|u| (u.address.clone(), JobRow { address: u.address.clone(), values: BTreeMap::new() })).collect();
    let mut outcomes = Vec::with_capacity(steps.len());
    for step in steps {
        let name = &step.key.name;
        let live = tenant.users.get(name);
        let same = live.is_some_and(|u| {
            let version = step.only_if.version.as_ref().is_none_or(|v| *v == u.version.to_string());
            version && step.only_if.incarnation.as_ref().is_none_or(|id| *id == u.id)
        });
        let outcome = match step.action {
            Action::Delete if live.is_none() => StepOutcome::AlreadyDone,
            Action::Create if live.is_some() => StepOutcome::Failed(conflict("it is there by now")),
            Action::Update | Action::Delete if !same => StepOutcome::Failed(conflict("it is another by now")),
            Action::Delete => {
                rows.remove(name);
                StepOutcome::Done
            }
            _ => {
                let values = step.changes.iter().filter_map(|c| Some((c.field, c.after.clone()?))).collect();
                rows.insert(name.clone(), JobRow { address: name.clone(), values });
                StepOutcome::Done
            }
        };
        outcomes.push(outcome);
    }
    (rows.into_values().collect(), outcomes)
}

/// Takes the rows; gives how many were ignored. Aliases that go are given up before any is taken.
fn take(tenant: &mut MemoryTenant, rows: &[JobRow], ids: &[String], at: Timestamp) -> u64 {
    for row in rows {
        if let (Some(user), Some(Value::Set(all))) = (tenant.users.get_mut(&row.address), row.values.get(&Field::UserAliases)) {
            user.aliases.retain(|alias| all.contains(alias));
        }
    }
    let mut ignored = 0;
    for (row, id) in rows.iter().zip(ids) {
        let blank = || MemoryUser { id: id.clone(), origin: Origin::Import, created_at: at, version: 0, ..MemoryUser::new(&row.address) };
        let before = tenant.users.get(&row.address).cloned();
        let mut after = before.clone().unwrap_or_else(blank);
        row.values.iter().for_each(|(field, value)| set(&mut after, *field, value));
        if before.as_ref() == Some(&after) && row.values.is_empty() {
            continue;
        }
        if before.as_ref().is_some_and(|u| !is_ours(u)) || names_fit(tenant, &after).is_err() {
            ignored += 1;
            continue;
        }
        after.version += 1;
        tenant.users.insert(after.address.clone(), after);
    }
    ignored
}

fn set(user: &mut MemoryUser, field: Field, value: &Value) {
    match (field, value) {
        (Field::UserFirstName, Value::Text(text)) => user.first_name.clone_from(text),
        (Field::UserLastName, Value::Text(text)) => user.last_name.clone_from(text),
        (Field::UserAliases, Value::Set(all)) => user.aliases.clone_from(all),
        (Field::UserKind, Value::Text(word)) => user.kind = UserKind::parse(word).unwrap_or(user.kind),
        (Field::UserStatus, Value::Text(word)) => user.status = UserStatus::parse(word).unwrap_or(user.status),
        (_, _) => {}
    }
}
