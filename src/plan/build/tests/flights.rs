//! Import jobs: what is on its way, what it holds back, what was lost, and when the whole list goes as one.

use super::{step, texts};
use crate::model::{Authority, Field, ImportRule, JobRow, JobStage, LiveJob, Origin, Reason, RelayCheck, Seen, Timetable, Value, Window};
use crate::plan::testing::{Case, address, at, domain, full, moment, user};
use crate::plan::{BillableCause, BillableChange, Cause, Plan, Until, Verdict};
use std::collections::BTreeMap;

fn row(name: &str, aliases: Option<&[&str]>) -> JobRow {
    let set = aliases.map(|all| (Field::UserAliases, Value::Set(all.iter().map(|a| full(a)).collect())));
    JobRow { address: full(name), values: set.into_iter().collect() }
}

/// A job that was taken ten minutes ago.
fn job(replaces: bool, stage: JobStage, rows: Vec<JobRow>) -> LiveJob {
    LiveJob {
        id: "j1".into(),
        replaces,
        stage,
        sent: rows.len() as u64,
        accepted: rows.len() as u64,
        ignored: BTreeMap::new(),
        submitted_at: moment("2026-11-22T09:50:00Z"),
        from: moment("2026-11-22T10:20:00Z"),
        until: moment("2026-11-22T10:50:00Z"),
        failure: None,
        rows,
    }
}

/// A panel with imports from three single calls on.
fn case(jobs: Vec<LiveJob>) -> Case {
    let mut case = Case::new().authority(Authority::AddDeleteOld);
    let window = Window { earliest_seconds: 1800, latest_seconds: 3600 };
    let rule = ImportRule { from_calls: 3, most: 100, window, source: "test".into() };
    case.can.timetable = Timetable { imports: Some(rule), ..Timetable::default() };
    case.jobs.insert(domain("acme.example"), Seen::Present(jobs));
    case
}

fn waits_until(plan: &Plan, step: &str, until: &str) {
    let id = super::step(plan, step).id;
    assert_eq!(plan.verdict(id), Verdict::Waiting(Until::Moment { at: moment(until) }), "{step}");
}

#[test]
fn s6_2_what_a_job_does_already_is_no_step() {
    let rows = vec![row("new", Some(&["n"])), row("there", Some(&["t"]))];
    let case = case(vec![job(true, JobStage::Accepted, rows)]);
    let case = case.declare(user("new", &["n"])).declare(user("there", &["t"])).live("there", &["old"]).live("gone", &[]);
    let plan = case.plan();
    assert!(plan.is_empty(), "{:?}", texts(&plan));
    let flight = &plan.report.in_flight[0];
    assert!(flight.text.contains("2 rows sent, 2 accepted, 0 ignored"), "{}", flight.text);
    assert_eq!(flight.until, moment("2026-11-22T10:50:00Z"));
    let expected = BillableChange { cause: BillableCause::ImportUnderWay, added: 1, removed: 1 };
    assert_eq!(plan.report.billable_expected, [expected], "what it costs is told beside the plan (S16.4)");
}

#[test]
fn s6_2_under_add_aliases_are_added_and_nobody_goes() {
    let mut case = case(vec![job(false, JobStage::Accepted, vec![row("there", Some(&["t"]))])]);
    case = case.declare(user("there", &["t"])).live("there", &["old"]).live("gone", &[]);
    let plan = case.plan();
    // the row adds an alias; under add-delete-old the old one is still to go
    waits_until(&plan, "update user/there@acme.example", "2026-11-22T10:50:00Z");
    assert_eq!(plan.verdict(step(&plan, "delete user/gone@acme.example").id), Verdict::Go);
    let mut case = case.authority(Authority::Add);
    case.acme().authority = Some(at(Authority::Add));
    assert!(case.plan().is_empty());
}

#[test]
fn s6_2_another_value_supersedes_and_waits_for_its_moment() {
    let case = case(vec![job(true, JobStage::Accepted, vec![row("new", Some(&["other"]))])]).declare(user("new", &["n"]));
    let plan = case.plan();
    waits_until(&plan, "create user/new@acme.example", "2026-11-22T10:50:00Z");
    let note = &step(&plan, "create user/new@acme.example").notes[0];
    assert!(note.contains("supersedes") && note.contains("22 Nov 10:50 UTC") && note.contains("single call"), "{note}");
    assert!(plan.is_settled() && !plan.is_empty());
}

