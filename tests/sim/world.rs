//! What a case is made of: what is live on the panel, what is desired, and how the panel behaves. Plain data of the test,
//! written apart from the library's model, so that it can be its judge.

use crate::world_kinds::{
    Attrs, LiveAccess, LiveContinuity, LiveDirectory, LiveDiscovery, LiveLogin, LiveSending, WantContinuity, WantDiscovery, WantOutbound,
    WantPassword,
};
use jiff::Timestamp;
use mailwright::model::{Authority, Origin, RelayCheck, UserKind, UserStatus};
use std::collections::{BTreeMap, BTreeSet};

pub type Names = BTreeSet<String>;

/// A password policy of the panel: least length, then upper, lower, digit, special.
pub type LivePolicy = (i64, [bool; 4]);

/// What the panel holds of the tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Live {
    pub policy: LivePolicy,
    pub domains: BTreeMap<String, LiveDomain>,
    pub users: BTreeMap<String, LiveUser>,
    pub sending: BTreeMap<String, LiveSending>,
    /// By user name.
    pub logins: BTreeMap<String, LiveLogin>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveDomain {
    pub destination: Vec<String>,
    pub relay_check: RelayCheck,
    pub aliases: Names,
    pub continuity: LiveContinuity,
    pub discovery: LiveDiscovery,
    /// By the name after the slash of their keys; `default` for the one without.
    pub directories: BTreeMap<String, LiveDirectory>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveUser {
    pub first: String,
    pub last: String,
    pub aliases: Names,
    pub kind: UserKind,
    pub status: UserStatus,
    /// `None` in an expectation: made by us, one by one or in bulk.
    pub origin: Option<Origin>,
    pub created: Timestamp,
    pub access: LiveAccess,
}

/// What the files say.
#[derive(Debug, Clone, Default)]
pub struct Want {
    pub create: Option<bool>,
    pub authority: Option<Authority>,
    /// The tenant's own defaults and the workspace's.
    pub defaults: [Defaults; 2],
    pub policy: Option<WantPolicy>,
    pub domains: BTreeMap<String, WantDomain>,
    pub users: BTreeMap<String, WantUser>,
    pub removed: Vec<Removed>,
    pub renamed: Vec<Renamed>,
    /// Patterns of `[[ignore]]`.
    pub ignore: Vec<String>,
    pub outbound: WantOutbound,
}

#[derive(Debug, Clone, Default)]
pub struct Defaults {
    pub authority: Option<Authority>,
    pub relay_check: Option<RelayCheck>,
    pub destination: Option<Vec<String>>,
    pub kind: Option<UserKind>,
    pub status: Option<UserStatus>,
    pub policy: Option<WantPolicy>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WantPolicy {
    pub min_length: Option<i64>,
    pub switches: [Option<bool>; 4],
}

#[derive(Debug, Clone, Default)]
pub struct WantDomain {
    pub destination: Option<Vec<String>>,
    pub relay_check: Option<RelayCheck>,
    pub aliases: Option<Names>,
    pub authority: Option<Authority>,
    pub users_authority: Option<Authority>,
    pub aliases_authority: Option<Authority>,
    pub continuity: Option<WantContinuity>,
    pub discovery: Option<WantDiscovery>,
    pub directories: BTreeMap<String, Attrs>,
}

#[derive(Debug, Clone, Default)]
pub struct WantUser {
    pub first: Option<String>,
    pub last: Option<String>,
    pub aliases: Option<Names>,
    pub kind: Option<UserKind>,
    pub status: Option<UserStatus>,
    pub password: Option<WantPassword>,
}

#[derive(Debug, Clone)]
pub struct Removed {
    pub user: String,
    pub since: jiff::civil::Date,
    pub on: Option<jiff::civil::Date>,
    pub keep_address: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Renamed {
    pub from: String,
    pub to: String,
    pub keep_old: Option<bool>,
}

/// A pair of desired and live, on a panel that behaves in its own way.
#[derive(Debug, Clone)]
pub struct Case {
    pub seed: u64,
    /// `None`: the panel does not have the tenant.
    pub live: Option<Live>,
    pub want: Want,
    pub options: mailwright::drivers::memory::MemoryOptions,
    /// Whether conflicts that the law does not solve were left in.
    pub nasty: bool,
    /// Whether an alias domain that could not go was taken out (see `Conflict::InUse`).
    pub excluded: bool,
}

pub fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

impl Want {
    /// What the nearest written word says (S3.1); `add` where none is written.
    fn far(&self) -> Option<Authority> {
        self.authority.or(self.defaults[0].authority).or(self.defaults[1].authority)
    }
    pub fn users_authority(&self, domain: &str) -> Authority {
        let d = self.domains.get(domain);
        d.and_then(|d| d.users_authority.or(d.authority)).or(self.far()).unwrap_or(Authority::Add)
    }
    pub fn aliases_authority(&self, domain: &str) -> Authority {
        self.domains.get(domain).and_then(|d| d.aliases_authority).unwrap_or_else(|| self.users_authority(domain))
    }
    /// Whether heads may be written: all but under `observe` (S3.2).
    pub fn heads_act(&self, domain: Option<&str>) -> bool {
        let near = domain.and_then(|d| self.domains.get(d)).and_then(|d| d.authority);
        near.or(self.far()) != Some(Authority::Observe)
    }
    pub fn ignores(&self, kind: &str, name: &str) -> bool {
        let key = format!("{kind}/{name}");
        self.ignore.iter().any(|pattern| match pattern.split_once('*') {
            Some((start, end)) => key.len() >= start.len() + end.len() && key.starts_with(start) && key.ends_with(end),
            None => key == *pattern,
        })
    }
    pub fn by_default<T: Clone>(&self, of: impl Fn(&Defaults) -> &Option<T>) -> Option<T> {
        of(&self.defaults[0]).clone().or_else(|| of(&self.defaults[1]).clone())
    }
    /// The row that says a name: its address or one of its aliases.
    pub fn row_of(&self, name: &str) -> Option<&str> {
        let says = |u: &WantUser| u.aliases.as_ref().is_some_and(|a| a.contains(name));
        if let Some((address, _)) = self.users.get_key_value(name) {
            return Some(address);
        }
        self.users.iter().find(|(_, u)| says(u)).map(|(address, _)| address.as_str())
    }
}

impl LiveDomain {
    /// A domain without parts.
    pub fn new(destination: Vec<String>, relay_check: RelayCheck, aliases: Names) -> Self {
        let (continuity, discovery) = (LiveContinuity::default(), LiveDiscovery::default());
        Self { destination, relay_check, aliases, continuity, discovery, directories: BTreeMap::new() }
    }
}

impl LiveUser {
    pub fn names(&self, address: &str) -> Names {
        self.aliases.iter().cloned().chain([address.to_owned()]).collect()
    }
    /// Whether it is ours to change (S3.3). Of unknown origin it is where the directories are read (where somebody may go from
    /// the domain), and there are none, and none is wished for.
    pub fn is_ours(&self, address: &str, want: &Want, live: &Live) -> bool {
        let domain = domain_of(address);
        let whole = || [want.users_authority(domain), want.aliases_authority(domain)].contains(&Authority::AddDeleteOld);
        let removes = || want.removed.iter().any(|r| domain_of(&r.user) == domain);
        match self.origin {
            Some(Origin::Manual | Origin::Import | Origin::Smtp | Origin::Discovery) | None => true,
            Some(Origin::Unknown) => {
                let none = live.domains.get(domain).is_none_or(|d| d.directories.is_empty());
                let wanted = want.domains.get(domain).is_some_and(|d| d.directories.is_empty());
                none && wanted && (whole() || removes())
            }
            Some(Origin::Directory | Origin::Office365) => false,
        }
    }
}
