//! Discovery: switched on with an end and with open eyes, switched off at its end, when each find is accounted for (S16.2).

use crate::base::DomainName;
use crate::model::{Authority, Evidence, Field, LiveHead, Origin, Reason, Value};
use crate::plan::Risk;
use crate::plan::build::draft::{Draft, Work};
use crate::plan::build::ground::Ground;
use crate::plan::build::growth::{self, Maker};
use crate::resolve::desired::DeclaredAttrs;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Longest time for which it may be on, in days.
const MOST_DAYS: i64 = 60;
/// Most finds that are named; the others are counted.
const NAMED: usize = 20;

impl Ground<'_> {
    /// Today, in UTC.
    fn today(&self) -> Date {
        self.now.to_zoned(TimeZone::UTC).date()
    }
    /// Whether the declared discovery of a domain asks for it to be on today: after its last day it does not.
    pub(super) fn wants_discovery(&self, domain: &DomainName) -> bool {
        let declared = self.heads().domains.get(domain).and_then(|d| d.discovery.as_ref());
        let ended = declared.and_then(|d| d.until.as_ref()).is_some_and(|until| until.value < self.today());
        !ended && declared.and_then(|d| d.enabled.as_ref()).is_some_and(|e| e.value)
    }
}

/// What is declared, as it is meant today: after its last day discovery is to be off.
pub(super) fn meant(ground: &Ground<'_>, work: &mut Work, domain: &DomainName, live: Option<&LiveHead>, declared: &mut DeclaredAttrs) {
    let Some((enabled, _)) = declared.get_mut(&Field::DiscoveryEnabled) else { return };
    if *enabled == Value::Switch(true) && !ground.wants_discovery(domain) {
        *enabled = Value::Switch(false);
        // a last day that has passed says nothing any more: neither the step that ends it moves it, nor a later one
        declared.remove(&Field::DiscoveryUntil);
        let key = live.map(|l| l.key.clone());
        work.note(key, "the last day of discovery has passed: it is to be off; the lines in the file can go");
    }
}

/// What is said while it is on.
pub(super) fn tell(ground: &Ground<'_>, work: &mut Work, domain: &DomainName, live: Option<&LiveHead>) {
    let is_on = live.is_some_and(|l| l.attrs.get(&Field::DiscoveryEnabled) == Some(&Value::Switch(true)));
    let key = live.map(|l| l.key.clone());
    if (is_on || ground.wants_discovery(domain)) && ground.heads().users_authority(domain) == Authority::AddDeleteOld {
        work.note(key.clone(), "while discovery is on, `add-delete-old` acts as `add` here (S16.2)");
    }
    let Some(facts) = growth::facts(ground, domain).filter(|f| f.finds > 0) else { return };
    let finds = finds(ground, domain);
    let named = if finds.is_empty() { String::new() } else { format!("; not declared: {}", named(&finds)) };
    work.note(key, format!("discovery has found {} users, each of them billable{named}", facts.finds));
}

/// Judges a step: what it costs while it is on, and whom it loses when it goes off.
pub(super) fn judge(ground: &Ground<'_>, draft: &mut Draft, live: Option<&LiveHead>, domain: &DomainName) {
    let after = |field: Field| draft.step.changes.iter().find(|c| c.field == field).and_then(|c| c.after.clone());
    let to = after(Field::DiscoveryEnabled);
    let was_on = live.is_some_and(|l| l.attrs.get(&Field::DiscoveryEnabled) == Some(&Value::Switch(true)));
    if let Some(Value::Text(text)) = after(Field::DiscoveryUntil)
        && let Ok(until) = text.parse::<Date>()
        && ground.today().checked_add(MOST_DAYS.days()).is_ok_and(|last| until > last)
    {
        let text = format!("discovery until {until} is more than {MOST_DAYS} days ahead (S16.2)");
        draft.block(Some(Reason::Unsupported { text }));
    }
    if to == Some(Value::Switch(true)) {
        switched_on(ground, draft, domain);
    } else if to == Some(Value::Switch(false)) && was_on {
        switched_off(ground, draft, domain);
    }
}

fn switched_on(ground: &Ground<'_>, draft: &mut Draft, domain: &DomainName) {
    draft.at_least(Risk::R2);
    draft.note("every address that gets mail and that the destination takes becomes a billable user");
    growth::judge(ground, draft, domain, Maker::Discovery);
}

/// Off means that the whole list decides again: finds that nobody declared would go by it.
fn switched_off(ground: &Ground<'_>, draft: &mut Draft, domain: &DomainName) {
    if ground.heads().users_authority(domain) != Authority::AddDeleteOld {
        draft.note("its finds stay: nothing goes under `add`");
        return;
    }
    draft.block(ground.users_unknown(domain));
    let finds = finds(ground, domain);
    if finds.is_empty() {
        draft.note("each of its finds is declared");
        return;
    }
    draft.at_least(Risk::R3);
    let text = format!("{} finds are not declared, and the whole list removes them once discovery is off: {}", finds.len(), named(&finds));
    draft.step.evidence.push((Evidence::Cascade, text));
}

/// Live users that discovery has made and that nobody declares, as far as they were kept.
fn finds(ground: &Ground<'_>, domain: &DomainName) -> Vec<String> {
    let of_domain = |address: &str| crate::base::address::domain_part(address) == domain.as_str();
    let kept = ground.observed.kept.iter().filter(|k| k.row.is_none() && k.live.origin == Origin::Discovery && of_domain(&k.live.address));
    kept.map(|k| if k.live.billable { format!("{} (billable)", k.live.address) } else { k.live.address.to_string() }).collect()
}

fn named(finds: &[String]) -> String {
    let more = finds.len().saturating_sub(NAMED);
    let all = finds.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if more == 0 { all } else { format!("{all} and {more} more") }
}
