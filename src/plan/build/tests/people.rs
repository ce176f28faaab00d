//! Creates, updates, deletes, and what is left alone.

use super::{all_go, step, texts};
use crate::model::policy::Ignore;
use crate::model::{Authority, Field, Origin, User, UserKind, UserStatus, Value};
use crate::plan::testing::{Case, address, user};
use crate::plan::{Cause, LeftAlone, Risk};

#[test]
fn s2_1_a_new_user_takes_the_models_defaults_and_the_plan_prints_them() {
    let plan = Case::new().declare(User::bare(address("a"))).plan();
    let step = step(&plan, "create user/a@acme.example");
    let printed: Vec<(Field, Option<Value>)> = step.changes.iter().map(|c| (c.field, c.after.clone())).collect();
    assert_eq!(
        printed,
        [
            (Field::UserFirstName, Some(Value::text(""))),
            (Field::UserLastName, Some(Value::text(""))),
            (Field::UserAliases, Some(Value::Set([].into()))),
            (Field::UserKind, Some(Value::text("mailbox"))),
            (Field::UserStatus, Some(Value::text("active"))),
        ]
    );
    assert_eq!((step.risk, step.only_if.absent, step.why.clone()), (Risk::R1, true, Cause::Declared));
    assert_eq!(step.at.as_ref().map(ToString::to_string), Some("users.csv:2".into()));
}

#[test]
fn s2_1_what_is_not_written_is_not_compared() {
    let mut case = Case::new().declare(User::bare(address("a"))).live("a", &["x", "y"]);
    case.live.user("a").first_name = "Jane".into();
    assert!(case.plan().is_empty());
}

#[test]
fn s3_2_aliases_are_added_under_add_and_exact_under_add_delete_old() {
    let case = Case::new().declare(user("a", &["new"])).live("a", &["old"]);
    let plan = case.plan();
    let change = &step(&plan, "update user/a@acme.example").changes[0];
    assert_eq!(change.after, Some(Value::Set(["new@acme.example".into(), "old@acme.example".into()].into())));
    assert_eq!(step(&plan, "update user/a@acme.example").risk, Risk::R2);
    let plan = case.authority(Authority::AddDeleteOld).plan();
    let exact = step(&plan, "update user/a@acme.example");
    assert_eq!(exact.changes[0].after, Some(Value::Set(["new@acme.example".into()].into())));
    assert_eq!(
        (exact.risk, &exact.stops, &exact.counted),
        (Risk::R3, &["old@acme.example".to_owned()].into(), &["old@acme.example".to_owned()].into())
    );
}

#[test]
fn s3_2_a_superset_of_aliases_is_no_difference_under_add() {
    assert!(Case::new().declare(user("a", &["x"])).live("a", &["x", "y"]).plan().is_empty());
}

#[test]
fn s2_2_empty_aliases_clear_under_add_delete_old_only() {
    let case = Case::new().declare(user("a", &[])).live("a", &["x"]);
    let plan = case.plan();
    assert!(plan.is_empty());
    assert!(plan.report.warnings[0].text.contains("clears under `add-delete-old` only"));
    let plan = case.authority(Authority::AddDeleteOld).plan();
    assert_eq!(step(&plan, "update user/a@acme.example").changes[0].after, Some(Value::Set([].into())));
}

#[test]
fn s2_2_silent_cells_with_live_values_are_counted_and_said() {
    let mut case = Case::new().declare(User::bare(address("a"))).live("a", &[]).authority(Authority::AddDeleteOld);
    case.live.user("a").last_name = "Doe".into();
    let plan = case.plan();
    assert!(plan.is_empty());
    assert!(plan.report.notes[0].text.starts_with("1 users of acme.example have values"), "{:?}", plan.report.notes);
}

