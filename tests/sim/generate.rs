//! Random cases: small and full of collisions. Half of what is desired is an edit of what is live, the rest another throw
//! of the same names.

use crate::generate_parts as parts;
use crate::law::{Conflict, judge};
use crate::random::Random;
use crate::world::{Case, Defaults, Live, LiveDomain, LiveUser, Names, Want, WantDomain, WantPolicy, WantUser, domain_of};
use crate::world_kinds::Grave;
use jiff::Timestamp;
use jiff::civil::date;
use mailwright::drivers::memory::MemoryOptions;
use mailwright::model::{Authority, ImportRule, Origin, ProofRule, RelayCheck, UserKind, UserStatus, UsersBy, Window};
use std::collections::BTreeMap;

const DOMAINS: [&str; 3] = ["alpha.example", "beta.example", "gamma.example"];
const ALIAS_DOMAINS: [&str; 3] = ["alpha.test", "beta.test", "gamma.test"];
const MOST_USERS: usize = 14;
/// Of a hundred cases, so many keep conflicts that the law does not solve.
const NASTY: u64 = 14;

/// Only these of the kinds beside users and domains: outbound, passwords, continuity, discovery, directories.
const KINDS: &str = "MAILWRIGHT_SIM_KINDS";

/// The clock of every case starts here.
pub fn start() -> Timestamp {
    "2026-12-01T08:00:00Z".parse().expect("a time")
}

/// The case of a seed.
pub fn case(seed: u64) -> Case {
    let mut r = Random::new(seed);
    let domains = 1 + r.below(3);
    let mut live = live(&mut r, domains);
    let mut want = Want { create: r.maybe(15, |r| r.percent(90)), ..Want::default() };
    want.authority = r.maybe(12, authority);
    defaults(&mut r, &mut want);
    for (at, name) in DOMAINS.iter().enumerate().take(domains) {
        if r.percent(94) {
            want.domains.insert((*name).to_owned(), want_domain(&mut r, at, live.domains.get(*name)));
        }
    }
    crate::generate_users::users(&mut r, &mut want, &live);
    crate::generate_users::history(&mut r, &mut want, &live);
    ignore(&mut r, &mut want);
    kinds(seed, &mut want, &mut live);
    keep_apart(&want, &mut live);
    let live = r.percent(95).then_some(live);
    let mut case = Case { seed, live, want, options: options(&mut r), nasty: r.percent(NASTY), excluded: false };
    tidy(&mut case);
    case
}

/// The kinds beside users and domains, by a stream of choices of their own.
fn kinds(seed: u64, want: &mut Want, live: &mut Live) {
    let mut r = Random::new(seed ^ 0x5EED_0FA1_1F0B);
    let only = std::env::var(KINDS).ok();
    let is_on = |kind: &str| only.as_ref().is_none_or(|only| only.contains(kind));
    if r.percent(30) && is_on("outbound") {
        crate::generate_outbound::live(&mut r, live);
        crate::generate_outbound::want(&mut r, want, live);
    }
    if r.percent(28) && is_on("passwords") {
        crate::generate_access::live(&mut r, live);
        crate::generate_access::want(&mut r, want);
    }
    if r.percent(18) && is_on("continuity") {
        parts::live_continuity(&mut r, live);
        parts::want_continuity(&mut r, want, live);
    }
    if r.percent(18) && is_on("discovery") {
        parts::live_discovery(&mut r, live);
        parts::want_discovery(&mut r, want, live);
    }
    if r.percent(18) && is_on("directories") {
        parts::live_directories(&mut r, live);
        parts::want_directories(&mut r, want, live);
    }
    if r.percent(6) {
        let of =
            ["sending-domain/news.example", "smtp-user/new-*", "smtp-user/crm", "continuity/alpha.example", "discovery/*", "directory/*"];
        want.ignore.push(r.pick(&of).to_owned());
    }
}

/// Users of domains that no file names are not read (S1.2): whether they hold a name of a declared domain, nobody knows
/// before the panel is asked. They hold names of their own domains only.
fn keep_apart(want: &Want, live: &mut Live) {
    let unread = |zone: &str| {
        let owner = live.domains.iter().find(|(name, d)| *name == zone || d.aliases.contains(zone)).map(|(name, _)| name);
        let said = want.domains.values().any(|d| d.aliases.as_ref().is_some_and(|a| a.contains(zone)));
        owner.is_some_and(|o| !want.domains.contains_key(o)) && !said
    };
    let apart: Names = live.domains.iter().flat_map(|(n, d)| d.aliases.iter().chain([n])).filter(|z| unread(z)).cloned().collect();
    for (address, user) in &mut live.users {
        let is_apart = apart.contains(domain_of(address));
        if !want.domains.contains_key(domain_of(address)) {
            user.aliases.retain(|a| is_apart && apart.contains(domain_of(a)));
        }
    }
}

