//! A good plan passes; each check fails on a plan that is spoilt for it.

use super::*;
use crate::base::span::{FileId, Span, Spanned};
use crate::config::Removed;
use crate::model::capability::{BulkRule, KindSupport, PageRule, ProofRule, UsersBy};
use crate::model::policy::Ignore;
use crate::model::{Authority, Completeness, Evidence, Field, Key, Kind, Origin, Reason, Support, Value};
use crate::plan::audit::Bug;
use crate::plan::guard::judge;
use crate::plan::step::{Action, Cause, Change, Edge, Gate, Risk, Stage, Until};
use crate::plan::testing_plans::{ORIGIN, aliases, at, create, delete, desired, kept, observed, plan, provider, relay_check};

struct Good {
    plan: Plan,
    d: Desired,
    o: Observed,
    caps: BTreeMap<ProviderName, Capabilities>,
    r: Remembered,
    p: Policy,
}

/// Two creates in one bulk call, an alias more, one deletion within budget, a relay check that needs approval and waits
/// for the creates.
fn good() -> Good {
    let (a, b) = (create("acme", "jane@acme.example"), create("acme", "kurt@acme.example"));
    let more = aliases("acme", "kim@acme.example", &["k@acme.example"], &["k@acme.example", "l@acme.example"]);
    let mut check = relay_check("acme", "acme.example");
    check.after = vec![Edge { step: a.id, stage: Stage::Effective, why: "users first".into() }];
    let mut p = plan("acme", vec![a, b, more, delete("acme", "bob@acme.example"), check]);
    let bulk = vec![p.steps[0].id, p.steps[1].id];
    p.batches = vec![(true, bulk)].into_iter().chain(p.batches.drain(2..)).collect();
    let d = desired("acme", Authority::AddDeleteOld);
    let mut o = observed("acme", 40);
    o.kept = vec![kept("bob@acme.example", &[], Origin::Manual), kept("kim@acme.example", &["k@acme.example"], Origin::Import)];
    let r = Remembered { exists: true, ..Remembered::default() };
    judge(&mut p, &d, &o, &r, &Policy::default(), at(0));
    Good { plan: p, d, o, caps: BTreeMap::from([(provider("edge"), caps())]), r, p: Policy::default() }
}
fn caps() -> Capabilities {
    let kind = KindSupport { support: Support::Managed, create: true, delete: true, rename: true, incarnation: true };
    Capabilities {
        origin: ORIGIN.into(),
        kinds: Kind::ALL.into_iter().map(|k| (k, kind.clone())).collect(),
        pages: PageRule { size: 100, proof: ProofRule::Total, users_by: UsersBy::Domain, in_flight: 1 },
        bulk: Some(BulkRule { from_creates: 2, most: 10, replaces_safely: false }),
        lease: true,
        creates_tenants: true,
        ..Capabilities::nothing("memory")
    }
}
fn look(g: &Good) -> Result<(), Bug> {
    audit(&g.plan, &g.d, &g.o, &g.caps, &g.r, &g.p, at(0))
}
/// The name of the check that finds what `spoil` does to the good plan.
fn found(spoil: impl FnOnce(&mut Good)) -> &'static str {
    let mut g = good();
    spoil(&mut g);
    look(&g).expect_err("nothing was found").check
}
/// Spoils a step and then makes its digest, and all that names it, right again: only the content is wrong.
fn changed(g: &mut Good, n: usize, spoil: impl FnOnce(&mut Step)) {
    let old = g.plan.steps[n].id;
    spoil(&mut g.plan.steps[n]);
    let s = &g.plan.steps[n];
    let new = Step::digest(ORIGIN, &s.key, s.only_if.incarnation.as_deref(), s.action, &s.changes);
    g.plan.steps[n].id = new;
    let verdict = g.plan.verdicts.remove(&old).unwrap();
    g.plan.verdicts.insert(new, verdict);
    g.plan.batches.iter_mut().flat_map(|(_, ids)| ids).filter(|id| **id == old).for_each(|id| *id = new);
    g.plan.steps.iter_mut().flat_map(|s| &mut s.after).filter(|e| e.step == old).for_each(|e| e.step = new);
    g.plan.id = Plan::id_of(&g.plan.steps);
}
fn go(g: &mut Good, n: usize) {
    let id = g.plan.steps[n].id;
    g.plan.verdicts.insert(id, Verdict::Go);
}
fn part(g: &mut Good, kind: Kind) {
    let scope = g.o.scopes.keys().find(|s| s.kind == kind).cloned().unwrap();
    g.o.scopes.insert(scope, Completeness::Part { read: 1, why: vec![Reason::Moved] });
}

#[test]
fn a_good_plan_passes() {
    look(&good()).unwrap();
}

