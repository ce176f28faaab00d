//! Which of the panel's tenants is ours (S4.3).

use crate::model::observed::LiveTenant;
use crate::model::{Completeness, Reason, Seen, Tenant};

/// Whether a listed tenant can be the declared one at all: by its id where `remote` is written, else by its name.
pub(super) fn is_candidate(declared: &Tenant, live: &LiveTenant) -> bool {
    match &declared.remote {
        Some(id) => live.id == id.value,
        None => live.name == declared.name.as_str(),
    }
}

/// The tenant on the panel: bound by `remote`, else by exactly one tenant of that name (S4.3).
///
/// `listed` may hold any tenants of the provider, `list` says whether they are all. A tenant found by its id is found,
/// however much of the list is missing; by name only a complete list can show that there is no second one.
#[must_use]
pub fn bind(declared: &Tenant, listed: &[LiveTenant], list: Option<&Completeness>) -> Seen<LiveTenant> {
    let mut found: Vec<&LiveTenant> = listed.iter().filter(|t| is_candidate(declared, t)).collect();
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found.dedup_by(|a, b| a.id == b.id);
    if let ([one], true) = (found.as_slice(), declared.remote.is_some()) {
        return Seen::Present((*one).clone());
    }
    match (list, found.as_slice()) {
        (None, _) => Seen::Unknown(Reason::NoProof),
        (Some(Completeness::Part { why, .. }), _) => Seen::Unknown(why.first().cloned().unwrap_or(Reason::NoProof)),
        (Some(Completeness::Whole { .. }), [one]) => Seen::Present((*one).clone()),
        (Some(Completeness::Whole { proof, .. }), []) => Seen::Absent(*proof),
        (Some(Completeness::Whole { .. }), many) => Seen::Unknown(Reason::TenantAmbiguous { count: many.len() as u64 }),
    }
}