/// Takes out what would be an error of the files, and, unless the case is nasty, what the law refuses.
fn tidy(case: &mut Case) {
    for _ in 0..500 {
        crate::generate_users::make_valid(&mut case.want);
        parts::make_valid(&mut case.want, case.live.as_ref());
        let conflicts = judge(case, start()).conflicts;
        let in_use = conflicts.iter().find(|c| matches!(c, Conflict::InUse(_) | Conflict::Due(_))).cloned();
        case.excluded |= in_use.is_some();
        // refusals of the other kinds are rarer, so more of them are kept
        let is_kept = |c: &Conflict| case.nasty || (case.seed.is_multiple_of(2) && is_of_kinds(c));
        let Some(conflict) = in_use.or_else(|| conflicts.into_iter().find(|c| !is_kept(c))) else {
            return;
        };
        solve(case, conflict);
    }
    panic!("seed {}: conflicts cannot be solved", case.seed);
}

fn solve(case: &mut Case, conflict: Conflict) {
    let want = &mut case.want;
    match conflict {
        Conflict::Tenant => want.create = None,
        Conflict::Domain(name) if case.live.as_ref().is_some_and(|l| l.domains.contains_key(&name)) => {
            drop(want.domains.remove(&name));
        }
        Conflict::Domain(name) => match want.domains.get_mut(&name) {
            Some(domain) if domain.destination.is_none() => domain.destination = Some(vec!["mx.example:25".to_owned()]),
            Some(_) | None => drop(want.domains.remove(&name)),
        },
        Conflict::AliasDomains(name) | Conflict::InUse(name) => {
            // what is live is what is wanted, here and nowhere else
            let live = case.live.as_ref().and_then(|l| l.domains.get(&name)).map(|d| d.aliases.clone()).unwrap_or_default();
            want.domains.retain(|domain, _| !live.contains(domain));
            for (domain, other) in &mut want.domains {
                if let Some(aliases) = &mut other.aliases {
                    aliases.retain(|a| !live.contains(a));
                }
                if *domain == name {
                    other.aliases = Some(live.clone());
                }
            }
        }
        Conflict::Name { row, name } => {
            let aliases = want.users.get_mut(&row).and_then(|u| u.aliases.as_mut());
            if aliases.is_none_or(|a| !a.remove(&name)) {
                let speaks = want.renamed.iter().any(|r| r.to == row && r.from == name);
                let removed = want.removed.iter().any(|r| r.keep_address.as_ref() == Some(&row));
                if speaks || removed {
                    want.renamed.retain(|r| r.to != row || r.from != name);
                    want.removed.retain(|r| r.keep_address.as_ref() != Some(&row));
                } else {
                    want.users.remove(&row);
                }
            }
        }
        Conflict::Renamed(to) => want.renamed.retain(|r| r.to != to),
        Conflict::Due(user) => want.removed.iter_mut().filter(|r| r.user == user).for_each(|r| r.on = None),
        Conflict::Heir(user) => want.removed.retain(|r| r.user != user),
        Conflict::TakenOver(_)
        | Conflict::Continuity(_)
        | Conflict::Discovery(_)
        | Conflict::Directory(..)
        | Conflict::Login(_)
        | Conflict::Grave(_) => solve_kinds(case, conflict),
    }
}

fn is_of_kinds(conflict: &Conflict) -> bool {
    use Conflict::{Continuity, Directory, Discovery, Grave, Login, TakenOver};
    matches!(conflict, TakenOver(_) | Continuity(_) | Discovery(_) | Directory(..) | Login(_) | Grave(_))
}

fn solve_kinds(case: &mut Case, conflict: Conflict) {
    let want = &mut case.want;
    match conflict {
        Conflict::TakenOver(name) | Conflict::Continuity(name) => {
            let live = case.live.as_mut().and_then(|l| l.domains.get_mut(&name)).expect("it is live");
            live.continuity.taking_over = false;
        }
        Conflict::Discovery(name) => want.domains.get_mut(&name).expect("declared").discovery = None,
        Conflict::Directory(name, label) => drop(want.domains.get_mut(&name).expect("declared").directories.remove(&label)),
        Conflict::Login(name) => drop(want.outbound.logins.remove(&name)),
        Conflict::Grave(label) => want.outbound.removed.retain(|r| !matches!(&r.what, Grave::Login(name, _) if *name == label)),
        _ => unreachable!("solved where it was met"),
    }
}

