//! The law, read a second time: what the panel must hold after an apply, and which wishes the law does not fulfil.
//!
//! Written from SEMANTICS alone and from the case alone; nothing here asks the planner. Conflicts are named so that the
//! generator can take them out of a case.

use crate::world::{Case, Live, LiveUser, Names, Want, WantUser, domain_of};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use mailwright::model::{Authority, UserKind, UserStatus};
use std::collections::{BTreeMap, BTreeSet};

/// A wish that is not fulfilled, and where it is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conflict {
    /// The tenant may not be created (S4.3).
    Tenant,
    /// The domain cannot come to be: no destination (S2.1), or its name is taken.
    Domain(String),
    /// An alias domain of this domain cannot come or go.
    AliasDomains(String),
    /// An alias domain of this domain goes although addresses in it stay: the panel refuses that when it is asked, and the
    /// plan cannot know of users that it does not keep. The only exclusion that the generator always takes out.
    InUse(String),
    /// A tombstone waits for its day and a row declares a name of its user: taken out always, because who would take the
    /// name waits as well (S6.4), with all else that is planned for it.
    Due(String),
    /// A row cannot have this name (S4.5).
    Name { row: String, name: String },
    /// Old and new address are both live (S4.4).
    Renamed(String),
    /// The heir of this removed user cannot take its address (S9.2).
    Heir(String),
    /// Mail of this domain is being taken over: nobody of it is deleted (S15).
    TakenOver(String),
    /// Its continuity cannot be switched off now (S15).
    Continuity(String),
    /// Its discovery would last too long (S16.2).
    Discovery(String),
    /// What this directory would give is unknown (S16.1): domain and name.
    Directory(String, String),
    /// This SMTP user is not found once, or cannot be minted (S4.1, S10.3).
    Login(String),
    /// The SMTP user of this tombstone is not found once, or its last connection is to come (S9.3).
    Grave(String),
}

/// What is to be.
#[derive(Debug)]
pub struct Law {
    pub expected: Option<Live>,
    pub conflicts: BTreeSet<Conflict>,
    /// Live users that may be deleted.
    pub deleted: Names,
    /// What waits for a moment or for another step.
    pub waiting: usize,
    /// The next moment at which something changes.
    pub next: Option<Timestamp>,
    /// The next plan goes on at once: what this one switches was what held it.
    pub again: bool,
    /// SMTP users that are minted: name in the files, label.
    pub minted: BTreeMap<String, String>,
}

/// What a row means to the live users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    Keep,
    Create,
    Renamed(String),
    /// Ignored, under `observe`, or owned by a directory: nothing is done.
    Inactive,
}

/// What becomes of a live user that no row names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Stays,
    Waits,
    ByTombstone,
    ByList,
    Replaced,
}

pub struct Judge<'a> {
    pub case: &'a Case,
    pub want: &'a Want,
    pub live: &'a Live,
    pub now: Timestamp,
    pub waiting: usize,
    pub again: bool,
    pub minted: BTreeMap<String, String>,
    next: Option<Timestamp>,
    conflicts: BTreeSet<Conflict>,
}

/// What the law says to a case.
pub fn judge(case: &Case, now: Timestamp) -> Law {
    let want = &case.want;
    let none = |conflicts| Law {
        expected: case.live.clone(),
        conflicts,
        deleted: Names::new(),
        waiting: 0,
        next: None,
        again: false,
        minted: BTreeMap::new(),
    };
    let nothing = Live { policy: (8, [false; 4]), ..Live::default() };
    let live = match &case.live {
        Some(live) => live,
        None if want.create == Some(false) => return none(BTreeSet::from([Conflict::Tenant])),
        None if !want.heads_act(None) => return none(BTreeSet::new()),
        None => &nothing,
    };
    let (conflicts, minted) = (BTreeSet::new(), BTreeMap::new());
    Judge { case, want, live, now, waiting: 0, again: false, minted, next: None, conflicts }.all()
}

