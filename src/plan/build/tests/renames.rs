//! Declared renames (S4.4).

use super::{all_go, blocked, step, texts};
use crate::model::{Authority, Kind, Value};
use crate::plan::Cause;
use crate::plan::testing::{Case, user};

#[test]
fn s4_4_a_rename_is_native_keeps_the_old_address_and_is_done_when_from_is_gone() {
    let mut case = Case::new().declare(user("new", &[])).live("old", &["x"]).renamed("old", "new", true).authority(Authority::AddDeleteOld);
    let plan = case.plan();
    assert_eq!(texts(&plan), ["rename user/new@acme.example", "update user/new@acme.example"]);
    let rename = step(&plan, "rename user/new@acme.example");
    assert_eq!(rename.why, Cause::Renamed { from: "old@acme.example".into() });
    assert_eq!(rename.changes[0].after, Some(Value::Set(["old@acme.example".into(), "x@acme.example".into()].into())));
    assert!(rename.stops.is_empty());
    case.live.apply(&plan);
    let names: Vec<_> = case.live.names().into_iter().collect();
    assert_eq!(names, ["new@acme.example", "old@acme.example"], "the kept address counts as declared");
    let plan = case.plan();
    assert!(plan.is_empty());
    assert!(plan.report.notes.iter().any(|n| n.text.contains("the rename from old@acme.example is done")));
}

#[test]
fn s4_4_without_keep_old_the_address_stops() {
    let mut case = Case::new().declare(user("new", &[])).live("old", &[]).renamed("old", "new", false);
    let plan = case.plan();
    assert_eq!(step(&plan, "rename user/new@acme.example").stops.len(), 1);
    case.live.apply(&plan);
    assert!(case.plan().is_empty());
    assert_eq!(case.live.names().len(), 1);
}

#[test]
fn s4_4_where_the_panel_cannot_a_rename_is_an_approved_delete_and_create() {
    let mut case = Case::new().declare(user("new", &["x"])).live("old", &["x"]).renamed("old", "new", true);
    case.can.kinds.get_mut(&Kind::User).unwrap().rename = false;
    let plan = case.plan();
    assert_eq!(texts(&plan), ["delete user/old@acme.example", "create user/new@acme.example"]);
    let delete = step(&plan, "delete user/old@acme.example");
    assert!(delete.always_approved && delete.stops.is_empty() && delete.notes[0].contains("are lost"));
    case.live.apply(&plan);
    assert!(case.plan().is_empty());
    assert_eq!(case.live.names().len(), 3);
}

#[test]
fn s4_4_a_chain_is_two_renames_and_a_circle_is_refused() {
    let mut case = Case::new().declare(user("b", &[])).declare(user("c", &[])).live("a", &[]).live("b", &[]);
    case = case.renamed("a", "b", false).renamed("b", "c", false);
    let plan = case.plan();
    assert_eq!(texts(&plan), ["rename user/c@acme.example", "rename user/b@acme.example"]);
    assert!(all_go(&plan));
    case.live.apply(&plan);
    assert!(case.plan().is_empty());
    let case = Case::new().declare(user("a", &["x"])).declare(user("b", &[])).live("a", &[]).live("b", &[]);
    let case = case.renamed("a", "b", false).renamed("b", "a", false);
    assert!(blocked(&case.plan(), "update user/a@acme.example").contains("swap names"));
}

#[test]
fn s4_4_two_live_users_cannot_be_one_rename() {
    let case = Case::new().declare(user("new", &["x"])).live("old", &[]).live("new", &[]).renamed("old", "new", true);
    let plan = case.authority(Authority::AddDeleteOld).plan();
    assert!(blocked(&plan, "delete user/old@acme.example").contains("are both live"));
    blocked(&plan, "update user/new@acme.example");
}

#[test]
fn s4_4_an_alias_becomes_the_address() {
    let mut case = Case::new().declare(user("new", &[])).live("old", &["new"]).renamed("old", "new", true);
    let plan = case.plan();
    assert_eq!(texts(&plan), ["rename user/new@acme.example"]);
    case.live.apply(&plan);
    assert!(case.plan().is_empty());
}

#[test]
fn s5_4_a_rename_by_create_and_delete_that_was_cut_short_is_finished() {
    let mut case = Case::new().declare(user("new", &[])).live("old", &[]).renamed("old", "new", false);
    case.can.kinds.get_mut(&Kind::User).unwrap().rename = false;
    let plan = case.plan();
    assert_eq!(texts(&plan), ["create user/new@acme.example", "delete user/old@acme.example"]);
    case.live.apply_first(&plan, 1);
    let rest = case.plan();
    let delete = step(&rest, "delete user/old@acme.example");
    assert!(delete.always_approved);
    assert_eq!(delete.id, step(&plan, "delete user/old@acme.example").id, "the approval of the first run covers it (S8.2)");
    case.live.apply(&rest);
    assert!(case.plan().is_empty());
}