pub fn authority(r: &mut Random) -> Authority {
    r.pick(&[Authority::Add, Authority::Add, Authority::AddDeleteOld, Authority::AddDeleteOld, Authority::AddDeleteOld, Authority::Observe])
}

fn relay_check(r: &mut Random) -> RelayCheck {
    r.pick(&[RelayCheck::Smtp, RelayCheck::ControlPanel])
}

fn destination(r: &mut Random) -> Vec<String> {
    let mut all: Vec<String> = ["mx.example:25", "mx2.example:2525", "[192.0.2.7]:25"].iter().map(|d| (*d).to_owned()).collect();
    all[2] = "192.0.2.7:25".to_owned();
    r.shuffle(&mut all);
    all.truncate(1 + r.below(2));
    all
}

fn policy(r: &mut Random) -> WantPolicy {
    let mut switch = |_| r.maybe(40, |r| r.percent(50));
    let switches = std::array::from_fn(&mut switch);
    WantPolicy { min_length: r.maybe(60, |r| 8 + r.pick(&[0, 1, 4])), switches }
}

fn defaults(r: &mut Random, want: &mut Want) {
    want.policy = r.maybe(35, policy);
    for at in 0..2 {
        want.defaults[at] = Defaults {
            authority: r.maybe(8, authority),
            relay_check: r.maybe(15, relay_check),
            destination: r.maybe(20, destination),
            kind: r.maybe(6, |r| r.pick(&[UserKind::Mailbox, UserKind::Shared])),
            status: r.maybe(6, |r| r.pick(&[UserStatus::Active, UserStatus::Inactive])),
            // the workspace's word may not be weakened, so only one of both scopes speaks
            policy: if at == 0 { r.maybe(10, policy) } else { None },
        };
    }
    if want.policy.is_none() && want.defaults[0].policy.is_none() {
        want.defaults[1].policy = r.maybe(10, policy);
    }
}

fn want_domain(r: &mut Random, at: usize, live: Option<&LiveDomain>) -> WantDomain {
    let same = live.filter(|_| r.percent(75));
    let mut aliases = same.map_or_else(|| alias_domains(r, at), |l| l.aliases.clone());
    if r.percent(20) {
        aliases.extend(alias_domains(r, at));
    }
    WantDomain {
        destination: r.maybe(75, |r| same.map_or_else(|| destination(r), |l| l.destination.clone())),
        continuity: None,
        discovery: None,
        directories: BTreeMap::new(),
        relay_check: r.maybe(75, |r| same.filter(|l| l.relay_check != RelayCheck::Ldap).map_or_else(|| relay_check(r), |l| l.relay_check)),
        aliases: r.maybe(75, |_| aliases),
        authority: r.maybe(25, authority),
        users_authority: r.maybe(65, authority),
        aliases_authority: r.maybe(15, authority),
    }
}

fn alias_domains(r: &mut Random, at: usize) -> Names {
    let other = r.percent(15);
    let own = ALIAS_DOMAINS[if other { r.below(3) } else { at }];
    r.maybe(50, |_| own.to_owned()).into_iter().collect()
}

fn live(r: &mut Random, domains: usize) -> Live {
    let mut live = Live { policy: (8 + r.pick(&[0, 1, 4]), std::array::from_fn(|_| r.percent(40))), ..Live::default() };
    let mut taken = Names::new();
    for (at, name) in DOMAINS.iter().enumerate().take(domains) {
        if r.percent(85) {
            let aliases: Names = alias_domains(r, at).into_iter().filter(|a| taken.insert(a.clone())).collect();
            let relay_check = r.pick(&[RelayCheck::Smtp, RelayCheck::ControlPanel, RelayCheck::Ldap]);
            live.domains.insert((*name).to_owned(), LiveDomain::new(destination(r), relay_check, aliases));
        }
    }
    let zones: Vec<String> = live.domains.iter().flat_map(|(n, d)| d.aliases.iter().cloned().chain([n.clone()])).collect();
    for (address, aliases) in owners(r, &zones) {
        live.users.insert(address, live_user(r, aliases));
    }
    live
}

pub fn name(r: &mut Random) -> String {
    r.maybe(60, |r| r.pick(&["Jane", "Kim", "Zoë", "O'Neil, Jr."]).to_owned()).unwrap_or_default()
}