#[test]
fn s6_2_a_change_beside_a_replacing_job_waits_and_beside_an_adding_one_goes() {
    for (replaces, goes) in [(true, false), (false, true)] {
        let rows = vec![row("new", Some(&[]))];
        let case = case(vec![job(replaces, JobStage::Accepted, rows)]).declare(user("new", &[])).declare(user("other", &[]));
        let plan = case.plan();
        assert_eq!(plan.verdict(step(&plan, "create user/other@acme.example").id) == Verdict::Go, goes, "replaces {replaces}");
    }
}

#[test]
fn s6_3_a_loss_is_planned_once_more_and_a_second_one_stops() {
    let mut failed = job(true, JobStage::Failed, vec![row("new", Some(&[]))]);
    failed.failure = Some("the list of users has changed".into());
    let plan = case(vec![failed.clone()]).declare(user("new", &[])).plan();
    let create = step(&plan, "create user/new@acme.example");
    assert_eq!((create.why.clone(), plan.verdict(create.id)), (Cause::Overdue, Verdict::Go));
    assert!(create.notes[0].contains("failed: the list of users has changed"), "{:?}", create.notes);
    assert_eq!(plan.report.overdue, std::slice::from_ref(&create.key));

    let mut second = failed.clone();
    second.id = "j2".into();
    second.submitted_at = moment("2026-11-22T09:55:00Z");
    let plan = case(vec![failed.clone(), second]).declare(user("new", &[])).plan();
    let create = step(&plan, "create user/new@acme.example");
    assert!(matches!(plan.verdict(create.id), Verdict::Blocked(Reason::Overdue { losses: 2, .. })));

    // a list that acted ends the story, and so does a week
    let good = LiveJob { submitted_at: moment("2026-11-22T09:58:00Z"), ..job(true, JobStage::Effective, vec![]) };
    let plan = case(vec![failed.clone(), good]).declare(user("new", &[])).plan();
    assert_eq!(step(&plan, "create user/new@acme.example").why, Cause::Declared);
    failed.submitted_at = moment("2026-11-14T09:58:00Z");
    let plan = case(vec![failed]).declare(user("new", &[])).plan();
    assert_eq!(step(&plan, "create user/new@acme.example").why, Cause::Declared);
}

#[test]
fn s6_3_a_job_that_is_gone_is_known_from_memory_and_a_second_loss_stops() {
    let taken = |jobs: Vec<LiveJob>, until: &[&str]| {
        let mut case = case(jobs).declare(user("new", &[]));
        let id = step(&case.plan(), "create user/new@acme.example").id;
        case.remembered.accepted.insert(id, until.iter().map(|u| moment(u)).collect());
        case.plan()
    };
    let plan = taken(vec![], &["2026-11-22T09:50:00Z"]);
    let create = step(&plan, "create user/new@acme.example");
    assert_eq!((create.why.clone(), plan.verdict(create.id)), (Cause::Overdue, Verdict::Go));
    assert_eq!(create.notes[0], "overdue: the import that was to act by 22 Nov 09:50 UTC is gone from the panel; it is planned once more");
    assert_eq!(plan.report.overdue, std::slice::from_ref(&create.key));
    let plan = taken(vec![], &["2026-11-22T08:00:00Z", "2026-11-22T09:50:00Z"]);
    let create = step(&plan, "create user/new@acme.example");
    let Verdict::Blocked(Reason::Overdue { losses: 2, text }) = plan.verdict(create.id) else { panic!("{:?}", plan.verdict(create.id)) };
    assert!(text.contains("by 22 Nov 09:50 UTC is gone"), "{text}");
    // a loss that the panel shows, after one that it does not
    let failed = job(true, JobStage::Failed, vec![row("new", Some(&[]))]);
    let plan = taken(vec![failed], &["2026-11-22T08:00:00Z"]);
    assert!(matches!(plan.verdict(step(&plan, "create user/new@acme.example").id), Verdict::Blocked(Reason::Overdue { losses: 2, .. })));
    // a job that the panel shows, one whose window is open, and one of last week
    let acted = LiveJob { until: moment("2026-11-22T09:50:00Z"), ..job(true, JobStage::Effective, vec![]) };
    for (jobs, until) in [(vec![acted], "2026-11-22T09:50:00Z"), (vec![], "2026-11-22T10:30:00Z"), (vec![], "2026-11-14T10:00:00Z")] {
        let plan = taken(jobs, &[until]);
        assert_eq!(step(&plan, "create user/new@acme.example").why, Cause::Declared, "{until}");
    }
}