#[test]
fn s3_1_under_observe_a_difference_is_reported_and_never_a_step() {
    let mut case =
        Case::new().declare(user("a", &["x"])).declare(user("b", &[])).live("a", &[]).live("z", &[]).authority(Authority::Observe);
    case.users[0].last_name = Some("Doe".into());
    let plan = case.plan();
    assert!(plan.is_empty(), "{:?}", texts(&plan));
    let differs: Vec<_> = plan.report.differs.iter().map(|d| (d.key.to_string(), d.fields.len())).collect();
    assert_eq!(differs, [("user/a@acme.example".to_owned(), 2), ("user/b@acme.example".to_owned(), 0)]);
    assert_eq!(plan.report.left_alone[&LeftAlone::Observed], 1);
}

#[test]
fn s3_3_the_whole_list_deletes_own_origins_only() {
    let mut case = Case::new().authority(Authority::AddDeleteOld);
    for (name, origin) in [
        ("m", Origin::Manual),
        ("i", Origin::Import),
        ("s", Origin::Smtp),
        ("f", Origin::Discovery),
        ("d", Origin::Directory),
        ("o", Origin::Office365),
    ] {
        case.live.add_user(name, &[]).origin = origin;
    }
    let plan = case.plan();
    let want = ["f", "i", "m", "s"].map(|n| format!("delete user/{n}@acme.example"));
    assert_eq!(texts(&plan), want);
    assert_eq!(plan.report.left_alone[&LeftAlone::Directory], 2);
    let delete = step(&plan, "delete user/m@acme.example");
    assert_eq!((delete.risk, delete.only_if.reread, delete.counted.len()), (Risk::R3, true, 1));
    assert!(matches!(&delete.why, Cause::WholeList { list } if list == "users of acme.example"));
}

#[test]
fn s3_3_unknown_origin_is_ours_only_where_there_is_proof_of_no_directory() {
    let mut case = Case::new().authority(Authority::AddDeleteOld).declare(user("a", &["x"])).live("a", &[]).live("z", &[]);
    case.live.user("a").origin = Origin::Unknown;
    case.live.user("z").origin = Origin::Unknown;
    assert_eq!(texts(&case.plan()), ["update user/a@acme.example", "delete user/z@acme.example"]);
    // a directory that this driver cannot read may own them
    case.can.kinds.get_mut(&crate::model::Kind::Directory).unwrap().support = crate::model::Support::Managed;
    let plan = case.plan();
    assert!(plan.is_empty(), "{:?}", texts(&plan));
    assert_eq!(plan.report.left_alone[&LeftAlone::UnknownOrigin], 2);
}

#[test]
fn s3_3_a_declared_address_that_the_directory_owns_is_left_alone_with_a_warning() {
    let mut case = Case::new().declare(user("a", &["x"])).live("a", &[]);
    case.live.user("a").origin = Origin::Directory;
    let plan = case.plan();
    assert!(plan.is_empty());
    assert_eq!(plan.report.left_alone[&LeftAlone::DeclaredButOwned], 1);
    assert_eq!(plan.report.warnings[0].text, "left alone: directory-owned");
}

#[test]
fn s3_5_undeclared_users_under_add_are_counted() {
    let plan = Case::new().live("z", &[]).live("y", &[]).plan();
    assert!(plan.is_empty());
    assert_eq!(plan.report.left_alone[&LeftAlone::Undeclared], 2);
    assert!(plan.report.undeclared.contains("z@acme.example"));
}

#[test]
fn s7_3_deactivation_and_kinds_that_stop_delivery_count() {
    let mut case = Case::new().live("a", &[]).live("b", &[]);
    case = case.declare(User { status: Some(UserStatus::Inactive), ..User::bare(address("a")) });
    case = case.declare(User { kind: Some(UserKind::Forward), ..User::bare(address("b")) });
    let plan = case.plan();
    for name in ["a", "b"] {
        let step = step(&plan, &format!("update user/{name}@acme.example"));
        assert_eq!((step.risk, step.counted.len(), step.stops.len()), (Risk::R3, 1, 0), "{name}");
    }
}

