//! Sending domains and SMTP users: found, minted once, recovered, blocked, removed.

use super::{blocked, step, texts};
use crate::base::{SecretRef, Timestamp};
use crate::config::Removed;
use crate::model::{
    Completeness, Existed, Field, Key, Kind, KindSupport, LastConnection, LiveFacts, LiveHead, Proof, Reason, Scope, SendingDomain,
    SinkState, SmtpUser, Support, Value,
};
use crate::plan::step::operation_tag;
use crate::plan::testing::case::{NOW, at, moment, span};
use crate::plan::testing::{Case, domain};
use crate::plan::{Action, Plan, Risk, Until, Verdict, build};
use std::collections::{BTreeMap, BTreeSet};

const NEWS: &str = "news.acme.example";

/// A tenant with a sending domain and the login `crm`, both declared.
struct Out {
    case: Case,
    live: Vec<LiveHead>,
    sinks: BTreeMap<String, SinkState>,
    asked: BTreeSet<Key>,
    unread: BTreeSet<Kind>,
}

impl Out {
    fn new() -> Self {
        let mut case = Case::new();
        for kind in [Kind::SendingDomain, Kind::SmtpUser] {
            let support = KindSupport { support: Support::Managed, create: true, delete: true, rename: false, incarnation: true };
            case.can.kinds.insert(kind, support);
        }
        case.can.fields.insert(Field::SmtpUserDomain, Support::Readable);
        case.can.fields.insert(Field::SmtpUserUsername, Support::Readable);
        case.heads.sending_domains.insert(domain(NEWS), SendingDomain { name: domain(NEWS), at: span() });
        let mut out = Self { case, live: Vec::new(), sinks: BTreeMap::new(), asked: BTreeSet::new(), unread: BTreeSet::new() };
        out.declare("crm", |_| {});
        out
    }
    fn declare(&mut self, name: &str, change: impl FnOnce(&mut SmtpUser)) {
        let place = SecretRef::File(format!("secrets/{name}.json"));
        let (home, credential) = (Some(at(domain(NEWS))), Some(at(place)));
        let mut user = SmtpUser { name: name.into(), at: span(), domain: home, label: None, username: None, credential, durable: false };
        change(&mut user);
        self.case.heads.smtp_users.insert(name.into(), user);
        self.sinks.insert(name.into(), SinkState::Empty);
    }
    fn key(&self, kind: Kind, name: &str) -> Key {
        Key::new(&self.case.heads.tenant.name, kind, name)
    }
    /// The sending domain is live.
    fn news(mut self, verified: bool) -> Self {
        let facts = LiveFacts::SendingDomain { cnames: vec![("x1.news.acme.example".into(), "r1.relay.example".into())], verified };
        self.live.push(self.head(Kind::SendingDomain, NEWS, BTreeMap::new(), facts));
        self
    }
    fn head(&self, kind: Kind, name: &str, attrs: BTreeMap<Field, Value>, facts: LiveFacts) -> LiveHead {
        let (incarnation, version) = (Some(format!("id-{name}")), Some("1".into()));
        LiveHead { key: self.key(kind, name), incarnation, version, attrs, created_at: Some(moment("2026-06-01T00:00:00Z")), facts }
    }
    /// A live login.
    fn login(mut self, username: &str, label: &str, change: impl FnOnce(&mut Told)) -> Self {
        let mut told = Told::default();
        change(&mut told);
        let attrs = BTreeMap::from([
            (Field::SmtpUserDomain, Value::text(NEWS)),
            (Field::SmtpUserLabel, Value::text(label)),
            (Field::SmtpUserUsername, Value::text(username)),
        ]);
        let facts = LiveFacts::SmtpUser {
            enabled: !told.off,
            token: told.token.into(),
            operation_tag: told.tag,
            last_connection: told.last,
            password_set_at: told.set.map(moment),
        };
        self.live.push(self.head(Kind::SmtpUser, username, attrs, facts));
        self
    }
    fn holds(mut self, name: &str, username: &str) -> Self {
        self.sinks.insert(name.into(), SinkState::Holds { username: username.into() });
        self
    }
    fn removed(mut self, kind: Kind, name: &str, change: impl FnOnce(&mut Removed)) -> Self {
        self.case.heads.smtp_users.remove(name);
        self.case.heads.sending_domains.retain(|d, _| d.as_str() != name);
        self.case = self.case.tombstone(kind, name, change);
        self
    }
    fn plan(&self) -> Plan {
        self.plan_at(NOW.parse().unwrap())
    }
    fn plan_at(&self, now: Timestamp) -> Plan {
        let desired = self.case.desired();
        let mut observed = self.case.observed(&desired);
        for kind in [Kind::SendingDomain, Kind::SmtpUser] {
            let here: Vec<&LiveHead> = self.live.iter().filter(|h| h.key.kind == kind).collect();
            let scope = Scope {
                provider: self.case.heads.tenant.outbound.value.clone(),
                tenant: Some(self.case.heads.tenant.name.clone()),
                domain: None,
                kind,
            };
            let whole = Completeness::Whole { count: here.len() as u64, proof: Proof::Total };
            let part = Completeness::Part { read: 0, why: vec![Reason::TimedOut { seconds: 60 }] };
            observed.scopes.insert(scope, if self.unread.contains(&kind) { part } else { whole });
            observed.heads.extend(here.into_iter().map(|h| (h.key.clone(), h.clone())));
        }
        let mut details = self.case.details();
        details.sinks = self.sinks.clone();
        details.asked = self.asked.clone();
        let capabilities = BTreeMap::from([(self.case.heads.tenant.inbound.value.clone(), self.case.can.clone())]);
        build(&desired, &observed, &details, &self.case.remembered, &capabilities, &self.case.policy, now)
    }
    /// The plan's steps, without the domain that every case has.
    fn texts(&self) -> Vec<String> {
        texts(&self.plan())
    }
}

