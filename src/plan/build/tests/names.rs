//! Names that pass between users (S4.5).

use super::{all_go, blocked, step, texts};
use crate::model::{Authority, Operation, User, Value};
use crate::plan::testing::{Case, address, user};
use crate::plan::{Action, Cause, Risk};

fn atomic(case: &mut Case, atomic: bool) {
    case.can.operations.get_mut(&Operation::Move).unwrap().atomic = atomic;
}

#[test]
fn s4_5_an_alias_between_declared_users_is_one_step_under_add() {
    let case = Case::new().declare(user("a", &["x"])).declare(user("b", &[])).live("a", &[]).live("b", &["x"]);
    let plan = case.plan();
    assert_eq!(texts(&plan), ["move user/a@acme.example"]);
    let moved = step(&plan, "move user/a@acme.example");
    assert!(matches!(&moved.why, Cause::Moved { from } if from.name == "b@acme.example"));
    assert_eq!((moved.risk, moved.counted.len(), moved.stops.len()), (Risk::R2, 0, 0));
    assert_eq!(moved.changes[0].after, Some(Value::Set(["x@acme.example".into()].into())));
}

#[test]
fn s4_5_without_an_atomic_call_a_move_is_r3_counts_once_and_names_its_gap() {
    let mut case = Case::new().declare(user("a", &["x"])).declare(user("b", &[])).live("a", &[]).live("b", &["x"]);
    atomic(&mut case, false);
    let plan = case.plan();
    let moved = step(&plan, "move user/a@acme.example");
    assert_eq!((moved.risk, moved.counted.len()), (Risk::R3, 1));
    assert!(moved.notes[0].starts_with("gap of one call"));
}

#[test]
fn s4_5_swaps_are_refused_by_name_unless_atomic() {
    let mut case = Case::new().declare(user("a", &["x"])).declare(user("b", &["y"])).live("a", &["y"]).live("b", &["x"]);
    assert!(all_go(&case.plan()));
    let mut live = case.live.clone();
    live.apply(&case.plan());
    atomic(&mut case, false);
    let plan = case.plan();
    assert!(blocked(&plan, "move user/a@acme.example").contains("`a@acme.example` and `b@acme.example` swap names"));
    case.live = live;
    assert!(case.plan().is_empty());
}

#[test]
fn s4_5_an_alias_is_taken_only_from_a_user_whose_aliases_are_written() {
    let case = Case::new().declare(user("a", &["x"])).declare(User::bare(address("b"))).live("a", &[]).live("b", &["x"]);
    let why = blocked(&case.plan(), "update user/a@acme.example");
    assert!(why.contains("`x@acme.example` is held by user/b@acme.example; write the aliases of that user"), "{why}");
}

#[test]
fn s4_5_a_name_of_an_undeclared_user_is_a_named_conflict() {
    let case = Case::new().declare(user("a", &["x"])).live("a", &[]).live("z", &["x"]);
    let why = blocked(&case.plan(), "update user/a@acme.example");
    assert!(why.contains("user/z@acme.example, whom no file names"), "{why}");
}

#[test]
fn s4_4_a_vanished_user_whose_address_returns_as_alias_of_a_new_one_stops_with_lines_to_paste() {
    let case = Case::new().authority(Authority::AddDeleteOld).declare(user("new", &["old"])).live("old", &[]);
    let plan = case.plan();
    blocked(&plan, "create user/new@acme.example");
    blocked(&plan, "delete user/old@acme.example");
    let paste = plan.report.warnings[0].paste.as_deref();
    assert_eq!(paste, Some("[[renamed]]\nfrom = \"old@acme.example\"\nto = \"new@acme.example\"\n"));
}

#[test]
fn s4_5_an_address_of_a_vanished_user_that_a_live_user_declares_stops_both() {
    let case = Case::new().authority(Authority::AddDeleteOld).declare(user("a", &["old"])).live("old", &[]).live("a", &[]);
    let plan = case.plan();
    blocked(&plan, "update user/a@acme.example");
    blocked(&plan, "delete user/old@acme.example");
    assert!(plan.report.warnings[0].paste.as_deref().unwrap().contains("keep_address = \"a@acme.example\""));
}

#[test]
fn s4_5_an_alias_moves_to_a_user_that_comes_to_be() {
    let mut case = Case::new().declare(user("n", &["x"])).declare(user("b", &["y"])).live("b", &["x"]).authority(Authority::AddDeleteOld);
    let plan = case.plan();
    assert_eq!(texts(&plan), ["update user/b@acme.example", "create user/n@acme.example", "move user/n@acme.example"]);
    assert_eq!(step(&plan, "update user/b@acme.example").stops.len(), 0, "the alias stays until it moves");
    case.live.apply(&plan);
    assert!(case.plan().is_empty());
}

#[test]
fn s4_5_an_alias_that_becomes_an_address_is_freed_first_and_counts() {
    let mut case = Case::new().declare(user("x", &[])).declare(user("b", &[])).live("b", &["x"]);
    let plan = case.plan();
    assert_eq!(texts(&plan), ["update user/b@acme.example", "create user/x@acme.example"]);
    let freed = step(&plan, "update user/b@acme.example");
    assert_eq!((freed.risk, freed.stops.len(), freed.counted.len()), (Risk::R3, 0, 1));
    assert_eq!(step(&plan, "create user/x@acme.example").after[0].step, freed.id);
    case.live.apply(&plan);
    assert!(case.plan().is_empty());
}

#[test]
fn a_name_is_never_freed_for_a_user_that_is_blocked() {
    // the new user x also wants an alias that an undeclared user holds
    let case = Case::new().declare(user("x", &["q"])).declare(user("b", &[])).live("b", &["x"]).live("z", &["q"]);
    let plan = case.plan();
    blocked(&plan, "create user/x@acme.example");
    assert!(blocked(&plan, "update user/b@acme.example").contains("passes between"));
}

#[test]
fn addresses_and_aliases_of_one_giver_pass_without_a_circle() {
    let mut case = Case::new().declare(user("x", &["y"])).declare(user("b", &[])).live("b", &["x", "y"]);
    let plan = case.plan();
    assert!(all_go(&plan), "{:#?}", plan.verdicts);
    case.live.apply(&plan);
    assert!(case.plan().is_empty());
    assert!(plan.steps.iter().any(|s| s.action == Action::Move));
}
