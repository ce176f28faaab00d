//! The law of domains and their names, for [`crate::law`].

use crate::law::{Conflict, Judge};
use crate::world::{Live, LiveDomain, Names, WantDomain, domain_of};
use mailwright::model::RelayCheck;
use std::collections::BTreeSet;

/// Brings every declared domain to the panel; gives what cannot be.
pub fn domains(judge: &Judge<'_>, after: &mut Live) -> BTreeSet<Conflict> {
    let mut found = BTreeSet::new();
    for (name, want) in &judge.want.domains {
        if judge.want.ignores("domain", name) || !judge.want.heads_act(Some(name)) {
            continue;
        }
        let destination = want.destination.clone().or_else(|| judge.want.by_default(|d| &d.destination));
        let relay_check = want.relay_check.or_else(|| judge.want.by_default(|d| &d.relay_check));
        let live = judge.live.domains.get(name);
        let Some(destination) = destination.or_else(|| live.map(|l| l.destination.clone())) else {
            found.insert(Conflict::Domain(name.clone()));
            continue;
        };
        let relay_check = relay_check.or(live.map(|l| l.relay_check)).unwrap_or(RelayCheck::Smtp);
        let had: Names = live.map(|l| l.aliases.clone()).unwrap_or_default();
        let aliases = want.aliases.clone().unwrap_or_else(|| had.clone());
        let mut gains: Names = aliases.difference(&had).cloned().collect();
        if live.is_none() {
            gains.insert(name.clone());
        }
        for gained in gains.iter().filter(|n| !is_free(judge, name, n)) {
            found.insert(if gained == name { Conflict::Domain(name.clone()) } else { Conflict::AliasDomains(name.clone()) });
        }
        let parts = live.cloned().unwrap_or_else(|| LiveDomain::new(Vec::new(), RelayCheck::Smtp, Names::new()));
        after.domains.insert(name.clone(), LiveDomain { destination, relay_check, aliases, ..parts });
    }
    found
}

/// Whether nobody has the name, or somebody whose written alias domains leave it out.
fn is_free(judge: &Judge<'_>, taker: &str, name: &str) -> bool {
    judge.live.domains.iter().filter(|(holder, _)| *holder != taker).all(|(holder, live)| {
        let frees = |d: &WantDomain| d.aliases.as_ref().is_some_and(|a| !a.contains(name));
        let lets_go = judge.want.domains.get(holder).is_some_and(frees)
            && judge.want.heads_act(Some(holder))
            && !judge.want.ignores("domain", holder);
        holder != name && (!live.aliases.contains(name) || lets_go)
    })
}

/// Alias domains that go although addresses in them stay: the panel refuses that.
pub fn in_use(before: &Live, after: &Live) -> BTreeSet<Conflict> {
    let mut found = BTreeSet::new();
    let used: Names = after.users.iter().flat_map(|(a, u)| u.names(a)).map(|n| domain_of(&n).to_owned()).collect();
    for (name, live) in &before.domains {
        let gone = live.aliases.difference(&after.domains[name].aliases);
        if gone.into_iter().any(|n| used.contains(n)) {
            found.insert(Conflict::InUse(name.clone()));
        }
    }
    found
}

/// Domains and alias domains in which an address can be.
pub fn zones(live: &Live) -> Names {
    live.domains.iter().flat_map(|(name, d)| d.aliases.iter().cloned().chain([name.clone()])).collect()
}
