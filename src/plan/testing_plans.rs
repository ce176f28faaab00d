//! Small plans for the tests of guards, approvals, auditor and run. Test code only.

use crate::base::digest::PrintKey;
use crate::base::span::{FileId, Span, Spanned};
use crate::base::{DomainName, ProviderName, TenantName, Timestamp};
use crate::model::observed::Tally;
use crate::model::{
    Authority, Domain, Field, Key, Kind, LiveTenant, LiveUser, Observed, Origin, Seen, Tenant, UserKind, UserStatus, Value,
};
use crate::model::{Completeness, Kept, LiveHead, Proof, Scope};
use crate::plan::report::{Ledger, Report};
use crate::plan::step::{Action, Cause, Change, Facts, Precondition, Risk, Step, Verdict};
use crate::plan::tenant_plan::Plan;
use crate::resolve::{Desired, Heads, UserTable};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The panel's origin in these tests.
pub const ORIGIN: &str = "panel-1";

/// A moment, in seconds after a fixed one.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).expect("a moment")
}
/// A tenant's name.
pub fn tenant(name: &str) -> TenantName {
    TenantName::parse(name).expect("a name")
}
/// A provider's name.
pub fn provider(name: &str) -> ProviderName {
    ProviderName::parse(name).expect("a name")
}
/// A domain's name.
pub fn domain(name: &str) -> DomainName {
    DomainName::parse(name).expect("a name")
}

