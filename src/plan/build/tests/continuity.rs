//! Continuity in plans (S15).

use super::passwords::{managed, secret, with};
use super::{blocked, step, texts};
use crate::model::continuity::Term;
use crate::model::{Authority, Continuity, Evidence, Kind, LiveAccess, LiveFacts, Support, User, UserStatus};
use crate::plan::testing::case::{Case, at, domain, span};
use crate::plan::{Plan, Risk, Until, Verdict};

/// Continuity from a day on declared, and off on a panel that manages it; today is 2026-11-22.
fn declared(from: &str) -> Case {
    let mut case = managed(Case::new());
    let term = Some(at(Term { months: 12, from: from.parse().unwrap() }));
    case.acme().continuity = Some(Continuity { at: span(), enabled: Some(at(true)), outgoing_via_own_server: Some(at(true)), term });
    case.can.kinds.entry(Kind::Continuity).and_modify(|k| (k.support, k.create) = (Support::Managed, false));
    case.live.add_continuity("acme.example", false, None);
    case
}

fn ready(case: &mut Case, name: &str) {
    case.live.add_user(name, &[]).access = Some(Box::new(LiveAccess { has_password: true, ..LiveAccess::default() }));
}

fn evidence(plan: &Plan, text: &str) -> Vec<(Evidence, String)> {
    step(plan, text).evidence.clone()
}

const BUY: &str = "buy continuity/acme.example";
const SWITCH: &str = "update continuity/acme.example";

#[test]
fn s15_a_term_is_bought_around_its_first_day_with_its_date_named() {
    let mut case = declared("2026-12-01");
    ready(&mut case, "a");
    let plan = case.plan();
    assert_eq!(texts(&plan), [BUY, SWITCH]);
    let buy = step(&plan, BUY);
    assert_eq!((buy.risk, buy.always_approved), (Risk::R4, true));
    let said = &evidence(&plan, BUY)[0];
    assert!(said.0 == Evidence::Term && said.1.starts_with("12 months from 2026-12-01"), "{said:?}");
    assert!(step(&plan, SWITCH).after.iter().any(|e| e.step == buy.id));
    assert!(evidence(&plan, SWITCH).is_empty(), "everybody is ready");
}

#[test]
fn s15_before_its_time_the_purchase_waits_and_the_switch_behind_it() {
    let plan = declared("2026-12-07").plan();
    let buy = step(&plan, BUY);
    assert_eq!(plan.verdict(buy.id), Verdict::Waiting(Until::Moment { at: "2026-11-23T00:00:00Z".parse().unwrap() }));
    assert!(matches!(plan.verdict(step(&plan, SWITCH).id), Verdict::Waiting(_)));
}

#[test]
fn s15_after_its_time_off_is_drift_and_never_a_step() {
    let mut case = declared("2026-11-07");
    let plan = case.plan();
    assert!(plan.is_empty(), "{:?}", texts(&plan));
    assert_eq!(plan.report.differs[0].fields.len(), 2, "the term and the switch");
    assert!(plan.report.differs[0].why.contains("2026-11-07"));
    case.live.add_continuity("acme.example", false, Some("12 months from 2026-11-07"));
    let plan = case.plan();
    assert!(plan.is_empty() && plan.report.differs[0].fields.len() == 1, "bought, and off: still only drift");
    case.live.add_continuity("acme.example", true, Some("12 months from 2026-11-07"));
    assert!(case.plan().report.differs.is_empty());
}

#[test]
fn s15_users_who_are_not_ready_need_an_approval_with_their_number() {
    let mut case = declared("2026-12-01").live("a", &[]).live("b", &[]).live("c", &[]);
    case.live.add_continuity("acme.example", false, Some("12 months from 2026-12-01"));
    case.live.user("b").status = UserStatus::Inactive;
    case.live.user("c").kind = crate::model::UserKind::List;
    assert_eq!(evidence(&case.plan(), SWITCH)[0].0, Evidence::Unready);
    assert!(evidence(&case.plan(), SWITCH)[0].1.starts_with("2 users"), "{:?}", evidence(&case.plan(), SWITCH));
    // what the plan itself does counts, and comes first
    case =
        case.declare(with("a", secret(), Some("1"))).declare(User { status: Some(UserStatus::Active), ..with("b", secret(), Some("1")) });
    let plan = case.plan();
    assert!(evidence(&plan, SWITCH).is_empty(), "{:?}", evidence(&plan, SWITCH));
    assert_eq!(step(&plan, SWITCH).after.len(), 3);
    // a new user without a password is not ready either
    case = case.declare(User::bare(crate::plan::testing::case::address("new")));
    assert!(evidence(&case.plan(), SWITCH)[0].1.starts_with("1 user "));
    case.can.tells_access = false;
    assert_eq!(evidence(&case.plan(), SWITCH)[0].0, Evidence::Unjudged);
}

