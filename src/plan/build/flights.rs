//! What import jobs carry: under way, or lost (S6.2, S6.3).
//!
//! A job is *flying* while it was taken and its window is not over, *lost* where the window is over, where it failed, or where
//! it ignored rows. Nothing here decides; `in_flight` does.

use crate::base::{DomainName, Timestamp};
use crate::model::{Field, JobRow, JobStage, LiveJob, Observed, Origin, Seen, UserKind, UserStatus, Value};
use crate::plan::build::ground::Ground;
use crate::plan::{Action, Step, StepId};
use jiff::ToSpan as _;
use std::collections::{BTreeMap, BTreeSet};

/// How long a lost job is looked at.
const LOST_DAYS: i32 = 7;

/// A job with its rows by address.
pub(super) struct Flight<'a> {
    pub job: &'a LiveJob,
    rows: BTreeMap<&'a str, &'a JobRow>,
}

impl<'a> Flight<'a> {
    fn of(job: &'a LiveJob) -> Self {
        Self { job, rows: job.rows.iter().map(|row| (row.address.as_str(), row)).collect() }
    }
    /// Whether it names the address.
    pub(super) fn names(&self, address: &str) -> bool {
        self.rows.contains_key(address)
    }
    /// Whether it does what the step would do.
    pub(super) fn covers(&self, step: &Step) -> bool {
        let row = self.rows.get(step.key.name.as_str());
        match (step.action, row) {
            (Action::Create, Some(row)) => {
                step.changes.iter().all(|c| row.values.get(&c.field).cloned().or_else(|| default(c.field)) == c.after)
            }
            (Action::Update, Some(row)) => step.changes.iter().all(|c| {
                let carried = row.values.get(&c.field).map(|value| self.taken(value, c.before.as_ref()));
                carried.is_some() && carried == c.after
            }),
            // whose origin is unknown is spared (S3.3)
            (Action::Delete, None) => self.job.replaces && step.facts.origin != Some(Origin::Unknown),
            (_, _) => false,
        }
    }
    /// The value that comes of a row's: under `add` aliases are added to those that are there.
    fn taken(&self, value: &Value, before: Option<&Value>) -> Value {
        match (value, before) {
            (Value::Set(row), Some(Value::Set(live))) if !self.job.replaces => Value::Set(row | live),
            (_, _) => value.clone(),
        }
    }
}

/// What a new user is where its row is silent.
fn default(field: Field) -> Option<Value> {
    match field {
        Field::UserFirstName | Field::UserLastName => Some(Value::text("")),
        Field::UserAliases => Some(Value::Set(BTreeSet::new())),
        Field::UserKind => Some(Value::text(UserKind::Mailbox.word())),
        Field::UserStatus => Some(Value::text(UserStatus::Active.word())),
        _ => None,
    }
}

/// The jobs of a tenant that matter now.
pub(super) struct Flights<'a> {
    /// At most one of a domain is under way.
    pub flying: BTreeMap<&'a DomainName, Flight<'a>>,
    /// Lost ones by domain, in the order in which they were taken.
    pub lost: BTreeMap<&'a DomainName, Vec<Flight<'a>>>,
}

impl<'a> Flights<'a> {
    /// Sorts the jobs that were observed. A list that acted without a loss ends what was lost before it.
    pub(super) fn of(observed: &'a Observed, now: Timestamp) -> Self {
        let mut all = Self { flying: BTreeMap::new(), lost: BTreeMap::new() };
        let since = now.checked_sub((i64::from(LOST_DAYS) * 24).hours()).unwrap_or(Timestamp::MIN);
        let read = observed.jobs.iter().filter_map(|(domain, jobs)| Some((domain, jobs.present()?)));
        for (domain, job) in read.flat_map(|(domain, jobs)| jobs.iter().map(move |job| (domain, job))) {
            match job.stage {
                JobStage::Accepted if now <= job.until => drop(all.flying.insert(domain, Flight::of(job))),
                JobStage::Effective if job.ignored.is_empty() => drop(all.lost.remove(domain)),
                _ if job.submitted_at < since => {}
                JobStage::Accepted | JobStage::Effective | JobStage::Failed => {
                    all.lost.entry(domain).or_default().push(Flight::of(job));
                }
            }
        }
        all
    }
    /// Whether a job under way will delete a user by not naming it.
    pub(super) fn takes_away(&self, domain: &DomainName, address: &str) -> bool {
        self.flying.get(domain).is_some_and(|flight| flight.job.replaces && !flight.names(address))
    }
    /// Whether it is known what is under way in a domain: read, or a panel without such jobs.
    pub(super) fn is_known(observed: &Observed, has_imports: bool, domain: &DomainName) -> bool {
        !has_imports || !matches!(observed.jobs.get(domain), Some(Seen::Unknown(_)))
    }
}

/// Jobs that took a step, whose window is over, and that the panel no longer shows (S6.3): when each was to act at the latest.
/// Only memory knows of them; where the jobs were not read nobody can tell.
pub(super) fn gone(ground: &Ground<'_>, domain: &DomainName, step: StepId) -> Vec<Timestamp> {
    let (Some(Seen::Present(jobs)), Some(taken)) = (ground.observed.jobs.get(domain), ground.remembered.accepted.get(&step)) else {
        return Vec::new();
    };
    let now = ground.panel_now();
    let since = now.checked_sub((i64::from(LOST_DAYS) * 24).hours()).unwrap_or(Timestamp::MIN);
    let is_gone = |until: &&Timestamp| **until < now && **until >= since && !jobs.iter().any(|job| job.until == **until);
    taken.iter().filter(is_gone).copied().collect()
}

/// What became of a lost job, in words.
pub(super) fn fate(job: &LiveJob, now: Timestamp) -> String {
    match (job.stage, &job.failure) {
        (JobStage::Failed, Some(why)) => format!("failed: {why}"),
        (JobStage::Failed, None) => "failed".to_owned(),
        (JobStage::Effective, _) => format!("ended: {}", job.counts()),
        (JobStage::Accepted, _) if now > job.until => "is not in effect after its window".to_owned(),
        (JobStage::Accepted, _) => "is under way".to_owned(),
    }
}
