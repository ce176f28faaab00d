//! Single rules of the protocol, by hand; the schedules of faults are in `brain_tests`.

use crate::base::{Secret, SecretRef};
use crate::model::{Answer, Approvals, Credential, EntryKind, Fault, Kind, LastConnection, Lease, Remembered, Sink, StepOutcome};
use crate::plan::run::RunLimits;
use crate::plan::run::brain::Run;
use crate::plan::run::sinks::is_in_use;
use crate::plan::testing_plans::{at, plan, step};
use crate::plan::{Action, ApprovedPlan, Consent, Effect, Input, Step, Unfinished, approve};
use std::collections::BTreeMap;

fn mint() -> Step {
    let sink = Sink { place: SecretRef::File("secrets/crm.json".into()), durable: false };
    Step { sink: Some(sink), ..step("acme", Kind::SmtpUser, "crm", Action::Mint, None, vec![]) }
}
fn approved(step: Step) -> ApprovedPlan {
    let yes = Some(Consent { how: "--yes".into() });
    approve(vec![plan("acme", vec![step])], &Approvals::default(), yes, &Remembered::default(), at(0)).remove(0).1.unwrap()
}
fn credential() -> Credential {
    Credential { username: "smtp-x".into(), password: Secret::new("hunter2".into()) }
}
fn durable() -> Input {
    Input::Appended(Ok(1))
}
/// A run up to its first effect after the lease.
fn leased(step: &Step) -> (Run, Vec<Effect>) {
    let mut run = Run::start(approved(step.clone()), &BTreeMap::new(), "r1", RunLimits::default());
    run.step(Input::Start, at(0));
    run.step(durable(), at(0));
    let lease = Lease { fencing_token: None, change_mark: Some("m1".into()) };
    let effects = run.step(Input::Leased(Ok(lease)), at(0));
    (run, effects)
}
/// A run up to the answer of the call that mints, with what it was told.
fn answered(step: &Step, minted: Vec<Credential>) -> (Run, Vec<Effect>) {
    let (mut run, _) = leased(step);
    let effects = run.step(Input::Proven { step: step.id, result: Ok(()) }, at(0));
    let [Effect::Append(EntryKind::Intent { .. }), Effect::Call { op, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    run.step(durable(), at(0));
    let minted = minted.into_iter().map(|c| (step.id, c)).collect();
    let answer = Answer { outcomes: vec![(step.id, StepOutcome::Done)], created: vec![], minted };
    let effects = run.step(Input::Answered { op: op.clone(), answer: Ok(answer) }, at(1));
    (run, effects)
}
fn outcome(run: &mut Run, mut effects: Vec<Effect>) -> crate::plan::Outcome {
    for _ in 0..5 {
        if let Some(Effect::Done(outcome)) = effects.iter().find(|e| matches!(e, Effect::Done(_))) {
            return outcome.clone();
        }
        effects = run.step(durable(), at(2));
    }
    panic!("the run does not end: {effects:?}");
}

#[test]
fn s10_4_the_sink_comes_before_the_mint_and_before_the_receipt() {
    let step = mint();
    let (_, effects) = leased(&step);
    assert!(matches!(effects.as_slice(), [Effect::Prove { .. }]), "{effects:?}");
    let (mut run, effects) = answered(&step, vec![credential()]);
    assert!(matches!(effects.as_slice(), [Effect::Store { .. }]), "no receipt yet: {effects:?}");
    let effects = run.step(Input::Stored { step: step.id, result: Ok(()) }, at(1));
    assert!(matches!(effects.as_slice(), [Effect::ReadBack { .. }]), "{effects:?}");
    let effects = run.step(Input::ReadBack { step: step.id, result: Ok(true) }, at(1));
    assert!(matches!(effects.first(), Some(Effect::Append(EntryKind::Receipt { .. }))), "{effects:?}");
    let told = outcome(&mut run, effects);
    assert_eq!((told.done, told.unfinished), (vec![(step.id, StepOutcome::Done)], Unfinished::No));
}

#[test]
fn s10_3_without_a_writable_sink_nothing_is_minted() {
    let step = mint();
    let (mut run, _) = leased(&step);
    let effects = run.step(Input::Proven { step: step.id, result: Err(Fault::Local { text: "read-only".into() }) }, at(0));
    assert!(!effects.iter().any(|e| matches!(e, Effect::Call { .. })), "{effects:?}");
    let told = outcome(&mut run, effects);
    assert!(!told.wrote && matches!(told.unfinished, Unfinished::Failed(_)), "{told:?}");
}

#[test]
fn what_was_minted_and_could_not_be_kept_is_told_as_written() {
    let step = mint();
    let lost: [(Input, &str); 3] = [
        (Input::Stored { step: step.id, result: Err(Fault::Local { text: "disk full".into() }) }, "disk full"),
        (Input::ReadBack { step: step.id, result: Ok(false) }, "holds something else"),
        (Input::ReadBack { step: step.id, result: Err(Fault::Local { text: "gone".into() }) }, "gone"),
    ];
    for (input, why) in lost {
        let (mut run, _) = answered(&step, vec![credential()]);
        let effects = run.step(input, at(1));
        let told = outcome(&mut run, effects);
        assert!(told.wrote, "{told:?}");
        assert!(matches!(&told.done[0].1, StepOutcome::Failed(f) if f.to_string().contains(why)), "{told:?}");
        assert!(!format!("{told:?}").contains("hunter2"));
    }
    let (mut run, effects) = answered(&step, vec![]);
    let told = outcome(&mut run, effects);
    assert!(told.wrote && matches!(&told.done[0].1, StepOutcome::Failed(_)), "an answer without a password is no success: {told:?}");
}

#[test]
fn an_interrupt_waits_for_the_credential_in_hand() {
    let step = mint();
    let (mut run, effects) = answered(&step, vec![credential()]);
    assert!(matches!(effects.as_slice(), [Effect::Store { .. }]));
    assert!(run.step(Input::Interrupted, at(1)).is_empty(), "the run does not end while the credential is nowhere");
    run.step(Input::Stored { step: step.id, result: Ok(()) }, at(1));
    let effects = run.step(Input::ReadBack { step: step.id, result: Ok(true) }, at(1));
    assert_eq!(outcome(&mut run, effects).done, [(step.id, StepOutcome::Done)]);
}

#[test]
fn s9_3_only_a_quiet_login_goes() {
    assert_eq!(is_in_use(at(0), LastConnection::Never), None);
    assert_eq!(is_in_use(at(0), LastConnection::At(at(0))), None);
    assert!(is_in_use(at(0), LastConnection::At(at(1))).unwrap().contains("an application uses it"));
    assert!(is_in_use(at(0), LastConnection::Unknown).is_some());
}
