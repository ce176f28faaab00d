//! Plans made by hand: the picture that the design draws, and the corners.

use crate::base::digest::Digest;
use crate::base::{ExitCode, Findings, ProviderName, TenantName, Timestamp};
use crate::model::observed::SourcePos;
use crate::model::{Evidence, Field, Key, Kind, Origin, Reason, Value};
use crate::plan::{
    Action, BillableCause, BillableChange, Budget, Cause, Change, Difference, Facts, Gate, InFlight, Ledger, LeftAlone, Note, Plan,
    Precondition, Report, Risk, Step, Stopped, Until, Verdict,
};
use crate::render::Excerpts;
use crate::render::view::{self, Given, RunView};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The present moment of all tests.
pub fn now() -> Timestamp {
    at("2026-11-22T10:00:00Z")
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn acme() -> TenantName {
    TenantName::parse("acme").unwrap()
}

pub fn set(members: &[&str]) -> Value {
    Value::Set(members.iter().map(|m| (*m).to_owned()).collect())
}

pub fn change(field: Field, before: Option<Value>, after: Option<Value>) -> Change {
    Change { field, before, after }
}

pub fn place(file: &str, line: u32) -> Option<SourcePos> {
    Some(SourcePos { file: file.into(), line, column: 1 })
}

/// A step with nothing remarkable.
pub fn step(action: Action, kind: Kind, name: &str, risk: Risk, changes: Vec<Change>) -> Step {
    let key = Key::new(&acme(), kind, name);
    Step {
        id: Step::digest("http://panel.test", &key, None, action, &changes),
        action,
        key,
        changes,
        provider: ProviderName::parse("edge").unwrap(),
        risk,
        why: Cause::Declared,
        after: Vec::new(),
        only_if: Precondition::default(),
        at: place("tenants/acme.toml", 14),
        stops: BTreeSet::new(),
        counted: BTreeSet::new(),
        always_approved: false,
        evidence: Vec::new(),
        facts: Facts::default(),
        notes: Vec::new(),
        hand_off: None,
        secrets: std::collections::BTreeMap::new(),
        sink: None,
    }
}

/// A plan of steps with verdicts.
pub fn plan(steps: Vec<(Step, Verdict)>) -> Plan {
    let verdicts = steps.iter().map(|(s, v)| (s.id, v.clone())).collect();
    let steps: Vec<Step> = steps.into_iter().map(|(s, _)| s).collect();
    Plan {
        tenant: acme(),
        provider: ProviderName::parse("edge").unwrap(),
        origin: "http://panel.test".into(),
        remote: Some("4711".into()),
        id: Plan::id_of(&steps),
        observed_at: now(),
        change_mark: None,
        outbound: None,
        batches: steps.iter().map(|s| (false, vec![s.id])).collect(),
        steps,
        verdicts,
        ledger: Ledger { before: Some(154), after: Some(154), ..Ledger::default() },
        budgets: Vec::new(),
        report: Report { requests: 3, ..Report::default() },
    }
}

fn relay_check() -> (Step, Verdict) {
    let (smtp, panel) = (Value::text("smtp"), Value::text("control-panel"));
    let mut one =
        step(Action::Update, Kind::Domain, "acme.example", Risk::R3, vec![change(Field::DomainRelayCheck, Some(smtp), Some(panel))]);
    one.stops = ["reception@acme.example", "old.jane@acme.example"].map(String::from).into();
    one.always_approved = true;
    let forecast = "2 addresses that get mail today would bounce (panel's own count, 30 days):\n\
                    reception@acme.example   41 mails, last today 07:12, not declared\n\
                    old.jane@acme.example     3 mails, last 2 Nov, not declared";
    one.evidence = vec![(Evidence::Rejects, forecast.into())];
    (one, Verdict::Gated { gates: vec![Gate::Always { what: "always (change of relay_check)".into() }] })
}

fn delete_bob() -> (Step, Verdict) {
    let mut one = step(Action::Delete, Kind::User, "bob@acme.example", Risk::R3, vec![]);
    one.why = Cause::WholeList { list: "tenants/acme/users.csv".into() };
    one.at = None;
    one.counted = ["bob@acme.example".to_owned()].into();
    one.stops = ["bob@acme.example", "b@acme.example", "robert@acme.example"].map(String::from).into();
    one.facts = Facts {
        origin: Some(Origin::Manual),
        billable: Some(true),
        mails_30d: Some(12),
        last_mail_at: Some(at("2026-11-22T07:00:00Z")),
        created_at: None,
        aliases: Some(2),
        was: std::collections::BTreeMap::new(),
    };
    (one, Verdict::Go)
}

pub fn create_user(name: &str, line: u32) -> (Step, Verdict) {
    let changes = vec![
        change(Field::UserFirstName, None, Some(Value::text("Jane"))),
        change(Field::UserLastName, None, Some(Value::text("Doe"))),
        change(Field::UserAliases, None, Some(set(&["j.doe@acme.example"]))),
        change(Field::UserKind, None, Some(Value::text("mailbox"))),
        change(Field::UserStatus, None, Some(Value::text("active"))),
        change(Field::UserPassword, None, Some(Value::Token("initial".into()))),
    ];
    let mut one = step(Action::Create, Kind::User, name, Risk::R1, changes);
    one.at = place("tenants/acme/users.csv", line);
    (one, Verdict::Go)
}

/// The plan of DESIGN 5.
pub fn picture() -> Plan {
    let kim = vec![change(Field::UserAliases, Some(set(&["kim.d@acme.example"])), Some(set(&["kim.d@acme.example", "k@acme.example"])))];
    let mut update = step(Action::Update, Kind::User, "kim@acme.example", Risk::R2, kim);
    update.at = place("tenants/acme/users.csv", 15);
    let mut plan = plan(vec![relay_check(), delete_bob(), create_user("jane@acme.example", 14), (update, Verdict::Go)]);
    let stop = |address: &str| Stopped { address: address.into(), by: Key::new(&acme(), Kind::Domain, "acme.example") };
    plan.ledger = Ledger {
        before: Some(154),
        after: Some(152),
        stops: vec![stop("reception@acme.example"), stop("old.jane@acme.example")],
        billable_before: Some(154),
        billable_after: Some(154),
        billable_added: 1,
        billable_removed: 1,
        billable_causes: vec![
            BillableChange { cause: BillableCause::NewUser, added: 1, removed: 0 },
            BillableChange { cause: BillableCause::WholeList, added: 0, removed: 1 },
        ],
        billable_finds: 7,
    };
    plan.report.billable_expected = vec![BillableChange { cause: BillableCause::ImportUnderWay, added: 40, removed: 0 }];
    plan.budgets = vec![Budget { scope: "domain acme.example".into(), planned: 1, recent: Some(0), allowed: 2, of: 40 }];
    plan.report.left_alone = [(LeftAlone::Directory, 112), (LeftAlone::Undeclared, 4)].into();
    plan.report.in_flight = vec![InFlight {
        text: "import of 09:12, 40 rows".into(),
        from: at("2026-11-22T09:42:00Z"),
        until: at("2026-11-22T10:12:00Z"),
        local: None,
    }];
    plan
}

/// Every corner: waiting, blocked, hand-off, move, rename, notes, warnings, what is not known, hostile names.
pub fn corners() -> Plan {
    let mut hand_off = step(Action::HandOff, Kind::Directory, "acme.example", Risk::R2, vec![]);
    hand_off.hand_off = Some("this panel cannot yet: enter the directory dc1.acme.example:636 in the panel".into());
    let mut moved = step(
        Action::Move,
        Kind::User,
        "kim@acme.example",
        Risk::R3,
        vec![change(Field::UserAliases, Some(set(&[])), Some(set(&["sales@acme.example"])))],
    );
    moved.why = Cause::Moved { from: Key::new(&acme(), Kind::User, "jane@acme.example") };
    moved.notes = vec!["gap of one call: mail to sales@acme.example may bounce for a moment".into()];
    let mut destination = step(
        Action::Update,
        Kind::Domain,
        "a-rather-long-domain-name-of-a-customer.acme.example",
        Risk::R3,
        vec![
            change(
                Field::DomainDestination,
                Some(Value::List(vec!["mx1.old.example:25".into(), "mx2.old.example:25".into()])),
                Some(Value::List(vec!["mx1.new.acme.example:25".into(), "mx2.new.acme.example:25".into()])),
            ),
            change(Field::DomainAliasDomains, Some(set(&["old.test"])), Some(set(&["new.test"]))),
        ],
    );
    destination.why = Cause::Default;
    let mut tombstone = step(Action::Delete, Kind::User, "eve\u{202e}@acme.example", Risk::R3, vec![]);
    tombstone.why = Cause::Removed { since: "2026-11-20".into(), reason: Some("left the company".into()) };
    let until = Until::Edge {
        step: hand_off.id,
        why: "the users must be effective before the relay check changes".into(),
        at: Some(at("2026-11-22T11:12:00Z")),
    };
    let blocked = Reason::DependsOn { scope: "users of acme.example".into() };
    let emptied = Gate::Guard { evidence: Evidence::Emptied, reason: Reason::Emptied { scope: "users of acme.example".into(), count: 7 } };
    let mut plan = plan(vec![
        (hand_off, Verdict::Waiting(Until::Person { who: "ask whoever runs the panel".into(), since: None })),
        (destination, Verdict::Waiting(until)),
        (moved, Verdict::Blocked(blocked)),
        (tombstone, Verdict::Gated { gates: vec![emptied] }),
    ]);
    plan.ledger = Ledger::default();
    corner_report(&mut plan.report);
    plan
}

fn corner_report(report: &mut Report) {
    report.requests = 1;
    report.incomplete = vec![("users of acme.example".into(), vec![Reason::Status { status: 500, text: "internal\u{1b}[2Jerror".into() }])];
    report.stopped = vec![Reason::FleetBrake { tenants: 4, of: 20, provider: "edge".into() }];
    report.undeclared = (0..13).map(|i| format!("u{i:02}@acme.example")).collect();
    report.differs = vec![Difference {
        key: Key::policy(&acme()),
        fields: vec![(Field::PolicyMinLength, Some(Value::Number(6)), Some(Value::Number(12)))],
        why: "under `observe`".into(),
        at: place("tenants/acme.toml", 7),
    }];
    report.crept_back = vec![Key::new(&acme(), Kind::User, "zoe@acme.example")];
    report.overdue = vec![Key::new(&acme(), Kind::User, "tom@acme.example")];
    report.left_out = vec![(Key::new(&acme(), Kind::User, "bob@acme.example"), "--max-risk R2".into())];
    report.cannot_tell = vec!["deletions of the last 24 h: no memory".into()];
    report.warnings = vec![Note {
        key: Some(Key::new(&acme(), Kind::User, "ann@acme.example")),
        text: "vanished, and its address returned as alias of kim@acme.example; if it was renamed, write".into(),
        paste: Some("[[renamed]]\nfrom = \"ann@acme.example\"\nto = \"kim@acme.example\"".into()),
    }];
    report.notes = vec![Note { key: None, text: "the tombstone of old-shop is fulfilled".into(), paste: None }];
}

/// The view of plans that ended with one code.
pub fn run(plans: &[Plan], exit: ExitCode, troubles: &BTreeMap<TenantName, String>) -> RunView {
    let exits: BTreeMap<TenantName, ExitCode> = plans.iter().map(|p| (p.tenant.clone(), exit)).collect();
    let (findings, excerpts) = (Findings::new(), Excerpts::new());
    view::run(&Given {
        source: ".",
        plans,
        troubles,
        findings: &findings,
        excerpts: &excerpts,
        exits: &exits,
        exit,
        elapsed: Duration::from_millis(41),
        now: now(),
    })
}

/// A plan without steps of a tenant.
pub fn quiet(tenant: &str) -> Plan {
    let mut quiet = plan(Vec::new());
    quiet.tenant = TenantName::parse(tenant).unwrap();
    quiet
}

/// A digest that is not that of a step.
pub fn strange() -> Digest {
    Digest([7; 32])
}
