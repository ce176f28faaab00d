//! Many creates in one call: the panel's import dialogue in mode `add` (S14).
//!
//! A row carries what the step carries and nothing else. The panel gives no ids back; a later step that needs one looks
//! it up by address. Deliberately absent: mode `add-delete-old`, which is `import`.

use crate::base::address::domain_part;
use crate::base::digest::Encoder;
use crate::drivers::changes::Changes;
use crate::drivers::panel::api;
use crate::drivers::panel::apply::send::Write;
use crate::drivers::panel::apply::tenant::outcome;
use crate::drivers::panel::apply::user::FIELDS;
use crate::drivers::panel::apply::words;
use crate::drivers::panel::apply::writer::Writer;
use crate::model::{Answer, Fault, Field, OpId, StepOutcome};
use crate::plan::Step;
use crate::wire::{self, IgnoreReason};
use reqwest::Method;
use std::collections::BTreeMap;

impl Writer {
    /// Creates users, one call per domain. A call that fails as a whole is the fault of all its steps.
    pub(super) async fn bulk(&self, steps: Vec<&Step>, op: &OpId, answer: &mut Answer) -> Result<(), Fault> {
        let mut by_domain: BTreeMap<&str, Vec<&Step>> = BTreeMap::new();
        for step in steps {
            by_domain.entry(domain_part(&step.key.name)).or_default().push(step);
        }
        for (domain, steps) in by_domain {
            match self.bulk_of(domain, &steps, op).await {
                Ok(outcomes) => answer.outcomes.extend(outcomes),
                Err(fault) if answer.outcomes.is_empty() => return Err(fault),
                Err(fault) => answer.outcomes.extend(steps.iter().map(|s| (s.id, StepOutcome::Failed(fault.clone())))),
            }
        }
        Ok(())
    }

    async fn bulk_of(&self, domain: &str, steps: &[&Step], op: &OpId) -> Result<Vec<(crate::base::Digest, StepOutcome)>, Fault> {
        let users = steps.iter().map(|step| row(step)).collect::<Result<Vec<_>, _>>()?;
        let sent = users.len() as u64;
        let body = wire::BulkRequest { mode: wire::BulkMode::Add, users, expected_fingerprint: None };
        let (remote, id) = (self.remote()?, self.domain_id(domain).await?);
        let path = api::user(&remote, &id, "bulk");
        let made = self.send(Write::new(Method::POST, &path, bulk_key(op, steps)).json(&body)?).await?;
        let taken: wire::BulkAnswer = made.read()?;
        if taken.accepted + taken.ignored.len() as u64 != sent {
            let text = format!("{sent} users were sent, the panel accepted {} and ignored {}", taken.accepted, taken.ignored.len());
            return Err(Fault::OutcomeUnknown { text });
        }
        let ignored: BTreeMap<&str, IgnoreReason> = taken.ignored.iter().map(|i| (i.address.as_str(), i.reason)).collect();
        let outcome_of = |step: &Step| match ignored.get(step.key.name.as_str()) {
            Some(reason) => StepOutcome::Ignored(words(*reason).to_owned()),
            None => outcome(made.replayed),
        };
        Ok(steps.iter().map(|step| (step.id, outcome_of(step))).collect())
    }
}

/// The key of a bulk call names its steps: a later run may cut the batch differently.
pub(super) fn bulk_key(op: &OpId, steps: &[&Step]) -> String {
    let mut encoder = Encoder::new("mailwright bulk");
    for step in steps {
        encoder.bytes(&step.id.0);
    }
    format!("{}.bulk.{}", op.0, &encoder.finish().to_string()[..32])
}

pub(super) fn row(step: &Step) -> Result<wire::BulkUser, Fault> {
    let changes = Changes::only(step, &FIELDS)?;
    Ok(wire::BulkUser {
        address: step.key.name.clone(),
        first_name: changes.text(Field::UserFirstName)?,
        last_name: changes.text(Field::UserLastName)?,
        aliases: changes.set(Field::UserAliases)?.map(|set| set.into_iter().collect()),
        kind: words::kind(&changes)?,
        status: words::status(&changes)?,
    })
}

/// Why a row was not taken, for people.
fn words(reason: IgnoreReason) -> &'static str {
    match reason {
        IgnoreReason::InvalidAddress => "the panel takes the address or an alias for no address",
        IgnoreReason::InvalidName => "a name is too long or has characters that cannot be seen",
        IgnoreReason::OutsideDomain => "the address is not in the domain",
        IgnoreReason::AliasOutsideTenant => "an alias is in no domain of the tenant",
        IgnoreReason::TooManyAliases => "more aliases than the panel takes",
        IgnoreReason::DuplicateRow => "the address was sent twice",
        IgnoreReason::NameTaken => "the address or an alias belongs to another user",
        IgnoreReason::DirectoryOwned => "the user belongs to a directory or Office 365",
    }
}
