//! Who changed what is not as declared, as far as the panel's own log tells: asked by drift, for what it shows.
//!
//! A read. Deliberately absent: any judgement of it; nothing is decided by a log.

use crate::base::limits::TRAILS_ASKED;
use crate::engine::provider::Provider;
use crate::model::{Key, Kind};
use crate::plan::{Action, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// What the log says of the objects that a drift shows, by key in words; a log that cannot be read says nothing.
pub(super) async fn ask(provider: &Provider, plan: &Plan) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    if !provider.driver.capabilities().keeps_trail {
        return all;
    }
    for key in shown(plan).iter().take(TRAILS_ASKED) {
        let asked = provider.read(|| provider.reader.trail(key, plan.remote.as_deref())).await;
        if let Some(said) = asked.ok().filter(|said| !said.is_empty()) {
            all.insert(key.to_string(), said);
        }
    }
    all
}

fn shown(plan: &Plan) -> BTreeSet<Key> {
    let steps = plan.steps.iter().filter(|s| s.action != Action::HandOff).map(|s| s.key.clone());
    let differs = plan.report.differs.iter().map(|d| d.key.clone());
    let undeclared = plan.report.undeclared.iter().map(|name| {
        let (kind, name) = name.split_once(' ').or_else(|| name.split_once('/')).unwrap_or((Kind::User.word(), name));
        Key::new(&plan.tenant, Kind::parse(kind).unwrap_or(Kind::User), name)
    });
    steps.chain(differs).chain(undeclared).collect()
}
