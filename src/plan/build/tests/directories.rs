//! Directories and discovery: what a change of selection needs, what an answer is worth, and when discovery ends
//! (S3.3, S7.3, S10.2, S16.1, S16.2).

use super::looks::step;
use crate::base::SecretRef;
use crate::base::span::Spanned;
use crate::model::directory::{BindPassword, Source};
use crate::model::{
    Authority, CatchAllProbe, Completeness, Directory, DirectoryAnswer, DirectoryFacts, DirectoryStops, Discovery, DiscoveryFacts,
    Evidence, Field, Key, Kind, KindSupport, LiveFacts, LiveHead, Observed, Origin, Proof, RelayCheck, Scope, Support, Value,
};
use crate::plan::testing::case::{Case, at, domain, span, user};
use crate::plan::{Action, BillableCause, Plan, Risk, Until, Verdict};

/// A declared directory with a host, and nothing else.
fn declared() -> Directory {
    Directory {
        at: span(),
        enabled: None,
        source: None,
        host: Some(at("dc1.acme.example".into())),
        port: None,
        tls: None,
        bind_dn: None,
        bind_password: None,
        search_base: None,
        filter: None,
        min_users: None,
        schedule: None,
    }
}

/// A live one with 100 users, which was synchronised today.
fn live(case: &Case) -> LiveHead {
    let text = |field, text: &str| (field, Value::text(text));
    let attrs = [
        (Field::DirectoryEnabled, Value::Switch(true)),
        text(Field::DirectorySource, "ldap"),
        text(Field::DirectoryHost, "dc1.acme.example"),
        (Field::DirectoryPort, Value::Number(389)),
        text(Field::DirectoryTls, "none"),
        text(Field::DirectorySearchBase, "ou=people"),
        text(Field::DirectoryFilter, ""),
        (Field::DirectoryMinUsers, Value::Number(0)),
        (Field::DirectoryBindPassword, Value::Token("initial".into())),
    ];
    let facts = DirectoryFacts {
        users: 100,
        last_success_at: Some("2026-11-22T09:00:00Z".parse().unwrap()),
        last_count: Some(100),
        ..DirectoryFacts::default()
    };
    LiveHead {
        key: Key::new(&case.heads.tenant.name, Kind::Directory, "acme.example"),
        incarnation: Some("y1".into()),
        version: Some("1".into()),
        attrs: attrs.into(),
        created_at: None,
        facts: LiveFacts::Directory(Box::new(facts)),
    }
}

/// A panel that manages directories and discovery.
fn case() -> Case {
    let mut case = Case::new();
    let managed = || KindSupport { support: Support::Managed, create: true, delete: true, rename: false, incarnation: true };
    case.can.kinds.insert(Kind::Directory, managed());
    case.can.kinds.insert(Kind::Discovery, managed());
    case
}

fn with(mut case: Case, change: impl FnOnce(&mut Directory)) -> Case {
    let mut one = declared();
    change(&mut one);
    case.acme().directories.insert("default".into(), one);
    case
}

/// The plan where these heads of the domain are live and both scopes were read.
fn plan(case: &Case, heads: Vec<LiveHead>) -> Plan {
    let desired = case.desired();
    let mut observed: Observed = case.observed(&desired);
    for kind in [Kind::Directory, Kind::Discovery] {
        let count = heads.iter().filter(|h| h.key.kind == kind).count() as u64;
        let provider = case.heads.tenant.inbound.value.clone();
        let scope = Scope { provider, tenant: Some(case.heads.tenant.name.clone()), domain: Some(domain("acme.example")), kind };
        observed.scopes.insert(scope, Completeness::Whole { count, proof: Proof::Total });
    }
    observed.heads.extend(heads.into_iter().map(|h| (h.key.clone(), h)));
    case.plan_of(&desired, &observed)
}

fn answering(mut head: LiveHead, answer: DirectoryAnswer) -> LiveHead {
    if let LiveFacts::Directory(facts) = &mut head.facts {
        facts.answer = Some(answer);
    }
    head
}

