//! Runs on the simulated panel: single rules by hand, then thousands of fault schedules.

use super::*;
use crate::model::{Approvals, Remembered, StepOutcome};
use crate::plan::approve;
use crate::plan::approved::{Consent, Refusal};
use crate::plan::effect::{Outcome, Reread};
use crate::plan::run::simulation::{Dice, Faults, Trace, World, check_order};
use crate::plan::step::{Edge, Stage as Reach};
use crate::plan::testing_plans::{aliases, at, create, delete, plan, step};

fn approved(p: crate::plan::Plan) -> Option<ApprovedPlan> {
    let yes = Some(Consent { how: "--yes".into() });
    match approve(vec![p], &Approvals::default(), yes, &Remembered::default(), at(0)).remove(0).1 {
        Ok(plan) => Some(plan),
        Err(Refusal::Nothing) => None,
        Err(other) => panic!("{other:?}"),
    }
}
/// A plan of creates (some in one bulk call), updates and deletes with edges, less what is done.
fn planned(world: &World, dice: &mut Dice) -> crate::plan::Plan {
    let bulk: Vec<Step> = (0..3).map(|i| create("acme", &format!("b{i}@acme.example"))).collect();
    let mut steps: Vec<Step> = (0..3).map(|i| create("acme", &format!("c{i}@acme.example"))).collect();
    let edge = |s: &Step| Edge { step: s.id, stage: Reach::Accepted, why: "first".into() };
    let mut update = aliases("acme", "kim@acme.example", &[], &["k@acme.example"]);
    update.after = vec![edge(&steps[0])];
    let mut gone = delete("acme", "bob@acme.example");
    gone.after = vec![edge(&update)];
    steps.extend([update, gone, delete("acme", "old@acme.example")]);
    steps.extend(LOGINS.iter().map(|name| mint(name)));
    let bulk_call = dice.one_in(2);
    let lost = LOGINS.iter().filter(|name| world.logins.contains_key(**name) && world.logins.get(**name) != world.kept.get(**name));
    let resets: Vec<Step> = lost.map(|name| reset(name)).collect();
    let open = bulk.into_iter().chain(steps).filter(|s| !world.executed.contains_key(&s.id));
    let mut p = plan("acme", open.chain(resets).collect());
    let ids: Vec<StepId> = p.steps.iter().filter(|s| s.key.name.starts_with('b') && s.action == Action::Create).map(|s| s.id).collect();
    let side: Vec<StepId> = p.steps.iter().filter(|s| s.key.name.starts_with('c')).map(|s| s.id).collect();
    p.batches.retain(|(_, b)| !b.iter().any(|id| ids.contains(id) || side.contains(id)));
    p.batches.insert(0, (false, side));
    p.batches.insert(0, (bulk_call, ids));
    // what was done before needs no waiting
    let in_plan: Vec<StepId> = p.steps.iter().map(|s| s.id).collect();
    p.steps.iter_mut().for_each(|s| s.after.retain(|e| in_plan.contains(&e.step)));
    p
}
const LOGINS: [&str; 2] = ["crm", "shop"];

fn with_sink(mut step: Step) -> Step {
    step.sink = Some(crate::model::Sink { place: crate::base::SecretRef::File(step.key.name.clone()), durable: true });
    step
}
fn mint(name: &str) -> Step {
    with_sink(step("acme", Kind::SmtpUser, name, Action::Mint, None, vec![]))
}
fn reset(name: &str) -> Step {
    with_sink(step("acme", Kind::SmtpUser, name, Action::Reset, Some(name), vec![]))
}
/// All steps that are to take effect once.
fn once() -> BTreeMap<StepId, Step> {
    planned(&World::new(0, Faults::default()), &mut Dice::new(0)).steps.into_iter().map(|s| (s.id, s)).collect()
}
fn all_steps() -> BTreeMap<StepId, Step> {
    once().into_iter().chain(LOGINS.iter().map(|name| reset(name)).map(|s| (s.id, s))).collect()
}
fn campaign(seeds: std::ops::Range<u64>, faults: Faults) -> (u64, u64) {
    let (mut clean, mut runs) = (0, 0);
    for seed in seeds {
        let mut world = World::new(seed, faults);
        for n in 0..40 {
            let mut dice = Dice::new(seed * 64 + n);
            if n == 20 {
                world.faults = Faults::default(); // faults stop: from here it must converge
            }
            let Some(plan) = approved(planned(&world, &mut dice)) else { break };
            runs += 1;
            let outcome = world.drive(plan, &format!("s{seed}n{n}"));
            clean += u64::from(outcome.is_some_and(|o| o.unfinished == Unfinished::No));
        }
        assert_eq!(world.executed.len(), once().len(), "seed {seed} does not converge");
        assert_eq!((world.logins.len(), &world.logins), (LOGINS.len(), &world.kept), "seed {seed}: a credential is not held");
        let twice = world.executed.iter().find(|(_, n)| **n != 1).map(|(id, _)| all_steps()[id].clone());
        assert!(twice.is_none(), "seed {seed}: took effect twice: {:#?}", twice.map(|s| (s.key, world.about(s.id))));
        check_order(&world.trace, &all_steps());
    }
    (clean, runs)
}