fn live_user(r: &mut Random, aliases: Names) -> LiveUser {
    let origins = [Origin::Manual, Origin::Import, Origin::Smtp, Origin::Discovery, Origin::Manual, Origin::Import];
    let foreign = [Origin::Directory, Origin::Office365, Origin::Unknown];
    LiveUser {
        first: name(r),
        last: name(r),
        aliases,
        kind: if r.percent(80) { UserKind::Mailbox } else { r.pick(UserKind::ALL) },
        status: if r.percent(85) { UserStatus::Active } else { UserStatus::Inactive },
        origin: Some(if r.percent(14) { r.pick(&foreign) } else { r.pick(&origins) }),
        created: if r.percent(85) { "2026-03-01T10:00:00Z" } else { "2026-11-30T23:30:00Z" }.parse().expect("a time"),
        access: crate::world_kinds::LiveAccess::default(),
    }
}

/// Names of the zones with owners: address → aliases. Owners live in domains, aliases anywhere.
pub fn owners(r: &mut Random, zones: &[String]) -> BTreeMap<String, Names> {
    let mut all: BTreeMap<String, Names> = BTreeMap::new();
    let share = r.below(10);
    let mut rest = Vec::new();
    for zone in zones {
        let is_domain = DOMAINS.contains(&zone.as_str());
        let mut names: Vec<String> = (0..MOST_USERS).map(|i| format!("n{i}@{zone}")).collect();
        r.shuffle(&mut names);
        let users = if is_domain { r.below(share + 1).min(MOST_USERS) + usize::from(r.percent(5)) * 3 } else { 0 };
        rest.extend(names.split_off(users.min(names.len())).into_iter().take(6));
        all.extend(names.into_iter().map(|n| (n, Names::new())));
    }
    let users: Vec<String> = all.keys().cloned().collect();
    for name in rest {
        if !users.is_empty() && r.percent(35) {
            let owner = &users[r.below(users.len())];
            let owner = if r.percent(70) { users.iter().find(|u| domain_of(u) == domain_of(&name)).unwrap_or(owner) } else { owner };
            all.entry(owner.clone()).or_default().insert(name);
        }
    }
    all
}

fn ignore(r: &mut Random, want: &mut Want) {
    if r.percent(12) {
        let digit = r.below(6);
        let domain = r.pick(&DOMAINS);
        want.ignore.push(format!("user/n{digit}*@{domain}"));
    }
    if r.percent(3) {
        want.ignore.push(format!("domain/{}", r.pick(&DOMAINS)));
    }
}

fn options(r: &mut Random) -> MemoryOptions {
    MemoryOptions {
        users_by: r.pick(&[UsersBy::Domain, UsersBy::Tenant]),
        proof: r.pick(&[ProofRule::Total, ProofRule::EndMark, ProofRule::TwoReads]),
        page_size: r.pick(&[1, 2, 5, 1000]),
        bulk: r.pick(&[None, Some((2, 3)), Some((4, 100)), Some((20, 10_000))]),
        lease: r.percent(70),
        rename: r.percent(65),
        imports: r.percent(60).then(|| ImportRule {
            from_calls: r.pick(&[1, 3]),
            most: 1000,
            window: Window { earliest_seconds: 1800, latest_seconds: 3600 },
            source: "sim".into(),
        }),
        ..MemoryOptions::default()
    }
}

pub fn day(r: &mut Random) -> jiff::civil::Date {
    r.pick(&[date(2026, 11, 30), date(2026, 12, 1), date(2026, 11, 20)])
}

/// An edit of a value: kept, not written, or another.
pub fn edit<T: Clone>(r: &mut Random, live: Option<&T>, silent: u64, other: impl FnOnce(&mut Random) -> T) -> Option<T> {
    if r.percent(silent) {
        return None;
    }
    match live {
        Some(live) if r.percent(75) => Some(live.clone()),
        Some(_) | None => Some(other(r)),
    }
}

pub fn row(r: &mut Random, live: Option<&LiveUser>, aliases: Option<Names>) -> WantUser {
    WantUser {
        first: edit(r, live.map(|l| &l.first), 40, name),
        last: edit(r, live.map(|l| &l.last), 40, name),
        aliases,
        kind: edit(r, live.map(|l| &l.kind), 70, |r| r.pick(UserKind::ALL)),
        status: edit(r, live.map(|l| &l.status), 60, |r| r.pick(UserStatus::ALL)),
        password: None,
    }
}
