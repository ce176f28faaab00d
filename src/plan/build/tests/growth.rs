//! What is quoted where users come by themselves (S13.2): relay check `smtp`, and discovery switched on.

use super::step;
use crate::base::Timestamp;
use crate::model::CatchAllProbe;
use crate::model::{
    Completeness, Discovery, DiscoveryFacts, Evidence, Field, Key, Kind, KindSupport, LiveFacts, LiveHead, Nightly, Observed, Proof,
    RelayCheck, Scope, Support, Value,
};
use crate::plan::testing::case::{Case, at, domain, span, user};
use crate::plan::{Plan, Risk, Step};

const TODAY: &str = "2026-11-22T09:59:00Z";

fn probe(at: &str, takes_all: Option<bool>) -> CatchAllProbe {
    let said = match takes_all {
        Some(true) => "mx takes it",
        Some(false) => "mx refuses it: 550",
        None => "mx is silent",
    };
    CatchAllProbe { at: at.parse::<Timestamp>().unwrap(), takes_all, said: said.to_owned() }
}

/// Two users, three addresses that get mail and are no users, and a relay check that becomes `smtp`.
fn to_smtp() -> Case {
    let mut case = Case::new().declare(user("a", &[])).live("a", &[]).live("b", &[]);
    case.live.domains.get_mut("acme.example").unwrap().attrs.insert(Field::DomainRelayCheck, Value::text("control-panel"));
    case.acme().relay_check = Some(at(RelayCheck::Smtp));
    let counts = [("p@acme.example", 1), ("q@acme.example", 2), ("r@acme.example", 41)];
    case.recipients.insert(domain("acme.example"), counts.map(|(a, n)| (a.to_owned(), n)).into());
    case.can.timetable.nightly = Some(Nightly { hour: 23, mails: 2, source: "test".into() });
    case
}

fn plan(case: &Case, change: impl FnOnce(&mut Observed)) -> Plan {
    let desired = case.desired();
    let mut observed = case.observed(&desired);
    change(&mut observed);
    case.plan_of(&desired, &observed)
}

fn asked(case: &Case, answer: CatchAllProbe) -> Plan {
    plan(case, |o| drop(o.probes.insert(domain("acme.example"), answer)))
}

fn switch(plan: &Plan) -> &Step {
    step(plan, "update domain/acme.example")
}

fn has(step: &Step, text: &str) -> bool {
    step.notes.iter().any(|n| n.contains(text))
}

#[test]
fn a_catch_all_is_evidence_with_source_and_age() {
    let p = asked(&to_smtp(), probe(TODAY, Some(true)));
    let said =
        "the destination takes every address (catch-all probe by the panel, just now: mx takes it): spam to any name makes a billable user";
    assert_eq!(switch(&p).evidence, [(Evidence::Cascade, said.to_owned())]);
    assert!(has(switch(&p), "and more for each other name that gets mail"), "{:?}", switch(&p).notes);
    let p = asked(&to_smtp(), probe(TODAY, Some(false)));
    assert!(switch(&p).evidence.is_empty() && has(switch(&p), "no catch-all (catch-all probe by the panel, just now: mx refuses it: 550)"));
}

#[test]
fn the_growth_is_counted_and_named() {
    let p = asked(&to_smtp(), probe(TODAY, Some(false)));
    let said = "billable growth 2 → up to 5 billable mailboxes: 3 addresses that get mail and are no users (panel's own count, 30 days, \
                just now), 2 of them got 2 mails or more: p@acme.example, q@acme.example, r@acme.example";
    assert!(switch(&p).notes.iter().any(|n| n == said), "{:?}", switch(&p).notes);
    let mut none = to_smtp();
    none.recipients.insert(domain("acme.example"), [].into());
    let p = asked(&none, probe(TODAY, Some(false)));
    assert!(has(switch(&p), "billable growth 0: every address that gets mail"), "{:?}", switch(&p).notes);
}

#[test]
fn without_evidence_it_is_not_judged_and_never_nought() {
    let mut case = to_smtp();
    case.recipients.clear();
    for p in [plan(&case, |_| {}), asked(&case, probe(TODAY, None))] {
        let notes = &switch(&p).notes;
        assert!(has(switch(&p), "not judged: whether the destination takes every address"), "{notes:?}");
        assert!(has(switch(&p), "not judged: how many billable users"), "{notes:?}");
        assert!(!notes.iter().any(|n| n.contains("growth 0") || n.contains(" 0 ")), "{notes:?}");
    }
}

#[test]
fn the_probe_has_asked_the_destination_of_now() {
    let mut case = to_smtp();
    case.acme().destination = Some(at(vec!["mx2.test.example:25".into()]));
    let p = asked(&case, probe(TODAY, Some(false)));
    let relay = p.steps.iter().find(|s| s.changes.iter().any(|c| c.field == Field::DomainRelayCheck)).unwrap();
    assert!(has(relay, "not judged: what the declared destination says"), "{:?}", relay.notes);
}

/// A discovery that is off, with a probe that the panel keeps; it is switched on.
fn discovering(kept: Option<CatchAllProbe>, asked: Option<CatchAllProbe>) -> Plan {
    let mut case = to_smtp();
    case.acme().relay_check = None;
    case.can
        .kinds
        .insert(Kind::Discovery, KindSupport { support: Support::Managed, create: true, delete: true, rename: false, incarnation: false });
    case.acme().discovery = Some(Discovery { at: span(), enabled: Some(at(true)), until: Some(at("2026-12-24".parse().unwrap())) });
    plan(&case, |o| {
        let tenant = case.heads.tenant.name.clone();
        let key = Key::new(&tenant, Kind::Discovery, "acme.example");
        let attrs = [(Field::DiscoveryEnabled, Value::Switch(false)), (Field::DiscoveryUntil, Value::text(""))].into();
        let facts = LiveFacts::Discovery(Box::new(DiscoveryFacts { finds: 0, probe: kept }));
        let head = LiveHead { key: key.clone(), incarnation: None, version: None, attrs, created_at: None, facts };
        o.heads.insert(key, head);
        let provider = case.heads.tenant.inbound.value.clone();
        let scope = Scope { provider, tenant: Some(tenant), domain: Some(domain("acme.example")), kind: Kind::Discovery };
        o.scopes.insert(scope, Completeness::Whole { count: 1, proof: Proof::Total });
        o.probes.extend(asked.map(|p| (domain("acme.example"), p)));
    })
}

#[test]
fn discovery_quotes_the_same_and_falls_back_to_what_the_panel_keeps() {
    let p = discovering(None, Some(probe(TODAY, Some(true))));
    let on = step(&p, "update discovery/acme.example");
    assert!(on.risk == Risk::R3 && on.evidence[0].1.contains("just now"), "{:?}", on.evidence);
    assert!(has(on, "billable growth 2 → up to 5") && !has(on, "of them got 2 mails"), "{:?}", on.notes);
    let p = discovering(Some(probe("2026-11-10T10:00:00Z", Some(true))), Some(probe(TODAY, None)));
    let on = step(&p, "update discovery/acme.example");
    assert!(on.evidence[0].1.contains("by the panel, 2026-11-10 10:00 UTC, 12 days ago: mx takes it"), "{:?}", on.evidence);
    let p = discovering(Some(probe("2026-11-10T10:00:00Z", Some(true))), Some(probe(TODAY, Some(false))));
    assert!(step(&p, "update discovery/acme.example").evidence.is_empty(), "what was asked now is stronger than what was kept");
}