/// What a panel tells of a login.
struct Told {
    off: bool,
    token: &'static str,
    tag: Option<String>,
    last: LastConnection,
    set: Option<&'static str>,
}

impl Default for Told {
    fn default() -> Self {
        Self { off: false, token: "initial", tag: None, last: LastConnection::Never, set: Some("2026-06-01T00:00:00Z") }
    }
}

/// What a test changes of a login.
type Change = fn(&mut Told);

fn warned(plan: &Plan) -> String {
    plan.report.warnings.iter().map(|w| w.text.clone()).collect::<Vec<_>>().join("\n")
}

#[test]
fn s6_5_records_wait_for_a_person_until_they_are_found() {
    let out = Out::new();
    assert_eq!(out.texts(), ["create sending-domain/news.acme.example", "mint smtp-user/crm"]);
    let plan = out.plan();
    let (made, mint) = (step(&plan, "create sending-domain/news.acme.example"), step(&plan, "mint smtp-user/crm"));
    assert_eq!((made.risk, mint.risk, mint.after[0].step), (Risk::R1, Risk::R1, made.id));
    let mut out = Out::new().news(false).login("u1", "crm", |_| {}).holds("crm", "u1");
    let since = moment("2026-11-15T00:00:00Z");
    out.live[0].created_at = Some(since);
    let plan = out.plan();
    let wait = step(&plan, "hand-off sending-domain/news.acme.example");
    assert!(matches!(plan.verdict(wait.id), Verdict::Waiting(Until::Person { since: Some(at), .. }) if at == since) && plan.is_settled());
    assert_eq!(wait.only_if.incarnation.as_deref(), Some("id-news.acme.example"));
    assert!(wait.notes.iter().any(|n| n == "x1.news.acme.example. CNAME r1.relay.example."), "{:?}", wait.notes);
    assert!(Out::new().news(true).login("u1", "crm", |_| {}).holds("crm", "u1").plan().is_empty());
}

