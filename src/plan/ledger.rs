//! The address ledger: accepted addresses and billable mailboxes before → after the whole plan, and what stops (S7.4, S16.4).
//!
//! Counted from tallies, never from rows: an alias domain accepts every address of its domain, so counts are multiplied.
//! `None` where a listing that is needed was not read completely: a number that is not known is not printed.
//! Deliberately absent: the decision which address stops; steps say it.

use crate::base::DomainName;
use crate::model::{Field, Kind, LiveFacts, Observed, Seen, UserKind, Value};
use crate::plan::addresses::takers;
use crate::plan::report::{BillableCause, BillableChange, Ledger, Stopped};
use crate::plan::step::{Action, Cause, Step};
use std::collections::{BTreeMap, BTreeSet};

/// The ledger of a plan's steps over what was observed.
#[must_use]
pub fn ledger(steps: &[Step], o: &Observed) -> Ledger {
    let mut stops: Vec<Stopped> =
        steps.iter().flat_map(|s| s.stops.iter().map(|a| Stopped { address: a.clone(), by: s.key.clone() })).collect();
    stops.sort();
    stops.dedup();
    let mut ledger = Ledger { stops, billable_finds: finds(o), ..Ledger::default() };
    let aliases: BTreeSet<&str> = o.kept.iter().flat_map(|k| &k.live.aliases).map(AsRef::as_ref).collect();
    let mut causes: BTreeMap<BillableCause, (u64, u64)> = BTreeMap::new();
    for step in steps {
        let (added, removed) = billable(step);
        ledger.billable_added += added;
        ledger.billable_removed += removed;
        if added + removed > 0 {
            let by = causes.entry(billable_cause(step, &aliases)).or_default();
            *by = (by.0 + added, by.1 + removed);
        }
    }
    ledger.billable_causes = causes.into_iter().map(|(cause, (added, removed))| BillableChange { cause, added, removed }).collect();
    if !is_known(o) {
        return ledger;
    }
    let billable_now: u64 = o.tally.values().map(|t| t.billable).sum();
    ledger.billable_before = Some(billable_now);
    ledger.billable_after = Some((billable_now + ledger.billable_added).saturating_sub(ledger.billable_removed));
    let (before, after) = accepted(steps, &ledger.stops, o);
    ledger.before = Some(before);
    ledger.after = Some(after);
    ledger
}

/// Whether tenants, domains and users were read completely, so that sums are sums.
fn is_known(o: &Observed) -> bool {
    let parts = o.scopes.iter().any(|(s, c)| matches!(s.kind, Kind::Tenant | Kind::Domain | Kind::User) && !c.is_whole());
    !parts && !matches!(o.tenant, Seen::Unknown(_))
}

fn accepted(steps: &[Step], stops: &[Stopped], o: &Observed) -> (u64, u64) {
    let mut names: BTreeSet<&str> = o.tally.keys().map(DomainName::as_str).collect();
    names.extend(steps.iter().filter_map(|s| s.key.domain()));
    let moves = moves(steps, stops, o);
    let domains: Vec<&Step> = steps.iter().filter(|s| s.key.kind == Kind::Domain).collect();
    let (mut before, mut after) = (0, 0);
    for name in names {
        let (times_before, times_after) = alias_domains(name, &domains, o);
        let base = counted_now(name, o);
        let (starts, gone) = moves.get(name).copied().unwrap_or_default();
        let deleted = domains.iter().any(|s| s.action == Action::Delete && s.key.name == name);
        before += base * (1 + times_before);
        if !deleted {
            after += (base + starts).saturating_sub(gone) * (1 + times_after);
        }
    }
    (before, after)
}

/// Addresses of a domain that are accepted now, each counted once; recipients only while the panel does not judge by
/// its own list.
fn counted_now(name: &str, o: &Observed) -> u64 {
    let users = o.tally.iter().find(|(d, _)| d.as_str() == name).map_or(0, |(_, t)| t.addresses);
    let own_list = relay_check(name, o).is_some_and(|v| *v == Value::text("control-panel"));
    let more = o.recipients.iter().find(|(d, _)| d.as_str() == name).map_or(0, |(_, r)| r.len() as u64);
    users + if own_list { 0 } else { more }
}

fn relay_check<'a>(name: &str, o: &'a Observed) -> Option<&'a Value> {
    live_domain(name, o)?.get(&Field::DomainRelayCheck)
}

fn live_domain<'a>(name: &str, o: &'a Observed) -> Option<&'a BTreeMap<Field, Value>> {
    o.heads.values().find(|h| h.key.kind == Kind::Domain && h.key.name == name).map(|h| &h.attrs)
}