#[test]
fn s10_2_passwords_of_live_users_are_left_alone_and_new_ones_are_handed_off() {
    let password = Some(crate::model::Password {
        from: crate::model::user::PasswordFrom::Secret(crate::base::SecretRef::Env("P".into())),
        rotate: Some("2026-11".into()),
    });
    let case = Case::new().declare(User { password: password.clone(), ..User::bare(address("a")) });
    let case = case.declare(User { password, ..User::bare(address("b")) }).live("a", &[]);
    let plan = case.plan();
    assert_eq!(texts(&plan), ["create user/b@acme.example", "hand-off user/b@acme.example"]);
    assert!(plan.report.notes.iter().any(|n| n.text.starts_with("passwords of 1 live users cannot be compared")));
    let hand_off = step(&plan, "hand-off user/b@acme.example");
    assert!(matches!(plan.verdict(hand_off.id), crate::plan::Verdict::Waiting(crate::plan::Until::Person { .. })));
}

#[test]
fn s13_1_a_deletion_that_will_not_last_says_so_and_one_who_returned_is_crept_back() {
    let mut case = Case::new().live("z", &[]).authority(Authority::AddDeleteOld);
    assert!(step(&case.plan(), "delete user/z@acme.example").notes.iter().any(|n| n.contains("relay check `smtp`")));
    let key = crate::model::Key::new(&case.heads.tenant.name, crate::model::Kind::User, "z@acme.example");
    case.remembered.deletions.push(("2025-05-01T00:00:00Z".parse().unwrap(), key.clone()));
    let plan = case.plan();
    assert!(plan.is_empty());
    assert_eq!(plan.report.crept_back, [key]);
}

#[test]
fn s16_2_while_discovery_is_on_add_delete_old_acts_as_add() {
    let mut case = Case::new().live("z", &[]).authority(Authority::AddDeleteOld);
    let on = crate::plan::testing::case::at(true);
    let span = crate::plan::testing::case::span();
    case.acme().discovery = Some(crate::model::Discovery { at: span, enabled: Some(on), until: None });
    case.can.kinds.remove(&crate::model::Kind::Discovery);
    assert!(case.plan().is_empty());
}

#[test]
fn s17_2_what_is_ignored_is_neither_changed_nor_deleted() {
    let mut case = Case::new().declare(user("a", &["x"])).live("a", &[]).live("z", &[]).authority(Authority::AddDeleteOld);
    case.policy.ignore.push(Ignore { pattern: "user/*@acme.example".into(), reason: "migration".into() });
    let plan = case.plan();
    assert!(plan.is_empty(), "{:?}", texts(&plan));
    assert_eq!(plan.report.left_alone[&LeftAlone::Ignored], 2);
}

#[test]
fn s4_5_adds_come_before_removes() {
    let case =
        Case::new().authority(Authority::AddDeleteOld).live("a", &[]).live("z", &[]).declare(user("n", &[])).declare(user("z", &["q"]));
    assert_eq!(texts(&case.plan()), ["create user/n@acme.example", "update user/z@acme.example", "delete user/a@acme.example"]);
}

#[test]
fn s14_many_creates_of_a_domain_go_in_bulk_and_the_choice_is_said() {
    let mut case = Case::new();
    for i in 0..7 {
        case = case.declare(user(&format!("u{i}"), &[]));
    }
    case.can.bulk = Some(crate::model::BulkRule { from_creates: 5, most: 4, replaces_safely: true });
    let plan = case.plan();
    assert_eq!(plan.batches.iter().map(|(bulk, ids)| (*bulk, ids.len())).collect::<Vec<_>>(), [(true, 4), (true, 3)]);
    assert!(plan.report.notes.iter().any(|n| n.text.contains("7 new users go in 2 bulk calls instead of 7 single ones: mode add")));
    case.can.bulk = Some(crate::model::BulkRule { from_creates: 8, most: 4, replaces_safely: true });
    assert_eq!(case.plan().batches.len(), 1);
    assert_eq!(case.plan().id, plan.id, "single or bulk is not in the id (S5.2)");
    assert!(all_go(&plan));
}