const KEY: &str = "directory/acme.example";

fn the_step(plan: &Plan) -> &crate::plan::Step {
    plan.steps.iter().find(|s| s.key.to_string() == KEY).unwrap_or_else(|| panic!("no step in {:?}", plan.steps))
}

#[test]
fn a_new_directory_is_approved_unjudged_and_switched_off_it_needs_nothing() {
    let p = plan(&with(case(), |_| {}), vec![]);
    let made = the_step(&p);
    assert_eq!((made.action, made.risk, made.always_approved), (Action::Create, Risk::R3, true));
    assert!(made.evidence.iter().any(|(e, _)| *e == Evidence::Unjudged));
    let defaults = [Field::DirectoryEnabled, Field::DirectorySource, Field::DirectoryPort, Field::DirectoryTls];
    assert!(defaults.iter().all(|f| made.changes.iter().any(|c| c.field == *f)), "{:?}", made.changes);
    let off = plan(&with(case(), |d| d.enabled = Some(at(false))), vec![]);
    assert_eq!((the_step(&off).risk, the_step(&off).always_approved), (Risk::R1, false));
}

/// So many users with one alias each, of which so many addresses are named.
fn stops(users: u64, named: u64) -> DirectoryStops {
    let of = |n: u64| {
        let user = format!("u{n}@acme.example");
        [(user.clone(), user.clone()), (format!("alias{n}@acme.example"), user)]
    };
    DirectoryStops { named: (0..users).flat_map(of).take(usize::try_from(2 * named).unwrap()).collect(), total: 2 * users }
}

#[test]
fn what_a_narrower_selection_stops_is_named_and_counted() {
    let case = with(case(), |d| d.search_base = Some(at("ou=staff".into())));
    let narrowed = |users, named| {
        let answer = DirectoryAnswer::Answered { count: 100 - users, gone: users, users: 100, stops: stops(users, named) };
        plan(&case, vec![answering(live(&case), answer)])
    };
    let p = narrowed(3, 3);
    let step = the_step(&p);
    assert_eq!(step.counted.iter().map(String::as_str).collect::<Vec<_>>(), ["u0@acme.example", "u1@acme.example", "u2@acme.example"]);
    assert!(step.stops.len() == 6 && step.stops.contains("alias1@acme.example") && step.risk == Risk::R3);
    assert_eq!(step.evidence.iter().map(|(e, _)| *e).collect::<Vec<_>>(), [Evidence::Cascade]);
    let p = narrowed(3, 2);
    let last = the_step(&p).evidence.last().unwrap();
    assert_eq!((last.0, last.1.as_str()), (Evidence::Unjudged, "not judged: 2 of the 6 addresses that stop are not named by this panel"));
    let aliases = DirectoryStops { named: [("x@acme.example".to_owned(), "u1@acme.example".to_owned())].into(), total: 1 };
    let answer = DirectoryAnswer::Answered { count: 100, gone: 0, users: 100, stops: aliases };
    let p = plan(&case, vec![answering(live(&case), answer)]);
    assert!(the_step(&p).counted.is_empty() && the_step(&p).evidence[0].0 == Evidence::Cascade, "an alias alone stops as well");
}

