//! Tenant, policy, domains, and the kinds for a person.

use super::{all_go, blocked, step, texts};
use crate::model::{Authority, Evidence, Field, Kind, RelayCheck, Value, Window};
use crate::plan::testing::case::at;
use crate::plan::testing::{Case, domain, user};
use crate::plan::{BillableCause, BillableChange, Risk, Stage, Until, Verdict};

fn policy(case: &mut Case) {
    let span = crate::plan::testing::case::span();
    let none = crate::model::PasswordPolicy {
        at: span,
        min_length: None,
        upper: None,
        lower: None,
        digit: None,
        special: None,
        generated_length: None,
        generated_special: None,
    };
    case.heads.password_policy = Some(crate::model::PasswordPolicy { min_length: Some(at(12)), ..none });
}

#[test]
fn s4_3_a_tenant_is_created_where_it_may_be_and_everything_follows_it() {
    let mut case = Case::new().declare(user("a", &[]));
    policy(&mut case);
    case.live.tenant = None;
    case.live.domains.clear();
    let plan = case.plan();
    let want = ["create tenant/acme", "update password-policy/acme", "create domain/acme.example", "create user/a@acme.example"];
    assert_eq!(texts(&plan), want);
    assert!(all_go(&plan));
    case.live.apply(&plan);
    assert!(case.plan().is_empty());
    case.live.tenant = None;
    case.can.creates_tenants = false;
    let plan = case.plan();
    assert_eq!(texts(&plan), ["create tenant/acme"]);
    assert!(blocked(&plan, "create tenant/acme").contains("create = true"));
    case.heads.tenant.remote = Some(at("77".to_owned()));
    case.can.creates_tenants = true;
    assert!(blocked(&case.plan(), "create tenant/acme").contains("never created"));
}

#[test]
fn s6_4_the_policy_is_visible_before_users_are_activated() {
    let mut case = Case::new().declare(user("a", &[]));
    policy(&mut case);
    let plan = case.plan();
    let edge = &step(&plan, "create user/a@acme.example").after[0];
    assert_eq!((edge.step, edge.stage), (step(&plan, "update password-policy/acme").id, Stage::Visible));
}

#[test]
fn s2_1_a_new_domain_prints_its_defaults_and_comes_before_its_users() {
    let mut case = Case::new().declare(user("a@new.example", &["b@new.test"]));
    case.declare_domain("new.example").alias_domains = Some(at([domain("new.test")].into()));
    let plan = case.plan();
    assert_eq!(texts(&plan), ["create domain/new.example", "create user/a@new.example"]);
    let created = step(&plan, "create domain/new.example");
    assert_eq!(created.changes.iter().find(|c| c.field == Field::DomainRelayCheck).unwrap().after, Some(Value::text("smtp")));
    assert_eq!(step(&plan, "create user/a@new.example").after[0].step, created.id);
    case.acme();
    case.heads.domains.get_mut(&domain("new.example")).unwrap().destination = None;
    assert!(blocked(&case.plan(), "create domain/new.example").contains("needs a `destination`"));
}

#[test]
fn s7_3_destination_and_relay_check_of_a_domain_with_users_are_always_approved() {
    let mut case = Case::new();
    case.acme().destination = Some(at(vec!["mx2.test.example:25".into()]));
    let plan = case.plan();
    let alone = step(&plan, "update domain/acme.example");
    assert_eq!((alone.risk, alone.always_approved), (Risk::R3, false));
    let plan = case.declare(user("a", &[])).live("a", &[]).plan();
    assert!(step(&plan, "update domain/acme.example").always_approved);
}

#[test]
fn s16_4_what_relay_check_smtp_may_cost_is_told_beside_the_plan() {
    let mut case = Case::new();
    case.live.add_domain("acme.example", "control-panel", &[]);
    case.acme().relay_check = Some(at(RelayCheck::Smtp));
    assert!(case.plan().report.billable_expected.is_empty(), "nobody counted");
    case.recipients.insert(domain("acme.example"), [("q@acme.example".to_owned(), 41), ("r@acme.example".to_owned(), 1)].into());
    let expected = case.plan().report.billable_expected;
    assert_eq!(expected, [BillableChange { cause: BillableCause::MailTraffic, added: 2, removed: 0 }]);
}

#[test]
fn s13_2_the_forecast_is_evidence_or_says_not_judged() {
    let mut case = Case::new().declare(user("a", &[])).declare(user("new", &[])).live("a", &[]);
    case.acme().relay_check = Some(at(RelayCheck::ControlPanel));
    let plan = case.plan();
    let switch = step(&plan, "update domain/acme.example");
    assert_eq!(switch.evidence[0].0, Evidence::Unjudged);
    assert_eq!(switch.after[0].step, step(&plan, "create user/new@acme.example").id);
    assert_eq!(switch.after[0].stage, Stage::Effective);
    case.recipients.insert(domain("acme.example"), [("q@acme.example".to_owned(), 41)].into());
    let plan = case.plan();
    let (name, text) = &step(&plan, "update domain/acme.example").evidence[0];
    assert_eq!(*name, Evidence::Rejects);
    assert!(
        text.starts_with("1 addresses that get mail today would bounce (panel's own count, 30 days): q@acme.example 41 mails, last"),
        "{text}"
    );
    case.recipients.insert(domain("acme.example"), [].into());
    let plan = case.plan();
    assert!(step(&plan, "update domain/acme.example").evidence.is_empty());
    // one who goes by this very plan and gets mail would bounce as well
    let mut case = case.live("z", &[]).authority(Authority::AddDeleteOld);
    case.live.user("z").mails_30d = Some(3);
    let plan = case.plan();
    assert!(step(&plan, "update domain/acme.example").evidence[0].1.contains("z@acme.example 3 mails"));
}

