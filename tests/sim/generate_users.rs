//! Random rows, renames and tombstones for [`crate::generate`], and the rules of the files that they must keep.

use crate::generate::{day, owners, row};
use crate::random::Random;
use crate::world::{Live, Names, Removed, Renamed, Want, domain_of};
use jiff::civil::date;

/// Rows: an edit of what is live, or another throw of the same names.
pub fn users(r: &mut Random, want: &mut Want, live: &Live) {
    let zones = zones(want, live);
    let edited = r.percent(70);
    if !edited {
        for (address, aliases) in owners(r, &zones) {
            let written = !aliases.is_empty() || r.percent(50);
            want.users.insert(address.clone(), row(r, live.users.get(&address), written.then_some(aliases)));
        }
        return;
    }
    let change = r.below(40) as u64;
    for (address, user) in &live.users {
        let drops = 5 + change / 3;
        if !r.percent(drops) {
            let aliases = r.maybe(75, |_| user.aliases.clone());
            want.users.insert(address.clone(), row(r, Some(user), aliases));
        }
    }
    let more = owners(r, &zones);
    for (address, aliases) in more {
        if r.percent(10 + change / 2) {
            want.users.entry(address.clone()).or_insert_with(|| row(r, live.users.get(&address), Some(aliases)));
        }
    }
    pass_on(r, want, change);
}

/// Aliases pass from one row to another, are dropped, or are written on.
fn pass_on(r: &mut Random, want: &mut Want, change: u64) {
    let rows: Vec<String> = want.users.keys().cloned().collect();
    for row in &rows {
        let Some(user) = want.users.get(row) else { continue };
        let names: Names = user.aliases.clone().unwrap_or_default();
        for name in names {
            if r.percent(change) {
                want.users.get_mut(row).and_then(|u| u.aliases.as_mut()).expect("written").remove(&name);
                let other = &rows[r.below(rows.len())];
                if let Some(aliases) = want.users.get_mut(other).and_then(|u| u.aliases.as_mut()).filter(|_| r.percent(80)) {
                    aliases.insert(name);
                }
            }
        }
        // somebody who was a user becomes an alias
        if r.percent(change / 4) && rows.len() > 1 {
            let other = rows[r.below(rows.len())].clone();
            if other != *row
                && want.users.contains_key(&other)
                && let Some(aliases) = want.users.get_mut(row).and_then(|u| u.aliases.as_mut())
            {
                aliases.insert(other.clone());
                want.users.remove(&other);
            }
        }
    }
}

/// Renames and tombstones of live users whom no row names, and some of nobody.
pub fn history(r: &mut Random, want: &mut Want, live: &Live) {
    let mut gone: Vec<String> = live.users.keys().filter(|a| !want.users.contains_key(*a)).cloned().collect();
    gone.extend((20..22).map(|i| format!("n{i}@alpha.example")));
    let rows: Vec<String> = want.users.keys().cloned().collect();
    let fresh: Vec<&String> = rows.iter().filter(|a| !live.users.contains_key(*a)).collect();
    for user in gone {
        if r.percent(20) && !rows.is_empty() {
            let to = if fresh.is_empty() || r.percent(10) { &rows[r.below(rows.len())] } else { fresh[r.below(fresh.len())] };
            want.renamed.push(Renamed { from: user, to: to.clone(), keep_old: r.maybe(60, |r| r.percent(50)) });
        } else if r.percent(35) {
            let keep_address = if rows.is_empty() { None } else { r.maybe(40, |r| rows[r.below(rows.len())].clone()) };
            let since = day(r);
            let on = r.maybe(15, |r| if r.percent(60) { date(2026, 12, 3) } else { since });
            want.removed.push(Removed { user, since, on, keep_address });
        }
    }
}

/// Keeps the rules of the files: each name once, in a declared domain or alias domain, renames one to one.
pub fn make_valid(want: &mut Want) {
    let mut taken = Names::new();
    let declared: Names = want.domains.keys().cloned().collect();
    for domain in want.domains.values_mut() {
        if let Some(aliases) = &mut domain.aliases {
            aliases.retain(|a| !declared.contains(a) && taken.insert(a.clone()));
        }
    }
    let zones: Names = declared.union(&taken).cloned().collect();
    want.users.retain(|address, _| declared.contains(domain_of(address)));
    let mut names: Names = want.users.keys().cloned().collect();
    for user in want.users.values_mut() {
        if let Some(aliases) = &mut user.aliases {
            aliases.retain(|a| zones.contains(domain_of(a)) && names.insert(a.clone()));
        }
    }
    let mut ends = Names::new();
    let mut renamed = std::mem::take(&mut want.renamed);
    renamed.retain(|r| {
        let own = want.users.get(&r.to).is_some_and(|u| u.aliases.as_ref().is_some_and(|a| a.contains(&r.from)));
        let from_is_free = !want.users.contains_key(&r.from) && (r.keep_old == Some(false) || own || want.row_of(&r.from).is_none());
        let fits = want.users.contains_key(&r.to) && from_is_free && r.from != r.to && zones.contains(domain_of(&r.from));
        fits && !ends.contains(&r.to) && ends.insert(r.to.clone()) && ends.insert(r.from.clone())
    });
    let mut removed = std::mem::take(&mut want.removed);
    removed.retain(|r| {
        let fits = !want.users.contains_key(&r.user) && declared.contains(domain_of(&r.user)) && ends.insert(r.user.clone());
        fits && r.keep_address.as_ref().is_none_or(|heir| want.users.contains_key(heir))
    });
    (want.renamed, want.removed) = (renamed, removed);
}

/// Where names may lie: declared domains with what they say of alias domains.
fn zones(want: &Want, live: &Live) -> Vec<String> {
    let of = |(name, d): (&String, &crate::world::WantDomain)| {
        let live = live.domains.get(name).map(|l| l.aliases.clone()).unwrap_or_default();
        d.aliases.clone().unwrap_or(live).into_iter().chain([name.clone()]).collect::<Vec<_>>()
    };
    want.domains.iter().flat_map(of).collect()
}