/// A step of a kind; its digest is right.
pub fn step(whose: &str, kind: Kind, name: &str, action: Action, incarnation: Option<&str>, changes: Vec<Change>) -> Step {
    let key = Key::new(&tenant(whose), kind, name);
    Step {
        id: Step::digest(ORIGIN, &key, incarnation, action, &changes),
        action,
        key,
        changes,
        provider: provider("edge"),
        risk: Risk::R1,
        why: Cause::Declared,
        after: vec![],
        only_if: Precondition {
            version: incarnation.map(|_| "v1".into()),
            incarnation: incarnation.map(Into::into),
            absent: incarnation.is_none(),
            ..Precondition::default()
        },
        at: None,
        stops: BTreeSet::new(),
        counted: BTreeSet::new(),
        always_approved: false,
        evidence: vec![],
        facts: Facts::default(),
        notes: vec![],
        hand_off: None,
        secrets: BTreeMap::new(),
        sink: None,
    }
}
/// A user that comes to be.
pub fn create(whose: &str, address: &str) -> Step {
    let kind = Change { field: Field::UserKind, before: None, after: Some(Value::text("mailbox")) };
    step(whose, Kind::User, address, Action::Create, None, vec![kind])
}
/// A billable user that goes because the whole list does not name it.
pub fn delete(whose: &str, address: &str) -> Step {
    let changes = vec![Change { field: Field::UserStatus, before: Some(Value::text("active")), after: None }];
    let mut step = step(whose, Kind::User, address, Action::Delete, Some(&format!("id-{address}")), changes);
    step.risk = Risk::R3;
    step.why = Cause::WholeList { list: "users.csv".into() };
    step.only_if.reread = true;
    step.facts.billable = Some(true);
    step.stops.insert(address.into());
    step.counted.insert(address.into());
    step
}
/// A user whose aliases change; those that go are counted and stop.
pub fn aliases(whose: &str, address: &str, before: &[&str], after: &[&str]) -> Step {
    let set = |all: &[&str]| all.iter().map(ToString::to_string).collect::<BTreeSet<String>>();
    let changes = vec![Change { field: Field::UserAliases, before: Some(Value::Set(set(before))), after: Some(Value::Set(set(after))) }];
    let mut step = step(whose, Kind::User, address, Action::Update, Some(&format!("id-{address}")), changes);
    let gone: BTreeSet<String> = set(before).difference(&set(after)).cloned().collect();
    step.risk = if gone.is_empty() { Risk::R1 } else { Risk::R3 };
    step.counted.clone_from(&gone);
    step.stops = gone;
    step
}
/// A declared rename.
pub fn rename(whose: &str, from: &str, to: &str, keep_old: bool) -> Step {
    let after = if keep_old { BTreeSet::from([from.to_owned()]) } else { BTreeSet::new() };
    let changes = vec![Change { field: Field::UserAliases, before: Some(Value::Set(BTreeSet::new())), after: Some(Value::Set(after)) }];
    let mut step = step(whose, Kind::User, to, Action::Rename, Some(&format!("id-{from}")), changes);
    step.why = Cause::Renamed { from: from.into() };
    step.risk = Risk::R2;
    step
}
/// The relay check of a domain changes; always approved.
pub fn relay_check(whose: &str, name: &str) -> Step {
    let changes =
        vec![Change { field: Field::DomainRelayCheck, before: Some(Value::text("smtp")), after: Some(Value::text("control-panel")) }];
    let mut step = step(whose, Kind::Domain, name, Action::Update, Some(&format!("id-{name}")), changes);
    step.risk = Risk::R3;
    step.always_approved = true;
    step
}
/// A plan in which each step goes in a batch of its own.
pub fn plan(whose: &str, steps: Vec<Step>) -> Plan {
    Plan {
        tenant: tenant(whose),
        provider: provider("edge"),
        origin: ORIGIN.into(),
        remote: Some("t-1".into()),
        id: Plan::id_of(&steps),
        observed_at: at(0),
        change_mark: Some("m1".into()),
        outbound: None,
        verdicts: steps.iter().map(|s| (s.id, Verdict::Go)).collect(),
        batches: steps.iter().map(|s| (false, vec![s.id])).collect(),
        steps,
        ledger: Ledger::default(),
        budgets: vec![],
        report: Report::default(),
    }
}
/// Sets the verdict of the n-th step.
pub fn set(plan: &mut Plan, n: usize, verdict: Verdict) {
    let id = plan.steps[n].id;
    plan.verdicts.insert(id, verdict);
}
/// What was observed: one domain `acme.example` with so many users of the whole list, read completely.
pub fn observed(whose: &str, own: u64) -> Observed {
    let (name, edge) = (domain("acme.example"), provider("edge"));
    let whole = |count| Completeness::Whole { count, proof: Proof::Total };
    let scope = |kind, domain| Scope { provider: edge.clone(), tenant: Some(tenant(whose)), domain, kind };
    let key = Key::new(&tenant(whose), Kind::Domain, name.as_str());
    let head = LiveHead {
        key: key.clone(),
        incarnation: Some("id-acme.example".into()),
        version: None,
        attrs: BTreeMap::new(),
        created_at: None,
        facts: crate::model::LiveFacts::None,
    };
    Observed {
        tenant: Seen::Present(LiveTenant {
            id: "t-1".into(),
            name: whose.into(),
            change_mark: Some("m1".into()),
            created_at: None,
            frozen: false,
        }),
        outbound: None,
        heads: BTreeMap::from([(key, head)]),
        kept: vec![],
        missing: vec![],
        tally: BTreeMap::from([(name.clone(), Tally { live: own, own, billable: own, addresses: own, ..Tally::default() })]),
        recipients: BTreeMap::new(),
        jobs: BTreeMap::new(),
        probes: BTreeMap::new(),
        scopes: BTreeMap::from([
            (scope(Kind::Domain, None), whole(1)),
            (scope(Kind::PasswordPolicy, None), whole(1)),
            (scope(Kind::User, Some(name)), whole(own)),
        ]),
        undeclared: BTreeSet::new(),
        at: at(0),
        requests: 3,
    }
}
/// A live user that was kept.
pub fn kept(address: &str, aliases: &[&str], origin: Origin) -> Kept {
    let live = LiveUser {
        address: Cow::Owned(address.into()),
        incarnation: Some(Cow::Owned(format!("id-{address}"))),
        version: Some(Cow::Borrowed("v1")),
        first_name: Cow::Borrowed(""),
        last_name: Cow::Borrowed(""),
        aliases: aliases.iter().map(|a| Cow::Owned((*a).to_owned())).collect(),
        kind: UserKind::Mailbox,
        status: UserStatus::Active,
        group: Cow::Borrowed(""),
        origin,
        billable: true,
        created_at: None,
        mails_30d: None,
        last_mail_at: None,
        access: None,
    };
    Kept { row: None, live, claims: vec![] }
}
/// What is desired: one domain `acme.example` under an authority, no user rows.
pub fn desired(whose: &str, authority: Authority) -> Desired {
    let span = Span::new(FileId(0), 0..1);
    let edge = || Spanned::new(provider("edge"), span);
    let name = domain("acme.example");
    let acme = Domain {
        name: name.clone(),
        at: span,
        destination: None,
        relay_check: None,
        alias_domains: None,
        authority: Some(Spanned::new(authority, span)),
        users_authority: None,
        aliases_authority: None,
        users_from: vec![],
        directories: BTreeMap::new(),
        discovery: None,
        continuity: None,
    };
    let owner = Tenant { name: tenant(whose), at: span, inbound: edge(), outbound: edge(), remote: None, create: None, authority: None };
    let heads = Heads {
        tenant: owner,
        password_policy: None,
        domains: BTreeMap::from([(name, acme)]),
        sending_domains: BTreeMap::new(),
        smtp_users: BTreeMap::new(),
        removed: vec![],
        renamed: vec![],
        defaults: crate::config::Defaults::default(),
    };
    Desired { heads, users: UserTable::new(PrintKey(1, 2)) }
}