#[test]
fn s6_4_with_a_window_the_relay_check_waits_until_users_act() {
    let mut case = Case::new().declare(user("new", &[]));
    case.acme().relay_check = Some(at(RelayCheck::ControlPanel));
    case.can.windows.insert(Kind::User, Window { earliest_seconds: 1800, latest_seconds: 3600 });
    let plan = case.plan();
    match plan.verdict(step(&plan, "update domain/acme.example").id) {
        Verdict::Waiting(Until::Edge { at, .. }) => assert_eq!(at, Some("2026-11-22T11:00:00Z".parse().unwrap())),
        other => panic!("{other:?}"),
    }
    case.live.apply(&plan);
    assert!(all_go(&case.plan()), "the users are there: nothing to wait for");
}

#[test]
fn s2_2_alias_domains_are_compared_whole_and_those_that_go_are_always_approved() {
    let mut case = Case::new();
    case.live.domains.clear();
    case.live.add_domain("acme.example", "smtp", &["old.test"]);
    assert!(case.plan().is_empty(), "not written, not compared");
    case.acme().alias_domains = Some(at([domain("new.test")].into()));
    let plan = case.plan();
    let facts: Vec<_> = plan.steps.iter().map(|s| (s.risk, s.always_approved, s.stops.len(), s.only_if.version.is_some())).collect();
    assert_eq!(facts, [(Risk::R2, false, 0, true), (Risk::R3, true, 1, false)]);
    case.live.apply(&plan);
    assert!(case.plan().is_empty());
}

#[test]
fn s4_5_an_alias_domain_moves_between_written_domains_only() {
    let mut case = Case::new();
    case.live.add_domain("beta.example", "smtp", &["x.test"]);
    case.acme().alias_domains = Some(at([domain("x.test")].into()));
    assert!(blocked(&case.plan(), "update domain/acme.example").contains("`x.test` is held by domain/beta.example"));
    case.declare_domain("beta.example").alias_domains = Some(at([].into()));
    let plan = case.plan();
    assert_eq!(texts(&plan), ["update domain/beta.example", "update domain/acme.example"]);
    case.live.apply(&plan);
    assert!(case.plan().is_empty());
}

#[test]
fn s4_5_domains_that_take_alias_domains_from_each_other_are_refused_by_name() {
    let swap = |ring: &[&str]| {
        let mut case = Case::new();
        case.live.domains.clear();
        for (n, name) in ring.iter().enumerate() {
            let next = format!("{}.test", ring[(n + 1) % ring.len()]);
            case.live.add_domain(&format!("{name}.example"), "smtp", &[&format!("{name}.test")]);
            case.declare_domain(&format!("{name}.example")).alias_domains = Some(at([domain(&next)].into()));
        }
        case.plan()
    };
    let reasons = |ring: &[&str]| -> Vec<String> {
        let plan = swap(ring);
        let reason = |v: &Verdict| matches!(v, Verdict::Blocked(_)).then(|| format!("{v:?}"));
        plan.verdicts.values().filter_map(reason).collect()
    };
    let two = reasons(&["acme", "beta"]);
    assert_eq!(two.iter().filter(|r| r.starts_with("Blocked(Swap")).count(), 2, "{two:?}");
    let three = reasons(&["acme", "beta", "ceta"]);
    assert!(three.len() >= 3 && three.iter().all(|r| r.contains("these steps wait for each other")), "{three:?}");
}

#[test]
fn s6_5_kinds_that_the_panel_cannot_are_steps_for_a_person() {
    let mut case = Case::new();
    let span = crate::plan::testing::case::span();
    case.acme().continuity =
        Some(crate::model::Continuity { at: span, enabled: Some(at(true)), outgoing_via_own_server: None, term: None });
    let plan = case.plan();
    let hand_off = step(&plan, "hand-off continuity/acme.example");
    assert_eq!(hand_off.hand_off.as_deref(), Some("set on continuity/acme.example: enabled = true"));
    assert_eq!(plan.verdict(hand_off.id), Verdict::Waiting(Until::Person { who: "this panel cannot yet".into(), since: None }));
    assert!(plan.is_settled());
    case.unread.insert((Kind::User, Some(domain("acme.example"))));
    blocked(&case.plan(), "hand-off continuity/acme.example");
}

#[test]
fn s3_1_a_missing_domain_under_observe_is_a_difference() {
    let mut case = Case::new().authority(Authority::Observe);
    case.live.domains.clear();
    let plan = case.plan();
    assert!(plan.is_empty());
    assert_eq!(plan.report.differs[0].key.to_string(), "domain/acme.example");
}