#[test]
fn without_faults_one_run_does_all() {
    assert_eq!(campaign(0..200, Faults::default()), (200, 200));
}

#[test]
fn thousands_of_fault_schedules_converge_and_nothing_happens_twice() {
    let (clean, runs) = campaign(0..1500, Faults { call: 4, append: 25, lease: 8, read: 5, sink: 6, interrupt: 60, kill: 0 });
    assert!(runs > 3000 && clean > 1000, "{clean} of {runs}: the schedules are too mild or too hard");
}

#[test]
fn killed_at_any_point_the_next_run_goes_on() {
    let (_, runs) = campaign(10_000..11_500, Faults { call: 6, append: 0, lease: 20, read: 10, sink: 9, interrupt: 0, kill: 15 });
    assert!(runs > 3000, "{runs}");
}

fn drive(p: crate::plan::Plan, world: &mut World) -> Outcome {
    world.drive(approved(p).unwrap(), "r1").unwrap()
}

#[test]
fn a_namesake_is_left_and_the_rest_goes() {
    let (d, c) = (delete("acme", "bob@acme.example"), create("acme", "jane@acme.example"));
    let mut world = World::new(1, Faults::default());
    world.namesakes.insert(d.id);
    let o = drive(plan("acme", vec![d.clone(), c.clone()]), &mut world);
    assert!(matches!(&o.done[0], (id, StepOutcome::Failed(Fault::Conflict { .. })) if *id == d.id), "{o:?}");
    assert!(o.wrote && matches!(o.unfinished, Unfinished::Failed(_)) && world.executed.contains_key(&c.id));
}

#[test]
fn what_needs_a_failed_step_is_not_sent_and_named() {
    let d = delete("acme", "bob@acme.example");
    let mut c = create("acme", "jane@acme.example");
    c.after = vec![Edge { step: d.id, stage: Reach::Accepted, why: "first".into() }];
    let mut world = World::new(1, Faults::default());
    world.namesakes.insert(d.id);
    let o = drive(plan("acme", vec![d, c.clone()]), &mut world);
    assert_eq!(o.left, [(c.id, "needs user/bob@acme.example first, which did not happen".to_owned())]);
}

/// A run by hand: feeds inputs at given seconds and gives the last effects.
fn by_hand(plan: ApprovedPlan, open: &BTreeMap<Digest, OpId>, inputs: Vec<(Input, i64)>) -> Vec<Effect> {
    let mut run = Run::start(plan, open, "r1", RunLimits::default());
    inputs.into_iter().map(|(input, s)| run.step(input, at(s))).last().unwrap()
}
fn lease(mark: &str) -> Input {
    Input::Leased(Ok(crate::model::Lease { fencing_token: Some(1), change_mark: Some(mark.into()) }))
}
fn disk() -> Input {
    Input::Appended(Ok(1))
}

#[test]
fn a_changed_mark_is_stale_and_nothing_is_sent() {
    let plan = approved(plan("acme", vec![create("acme", "jane@acme.example")])).unwrap();
    let effects = by_hand(plan, &BTreeMap::new(), vec![(Input::Start, 0), (disk(), 0), (lease("m2"), 0), (disk(), 0)]);
    let [Effect::Done(o)] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(matches!(o.unfinished, Unfinished::Stale(_)) && !o.wrote && o.left.len() == 1);
}