#[test]
fn s6_5_what_waits_longer_than_waiting_days_stops_by_name() {
    let mut out = Out::new().news(false).login("u1", "crm", |_| {}).holds("crm", "u1");
    let hand_off = "hand-off sending-domain/news.acme.example";
    let late = |out: &Out, at: &str| matches!(out.plan_at(moment(at)).verdict(step(&out.plan(), hand_off).id), Verdict::Blocked(_));
    out.live[0].created_at = Some(moment("2026-11-15T00:00:00Z"));
    assert!(!late(&out, "2026-11-29T00:00:00Z") && late(&out, "2026-11-29T00:00:01Z"));
    assert!(blocked(&out.plan_at(moment("2026-12-01T00:00:00Z")), hand_off).contains("it waits since 2026-11-15, longer than 14 days"));
    out.case.policy.guards.waiting_days = 30;
    assert!(!late(&out, "2026-12-01T00:00:00Z"));
    // where the panel does not tell, memory does; where neither does, nobody makes up a day
    out.live[0].created_at = None;
    assert!(!late(&out, "2027-12-01T00:00:00Z"));
    let id = step(&out.plan(), hand_off).id;
    let tenant = out.case.heads.tenant.name.clone();
    out.case.remembered.waits.insert(tenant, BTreeMap::from([(id, moment("2026-10-01T00:00:00Z"))]));
    assert!(late(&out, "2026-11-22T00:00:00Z"));
}

#[test]
fn s4_1_a_login_is_found_by_user_name_else_by_label_and_two_are_an_error() {
    let two = || Out::new().news(true).login("u1", "crm", |_| {}).login("u2", "crm", |_| {});
    assert!(blocked(&two().plan(), "mint smtp-user/crm").contains("2 logins have the label `crm`: u1, u2"));
    let mut quiet = two();
    quiet.case = quiet.case.authority(crate::model::Authority::Observe);
    assert!(quiet.texts().is_empty() && warned(&quiet.plan()).contains("2 logins"), "under `observe` it is said and no step (S3.1)");
    let mut named = two().holds("crm", "u2");
    named.declare("crm", |u| u.username = Some(at("u2".into())));
    named.sinks.insert("crm".into(), SinkState::Holds { username: "u2".into() });
    assert!(named.texts().is_empty());
    assert!(named.plan().report.notes.iter().any(|n| n.text.contains("not declared: not managed")), "u1 is said");
    let mut labelled = Out::new().news(true).login("u1", "Web shop", |_| {}).holds("crm", "u1");
    labelled.case.heads.smtp_users.get_mut("crm").unwrap().label = Some(at("Web shop".into()));
    assert!(labelled.texts().is_empty());
}

#[test]
fn s1_4_an_unread_listing_mints_nothing() {
    let mut out = Out::new().news(true);
    out.unread.insert(Kind::SmtpUser);
    assert!(out.texts().is_empty());
    let mut out = Out::new().news(true).removed(Kind::SendingDomain, NEWS, |_| {});
    out.case.heads.smtp_users.clear();
    out.unread.insert(Kind::SmtpUser);
    assert!(blocked(&out.plan(), "delete sending-domain/news.acme.example").contains("not read completely"));
}

#[test]
fn s4_6_an_earlier_existence_makes_it_a_re_mint() {
    let risk = |out: &Out, text: &str| step(&out.plan(), text).risk;
    let mint = "mint smtp-user/crm";
    assert_eq!(risk(&Out::new().news(true), mint), Risk::R1);
    assert_eq!(risk(&Out::new().news(true).holds("crm", "u0"), mint), Risk::R4);
    assert_eq!(risk(&Out::new().news(true).login("u0", "crm", |t| t.off = true), mint), Risk::R4);
    let mut named = Out::new().news(true);
    named.declare("crm", |u| u.username = Some(at("u0".into())));
    assert_eq!(risk(&named, mint), Risk::R4);
    assert!(step(&named.plan(), mint).notes.iter().any(|n| n.contains("configured again")));
    let mut remembered = Out::new();
    let (user, news) = (remembered.key(Kind::SmtpUser, "crm"), remembered.key(Kind::SendingDomain, NEWS));
    remembered.case.remembered.outbound.extend([(user, Existed::Deleted), (news, Existed::Made)]);
    assert_eq!((risk(&remembered, mint), risk(&remembered, "create sending-domain/news.acme.example")), (Risk::R4, Risk::R4));
}

