//! What is not read is not absent, and what rests on it is blocked (S1.4).

use super::{all_go, blocked, step, texts};
use crate::model::{Authority, Kind, User};
use crate::plan::testing::{Case, address, domain, user};

fn two() -> Case {
    let mut case = Case::new().authority(Authority::AddDeleteOld);
    case.declare_domain("beta.example");
    case.live.add_domain("beta.example", "smtp", &[]);
    case
}

#[test]
fn s1_4_unknown_users_block_their_own_writes_and_creates_adds_and_moves_everywhere() {
    let mut case = two().live("gone", &[]).live("here", &[]);
    case = case.declare(user("missing", &[])).declare(User { last_name: Some("D".into()), ..User::bare(address("here")) });
    case = case.declare(user("new@beta.example", &[])).declare(user("kim@beta.example", &["k@beta.example"]));
    case = case.declare(User { last_name: Some("D".into()), ..User::bare(address("jo@beta.example")) });
    case = case.live("kim@beta.example", &[]).live("jo@beta.example", &[]).live("z@beta.example", &[]);
    case.unread.insert((Kind::User, Some(domain("acme.example"))));
    let plan = case.plan();
    for text in
        ["update user/here@acme.example", "delete user/gone@acme.example", "create user/new@beta.example", "update user/kim@beta.example"]
    {
        assert!(blocked(&plan, text).contains("users of acme.example was not read completely"), "{text}");
    }
    for text in ["update user/jo@beta.example", "delete user/z@beta.example"] {
        assert_eq!(plan.verdict(step(&plan, text).id), crate::plan::Verdict::Go, "independent: {text}");
    }
    assert!(!texts(&plan).contains(&"create user/missing@acme.example".to_owned()), "unknown is never absent (S1.1)");
    assert!(!plan.is_complete());
}

#[test]
fn s1_4_unknown_users_block_the_relay_check_and_nothing_else_of_their_domain() {
    let mut case = Case::new();
    case.acme().relay_check = Some(crate::plan::testing::case::at(crate::model::RelayCheck::ControlPanel));
    case.acme().destination = Some(crate::plan::testing::case::at(vec!["mx2.test.example:25".into()]));
    case.unread.insert((Kind::User, Some(domain("acme.example"))));
    let plan = case.plan();
    let verdicts: Vec<bool> = plan.steps.iter().map(|s| plan.verdict(s.id) == crate::plan::Verdict::Go).collect();
    assert_eq!(verdicts.iter().filter(|go| **go).count(), 1);
    let go = plan.steps.iter().find(|s| plan.verdict(s.id) == crate::plan::Verdict::Go).unwrap();
    assert_eq!(go.changes[0].field, crate::model::Field::DomainDestination);
}

#[test]
fn s1_4_an_unknown_list_of_domains_or_policy_blocks_the_tenant() {
    for kind in [Kind::Domain, Kind::PasswordPolicy] {
        let mut case = Case::new().declare(user("a", &["x"])).live("a", &[]);
        case.unread.insert((kind, None));
        blocked(&case.plan(), "update user/a@acme.example");
    }
}

#[test]
fn s1_4_an_unknown_list_of_tenants_plans_nothing() {
    let mut case = Case::new().declare(user("a", &[]));
    case.unread.insert((Kind::Tenant, None));
    let plan = case.plan();
    assert!(plan.is_empty() && !plan.is_complete());
}

#[test]
fn s1_4_a_unread_holder_blocks_the_giver_too() {
    let mut case = two().declare(user("a@beta.example", &["x"])).declare(user("b", &[])).live("b", &["x"]).live("a@beta.example", &[]);
    case.unread.insert((Kind::User, Some(domain("beta.example"))));
    let plan = case.plan();
    assert!(plan.steps.iter().all(|s| matches!(plan.verdict(s.id), crate::plan::Verdict::Blocked(_))), "{:?}", texts(&plan));
}

#[test]
fn a_row_that_changed_while_it_was_read_blocks_everything() {
    let mut case = Case::new().declare(user("a", &["x"])).declare(user("b", &["y"])).live("a", &[]).live("b", &[]);
    case.torn.insert("b@acme.example".into());
    let plan = case.plan();
    assert!(blocked(&plan, "update user/a@acme.example").contains("users.csv:3 changed while it was read"));
    assert!(!plan.is_complete());
}

#[test]
fn permuting_pages_changes_no_byte() {
    let mut case = two().declare(user("a", &["x"])).declare(user("b", &["y"])).declare(user("n", &["m@beta.example"]));
    for name in ["a", "b", "c", "d", "e@beta.example", "f@beta.example"] {
        case.live.add_user(name, &[]);
    }
    case.live.user("c").aliases.push("x@acme.example".into());
    let first = serde_json::to_string(&case.plan()).unwrap();
    for seed in 1..20 {
        case.shuffle = seed;
        assert_eq!(serde_json::to_string(&case.plan()).unwrap(), first);
    }
    assert!(!all_go(&case.plan()), "a conflict is among them");
    case.users.reverse();
    let ids: Vec<_> = case.plan().steps.iter().map(|s| s.id).collect();
    case.users.reverse();
    assert_eq!(case.plan().steps.iter().map(|s| s.id).collect::<Vec<_>>(), ids, "rows in another order");
}