#[test]
fn s15_users_stay_while_their_domain_fails_over() {
    let mut case = Case::new().live("z", &[]).authority(Authority::AddDeleteOld);
    case.live.domains.get_mut("acme.example").unwrap().facts = LiveFacts::Domain { imports: Some(0), failing_over: true };
    assert!(blocked(&case.plan(), "delete user/z@acme.example").contains("taking mail of acme.example over"));
}

#[test]
fn s15_off_is_always_approved() {
    let mut case = declared("2026-12-01");
    case.acme().continuity.as_mut().unwrap().enabled = Some(at(false));
    case.live.add_continuity("acme.example", true, Some("12 months from 2026-12-01"));
    let plan = case.plan();
    let off = step(&plan, SWITCH);
    assert_eq!((off.risk, off.always_approved), (Risk::R3, true));
}

#[test]
fn s15_users_stay_while_their_tenant_is_frozen() {
    let mut case = Case::new().live("z", &[]).authority(Authority::AddDeleteOld);
    case.live.tenant.as_mut().unwrap().frozen = true;
    let plan = case.plan();
    assert!(blocked(&plan, "delete user/z@acme.example").contains("the tenant acme is frozen"));
    assert!(plan.report.warnings.iter().any(|n| n.text.starts_with("it is frozen on its panel")), "{:?}", plan.report.warnings);
    // a rename by deletion and creation deletes as well
    let mut case = Case::new().declare(crate::plan::testing::user("new", &[])).live("old", &[]).renamed("old", "new", false);
    case.can.kinds.get_mut(&Kind::User).unwrap().rename = false;
    case.live.tenant.as_mut().unwrap().frozen = true;
    assert!(blocked(&case.plan(), "delete user/old@acme.example").contains("frozen"));
    case.live.tenant.as_mut().unwrap().frozen = false;
    assert!(case.plan().report.warnings.is_empty());
}

#[test]
fn s15_readiness_means_present_and_with_all_aliases() {
    let mut case = declared("2026-12-01");
    case.live.add_continuity("acme.example", false, Some("12 months from 2026-12-01"));
    ready(&mut case, "a");
    ready(&mut case, "d");
    case.live.user("d").origin = crate::model::Origin::Directory;
    // what the plan adds itself is complete
    case = case.declare(crate::plan::testing::user("a", &["aa"]));
    assert!(evidence(&case.plan(), SWITCH).is_empty(), "{:?}", evidence(&case.plan(), SWITCH));
    // an alias that the directory does not give, of a user that it owns
    case = case.declare(crate::plan::testing::user("d", &["dd"]));
    let said = evidence(&case.plan(), SWITCH);
    let want = "declared users of acme.example: 1 without all its aliases: d@acme.example (dd@acme.example)";
    assert_eq!(said, [(Evidence::Unready, want.to_owned())]);
    // somebody who is declared and not created is not there
    case.policy.ignore.push(crate::model::policy::Ignore { pattern: "user/gone@acme.example".into(), reason: "test".into() });
    case = case.declare(crate::plan::testing::user("gone", &[]));
    let said = &evidence(&case.plan(), SWITCH)[0].1;
    assert!(said.starts_with("declared users of acme.example: 1 not there: gone@acme.example; 1 without"), "{said}");
}

#[test]
fn s6_4_only_the_switch_waits_for_the_purchase() {
    let mut case = declared("2026-12-07");
    let continuity = case.acme().continuity.as_mut().unwrap();
    (continuity.enabled, continuity.outgoing_via_own_server) = (None, Some(at(false)));
    let plan = case.plan();
    assert!(matches!(plan.verdict(step(&plan, BUY).id), Verdict::Waiting(_)));
    assert_eq!(plan.verdict(step(&plan, SWITCH).id), Verdict::Go, "how mail goes out is no matter of the term");
}

#[test]
fn s15_a_rename_between_domains_asks_the_domain_that_is_left() {
    let plan = |failing: &str| {
        let mut case = Case::new().declare(crate::plan::testing::user("new", &[])).live("old@old.example", &[]);
        case = case.renamed("old@old.example", "new", false);
        case.heads.domains.insert(domain("old.example"), case.heads.domains[&domain("acme.example")].clone());
        case.live.add_domain("old.example", "smtp", &[]);
        case.live.domains.get_mut(failing).unwrap().facts = LiveFacts::Domain { imports: Some(0), failing_over: true };
        case.plan()
    };
    assert!(blocked(&plan("old.example"), "delete user/old@old.example").contains("taking mail of old.example over"));
    let plan = plan("acme.example");
    assert!(!matches!(plan.verdict(step(&plan, "delete user/old@old.example").id), Verdict::Blocked(_)));
}
