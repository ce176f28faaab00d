//! The question to directories whose declared settings differ from the live ones: what would they answer (S16.1)?
//!
//! A read: the panel asks the directory, counts and changes nothing, and no secret leaves this machine for it.
//! Deliberately absent: any judgement of the answer, which is the planner's.

use crate::engine::provider::Provider;
use crate::model::{DirectoryAnswer, Field, Kind, LiveFacts, LiveHead, Observed, Seen, Value};
use crate::resolve::Desired;
use std::collections::BTreeMap;

/// Asks, and writes each answer into the facts of its directory.
pub(super) async fn ask(provider: &Provider, desired: &Desired, observed: &mut Observed) {
    let Seen::Present(tenant) = &observed.tenant else { return };
    let remote = tenant.id.clone();
    if !provider.driver.capabilities().asks_directories {
        return;
    }
    for (key, wanted) in differing(provider, desired, &observed.heads) {
        let Some(live) = observed.heads.get(&key) else { continue };
        let asked = provider.read(|| provider.reader.directory(live, Some(&remote), &wanted)).await;
        let answer = asked.unwrap_or_else(DirectoryAnswer::Unknown);
        observed.requests += 1;
        if let Some(LiveHead { facts: LiveFacts::Directory(facts), .. }) = observed.heads.get_mut(&key) {
            facts.answer = Some(answer);
        }
    }
}

/// Live directories that shall be on with other settings, and these.
fn differing(
    provider: &Provider,
    desired: &Desired,
    live: &BTreeMap<crate::model::Key, LiveHead>,
) -> Vec<(crate::model::Key, BTreeMap<Field, Value>)> {
    let canonical = provider.driver.capabilities().canonical;
    let mut all = Vec::new();
    desired.heads.visit(&mut |key, _, attrs| {
        let Some(live) = live.get(&key).filter(|_| key.kind == Kind::Directory && desired.heads.provider(key.kind) == &provider.name)
        else {
            return;
        };
        let differs: BTreeMap<Field, Value> = attrs
            .into_iter()
            .map(|(field, (value, _))| (field, canonical(field, value)))
            .filter(|(field, value)| !field.is_secret() && live.attrs.get(field) != Some(value))
            .collect();
        let off = Some(&Value::Switch(false));
        let is_off = differs.get(&Field::DirectoryEnabled).or_else(|| live.attrs.get(&Field::DirectoryEnabled)) == off;
        let quiet = |field: &Field| matches!(field, Field::DirectoryMinUsers | Field::DirectorySchedule);
        if !is_off && differs.keys().any(|field| !quiet(field)) {
            all.push((key, differs));
        }
    });
    all
}