#[test]
fn an_answer_that_failed_is_empty_or_shrunk_is_unknown() {
    let case = with(case(), |d| d.search_base = Some(at("ou=staff".into())));
    let answer = |count, gone| DirectoryAnswer::Answered { count, gone, users: 100, stops: stops(gone, gone) };
    for bad in [DirectoryAnswer::Failed("rc=32".into()), answer(0, 100), answer(79, 21)] {
        let p = plan(&case, vec![answering(live(&case), bad.clone())]);
        assert!(matches!(p.verdict(the_step(&p).id), Verdict::Blocked(_)), "{bad:?}");
        assert_eq!(p.report.incomplete.len(), 1, "it ends 5 (S1.4)");
    }
    let p = plan(&case, vec![answering(live(&case), answer(80, 20))]);
    assert!(p.verdict(the_step(&p).id) == Verdict::Go && p.report.incomplete.is_empty());
    assert!(the_step(&p).evidence.iter().any(|(e, t)| *e == Evidence::Cascade && t.starts_with("20 of 100")));
    let expected = |p: &Plan| p.report.billable_expected.iter().map(|c| (c.cause, c.added, c.removed)).collect::<Vec<_>>();
    assert_eq!(expected(&p), [(BillableCause::Directory, 0, 20)], "what it costs is told beside the plan (S16.4)");
    let more = plan(&case, vec![answering(live(&case), answer(120, 0))]);
    assert_eq!(expected(&more), [(BillableCause::Directory, 20, 0)]);
    assert!(the_step(&more).evidence.is_empty() && the_step(&more).always_approved);
}

#[test]
fn min_users_is_the_floor_where_it_is_written() {
    let of = |least: u32| {
        with(case(), |d| {
            d.search_base = Some(at("ou=staff".into()));
            d.min_users = Some(at(least));
        })
    };
    let answer = DirectoryAnswer::Answered { count: 50, gone: 50, users: 100, stops: stops(50, 50) };
    for (least, blocked) in [(50, false), (51, true)] {
        let case = of(least);
        let p = plan(&case, vec![answering(live(&case), answer.clone())]);
        assert_eq!(matches!(p.verdict(the_step(&p).id), Verdict::Blocked(_)), blocked, "{least}");
    }
}

#[test]
fn switching_off_is_approved_and_says_what_stays() {
    let case = with(case(), |d| d.enabled = Some(at(false)));
    let p = plan(&case, vec![live(&case)]);
    assert!(the_step(&p).always_approved && the_step(&p).risk == Risk::R3);
    assert!(the_step(&p).notes.iter().any(|n| n.starts_with("its 100 users stay")), "{:?}", the_step(&p).notes);
    let rarer = with(self::case(), |d| d.min_users = Some(at(7)));
    let p = plan(&rarer, vec![live(&rarer)]);
    assert!(!the_step(&p).always_approved, "a floor selects nobody");
}

#[test]
fn a_password_is_compared_by_its_token() {
    let password = |rotate: Option<&str>| {
        let rotate: Option<Spanned<String>> = rotate.map(|r| at(r.to_owned()));
        with(case(), |d| d.bind_password = Some(at(BindPassword { from: SecretRef::Env("BIND".into()), rotate })))
    };
    let same = password(None);
    assert!(plan(&same, vec![live(&same)]).steps.is_empty(), "`initial` asks for nothing");
    let other = password(Some("2026-12"));
    let p = plan(&other, vec![live(&other)]);
    let sent = the_step(&p);
    assert_eq!(sent.changes[0].after, Some(Value::Token("2026-12".into())));
    assert!(!sent.always_approved && sent.secrets.contains_key(&Field::DirectoryBindPassword));
    let mut unlabelled = live(&other);
    unlabelled.attrs.remove(&Field::DirectoryBindPassword);
    assert!(plan(&other, vec![unlabelled]).steps.is_empty(), "without a token nothing can be told (S10.2)");
    let mut none = live(&same);
    none.attrs.insert(Field::DirectoryBindPassword, Value::Token(String::new()));
    assert_eq!(plan(&same, vec![none]).steps.len(), 1, "the panel says that it has none");
}

#[test]
fn another_host_gets_the_password_again_and_is_not_judged() {
    let case = with(case(), |d| {
        d.host = Some(at("dc2.acme.example".into()));
        d.bind_password = Some(at(BindPassword { from: SecretRef::Env("BIND".into()), rotate: None }));
    });
    let p = plan(&case, vec![answering(live(&case), DirectoryAnswer::NotAsked("another host".into()))]);
    let moved = the_step(&p);
    assert!(moved.changes.iter().any(|c| c.field == Field::DirectoryBindPassword) && !moved.secrets.is_empty());
    assert!(moved.evidence.iter().any(|(e, _)| *e == Evidence::Unjudged));
}

