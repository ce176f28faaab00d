//! Removing by name (S9).

use super::{blocked, step, texts};
use crate::model::{Authority, Evidence, Kind};
use crate::plan::testing::{Case, address, user};
use crate::plan::{Cause, Risk, Until, Verdict};

#[test]
fn s9_2_a_tombstone_deletes_under_add_and_fulfilled_it_is_a_note() {
    let mut case = Case::new().live("z", &["zz"]).removed("z");
    let plan = case.plan();
    let delete = step(&plan, "delete user/z@acme.example");
    assert_eq!(delete.why, Cause::Removed { since: "2026-11-22".into(), reason: Some("test".into()) });
    assert_eq!((delete.stops.len(), delete.counted.len(), delete.always_approved), (2, 1, false));
    case.live.apply(&plan);
    let plan = case.plan();
    assert!(plan.is_empty());
    assert!(plan.report.notes[0].text.contains("fulfilled"));
}

#[test]
fn s9_2_it_matches_nothing_created_after_its_day() {
    let mut case = Case::new().live("z", &[]).removed("z");
    case.live.user("z").created_at = Some("2026-11-22T23:59:59Z".parse().unwrap());
    assert_eq!(texts(&case.plan()), ["delete user/z@acme.example"]);
    case.live.user("z").created_at = Some("2026-11-23T00:00:00Z".parse().unwrap());
    let plan = case.plan();
    assert!(plan.is_empty());
    assert!(plan.report.warnings[0].text.contains("the tombstone is not for it"));
}

#[test]
fn s9_2_where_nothing_tells_the_object_apart_the_deletion_is_always_approved() {
    let mut case = Case::new().live("z", &[]).removed("z");
    case.live.user("z").created_at = None;
    case.live.user("z").incarnation = None;
    assert!(step(&case.plan(), "delete user/z@acme.example").always_approved);
}

#[test]
fn s9_2_not_before_its_day() {
    let on = |r: &mut crate::config::Removed| r.on = Some(crate::plan::testing::case::at("2026-12-01".parse().unwrap()));
    let plan = Case::new().live("z", &[]).tombstone(Kind::User, "z@acme.example", on).plan();
    let delete = step(&plan, "delete user/z@acme.example");
    assert_eq!(plan.verdict(delete.id), Verdict::Waiting(Until::Moment { at: "2026-12-01T00:00:00Z".parse().unwrap() }));
    assert!(plan.is_settled());
}

#[test]
fn s9_2_keep_address_hands_the_addresses_to_another() {
    for (authority, names) in [(Authority::Add, 3), (Authority::AddDeleteOld, 2)] {
        let keep = |r: &mut crate::config::Removed| r.keep_address = Some(crate::plan::testing::case::at(address("heir")));
        let mut case = Case::new().declare(user("heir", &[])).live("heir", &[]).live("z", &["zz"]).authority(authority);
        case = case.tombstone(Kind::User, "z@acme.example", keep);
        let plan = case.plan();
        assert_eq!(texts(&plan), ["delete user/z@acme.example", "update user/heir@acme.example"]);
        assert_eq!(step(&plan, "delete user/z@acme.example").stops.len(), 3 - names, "under {authority}");
        case.live.apply(&plan);
        assert_eq!(case.live.names().len(), names);
        assert!(case.plan().is_empty(), "under {authority}");
    }
}

#[test]
fn s9_2_a_blocked_heir_holds_the_deletion() {
    let keep = |r: &mut crate::config::Removed| r.keep_address = Some(crate::plan::testing::case::at(address("heir")));
    let case = Case::new().declare(user("heir", &["q"])).live("heir", &[]).live("z", &[]).live("y", &["q"]);
    let plan = case.tombstone(Kind::User, "z@acme.example", keep).plan();
    blocked(&plan, "update user/heir@acme.example");
    blocked(&plan, "delete user/z@acme.example");
}

#[test]
fn s9_2_an_heir_that_cannot_take_the_address_holds_the_deletion() {
    let keep = |r: &mut crate::config::Removed| r.keep_address = Some(crate::plan::testing::case::at(address("heir")));
    let mut case = Case::new().declare(user("heir", &[])).live("heir", &[]).live("z", &[]).tombstone(Kind::User, "z@acme.example", keep);
    case.live.user("heir").origin = crate::model::Origin::Directory;
    blocked(&case.plan(), "delete user/z@acme.example");
}

#[test]
fn s3_3_a_tombstone_does_nothing_to_a_user_of_the_directory() {
    let mut case = Case::new().live("z", &[]).removed("z");
    case.live.user("z").origin = crate::model::Origin::Directory;
    assert!(case.plan().is_empty());
}

#[test]
fn s9_2_a_domain_goes_with_approval_and_names_what_goes_with_it() {
    let mut case = Case::new();
    case.live.add_domain("old.example", "smtp", &["old.test"]);
    let plan = case.plan();
    assert!(plan.is_empty());
    assert!(plan.report.notes[0].text.contains("not managed"), "S9.1");
    let mut case = case.tombstone(Kind::Domain, "old.example", |_| {});
    let plan = case.plan();
    let delete = step(&plan, "delete domain/old.example");
    assert_eq!((delete.risk, delete.always_approved, delete.only_if.reread), (Risk::R4, true, true));
    assert_eq!(delete.evidence[0].0, Evidence::Cascade);
    assert_eq!(delete.stops.iter().collect::<Vec<_>>(), ["*@old.example", "*@old.test"]);
    case.live.apply(&plan);
    assert!(case.plan().is_empty());
}

#[test]
fn s9_2_other_kinds_are_handed_to_a_person() {
    let plan = Case::new().tombstone(Kind::SmtpUser, "old-shop", |r| r.username = Some("u77".into())).plan();
    let hand_off = step(&plan, "hand-off smtp-user/old-shop");
    assert_eq!(hand_off.hand_off.as_deref(), Some("delete smtp-user/old-shop (user name u77)"));
    assert!(plan.is_settled() && !plan.is_empty());
}