#[test]
fn ids_digests_and_verdicts() {
    assert_eq!(found(|g| g.plan.steps.push(g.plan.steps[0].clone())), "ids");
    assert_eq!(found(|g| g.plan.steps[0].changes.clear()), "digest");
    assert_eq!(found(|g| g.plan.origin = "other".into()), "digest");
    assert_eq!(found(|g| g.plan.id = g.plan.steps[0].id), "plan id");
    assert_eq!(found(|g| drop(g.plan.verdicts.pop_first())), "verdict");
    assert_eq!(found(|g| drop(g.plan.verdicts.insert(g.plan.id, Verdict::Go))), "verdict");
    assert_eq!(found(|g| drop(g.plan.verdicts.insert(g.plan.steps[4].id, Verdict::Gated { gates: vec![] }))), "verdict");
}

#[test]
fn secrets_and_fields() {
    let password = |value| Change { field: Field::UserPassword, before: None, after: Some(value) };
    assert_eq!(found(|g| changed(g, 0, |s| s.changes.push(password(Value::text("hunter2"))))), "secret");
    let mut g = good();
    changed(&mut g, 0, |s| s.changes.push(password(Value::Token("initial".into()))));
    look(&g).unwrap();
    let relay = || Change { field: Field::DomainRelayCheck, before: None, after: None };
    assert_eq!(found(|g| changed(g, 0, |s| s.changes.push(relay()))), "field");
}

#[test]
fn edges_and_batches() {
    assert_eq!(found(|g| g.plan.steps[4].after[0].step = g.plan.id), "edge");
    assert_eq!(found(|g| g.plan.steps.reverse()), "order");
    let cycle = |g: &mut Good| g.plan.steps[0].after = vec![Edge { step: g.plan.steps[4].id, stage: Stage::Visible, why: String::new() }];
    assert_eq!(found(cycle), "order");
    assert_eq!(found(|g| drop(g.plan.batches.pop())), "batch");
    assert_eq!(found(|g| g.plan.batches.push(g.plan.batches[0].clone())), "batch");
    assert_eq!(found(|g| g.plan.batches.push((false, vec![g.plan.id]))), "batch");
    assert_eq!(found(|g| g.plan.batches.reverse()), "batch order");
    let together = |g: &mut Good| {
        let last = g.plan.batches.pop().unwrap().1;
        g.plan.batches[0].1.extend(last);
    };
    assert_eq!(found(together), "batch order");
    assert_eq!(found(|g| g.plan.batches[1].0 = true), "import");
    assert_eq!(
        found(|g| g.caps.values_mut().for_each(|c| c.bulk = Some(BulkRule { from_creates: 1, most: 1, replaces_safely: false }))),
        "bulk"
    );
}

#[test]
fn an_address_is_given_before_it_is_taken_away() {
    let spoil = |g: &mut Good| {
        let free = aliases("acme", "kim@acme.example", &["k@acme.example"], &[]);
        let mut take = aliases("acme", "bob@acme.example", &[], &["k@acme.example"]);
        take.always_approved = true;
        g.plan = plan("acme", vec![free, take]);
        judge(&mut g.plan, &g.d, &g.o, &g.r, &g.p, at(0));
    };
    assert_eq!(found(spoil), "gap");
    let mut g = good();
    spoil(&mut g);
    let free = g.plan.steps[0].id;
    g.plan.steps[1].after = vec![Edge { step: free, stage: Stage::Accepted, why: "freed first".into() }];
    look(&g).unwrap();
}

#[test]
fn nothing_into_the_unknown() {
    for kind in [Kind::Domain, Kind::PasswordPolicy, Kind::User] {
        assert_eq!(found(|g| part(g, kind)), "scope", "{kind}");
    }
    assert_eq!(found(|g| g.o.tenant = crate::model::Seen::Unknown(Reason::Moved)), "scope");
    assert_eq!(found(|g| g.o.scopes.retain(|s, _| s.kind != Kind::User)), "scope");
    let mut g = good();
    part(&mut g, Kind::User);
    let blocked = Verdict::Blocked(Reason::DependsOn { scope: "users".into() });
    g.plan.verdicts.values_mut().for_each(|v| *v = blocked.clone());
    look(&g).unwrap();
}

#[test]
fn another_domains_unknown_users_hold_creates_of_the_whole_tenant() {
    let spoil = |g: &mut Good| {
        let mut scope = g.o.scopes.keys().find(|s| s.kind == Kind::User).cloned().unwrap();
        scope.domain = Some(crate::plan::testing_plans::domain("b.example"));
        g.o.scopes.insert(scope, Completeness::Part { read: 1, why: vec![Reason::Moved] });
    };
    assert_eq!(found(spoil), "scope");
}