#[test]
fn what_a_directory_says_of_itself_is_said_word_for_word() {
    let case = with(case(), |_| {});
    let mut head = live(&case);
    if let LiveFacts::Directory(facts) = &mut head.facts {
        facts.last_error = Some("rc=49 (invalidCredentials), dn: \"\"".into());
    }
    let p = plan(&case, vec![head]);
    assert!(p.steps.is_empty() && p.report.warnings[0].text.contains("rc=49 (invalidCredentials), dn: \"\""));
}

#[test]
fn consent_waits_for_a_person() {
    let case = with(case(), |d| (d.source, d.host) = (Some(at(Source::Entra)), None));
    let mut head = live(&case);
    head.attrs.insert(Field::DirectorySource, Value::text("entra"));
    let p = plan(&case, vec![head.clone()]);
    assert_eq!(the_step(&p).action, Action::HandOff);
    assert!(matches!(p.verdict(the_step(&p).id), Verdict::Waiting(Until::Person { .. })) && p.is_settled());
    if let LiveFacts::Directory(facts) = &mut head.facts {
        facts.consent = true;
    }
    assert!(plan(&case, vec![head]).steps.is_empty());
}

#[test]
fn control_panel_waits_for_a_directory_that_was_never_read() {
    let mut case = with(case(), |_| {});
    case.acme().relay_check = Some(at(RelayCheck::ControlPanel));
    let mut head = live(&case);
    if let LiveFacts::Directory(facts) = &mut head.facts {
        (facts.last_success_at, facts.next_run_at) = (None, Some("2026-11-22T11:00:00Z".parse().unwrap()));
    }
    let p = plan(&case, vec![head]);
    assert!(matches!(p.verdict(step(&p, "update domain/acme.example").id), Verdict::Waiting(Until::Moment { .. })));
}

fn discovery(case: &mut Case, enabled: bool, until: &str) {
    case.acme().discovery = Some(Discovery { at: span(), enabled: Some(at(enabled)), until: Some(at(until.parse().unwrap())) });
}

fn discovering(case: &Case, on: bool, until: &str, finds: u64) -> LiveHead {
    LiveHead {
        key: Key::new(&case.heads.tenant.name, Kind::Discovery, "acme.example"),
        incarnation: None,
        version: Some("2".into()),
        attrs: [(Field::DiscoveryEnabled, Value::Switch(on)), (Field::DiscoveryUntil, Value::text(until))].into(),
        created_at: None,
        facts: LiveFacts::Discovery(Box::new(DiscoveryFacts { finds, probe: None })),
    }
}

/// `add-delete-old`, twelve declared users, and one find that nobody declares.
fn found() -> Case {
    let mut case = case().authority(Authority::AddDeleteOld);
    for n in 0..12 {
        case = case.declare(user(&format!("u{n}"), &[])).live(&format!("u{n}"), &[]);
    }
    case.live.add_user("find", &[]).origin = Origin::Discovery;
    case
}

#[test]
fn while_discovery_is_on_nobody_goes() {
    let mut case = found();
    discovery(&mut case, true, "2026-12-24");
    let p = plan(&case, vec![discovering(&case, true, "2026-12-24", 1)]);
    assert!(p.steps.is_empty(), "{:?}", p.steps);
    let notes: Vec<&str> = p.report.notes.iter().map(|n| n.text.as_str()).collect();
    assert!(notes.iter().any(|n| n.contains("`add-delete-old` acts as `add`")), "{notes:?}");
    assert!(notes.iter().any(|n| n.contains("not declared: find@acme.example (billable)")), "{notes:?}");
}

