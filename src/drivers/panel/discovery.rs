//! Discovery: between the panel's words and ours. Pure.

use crate::base::TenantName;
use crate::drivers::panel::convert::malformed;
use crate::model::{CatchAllProbe, DiscoveryFacts, Fault, Field, Key, Kind, LiveFacts, LiveHead, Value};
use crate::wire;
use std::collections::BTreeMap;

/// A live discovery.
pub(super) fn head(of: &TenantName, domain: &str, live: wire::Discovery) -> LiveHead {
    let until = live.until.map_or(String::new(), |day| day.to_string());
    let attrs = BTreeMap::from([(Field::DiscoveryEnabled, Value::Switch(live.enabled)), (Field::DiscoveryUntil, Value::Text(until))]);
    LiveHead {
        key: Key::new(of, Kind::Discovery, domain),
        incarnation: None,
        version: Some(live.version.to_string()),
        attrs,
        created_at: None,
        facts: LiveFacts::Discovery(Box::new(DiscoveryFacts { finds: live.finds, probe: live.probe.map(probe) })),
    }
}

/// What a probe came to.
///
/// # Errors
/// An answer that is none.
pub(super) fn probed(body: &[u8]) -> Result<CatchAllProbe, Fault> {
    serde_json::from_slice(body).map(probe).map_err(|error| malformed(&error.to_string()))
}

fn probe(said: wire::CatchAllProbe) -> CatchAllProbe {
    CatchAllProbe { at: said.at, takes_all: outcome(said.outcome), said: said.said }
}

/// Whether the destination takes every address, as far as it could be told.
fn outcome(outcome: wire::ProbeOutcome) -> Option<bool> {
    match outcome {
        wire::ProbeOutcome::CatchAll => Some(true),
        wire::ProbeOutcome::Selective => Some(false),
        wire::ProbeOutcome::Unknown => None,
    }
}
