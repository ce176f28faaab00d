//! Pages of the panel in memory: small JSON of its own, so that damage to a body is damage to a real body.

use crate::base::Timestamp;
use crate::drivers::memory::data::{
    MemoryContinuity, MemoryDirectory, MemoryDiscovery, MemoryDomain, MemoryPolicy, MemorySendingDomain, MemorySmtpUser, MemoryUser,
};
use crate::drivers::memory::faults::Damage;
use crate::model::{Fault, Kind, LiveJob, Reason};
use serde::{Deserialize, Serialize};

/// An object on a page.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Item {
    /// A tenant: id, name, change mark, creation, whether it is frozen.
    Tenant { id: String, name: String, change_mark: u64, created_at: Timestamp, frozen: bool },
    /// A password policy.
    Policy(MemoryPolicy),
    /// A domain.
    Domain(MemoryDomain),
    /// Continuity of a domain: its id and name.
    Continuity(String, String, MemoryContinuity),
    /// A directory.
    Directory(MemoryDirectory),
    /// A discovery, with its domain.
    Discovery(String, MemoryDiscovery),
    /// A user with its mail counts.
    User(MemoryUser, Option<(u64, Timestamp)>),
    /// A sending domain.
    SendingDomain(MemorySendingDomain),
    /// An SMTP user; the number of its password is no password.
    SmtpUser(MemorySmtpUser),
    /// A recipient.
    Recipient(String, u64, Timestamp),
    /// An import job.
    Job(LiveJob),
}

impl Item {
    /// The kind of scope that it belongs to.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Item::Tenant { .. } => Kind::Tenant,
            Item::Policy(_) => Kind::PasswordPolicy,
            // recipients and jobs are listed under their domain
            Item::Domain(_) | Item::Job(_) | Item::Recipient(..) => Kind::Domain,
            Item::Continuity(..) => Kind::Continuity,
            Item::Directory(_) => Kind::Directory,
            Item::Discovery(..) => Kind::Discovery,
            Item::SendingDomain(_) => Kind::SendingDomain,
            Item::SmtpUser(_) => Kind::SmtpUser,
            Item::User(..) => Kind::User,
        }
    }
}

/// A page's body.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) items: Vec<Item>,
    pub(super) total: u64,
    pub(super) next: Option<usize>,
}

pub(super) fn malformed(text: impl Into<String>) -> Fault {
    Fault::Retry { reason: Reason::Malformed { text: text.into() } }
}

/// Cuts a page out of a whole list, from an index on.
pub(super) fn cut(all: Vec<Item>, from: Option<&str>, size: usize) -> Result<Body, Fault> {
    let start: usize = from.map_or(Ok(0), str::parse).map_err(|_| Fault::Rejected { text: "the cursor is not one of this list".into() })?;
    let total = all.len() as u64;
    let end = (start + size.max(1)).min(all.len());
    let next = Some(end).filter(|end| (*end as u64) < total);
    Ok(Body { items: all.into_iter().take(end).skip(start).collect(), total, next })
}

/// The body's bytes, damaged where that is asked for.
pub(super) fn write(mut body: Body, damage: Option<Damage>) -> Result<Vec<u8>, Fault> {
    match damage {
        Some(Damage::Html) => return Ok(b"<html>sign in</html>".to_vec()),
        Some(Damage::Short) => drop(body.items.pop()),
        Some(Damage::Empty) => body.items.clear(),
        Some(Damage::WrongTotal) => body.total += 1,
        Some(Damage::Doubled) => body.items.extend(body.items.last().cloned()),
        Some(Damage::Truncated) | None => {}
    }
    let mut bytes = serde_json::to_vec(&body).map_err(|error| malformed(error.to_string()))?;
    if damage == Some(Damage::Truncated) {
        bytes.truncate(bytes.len() * 2 / 3);
    }
    Ok(bytes)
}

/// What a body says of itself: how many objects it holds and what comes next. The objects are read when they are wanted.
#[derive(Debug, Deserialize)]
pub(super) struct Skimmed {
    pub(super) items: Vec<serde::de::IgnoredAny>,
    pub(super) total: u64,
    pub(super) next: Option<usize>,
}

/// Reads a body without its objects.
pub(super) fn skim(bytes: &[u8]) -> Result<Skimmed, Fault> {
    serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string()))
}

/// Reads a body.
pub(super) fn read(bytes: &[u8]) -> Result<Body, Fault> {
    serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string()))
}