impl Judge<'_> {
    fn all(mut self) -> Law {
        let mut after = self.live.clone();
        self.policy(&mut after);
        let mut found = crate::law_domains::domains(&self, &mut after);
        found.append(&mut crate::law_parts::parts(&mut self, &mut after));
        found.append(&mut crate::law_outbound::outbound(&mut self, &mut after));
        self.conflicts.append(&mut found);
        let ends: BTreeMap<String, End> = self.live.users.keys().filter_map(|a| Some((a.clone(), self.end(a)?))).collect();
        let gone = |end: &End| matches!(end, End::ByTombstone | End::ByList | End::Replaced);
        let deleted: Names = ends.iter().filter(|(_, e)| gone(e)).map(|(a, _)| a.clone()).collect();
        let wanted = self.rows(&ends, &mut after);
        after.users.retain(|a, _| !deleted.contains(a));
        self.names(&ends, &wanted, &after);
        self.conflicts.append(&mut crate::law_domains::in_use(self.live, &after));
        self.taken_over(&ends);
        for address in ends.iter().filter(|(_, end)| **end == End::Waits).map(|(address, _)| address) {
            let on = self.want.removed.iter().filter(|r| r.user == *address).filter_map(|r| r.on).max();
            self.wait(crate::law_outbound::morning(on.expect("it waits for its day")));
        }
        let Self { conflicts, waiting, next, again, minted, .. } = self;
        Law { expected: Some(after), conflicts, deleted, waiting, next, again, minted }
    }

    /// Something happens at this moment.
    pub fn moment(&mut self, at: Timestamp) {
        self.next = Some(self.next.map_or(at, |next| next.min(at)));
    }

    /// Something waits for this moment.
    pub fn wait(&mut self, at: Timestamp) {
        self.waiting += 1;
        self.moment(at);
    }

    /// Nobody is deleted, and nobody is renamed by being deleted, while mail of his domain is taken over (S15).
    fn taken_over(&mut self, ends: &BTreeMap<String, End>) {
        let renamed = self.want.renamed.iter().filter(|r| self.fate(&r.to) == Fate::Renamed(r.from.clone()));
        let renamed = renamed.filter(|r| !(self.case.options.rename && domain_of(&r.from) == domain_of(&r.to))).map(|r| r.from.as_str());
        let gone = ends.iter().filter(|(_, end)| **end != End::Stays).map(|(address, _)| address.as_str());
        let over = |domain: &&str| self.live.domains.get(*domain).is_some_and(|d| d.continuity.taking_over);
        let found: BTreeSet<Conflict> =
            gone.chain(renamed).map(domain_of).filter(over).map(|d| Conflict::TakenOver(d.to_owned())).collect();
        self.conflicts.extend(found);
    }

    /// While discovery is on, or is to be on, the whole list acts as `add` (S16.2).
    fn softened(&self, domain: &str, said: Authority) -> Authority {
        let live = self.live.domains.get(domain).is_some_and(|d| d.discovery.enabled);
        let today = self.now.to_zoned(TimeZone::UTC).date();
        let want = self.want.domains.get(domain).and_then(|d| d.discovery.as_ref());
        let wanted = want.is_some_and(|d| d.enabled == Some(true) && d.until.is_none_or(|until| until >= today));
        if said == Authority::AddDeleteOld && (live || wanted) { Authority::Add } else { said }
    }
    pub fn users_authority(&self, domain: &str) -> Authority {
        self.softened(domain, self.want.users_authority(domain))
    }
    pub fn aliases_authority(&self, domain: &str) -> Authority {
        self.softened(domain, self.want.aliases_authority(domain))
    }

    fn policy(&self, after: &mut Live) {
        if !self.want.heads_act(None) {
            return;
        }
        // the nearest word counts, key by key; the workspace's defaults lie under the tenant's (S2.3)
        let layers = [&self.want.policy, &self.want.defaults[0].policy, &self.want.defaults[1].policy];
        if let Some(min) = layers.into_iter().flatten().find_map(|p| p.min_length) {
            after.policy.0 = min;
        }
        for at in 0..4 {
            if let Some(on) = layers.into_iter().flatten().find_map(|p| p.switches[at]) {
                after.policy.1[at] = on;
            }
        }
    }

    /// The fate of a row.
    pub fn fate(&self, row: &str) -> Fate {
        let renamed = self.want.renamed.iter().find(|r| r.to == row);
        let from = renamed.and_then(|r| self.live.users.get_key_value(&r.from));
        if self.want.ignores("user", row) {
            return Fate::Inactive;
        }
        let observed = |domain: &str| self.users_authority(domain) == Authority::Observe;
        match (from, self.live.users.get(row)) {
            (Some((old, user)), None) => {
                let left = observed(domain_of(old)) || observed(domain_of(row)) || self.want.ignores("user", old);
                if left || !user.is_ours(old, self.want, self.live) { Fate::Inactive } else { Fate::Renamed(old.clone()) }
            }
            (_, Some(user)) if user.is_ours(row, self.want, self.live) => Fate::Keep,
            (_, Some(_)) => Fate::Inactive,
            (None, None) if observed(domain_of(row)) => Fate::Inactive,
            (None, None) => Fate::Create,
        }
    }

    /// The end of a live user; `None`: a row or a rename speaks of it.
    fn end(&self, address: &str) -> Option<End> {
        if self.want.users.contains_key(address) {
            return None;
        }
        let user = &self.live.users[address];
        if let Some(renamed) = self.want.renamed.iter().find(|r| r.from == address) {
            return self.is_replaced(renamed).then_some(End::Replaced);
        }
        let domain = domain_of(address);
        if !self.want.domains.contains_key(domain) || !user.is_ours(address, self.want, self.live) || self.want.ignores("user", address) {
            return Some(End::Stays);
        }
        let authority = self.users_authority(domain);
        let day = user.created.to_zoned(TimeZone::UTC).date();
        let tombstone = self.want.removed.iter().find(|r| r.user == address && day <= r.since);
        Some(match (tombstone, authority) {
            (_, Authority::Observe) => End::Stays,
            (Some(t), _) if t.on.is_some_and(|on| on > self.now.to_zoned(TimeZone::UTC).date()) => End::Waits,
            (Some(_), _) => End::ByTombstone,
            (None, Authority::AddDeleteOld) => End::ByList,
            (None, Authority::Add) => End::Stays,
        })
    }

    /// Whether a rename by delete and create (S4.4) was made half: the new user is there, the old one still goes.
    fn is_replaced(&self, renamed: &crate::world::Renamed) -> bool {
        let (from, to) = (self.live.users.get(&renamed.from), self.live.users.get(&renamed.to));
        let native = self.case.options.rename && domain_of(&renamed.from) == domain_of(&renamed.to);
        let ours = |address: &String| self.users_authority(domain_of(address)) != Authority::Observe && !self.want.ignores("user", address);
        !native
            && [(from, &renamed.from), (to, &renamed.to)].iter().all(|(u, a)| u.is_some_and(|u| u.is_ours(a, self.want, self.live)))
            && ours(&renamed.from)
            && ours(&renamed.to)
    }

    /// Names that count as declared aliases of a row while a rename or a tombstone is written (S4.4, S9.2).
    fn inherited(&self, row: &str, ends: &BTreeMap<String, End>) -> Names {
        let free = |name: &str| self.want.row_of(name).is_none_or(|owner| owner == row && name != row);
        let renamed = self.want.renamed.iter().filter(|r| r.to == row && r.keep_old != Some(false));
        let mut all: Names = renamed.map(|r| r.from.clone()).filter(|n| free(n)).collect();
        let today = self.now.to_zoned(TimeZone::UTC).date();
        for removed in self.want.removed.iter().filter(|r| r.keep_address.as_deref() == Some(row)) {
            let end = ends.get(&removed.user);
            if removed.on.is_some_and(|on| on > today) || matches!(end, Some(End::Stays | End::Waits)) {
                continue;
            }
            all.extend(free(&removed.user).then(|| removed.user.clone()));
            // a later namesake is not the one whose addresses are handed on
            let user = self.live.users.get(&removed.user).filter(|_| end == Some(&End::ByTombstone) && !self.is_exact(row));
            all.extend(user.into_iter().flat_map(|u| &u.aliases).filter(|a| free(a)).cloned());
        }
        all.remove(row);
        all
    }

    /// Whether the written aliases are all that the user may have (S3.2).
    fn is_exact(&self, row: &str) -> bool {
        let written = self.want.users[row].aliases.is_some();
        written && self.aliases_authority(domain_of(row)) == Authority::AddDeleteOld
    }

    /// The aliases of a row, given those that it has live (S2.2, S3.2, S4.5).
    fn aliases(&self, row: &str, inherited: &Names, live: &Names) -> Names {
        let Some(written) = &self.want.users[row].aliases else {
            return live.union(inherited).cloned().collect();
        };
        let mut all: Names = written.union(inherited).cloned().collect();
        if !self.is_exact(row) {
            let elsewhere = |name: &str| self.want.row_of(name).is_some_and(|owner| owner != row);
            all.extend(live.iter().filter(|name| !elsewhere(name)).cloned());
        }
        all
    }

    /// Brings every row to the panel; gives the names that each has after it.
    fn rows(&mut self, ends: &BTreeMap<String, End>, after: &mut Live) -> BTreeMap<String, Names> {
        let mut names = BTreeMap::new();
        for (row, want) in &self.want.users {
            let both = |r: &crate::world::Renamed| r.to == *row && self.live.users.contains_key(&r.from) && !self.is_replaced(r);
            if self.want.renamed.iter().any(both) && self.live.users.contains_key(row) {
                self.conflicts.insert(Conflict::Renamed(row.clone()));
            }
            let inherited = self.inherited(row, ends);
            let quiet = self.aliases_authority(domain_of(row)) == Authority::Observe;
            let user = match self.fate(row) {
                Fate::Inactive => continue,
                Fate::Create => {
                    let aliases = self.aliases(row, &inherited, &Names::new());
                    let access = crate::law_access::of_new(want.password.as_ref());
                    self.filled(row, LiveUser { aliases, access, ..new(self.now) }, want)
                }
                Fate::Keep => {
                    let live = self.live.users[row].clone();
                    let aliases = if quiet { live.aliases.clone() } else { self.aliases(row, &inherited, &live.aliases) };
                    let observed = self.users_authority(domain_of(row)) == Authority::Observe;
                    let password = want.password.as_ref().filter(|_| !observed);
                    let access = crate::law_access::of_live(password, &live.access);
                    self.filled(row, LiveUser { aliases, access, ..live }, want)
                }
                Fate::Renamed(from) => {
                    let mut live = self.live.users[&from].clone();
                    live.aliases.remove(row);
                    live.aliases.extend(inherited.get(&from).cloned());
                    after.users.remove(&from);
                    let aliases = if quiet { live.aliases.clone() } else { self.aliases(row, &inherited, &live.aliases) };
                    let native = self.case.options.rename && domain_of(&from) == domain_of(row);
                    let origin = live.origin.filter(|_| native);
                    let password = want.password.as_ref();
                    let access =
                        if native { crate::law_access::of_live(password, &live.access) } else { crate::law_access::of_new(password) };
                    self.filled(row, LiveUser { aliases, origin, access, ..live }, want)
                }
            };
            names.insert(row.clone(), user.names(row));
            after.users.insert(row.clone(), user);
        }
        names
    }

    /// The declared attributes of a row over what is there.
    fn filled(&self, row: &str, mut user: LiveUser, want: &WantUser) -> LiveUser {
        let exists = self.live.users.contains_key(row);
        if exists && self.users_authority(domain_of(row)) == Authority::Observe {
            return user;
        }
        user.first = want.first.clone().unwrap_or(user.first);
        user.last = want.last.clone().unwrap_or(user.last);
        user.kind = want.kind.or(self.want.by_default(|d| &d.kind)).unwrap_or(user.kind);
        user.status = want.status.or(self.want.by_default(|d| &d.status)).unwrap_or(user.status);
        user
    }

    /// Names that are taken, and whether their holders let go (S4.5); names that stop although a row declares them.
    fn names(&mut self, ends: &BTreeMap<String, End>, wanted: &BTreeMap<String, Names>, after: &Live) {
        let zones = crate::law_domains::zones(after);
        let holders: BTreeMap<String, &str> =
            self.live.users.iter().flat_map(|(a, u)| u.names(a).into_iter().map(move |n| (n, a.as_str()))).collect();
        let mut found = BTreeSet::new();
        let mut taken = Names::new();
        for (row, names) in wanted {
            let own = match self.fate(row) {
                Fate::Renamed(from) => Some(from),
                Fate::Keep | Fate::Create | Fate::Inactive => Some(row.clone()),
            };
            for name in names.iter().filter(|n| holders.get(*n).copied() != own.as_deref()) {
                // nothing moves to aliases under `observe`, whoever holds it
                let still = name != row && self.aliases_authority(domain_of(row)) == Authority::Observe;
                let free = holders.get(name).is_none_or(|holder| !still && self.lets_go(holder, name, ends, wanted));
                if free && zones.contains(domain_of(name)) {
                    taken.insert(name.clone());
                } else {
                    found.insert(Conflict::Name { row: row.clone(), name: name.clone() });
                }
            }
        }
        let kept: Names = after.users.iter().flat_map(|(a, u)| u.names(a)).collect();
        for name in holders.keys().filter(|n| !kept.contains(*n) && !taken.contains(*n)) {
            if let Some(row) = self.want.row_of(name) {
                found.insert(Conflict::Name { row: row.to_owned(), name: name.clone() });
            }
            // the old address of a rename is promised to the new user, who may be under `observe`
            let promised = |r: &&crate::world::Renamed| r.from == *name && r.keep_old != Some(false);
            found.extend(self.want.renamed.iter().filter(promised).map(|r| Conflict::Renamed(r.to.clone())));
            let kept_for =
                |r: &&crate::world::Removed| r.keep_address.is_some() && r.user == *name && ends.get(name) == Some(&End::ByTombstone);
            found.extend(self.want.removed.iter().filter(kept_for).map(|r| Conflict::Heir(r.user.clone())));
        }
        for address in ends.iter().filter(|(_, end)| **end == End::Waits).map(|(address, _)| address) {
            if self.live.users[address].names(address).iter().any(|n| self.want.row_of(n).is_some()) {
                found.insert(Conflict::Due(address.clone()));
            }
        }
        self.conflicts.append(&mut found);
    }

    /// Whether a live user gives a name away.
    fn lets_go(&self, holder: &str, name: &str, ends: &BTreeMap<String, End>, wanted: &BTreeMap<String, Names>) -> bool {
        if let Some(end) = ends.get(holder) {
            return matches!(end, End::ByTombstone | End::Replaced);
        }
        let renamed = self.want.renamed.iter().find(|r| r.from == holder);
        let row = renamed.map_or(holder, |r| r.to.as_str());
        if wanted.get(row).is_none_or(|names| names.contains(name)) {
            return false;
        }
        // an address that its own rename leaves behind, or an alias whose list is written
        let written = self.want.users[row].aliases.is_some();
        let quiet = self.aliases_authority(domain_of(row)) == Authority::Observe;
        (renamed.is_some() && name == holder) || (written && !quiet)
    }
}

/// A new user (S2.1).
fn new(now: Timestamp) -> LiveUser {
    LiveUser {
        first: String::new(),
        last: String::new(),
        aliases: Names::new(),
        kind: UserKind::Mailbox,
        status: UserStatus::Active,
        origin: None,
        created: now,
        access: crate::world_kinds::LiveAccess::default(),
    }
}