#[test]
fn at_its_end_it_goes_off_when_each_find_is_accounted_for() {
    let mut case = found();
    discovery(&mut case, true, "2026-11-20");
    let on = |case: &Case| vec![discovering(case, true, "2026-11-20", 1)];
    let p = plan(&case, on(&case));
    let off = step(&p, "update discovery/acme.example");
    assert_eq!(off.changes.iter().map(|c| c.field).collect::<Vec<_>>(), [Field::DiscoveryEnabled]);
    assert!(off.evidence.iter().any(|(e, t)| *e == Evidence::Cascade && t.contains("find@acme.example (billable)")), "{:?}", off.evidence);
    assert_eq!(p.steps.len(), 1, "the whole list acts again only when it is off");
    let case = case.declare(user("find", &[]));
    let p = plan(&case, on(&case));
    assert!(step(&p, "update discovery/acme.example").evidence.is_empty() && p.steps.len() == 1);
}

#[test]
fn a_last_day_that_has_passed_is_no_difference() {
    let mut case = case();
    discovery(&mut case, true, "2026-11-20");
    // it was on until another day, and is off by now
    let p = plan(&case, vec![discovering(&case, false, "2026-12-10", 0)]);
    assert!(p.steps.is_empty(), "{:?}", p.steps);
}

#[test]
fn it_is_never_on_for_more_than_sixty_days_and_says_what_it_costs() {
    let mut case = case();
    discovery(&mut case, true, "2027-03-01");
    let p = plan(&case, vec![discovering(&case, false, "", 0)]);
    assert!(matches!(p.verdict(step(&p, "update discovery/acme.example").id), Verdict::Blocked(_)));
    discovery(&mut case, true, "2026-12-24");
    let p = plan(&case, vec![discovering(&case, false, "", 0)]);
    let on = step(&p, "update discovery/acme.example");
    assert!(on.notes.iter().any(|n| n.contains("billable")) && on.notes.iter().any(|n| n.starts_with("not judged")));
    let mut open = discovering(&case, false, "", 0);
    let probe = CatchAllProbe { at: "2026-11-22T08:00:00Z".parse().unwrap(), takes_all: Some(true), said: "mx takes it".to_owned() };
    let probe = Some(probe);
    open.facts = LiveFacts::Discovery(Box::new(DiscoveryFacts { finds: 0, probe }));
    let p = plan(&case, vec![open]);
    assert!(step(&p, "update discovery/acme.example").risk == Risk::R3, "a catch-all makes a user of every address");
}

#[test]
fn s17_2_the_parts_of_an_ignored_domain_that_is_not_there_are_left_alone() {
    let mut case = case();
    case.acme().directories.insert("default".into(), declared());
    discovery(&mut case, true, "2026-12-24");
    case.live.domains.clear();
    assert!(plan(&case, Vec::new()).steps.iter().any(|s| s.key.kind == Kind::Discovery), "with their domain they come to be");
    case.policy.ignore.push(crate::model::policy::Ignore { pattern: "domain/acme.example".into(), reason: "moves later".into() });
    let p = plan(&case, Vec::new());
    assert!(p.is_empty(), "{:?}", p.steps);
}

#[test]
fn a_discovery_that_was_not_read_may_be_on() {
    let case = found();
    let desired = case.desired();
    let p = case.plan_of(&desired, &case.observed(&desired));
    assert!(p.steps.is_empty(), "{:?}", p.steps);
}

#[test]
fn users_of_unknown_origin_are_ours_only_where_no_directory_is_proven() {
    let mut case = case().authority(Authority::AddDeleteOld);
    for n in 0..12 {
        case = case.declare(user(&format!("u{n}"), &[])).live(&format!("u{n}"), &[]);
    }
    case.live.add_user("old", &[]).origin = Origin::Unknown;
    let off = vec![discovering(&case, false, "", 0)];
    assert_eq!(plan(&case, off.clone()).steps.len(), 1);
    let beside = off.into_iter().chain([live(&case)]).collect();
    assert!(plan(&case, beside).steps.is_empty());
}
