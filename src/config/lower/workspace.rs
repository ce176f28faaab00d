//! `mailwright.toml` lowered.

use super::lowering::{destinations, number, placed, secret};
use super::tenant::password_policy;
use crate::base::ProviderName;
use crate::config::declared::{Defaults, Provider, Workspace};
use crate::config::raw::{DefaultsTable, GuardsTable, ProviderTable, WorkspaceFile};
use crate::config::value::{At, Int};
use crate::model::policy::Ignore;
use crate::model::{Guards, Policy};
use std::collections::{BTreeMap, BTreeSet};

/// The workspace; what was refused is left out, and its finding stops the run.
#[must_use]
pub fn workspace(raw: WorkspaceFile) -> Workspace {
    let providers = raw.providers.map(|map| map.all).unwrap_or_default();
    let ignore = raw.ignore.map(|tables| tables.all).unwrap_or_default();
    let ignore = ignore.into_iter().filter_map(|t| Some(Ignore { pattern: t.pattern?.value.0, reason: t.reason?.value })).collect();
    let released = raw.released.map(|tables| tables.all).unwrap_or_default().into_iter().filter_map(|t| Some(t.tenant?.value)).collect();
    let written: BTreeSet<ProviderName> = providers.keys().cloned().collect();
    let providers: BTreeMap<_, _> =
        providers.into_iter().filter_map(|(name, table)| Some((name.clone(), provider(name, table)?))).collect();
    Workspace {
        refused_providers: written.into_iter().filter(|name| !providers.contains_key(name)).collect(),
        providers,
        defaults: raw.defaults.map(defaults).unwrap_or_default(),
        policy: Policy { guards: guards(raw.guards), ignore, released, ..Policy::default() },
        memory: raw.memory.and_then(|m| m.path).map(|path| path.map(|p| p.path).placed()),
        allowed_secrets: raw.allowed_secrets.map(|list| list.all.into_iter().map(|s| s.value.0).collect()),
    }
}

fn provider(name: ProviderName, raw: ProviderTable) -> Option<Provider> {
    Some(Provider {
        name,
        at: raw.at,
        driver: raw.driver?.placed(),
        url: raw.url?.map(|u| u.0).placed(),
        token: secret(raw.token),
        ca_file: raw.ca_file.map(|path| path.map(|p| p.path).placed()),
        in_flight: number(raw.in_flight),
        requests_per_minute: number(raw.requests_per_minute),
    })
}

/// Defaults of a workspace or tenant.
#[must_use]
pub fn defaults(raw: DefaultsTable) -> Defaults {
    Defaults {
        authority: placed(raw.authority),
        relay_check: placed(raw.relay_check),
        destination: destinations(raw.destination),
        kind: placed(raw.kind),
        status: placed(raw.status),
        password_policy: raw.password_policy.map(password_policy),
    }
}

fn guards(raw: Option<GuardsTable>) -> Guards {
    let mut guards = Guards::default();
    let Some(raw) = raw else { return guards };
    if let Some(budget) = raw.delete_budget {
        set(&mut guards.objects, budget.objects);
        set(&mut guards.percent, budget.percent);
        set(&mut guards.named, budget.named);
        set(&mut guards.run, budget.run);
    }
    set(&mut guards.shrink_percent, raw.shrink_percent);
    set(&mut guards.last_connection_days, raw.last_connection_days);
    set(&mut guards.waiting_days, raw.waiting_days);
    guards.billable_growth = raw.billable_growth.map(|n| u64::from(n.value.0));
    guards
}

fn set<const MIN: u32, const MAX: u32>(guard: &mut u64, written: Option<At<Int<MIN, MAX>>>) {
    if let Some(number) = written {
        *guard = u64::from(number.value.0);
    }
}
