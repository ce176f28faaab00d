//! The whole list of a domain as one import (S14): the live list is read again, the steps are laid over it, and what comes
//! of it is sent under the fingerprint of what was read.
//!
//! A row of a user whom no step changes carries its address only, so whatever the list has no column for stays. Users whom
//! the panel spares (S3.3) are not on the list. A list without rows is never sent.

use crate::base::Digest;
use crate::base::address::domain_part;
use crate::drivers::panel::api;
use crate::drivers::panel::apply::bulk::{bulk_key, row};
use crate::drivers::panel::apply::send::Write;
use crate::drivers::panel::apply::writer::Writer;
use crate::drivers::panel::convert::malformed;
use crate::model::{Fault, OpId, StepOutcome};
use crate::plan::{Action, Step};
use crate::wire;
use reqwest::Method;
use std::collections::BTreeMap;

/// A live list and its fingerprint.
struct Live {
    users: BTreeMap<String, wire::User>,
    fingerprint: String,
}

impl Writer {
    /// Sends the list. Steps that no longer fit what is live are left out of it and told.
    pub(super) async fn import(&self, steps: &[&Step], op: &OpId) -> Result<Vec<(Digest, StepOutcome)>, Fault> {
        let Some(first) = steps.first() else { return Ok(Vec::new()) };
        let (remote, domain) = (self.remote()?, self.domain_id(domain_part(&first.key.name)).await?);
        let key = bulk_key(op, steps);
        // a call of an earlier run may have been taken: its body cannot be made again once the list has changed
        if let Some(job) = self.taken_before(&key).await? {
            let outcome = accepted(&job)?;
            return Ok(steps.iter().map(|s| (s.id, outcome.clone())).collect());
        }
        let live = self.whole_list(&remote, &domain).await?;
        let (rows, mut outcomes) = lay_over(&live, steps)?;
        if outcomes.iter().all(|(_, outcome)| *outcome != StepOutcome::Done) {
            return Ok(outcomes);
        }
        if rows.is_empty() {
            return Err(Fault::Rejected { text: "the list would be empty: an empty list is never sent".into() });
        }
        let body = wire::ImportCreate { mode: wire::BulkMode::AddDeleteOld, users: rows, expected_fingerprint: Some(live.fingerprint) };
        let path = api::imports(&remote, &domain);
        let made = self.send(Write::new(Method::POST, &path, key).json(&body)?).await?;
        let told = accepted(&made.read()?)?;
        for (_, outcome) in outcomes.iter_mut().filter(|(_, o)| *o == StepOutcome::Done) {
            *outcome = told.clone();
        }
        Ok(outcomes)
    }

    async fn taken_before(&self, key: &str) -> Result<Option<wire::ImportJob>, Fault> {
        let Some(operation) = self.api.operation(key).await? else { return Ok(None) };
        let body = operation.body.unwrap_or_default();
        serde_json::from_value(body).map(Some).map_err(|error| malformed(&error.to_string()))
    }

    /// All users of a domain under one fingerprint.
    async fn whole_list(&self, remote: &str, domain: &str) -> Result<Live, Fault> {
        let mut users = BTreeMap::new();
        let (mut cursor, mut fingerprint): (Option<String>, Option<String>) = (None, None);
        loop {
            let page: wire::Page<wire::User> = self.api.page(&api::users(remote, domain), None, cursor.as_deref()).await?.json()?;
            let this = page.fingerprint.ok_or_else(|| malformed("a list of users without a fingerprint"))?;
            if fingerprint.as_ref().is_some_and(|before| *before != this) {
                return Err(Fault::Retry { reason: crate::model::Reason::Moved });
            }
            fingerprint = Some(this.clone());
            let before = users.len();
            users.extend(page.items.into_iter().map(|user| (user.address.clone(), user)));
            cursor = page.next_cursor;
            // pages that add nobody would never end
            if cursor.is_none() || users.len() == before {
                if users.len() as u64 != page.total {
                    let reason = crate::model::Reason::CountMismatch { said: page.total, seen: users.len() as u64 };
                    return Err(Fault::Retry { reason });
                }
                return Ok(Live { users, fingerprint: this });
            }
        }
    }
}

/// What the panel made of a list, compared with what was sent.
fn accepted(job: &wire::ImportJob) -> Result<StepOutcome, Fault> {
    let ignored: u64 = job.ignored.values().sum();
    if job.accepted + ignored != job.sent && job.status == wire::ImportStatus::Accepted {
        let text = format!("{} rows were sent, the panel accepted {} and ignored {ignored}", job.sent, job.accepted);
        return Err(Fault::OutcomeUnknown { text });
    }
    let text = format!("{} rows sent, {} accepted, {ignored} ignored", job.sent, job.accepted);
    Ok(StepOutcome::Accepted { until: job.effective_until, text })
}

/// The rows that shall be on the list, and each step's outcome.
type Overlaid = (Vec<wire::BulkUser>, Vec<(Digest, StepOutcome)>);

/// The whole list as it shall be; `Done` are the steps that the list carries out.
fn lay_over(live: &Live, steps: &[&Step]) -> Result<Overlaid, Fault> {
    let ours = live.users.values().filter(|user| is_ours(user.origin));
    let mut rows: BTreeMap<&str, wire::BulkUser> =
        ours.map(|user| (user.address.as_str(), wire::BulkUser { address: user.address.clone(), ..wire::BulkUser::default() })).collect();
    let mut outcomes = Vec::with_capacity(steps.len());
    for step in steps {
        let name = step.key.name.as_str();
        let outcome = match (step.action, live.users.get(name)) {
            (Action::Delete, None) => StepOutcome::AlreadyDone,
            (Action::Create, Some(_)) => conflict("it is there by now"),
            (Action::Update, None) => StepOutcome::Failed(Fault::Missing { text: format!("user {name}") }),
            (Action::Update | Action::Delete, Some(user)) if !is_same(step, user) => conflict("it is another by now, or was changed"),
            (Action::Delete, Some(_)) => {
                rows.remove(name);
                StepOutcome::Done
            }
            (_, _) => {
                rows.insert(name, row(step)?);
                StepOutcome::Done
            }
        };
        outcomes.push((step.id, outcome));
    }
    Ok((rows.into_values().collect(), outcomes))
}

fn conflict(text: &str) -> StepOutcome {
    StepOutcome::Failed(Fault::Conflict { text: text.to_owned() })
}

fn is_same(step: &Step, user: &wire::User) -> bool {
    let version = step.only_if.version.as_ref().is_none_or(|v| *v == user.version.to_string());
    version && step.only_if.incarnation.as_ref().is_none_or(|id| *id == user.id)
}

/// Whether a list may delete the user: what the panel says of its import dialogue (S3.3).
fn is_ours(origin: wire::Origin) -> bool {
    match origin {
        wire::Origin::Manual | wire::Origin::Import | wire::Origin::Smtp | wire::Origin::Discovery => true,
        wire::Origin::Directory | wire::Origin::Office365 | wire::Origin::Unknown => false,
    }
}