#[test]
fn s10_3_without_a_sink_nothing_is_minted() {
    let mut none = Out::new().news(true);
    none.declare("crm", |u| u.credential = None);
    assert!(blocked(&none.plan(), "mint smtp-user/crm").contains("write where it is kept"));
    let mut refused = Out::new().news(true);
    refused.sinks.insert("crm".into(), SinkState::Refused { text: "not ignored by git".into() });
    assert!(blocked(&refused.plan(), "mint smtp-user/crm").contains("not ignored by git"));
    let plan = Out::new().news(true).plan();
    assert_eq!(step(&plan, "mint smtp-user/crm").sink.as_ref().map(|s| s.place.to_string()).as_deref(), Some("file secrets/crm.json"));
}

#[test]
fn s10_4_only_what_our_own_mint_left_without_a_holder_is_reset() {
    let id = step(&Out::new().news(true).plan(), "mint smtp-user/crm").id;
    let tag = operation_tag(id);
    let lost = |durable: bool, change: fn(&mut Told)| {
        let tag = tag.clone();
        let mut out = Out::new().news(true).login("u1", "crm", |t| {
            t.tag = Some(tag);
            change(t);
        });
        out.case.heads.smtp_users.get_mut("crm").unwrap().durable = durable;
        out
    };
    let plan = lost(true, |_| {}).plan();
    let reset = step(&plan, "reset smtp-user/crm");
    assert_eq!((reset.risk, reset.only_if.version.as_deref(), plan.verdict(reset.id)), (Risk::R2, Some("1"), Verdict::Go));
    let others: [(&str, bool, Change); 4] = [
        ("another's tag", true, |t| t.tag = Some("x".into())),
        ("somebody signed in", true, |t| t.last = LastConnection::At(moment("2026-11-01T00:00:00Z"))),
        ("it was reset before", true, |t| t.token = "reset"),
        ("another machine may hold it", false, |_| {}),
    ];
    for (what, durable, change) in others {
        let plan = lost(durable, change).plan();
        assert!(plan.is_empty() && warned(&plan).contains("mailwright credential reset smtp-user/crm"), "{what}");
    }
    let mut journal = lost(false, |_| {});
    journal.case.remembered.open.insert(id, crate::model::OpId("r0".into()));
    assert_eq!(journal.texts(), ["reset smtp-user/crm"], "our own open intent is proof enough");
}

#[test]
fn s10_5_a_missing_credential_is_a_warning_and_a_reset_is_asked_for() {
    let mut out = Out::new().news(true).login("u1", "crm", |_| {});
    assert!(out.texts().is_empty() && warned(&out.plan()).contains("credential not held here"));
    out.asked.insert(out.key(Kind::SmtpUser, "crm"));
    let plan = out.plan();
    let reset = step(&plan, "reset smtp-user/crm");
    assert_eq!((reset.risk, reset.changes[0].after.clone()), (Risk::R3, Some(Value::Token("reset".into()))));
    assert!(reset.is_counted() && reset.sink.is_some());
}

#[test]
fn s9_3_active_then_blocked_then_removed() {
    let gone = |told: fn(&mut Told)| {
        Out::new().news(true).login("u1", "crm", told).removed(Kind::SmtpUser, "crm", |r| r.remove_after_days = Some(14))
    };
    let plan = gone(|t| t.last = LastConnection::At(moment("2026-11-21T00:00:00Z"))).plan();
    let block = step(&plan, "block smtp-user/crm");
    assert_eq!((block.risk, block.always_approved, block.counted.len()), (Risk::R3, false, 1), "counted, and within budget it goes (S7.3)");
    assert_eq!(block.changes[0].after, Some(Value::Token("blocked:2026-11-22".into())));
    assert!(block.notes.iter().any(|n| n.contains("find it first")), "{:?}", block.notes);
    let blocked_then: fn(&mut Told) = |t| {
        t.token = "blocked:2026-11-22";
        t.set = Some("2026-11-22T12:00:00Z");
        t.last = LastConnection::At(moment("2026-11-21T00:00:00Z"));
    };
    let at_time = |text: &str| {
        let plan = gone(blocked_then).plan_at(moment(text));
        let delete = step(&plan, "delete smtp-user/crm");
        assert!(delete.risk == Risk::R4 && delete.only_if.reread && delete.only_if.quiet_since.is_some());
        plan.verdict(delete.id)
    };
    let until = moment("2026-12-21T00:00:00Z");
    assert_eq!(at_time("2026-12-10T00:00:00Z"), Verdict::Waiting(Until::Moment { at: until }), "the guard outlasts the grace");
    assert_eq!(at_time("2026-12-21T00:00:00Z"), Verdict::Go);
    let unknown = gone(|t| {
        t.token = "blocked:2026-11-22";
        t.last = LastConnection::Unknown;
    });
    assert!(blocked(&unknown.plan(), "delete smtp-user/crm").contains("does not tell"));
    let future = gone(|t| {
        t.token = "blocked:2026-11-22";
        t.last = LastConnection::At(moment("2027-01-01T00:00:00Z"));
    });
    assert!(blocked(&future.plan(), "delete smtp-user/crm").contains("a clock is wrong"));
}