/// How many alias domains the domain has before and after.
fn alias_domains(name: &str, domains: &[&Step], o: &Observed) -> (u64, u64) {
    let size = |v: &Value| match v {
        Value::Set(set) => set.len() as u64,
        Value::List(list) => list.len() as u64,
        Value::Text(_) | Value::Switch(_) | Value::Number(_) | Value::Token(_) => 0,
    };
    let before = live_domain(name, o).and_then(|attrs| attrs.get(&Field::DomainAliasDomains)).map_or(0, size);
    let step = domains.iter().find(|s| s.key.name == name);
    let change = step.and_then(|s| s.changes.iter().find(|c| c.field == Field::DomainAliasDomains));
    (before, change.and_then(|c| c.after.as_ref()).map_or(before, size))
}

/// Per domain, addresses that start and that stop. One that another object takes over in the same plan does neither; the
/// `*@alias-domain` marks are told by the factor of [`alias_domains`].
fn moves<'a>(steps: &'a [Step], stops: &'a [Stopped], o: &Observed) -> BTreeMap<&'a str, (u64, u64)> {
    let gains = takers(steps.iter());
    let live = live_names(o);
    let mut per: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (address, by) in &gains {
        let domain = by.key.domain().unwrap_or_default();
        if !live.contains(address) && !is_recipient(domain, address, o) {
            per.entry(domain).or_default().0 += 1;
        }
    }
    let gone: BTreeSet<(&str, &str)> = stops.iter().filter_map(|s| Some((s.by.domain()?, s.address.as_str()))).collect();
    for (domain, _) in gone.iter().filter(|(_, a)| !a.starts_with("*@") && !gains.contains_key(a)) {
        per.entry(domain).or_default().1 += 1;
    }
    per
}

/// Addresses that kept users hold now: an address that moves between them starts nowhere.
fn live_names(o: &Observed) -> BTreeSet<&str> {
    o.kept.iter().flat_map(|k| std::iter::once(k.live.address.as_ref()).chain(k.live.aliases.iter().map(AsRef::as_ref))).collect()
}

fn is_recipient(name: &str, address: &str, o: &Observed) -> bool {
    o.recipients.iter().any(|(d, all)| d.as_str() == name && all.contains_key(address))
}

/// Billable mailboxes that a step adds and removes: a mailbox costs, other kinds do not (S16.4).
#[must_use]
pub fn billable(step: &Step) -> (u64, u64) {
    if step.key.kind != Kind::User {
        return (0, 0);
    }
    let kind = step.changes.iter().find(|c| c.field == Field::UserKind);
    let is_mailbox = |v: &Value| *v == Value::text(UserKind::Mailbox.word());
    let after = kind.and_then(|c| c.after.as_ref()).map(is_mailbox);
    let before = kind.and_then(|c| c.before.as_ref()).map(is_mailbox);
    match step.action {
        Action::Create => (u64::from(step.facts.billable.or(after).unwrap_or(true)), 0),
        Action::Delete => (0, u64::from(step.facts.billable.or(before).unwrap_or(false))),
        Action::Update | Action::Move | Action::Rename => match (before, after) {
            (Some(false), Some(true)) => (1, 0),
            (Some(true), Some(false)) => (0, u64::from(step.facts.billable.unwrap_or(true))),
            (Some(true) | None, Some(true)) | (Some(false) | None, Some(false)) | (_, None) => (0, 0),
        },
        Action::Mint | Action::Reset | Action::Block | Action::Buy | Action::HandOff => (0, 0),
    }
}

/// Users that discovery has made, each of them billable (S16.2).
fn finds(o: &Observed) -> u64 {
    let of = |facts: &LiveFacts| if let LiveFacts::Discovery(found) = facts { found.finds } else { 0 };
    o.heads.values().map(|head| of(&head.facts)).sum()
}