#[test]
fn authority_ignores_and_owners() {
    assert_eq!(found(|g| g.d = desired("acme", Authority::Observe)), "observe");
    assert_eq!(found(|g| g.p.ignore = vec![Ignore { pattern: "user/*@acme.example".into(), reason: "x".into() }]), "ignore");
    for origin in [Origin::Directory, Origin::Office365, Origin::Unknown] {
        assert_eq!(found(|g| g.o.kept[0].live.origin = origin), "owner", "{origin}");
        assert_eq!(found(|g| g.o.kept[1].live.origin = origin), "owner", "{origin}");
    }
    assert_eq!(found(|g| drop(g.o.kept.remove(0))), "owner");
    let mut g = good();
    g.o.kept[0].live.origin = Origin::Unknown;
    let mut scope = g.o.scopes.keys().find(|s| s.kind == Kind::User).cloned().unwrap();
    scope.kind = Kind::Directory;
    g.o.scopes.insert(scope, Completeness::Whole { count: 0, proof: crate::model::Proof::Total });
    look(&g).unwrap();
}

#[test]
fn deletes_have_a_cause_and_are_read_again() {
    assert_eq!(found(|g| g.d = desired("acme", Authority::Add)), "cause");
    assert_eq!(found(|g| g.plan.steps[3].why = Cause::Declared), "cause");
    assert_eq!(found(|g| g.plan.steps[3].why = Cause::Renamed { from: "bob@acme.example".into() }), "cause");
    let declared = |g: &mut Good| assert_eq!(g.d.users.claim("bob@acme.example", crate::model::RowId(0), false), None);
    assert_eq!(found(declared), "cause");
    let tombstone = Cause::Removed { since: "2026-11-20".into(), reason: None };
    assert_eq!(found(|g| g.plan.steps[3].why = tombstone.clone()), "cause");
    let mut g = good();
    let span = Span::new(FileId(0), 0..1);
    let since = Spanned::new("2026-11-20".parse().unwrap(), span);
    let name = Spanned::new("bob@acme.example".into(), span);
    let removed = Removed {
        at: span,
        kind: Kind::User,
        name,
        since,
        on: None,
        reason: None,
        remove_after_days: None,
        username: None,
        incarnation: None,
        keep_address: None,
    };
    g.d.heads.removed.push(removed);
    g.plan.steps[3].why = tombstone;
    look(&g).unwrap();
    assert_eq!(found(|g| g.plan.steps[3].only_if.reread = false), "precondition");
    assert_eq!(found(|g| changed(g, 3, |s| s.only_if.incarnation = None)), "precondition");
}

#[test]
fn an_alias_does_not_go_by_itself() {
    let spoil = |g: &mut Good| {
        g.plan = plan("acme", vec![aliases("acme", "kim@acme.example", &["k@acme.example"], &[])]);
        judge(&mut g.plan, &g.d, &g.o, &g.r, &g.p, at(0));
    };
    let mut g = good();
    spoil(&mut g);
    look(&g).unwrap();
    g.d = desired("acme", Authority::Add);
    assert_eq!(look(&g).unwrap_err().check, "alias");
}

#[test]
fn stops_are_named_and_what_needs_approval_is_gated() {
    assert_eq!(found(|g| g.plan.ledger.stops.clear()), "ledger");
    assert_eq!(found(|g| g.plan.steps[3].risk = Risk::R2), "risk");
    assert_eq!(found(|g| g.plan.steps[3].counted.clear()), "risk");
    assert_eq!(found(|g| go(g, 4)), "gate");
    assert_eq!(found(|g| g.plan.steps[0].risk = Risk::R4), "gate");
    assert_eq!(found(|g| g.plan.steps[0].evidence = vec![(Evidence::Cascade, "x".into())]), "gate");
}

#[test]
fn budgets_are_counted_again() {
    let over = |g: &mut Good| {
        g.plan.steps[3].counted.extend(["x@acme.example".into(), "y@acme.example".into()]);
    };
    assert_eq!(found(over), "budget");
    let gone = (at(-60), Key::new(&crate::plan::testing_plans::tenant("acme"), Kind::User, "x@acme.example"));
    assert_eq!(found(|g| g.r.deletions = vec![gone.clone(), gone.clone()]), "budget");
    assert_eq!(found(|g| g.p.guards.objects = 0), "budget");
    assert_eq!(found(|g| g.o.tally.values_mut().for_each(|t| t.own = 1)), "budget");
    let mut g = good();
    over(&mut g);
    let gated = Verdict::Gated { gates: vec![Gate::Always { what: "x".into() }] };
    g.plan.verdicts.insert(g.plan.steps[3].id, gated);
    look(&g).unwrap();
    g.plan.verdicts.insert(g.plan.steps[3].id, Verdict::Waiting(Until::Moment { at: at(1) }));
    look(&g).unwrap();
    assert_eq!(g.plan.steps[3].action, Action::Delete);
}
