//! Where a plan would let the panel make users by itself (S13.2): relay check `smtp`, or discovery that is switched on. There
//! the panel is asked what the destination says to an address that nobody has.
//!
//! A read: no message is sent and nothing is kept. Deliberately absent: what is made of the answer, which is the planner's.

use crate::base::{DomainName, Timestamp};
use crate::engine::provider::Provider;
use crate::model::{Authority, CatchAllProbe, Field, Key, Kind, LiveHead, Observed, RelayCheck, Scope, Seen, Value};
use crate::resolve::Desired;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Whether what is declared makes users come by themselves to a live domain that now has this relay check, and discovery
/// on or off (`None`: it was not read).
pub(super) fn is_to_grow(
    desired: &Desired,
    name: &DomainName,
    relay_check: Option<&Value>,
    discovery: Option<&Value>,
    at: Timestamp,
) -> bool {
    let Some(declared) = desired.heads.domains.get(name) else { return false };
    if desired.heads.heads_authority(Some(name)) == Authority::Observe {
        return false;
    }
    let smtp = RelayCheck::Smtp;
    let to_smtp = declared.relay_check.as_ref().is_some_and(|r| r.value == smtp) && relay_check != Some(&Value::text(smtp.word()));
    let today = at.to_zoned(TimeZone::UTC).date();
    let on = declared.discovery.as_ref().is_some_and(|d| {
        let over = |until: &Date| *until < today;
        d.enabled.as_ref().is_some_and(|e| e.value) && !d.until.as_ref().is_some_and(|u| over(&u.value))
    });
    to_smtp || (on && discovery == Some(&Value::Switch(false)))
}

/// Asks about each such domain, and writes the answers into what was observed. Where the panel itself does not answer,
/// its words stand for the destination's: it could not be told.
pub(super) async fn ask(provider: &Provider, desired: &Desired, observed: &mut Observed) {
    let Seen::Present(tenant) = &observed.tenant else { return };
    if !provider.driver.capabilities().probes_catch_all || desired.heads.provider(Kind::Domain) != &provider.name {
        return;
    }
    let remote = tenant.id.clone();
    for name in growing(desired, &observed.heads, observed.at) {
        let scope = Scope {
            provider: provider.name.clone(),
            tenant: Some(desired.heads.name().clone()),
            domain: Some(name.clone()),
            kind: Kind::Domain,
        };
        let asked = provider.read(|| provider.reader.catch_all(&scope, Some(&remote))).await;
        let at = observed.at;
        let probe = asked.unwrap_or_else(|reason| CatchAllProbe { at, takes_all: None, said: reason.to_string() });
        observed.requests += 1;
        observed.probes.insert(name, probe);
    }
}

fn growing(desired: &Desired, live: &BTreeMap<Key, LiveHead>, at: Timestamp) -> Vec<DomainName> {
    let tenant = desired.heads.name();
    let is = |name: &DomainName| {
        let attr = |kind, field| live.get(&Key::new(tenant, kind, name.as_str())).and_then(|h| h.attrs.get(&field));
        let is_live = live.contains_key(&Key::new(tenant, Kind::Domain, name.as_str()));
        let (relay_check, discovery) = (attr(Kind::Domain, Field::DomainRelayCheck), attr(Kind::Discovery, Field::DiscoveryEnabled));
        is_live && is_to_grow(desired, name, relay_check, discovery, at)
    };
    desired.heads.domains.keys().filter(|name| is(name)).cloned().collect()
}