/// Why a step changes the number of billable mailboxes. `aliases` are those of live users: whoever holds a declared address
/// as alias was kept in full.
fn billable_cause(step: &Step, aliases: &BTreeSet<&str>) -> BillableCause {
    match (&step.why, step.action) {
        (Cause::Overdue, _) => BillableCause::LostImport,
        (Cause::Removed { .. }, _) => BillableCause::Tombstone,
        (Cause::WholeList { .. }, _) => BillableCause::WholeList,
        (_, Action::Update | Action::Move | Action::Rename) => BillableCause::Kind,
        (Cause::Renamed { .. }, _) => BillableCause::Renamed,
        (Cause::Declared | Cause::Default | Cause::Moved { .. }, _) if aliases.contains(step.key.name.as_str()) => {
            BillableCause::AliasBecomesUser
        }
        (Cause::Declared | Cause::Default | Cause::Moved { .. }, _) => BillableCause::NewUser,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Completeness, Origin, Reason};
    use crate::plan::testing_plans::{aliases, create, delete, domain, kept, observed, relay_check, tenant};

    #[test]
    fn users_aliases_and_mailboxes_are_counted() {
        let steps = [
            delete("acme", "bob@acme.example"),
            create("acme", "jane@acme.example"),
            aliases("acme", "kim@acme.example", &["k@acme.example"], &["l@acme.example", "m@acme.example"]),
        ];
        let l = ledger(&steps, &observed("acme", 10));
        assert_eq!((l.before, l.after), (Some(10), Some(11)));
        assert_eq!((l.billable_before, l.billable_after, l.billable_added, l.billable_removed), (Some(10), Some(10), 1, 1));
        let named: Vec<&str> = l.stops.iter().map(|s| s.address.as_str()).collect();
        assert_eq!(named, ["bob@acme.example", "k@acme.example"]);
    }

    #[test]
    fn an_address_that_changes_hands_is_neither_start_nor_stop() {
        let mut o = observed("acme", 10);
        o.kept.push(kept("bob@acme.example", &[], Origin::Manual));
        let steps = [delete("acme", "bob@acme.example"), aliases("acme", "kim@acme.example", &[], &["bob@acme.example"])];
        let l = ledger(&steps, &o);
        assert_eq!((l.before, l.after), (Some(10), Some(10)));
    }

    #[test]
    fn an_alias_domain_doubles_and_its_end_halves() {
        let mut o = observed("acme", 10);
        let head = o.heads.values_mut().next().unwrap();
        head.attrs.insert(Field::DomainAliasDomains, Value::Set(BTreeSet::from(["acme.test".into()])));
        let mut step = relay_check("acme", "acme.example");
        step.changes[0].field = Field::DomainAliasDomains;
        step.changes[0].after = Some(Value::Set(BTreeSet::new()));
        step.stops.insert("*@acme.test".into());
        let l = ledger(&[step], &o);
        assert_eq!((l.before, l.after, l.stops.len()), (Some(20), Some(10), 1));
    }

    #[test]
    fn recipients_count_while_the_destination_is_asked() {
        let mut o = observed("acme", 10);
        o.recipients.insert(domain("acme.example"), BTreeMap::from([("r@acme.example".to_owned(), (41, None))]));
        let mut step = relay_check("acme", "acme.example");
        step.stops.insert("r@acme.example".into());
        let l = ledger(&[step], &o);
        assert_eq!((l.before, l.after), (Some(11), Some(10)));
    }

    #[test]
    fn what_was_not_read_is_not_counted() {
        let mut o = observed("acme", 10);
        let scope = o.scopes.keys().find(|s| s.kind == Kind::User).cloned().unwrap();
        assert_eq!(scope.tenant, Some(tenant("acme")));
        o.scopes.insert(scope, Completeness::Part { read: 3, why: vec![Reason::Moved] });
        let l = ledger(&[delete("acme", "bob@acme.example")], &o);
        assert_eq!((l.before, l.after, l.billable_before), (None, None, None));
        assert_eq!(l.stops.len(), 1, "what stops is named all the same");
    }

    #[test]
    fn s16_4_billable_mailboxes_are_told_by_cause() {
        let mut o = observed("acme", 10);
        o.kept.push(kept("kim@acme.example", &["jane@acme.example"], Origin::Manual));
        let mut old = delete("acme", "old@acme.example");
        old.why = Cause::Removed { since: "2026-11-20".into(), reason: None };
        let mut again = create("acme", "lost@acme.example");
        again.why = Cause::Overdue;
        let steps =
            [create("acme", "new@acme.example"), create("acme", "jane@acme.example"), delete("acme", "bob@acme.example"), old, again];
        let l = ledger(&steps, &o);
        let told: Vec<_> = l.billable_causes.iter().map(|c| (c.cause, c.added, c.removed)).collect();
        let want = [
            (BillableCause::NewUser, 1, 0),
            (BillableCause::AliasBecomesUser, 1, 0),
            (BillableCause::LostImport, 1, 0),
            (BillableCause::WholeList, 0, 1),
            (BillableCause::Tombstone, 0, 1),
        ];
        assert_eq!(told, want);
        assert_eq!((l.billable_added, l.billable_removed, l.billable_after), (3, 2, Some(11)), "the causes are the whole of it");
    }
}
