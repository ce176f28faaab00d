//! Random tenants for properties: two domains, ten names in each, users with aliases on both sides.

use crate::model::{Authority, Origin, User, UserKind, UserStatus};
use crate::plan::testing::{Case, address, domain};
use fastrand::Rng;
use std::collections::BTreeMap;

/// A random case. Small enough to be full of collisions.
pub(super) fn case(seed: u64) -> Case {
    let mut random = Rng::with_seed(seed);
    let mut case = Case::new();
    case.declare_domain("beta.example");
    case.live.add_domain("beta.example", "control-panel", &[]);
    for name in ["acme.example", "beta.example"] {
        let authority = [Authority::Add, Authority::AddDeleteOld, Authority::AddDeleteOld, Authority::Observe][random.usize(0..4)];
        let authority = if random.u8(0..4) > 0 && authority == Authority::Observe { Authority::Add } else { authority };
        case.heads.domains.get_mut(&domain(name)).unwrap().authority = Some(crate::plan::testing::case::at(authority));
    }
    case.can.operations.get_mut(&crate::model::Operation::Move).unwrap().atomic = random.bool();
    case.can.kinds.get_mut(&crate::model::Kind::User).unwrap().rename = random.bool();
    let share = random.usize(1..10);
    for (owner, aliases) in owners(&mut random, share) {
        case.users.push(declared(&mut random, &owner, aliases));
    }
    let same = random.u8(0..3) == 0;
    let live = if same { owners_of(&case) } else { owners(&mut random, share) };
    for (owner, aliases) in live {
        let aliases: Vec<&str> = aliases.iter().map(String::as_str).collect();
        let live = case.live.add_user(&owner, &aliases);
        live.origin = [Origin::Manual, Origin::Import, Origin::Smtp, Origin::Directory, Origin::Manual][random.usize(0..5)];
        live.first_name = if random.bool() { "Jane".into() } else { "".into() };
        live.mails_30d = Some(random.u64(0..3));
    }
    speak_of(&mut random, &mut case);
    case
}

/// Names with their owners: address → aliases.
fn owners(random: &mut Rng, share: usize) -> BTreeMap<String, Vec<String>> {
    let mut names: Vec<String> = ["acme.example", "beta.example"].iter().flat_map(|d| (0..10).map(move |i| format!("n{i}@{d}"))).collect();
    random.shuffle(&mut names);
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let users = names.split_off(names.len() - share);
    for user in &users {
        all.insert(user.clone(), Vec::new());
    }
    for name in names {
        if random.u8(0..3) == 0 {
            let owner = &users[random.usize(0..users.len())];
            all.entry(owner.clone()).or_default().push(name);
        }
    }
    all
}

fn owners_of(case: &Case) -> BTreeMap<String, Vec<String>> {
    let aliases = |u: &User| u.aliases.iter().flatten().map(ToString::to_string).collect();
    case.users.iter().map(|u| (u.address.to_string(), aliases(u))).collect()
}

fn declared(random: &mut Rng, owner: &str, aliases: Vec<String>) -> User {
    let written = !aliases.is_empty() || random.bool();
    User {
        first_name: random.bool().then(|| ["Jane", "Kim"][random.usize(0..2)].to_owned()),
        aliases: written.then(|| aliases.iter().map(|a| address(a)).collect()),
        kind: (random.u8(0..5) == 0).then_some(UserKind::Shared),
        status: (random.u8(0..5) == 0).then_some(UserStatus::Inactive),
        ..User::bare(address(owner))
    }
}

/// Tombstones and renames of live users that are not declared.
fn speak_of(random: &mut Rng, case: &mut Case) {
    let taken =
        |name: &str| case.users.iter().any(|u| u.address.as_str() == name || u.aliases.iter().flatten().any(|a| a.as_str() == name));
    let free: Vec<String> = case.live.users.keys().filter(|a| !taken(a)).cloned().collect();
    let mut targets: Vec<String> = case.users.iter().map(|u| u.address.to_string()).filter(|a| !case.live.users.contains_key(a)).collect();
    let heirs: Vec<String> = case.users.iter().map(|u| u.address.to_string()).collect();
    for name in free {
        let same = std::mem::take(case);
        *case = match (random.u8(0..6), targets.pop()) {
            (0, _) => same.tombstone(crate::model::Kind::User, &name, |_| {}),
            (1, _) if !heirs.is_empty() => {
                let heir = heirs[random.usize(0..heirs.len())].clone();
                same.tombstone(crate::model::Kind::User, &name, |r| r.keep_address = Some(crate::plan::testing::case::at(address(&heir))))
            }
            (2, Some(to)) => same.renamed(&name, &to, random.bool()),
            _ => same,
        };
    }
}