#[test]
fn s6_3_a_job_past_its_window_is_overdue() {
    let mut late = job(false, JobStage::Accepted, vec![row("new", Some(&[]))]);
    late.until = moment("2026-11-22T09:59:59Z");
    let plan = case(vec![late]).declare(user("new", &[])).plan();
    assert!(plan.report.in_flight.is_empty());
    assert!(step(&plan, "create user/new@acme.example").notes[0].contains("not in effect after its window"));
}

#[test]
fn s6_4_the_list_decides_when_its_users_act() {
    let mut case = case(vec![job(false, JobStage::Accepted, vec![row("new", Some(&[]))])]).declare(user("new", &[]));
    case.acme().relay_check = Some(at(RelayCheck::ControlPanel));
    case.recipients.insert(domain("acme.example"), BTreeMap::new());
    let plan = case.plan();
    waits_until(&plan, "update domain/acme.example", "2026-11-22T10:50:00Z");
    let notes = &step(&plan, "update domain/acme.example").notes;
    assert!(notes.iter().any(|n| n.contains("waiting until 22 Nov 10:50 UTC")), "{notes:?}");
    // jobs that nobody could read: the relay check is not touched, and nobody says that all is known
    case.jobs.insert(domain("acme.example"), Seen::Unknown(Reason::TimedOut { seconds: 60 }));
    let plan = case.plan();
    let switch = step(&plan, "update domain/acme.example").id;
    assert!(matches!(plan.verdict(switch), Verdict::Blocked(Reason::DependsOn { .. })));
    assert!(!plan.is_complete());
}

fn cleanup() -> Case {
    case(vec![]).declare(user("stays", &[])).declare(user("new", &[])).live("stays", &["old"]).live("a", &[]).live("b", &[])
}

#[test]
fn s14_the_whole_list_goes_as_one_import_and_the_choice_is_said() {
    let plan = cleanup().plan();
    let (bulk, ids) = plan.batches.last().unwrap();
    assert_eq!((*bulk, ids.len()), (true, 4), "{:?}", texts(&plan));
    let note = plan.report.notes.iter().find(|n| n.text.contains("one import")).unwrap();
    assert!(note.text.contains("2 users go") && note.text.contains("30 to 60 minutes") && note.text.contains("(test)"), "{}", note.text);
}

#[test]
fn s14_single_calls_where_a_list_would_not_do() {
    let no_import = |what: &str, case: &Case| {
        let plan = case.plan();
        assert!(plan.batches.iter().all(|(bulk, _)| !bulk), "{what}: {:?}", plan.batches);
        assert!(!plan.steps.is_empty());
    };
    let mut few = cleanup();
    few.can.timetable.imports.as_mut().unwrap().from_calls = 5;
    no_import("few calls", &few);
    let mut unknown = cleanup();
    unknown.live.user("a").origin = Origin::Unknown;
    no_import("a user of unknown origin is spared by the panel", &unknown);
    let mut unread = cleanup();
    unread.jobs.insert(domain("acme.example"), Seen::Unknown(Reason::TimedOut { seconds: 60 }));
    no_import("jobs were not read", &unread);
    let mut switched = cleanup();
    switched.acme().relay_check = Some(at(RelayCheck::ControlPanel));
    switched.recipients.insert(domain("acme.example"), BTreeMap::new());
    no_import("the relay check waits for them", &switched);
    let mut hands = cleanup();
    hands.users[1].address = address("new");
    hands.can.timetable.imports = None;
    no_import("no imports", &hands);
}