#[test]
fn a_tenant_that_is_created_has_its_lease_afterwards() {
    let tenant = step("acme", Kind::Tenant, "acme", Action::Create, None, vec![]);
    let id = tenant.id;
    let mut p = plan("acme", vec![tenant, create("acme", "jane@acme.example")]);
    (p.remote, p.change_mark) = (None, None);
    let mut run = Run::start(approved(p).unwrap(), &BTreeMap::new(), "r1", RunLimits::default());
    run.step(Input::Start, at(0));
    let effects = run.step(disk(), at(0));
    let [Effect::Append(EntryKind::Intent { .. }), Effect::Call { op, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    let answer = Ok(crate::model::Answer { outcomes: vec![(id, StepOutcome::Done)], created: vec![], minted: vec![] });
    assert!(run.step(disk(), at(0)).is_empty());
    let effects = run.step(Input::Answered { op: op.clone(), answer }, at(1));
    assert!(matches!(effects.as_slice(), [Effect::Append(EntryKind::Receipt { .. }), Effect::Lease]), "{effects:?}");
}

#[test]
fn an_approval_that_ends_before_its_call_is_not_used() {
    let mut plan = approved(plan("acme", vec![delete("acme", "bob@acme.example")])).unwrap();
    let id = plan.batches()[0].steps[0].id;
    plan.by_approval.insert(id, at(10));
    let seen = Ok(Some(Reread::of(Some("id-bob@acme.example".into()), Some("v1".into()))));
    let read = Input::Reread { step: id, seen };
    let inputs = |s| vec![(Input::Start, 0), (disk(), 0), (lease("m1"), 0), (read.clone(), s)];
    assert!(by_hand(plan.clone(), &BTreeMap::new(), inputs(9)).iter().any(|e| matches!(e, Effect::Call { .. })));
    let mut late = inputs(10);
    late.push((disk(), 10));
    let effects = by_hand(plan, &BTreeMap::new(), late);
    let [Effect::Done(o)] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(matches!(o.unfinished, Unfinished::Expired(_)) && !o.wrote, "{o:?}");
}

#[test]
fn an_open_intent_whose_object_is_gone_is_closed_and_counted() {
    let plan = approved(plan("acme", vec![delete("acme", "bob@acme.example")])).unwrap();
    let id = plan.batches()[0].steps[0].id;
    let open = BTreeMap::from([(id, OpId("r0-x".into()))]);
    let read = Input::Reread { step: id, seen: Ok(None) };
    let effects = by_hand(plan, &open, vec![(Input::Start, 0), (disk(), 0), (lease("m1"), 0), (read, 0)]);
    let Effect::Append(EntryKind::Receipt { op, deleted, .. }) = &effects[0] else { panic!("{effects:?}") };
    assert_eq!((op.0.as_str(), deleted.len()), ("r0-x", 1));
}

#[test]
fn the_lease_is_renewed_and_without_it_nothing_is_called() {
    let p = approved(plan("acme", vec![delete("acme", "bob@acme.example")])).unwrap();
    let id = p.batches()[0].steps[0].id;
    let mut run = Run::start(p, &BTreeMap::new(), "r1", RunLimits::default());
    run.step(Input::Start, at(0));
    run.step(disk(), at(0));
    let effects = run.step(lease("m1"), at(0));
    assert!(effects.iter().any(|e| matches!(e, Effect::Sleep { span, .. } if span.as_secs() == 30)), "{effects:?}");
    let seen = Ok(Some(Reread::of(Some("id-bob@acme.example".into()), Some("v1".into()))));
    let effects = run.step(Input::Reread { step: id, seen }, at(61));
    assert_eq!(effects, [Effect::Renew], "the lease ran out while we read");
    let effects = run.step(lease("m9"), at(61));
    assert!(effects.iter().any(|e| matches!(e, Effect::Call { .. })), "our own writes change the mark: {effects:?}");
}

#[test]
fn the_planted_defects_are_seen() {
    let steps = all_steps();
    let some = steps.values().find(|s| s.action == Action::Create).unwrap();
    let op = OpId("x".into());
    let call = Trace::Called(op.clone(), vec![some.id]);
    let seen = |trace: &[Trace]| std::panic::catch_unwind(|| check_order(trace, &steps)).is_err();
    let intent = Trace::Durable(EntryKind::Intent { op, steps: vec![some.id], keys: vec![], action: String::new() });
    assert!(seen(std::slice::from_ref(&call)) && seen(&[intent.clone(), Trace::Lost, call.clone()]) && !seen(&[intent, call]));
}