#[test]
fn s9_2_a_tombstone_is_for_its_own_login() {
    let late =
        Out::new().news(true).login("u1", "crm", |_| {}).removed(Kind::SmtpUser, "crm", |r| r.since = at("2026-05-31".parse().unwrap()));
    assert!(late.texts().is_empty() && warned(&late.plan()).contains("created after 2026-05-31"));
    let fulfilled = Out::new().news(true).removed(Kind::SmtpUser, "crm", |_| {});
    assert!(fulfilled.texts().is_empty() && fulfilled.plan().report.notes.iter().any(|n| n.text.contains("fulfilled")));
    let two = Out::new().news(true).login("u1", "crm", |_| {}).login("u2", "crm", |_| {}).removed(Kind::SmtpUser, "crm", |_| {});
    assert!(blocked(&two.plan(), "delete smtp-user/crm").contains("write `username`"));
    // the login that was named is gone: its namesake by label stays
    let named = Out::new().news(true).login("u2", "crm", |_| {}).removed(Kind::SmtpUser, "crm", |r| r.username = Some("u1".into()));
    assert!(named.texts().is_empty() && named.plan().report.notes.iter().any(|n| n.text.contains("fulfilled")));
}

#[test]
fn s9_4_consequences_come_from_live_data() {
    let out = Out::new().news(true).login("u1", "crm", |_| {}).login("u2", "old", |_| {});
    let out = out.removed(Kind::SmtpUser, "crm", |_| {}).removed(Kind::SendingDomain, NEWS, |_| {});
    let plan = out.plan();
    let delete = step(&plan, "delete sending-domain/news.acme.example");
    assert_eq!((delete.risk, delete.after[0].step), (Risk::R4, step(&plan, "block smtp-user/crm").id));
    let said = &delete.evidence[0].1;
    for part in ["1 CNAME records die: x1.news.acme.example", "2 SMTP users", "u1 (crm, removed", "u2 (old, undeclared"] {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[test]
fn s9_1_what_no_file_names_is_not_managed_and_that_is_said() {
    let mut out = Out::new().news(true).login("u1", "crm", |_| {}).login("u9", "other", |_| {});
    let forgotten = out.key(Kind::SmtpUser, "shop");
    out.case.remembered.outbound.insert(forgotten, Existed::Made);
    let plan = out.plan();
    let notes: Vec<&str> = plan.report.notes.iter().map(|n| n.text.as_str()).collect();
    assert!(notes.iter().any(|n| n.contains("label `other`")) && notes.iter().any(|n| n.contains("no file names it now")), "{notes:?}");
    assert!(!plan.steps.iter().any(|s| s.action == Action::Delete));
}

#[test]
fn s9_2_a_tombstone_with_a_user_name_is_fulfilled_when_that_login_is_gone() {
    // another login has the label: it is nobody's whom this line names
    let named = |name: &'static str| {
        Out::new().news(true).login("u2", "crm", |_| {}).removed(Kind::SmtpUser, "crm", |r| r.username = Some(name.into()))
    };
    let plan = named("u1").plan();
    assert!(plan.is_empty() && plan.report.notes.iter().any(|n| n.text.contains("fulfilled")), "{:?}", texts(&plan));
    assert!(plan.report.undeclared.contains("smtp-user/u2"), "and it is said that u2 is not managed");
    assert_eq!(named("u2").texts(), ["block smtp-user/crm"]);
}

#[test]
fn s6_4_a_sending_domain_waits_for_the_grace_of_a_login_that_is_blocked_now() {
    let out = Out::new().news(true).login("u1", "crm", |_| {});
    let out = out.removed(Kind::SmtpUser, "crm", |r| r.remove_after_days = Some(14)).removed(Kind::SendingDomain, NEWS, |_| {});
    let plan = out.plan();
    let (block, delete) = (step(&plan, "block smtp-user/crm"), step(&plan, "delete sending-domain/news.acme.example"));
    assert_eq!(plan.verdict(block.id), Verdict::Go);
    let until = Some(moment("2026-12-06T10:00:00Z"));
    assert!(matches!(plan.verdict(delete.id), Verdict::Waiting(Until::Edge { step, at, .. }) if step == block.id && at == until));
}

#[test]
fn s6_4_a_sending_domain_waits_for_the_longest_grace_in_whatever_order_it_is_written() {
    let plan = |names: [&str; 2]| {
        let mut out = Out::new().news(true).login("u1", "one", |_| {}).login("u2", "two", |_| {});
        out.case.heads.smtp_users.clear();
        for name in names {
            let days = if name == "one" { 3 } else { 20 };
            out = out.removed(Kind::SmtpUser, name, |r| r.remove_after_days = Some(days));
        }
        out.removed(Kind::SendingDomain, NEWS, |_| {}).plan()
    };
    let verdict = |plan: &Plan| plan.verdict(step(plan, "delete sending-domain/news.acme.example").id);
    let (one, other) = (plan(["one", "two"]), plan(["two", "one"]));
    assert_eq!(verdict(&one), verdict(&other));
    let until = Some(moment("2026-12-12T10:00:00Z"));
    assert!(matches!(verdict(&one), Verdict::Waiting(Until::Edge { step: id, at, .. })
        if id == step(&one, "block smtp-user/two").id && at == until));
}

#[test]
fn s3_1_under_observe_no_tombstone_is_a_step() {
    let out = Out::new().news(true).login("u1", "crm", |_| {});
    let mut out = out.removed(Kind::SmtpUser, "crm", |_| {}).removed(Kind::SendingDomain, NEWS, |_| {});
    assert_eq!(out.texts().len(), 2);
    out.case = out.case.authority(crate::model::Authority::Observe);
    let plan = out.plan();
    assert!(plan.is_empty(), "{:?}", texts(&plan));
    assert!(plan.report.differs.iter().filter(|d| d.why.contains("to be removed")).count() == 2, "{:?}", plan.report.differs);
}

#[test]
fn s4_1_two_lines_that_mean_one_login_are_an_error_and_never_a_mint() {
    let label = |out: &mut Out, name: &str| out.declare(name, |u| u.label = Some(at("Web shop".into())));
    let mut out = Out::new().news(true).holds("crm", "u1");
    out.case.heads.smtp_users.clear();
    label(&mut out, "shop");
    label(&mut out, "web");
    assert!(blocked(&out.plan(), "mint smtp-user/shop").contains("`shop` and `web`"));
    assert!(blocked(&out.plan(), "mint smtp-user/web").contains("`web` and `shop`"));
    // live or not, and whether the other line is a tombstone
    let out = Out::new().news(true).login("u1", "gone", |_| {}).removed(Kind::SmtpUser, "gone", |_| {});
    assert_eq!(out.texts(), ["mint smtp-user/crm", "block smtp-user/gone"]);
    let mut both = out;
    both.declare("kept", |u| u.label = Some(at("gone".into())));
    assert!(blocked(&both.plan(), "mint smtp-user/kept").contains("`kept` and `gone`"));
    assert!(blocked(&both.plan(), "delete smtp-user/gone").contains("`gone` and `kept`"));
}
