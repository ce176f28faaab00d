//! Discovery: between the panel's words and ours. Pure.

use crate::base::TenantName;
use crate::model::{DiscoveryFacts, Field, Key, Kind, LiveFacts, LiveHead, Value};
use crate::wire;
use std::collections::BTreeMap;

/// A live discovery.
pub(super) fn head(of: &TenantName, domain: &str, live: wire::Discovery) -> LiveHead {
    let until = live.until.map_or(String::new(), |day| day.to_string());
    let attrs = BTreeMap::from([(Field::DiscoveryEnabled, Value::Switch(live.enabled)), (Field::DiscoveryUntil, Value::Text(until))]);
    let probe = live.probe.map(|probe| (probe.at, outcome(probe.outcome), probe.said));
    LiveHead {
        key: Key::new(of, Kind::Discovery, domain),
        incarnation: None,
        version: Some(live.version.to_string()),
        attrs,
        created_at: None,
        facts: LiveFacts::Discovery(Box::new(DiscoveryFacts { finds: live.finds, probe })),
    }
}

/// Whether the destination takes every address, as far as it could be told.
fn outcome(outcome: wire::ProbeOutcome) -> Option<bool> {
    match outcome {
        wire::ProbeOutcome::CatchAll => Some(true),
        wire::ProbeOutcome::Selective => Some(false),
        wire::ProbeOutcome::Unknown => None,
    }
}
