//! What the panel holds against what the law expects, and plans against each other.

use crate::rig::POLICY;
use crate::world::{Live, LiveDomain, LiveUser};
use mailwright::drivers::memory::{MemoryPanel, MemoryTenant};
use mailwright::model::{Field, Origin, RelayCheck, Value};
use mailwright::plan::{Cause, Plan, Verdict};

pub fn tenant(panel: &MemoryPanel, name: &str) -> Option<MemoryTenant> {
    panel.dump().into_values().find(|t| t.name == name)
}

/// What the panel holds of the tenant, in the words of the case.
pub fn live(tenant: &MemoryTenant) -> Live {
    let switch = |field| tenant.policy.attrs.get(&field) == Some(&Value::Switch(true));
    let min = match tenant.policy.attrs.get(&Field::PolicyMinLength) {
        Some(Value::Number(n)) => *n,
        other => panic!("a least length of {other:?}"),
    };
    let domain = |d: &mailwright::drivers::memory::MemoryDomain| LiveDomain {
        destination: match d.attrs.get(&Field::DomainDestination) {
            Some(Value::List(all)) => all.clone(),
            other => panic!("a destination of {other:?}"),
        },
        relay_check: match d.attrs.get(&Field::DomainRelayCheck) {
            Some(Value::Text(word)) => RelayCheck::parse(word).expect("a relay check"),
            other => panic!("a relay check of {other:?}"),
        },
        ..LiveDomain::new(Vec::new(), RelayCheck::Smtp, d.alias_domains())
    };
    let whole = |d: &mailwright::drivers::memory::MemoryDomain| crate::check_kinds::parts(d, domain(d));
    let user = |u: &mailwright::drivers::memory::MemoryUser| LiveUser {
        first: u.first_name.clone(),
        last: u.last_name.clone(),
        aliases: u.aliases.clone(),
        kind: u.kind,
        status: u.status,
        origin: Some(u.origin),
        created: u.created_at,
        access: crate::check_kinds::access(u.access.as_ref()),
    };
    Live {
        policy: (min, POLICY.map(switch)),
        domains: tenant.domains.iter().map(|(n, d)| (n.clone(), whole(d))).collect(),
        users: tenant.users.iter().map(|(a, u)| (a.clone(), user(u))).collect(),
        sending: tenant.sending_domains.iter().map(|(n, d)| (n.clone(), crate::check_kinds::sending(d))).collect(),
        logins: tenant.smtp_users.iter().map(|(n, u)| (n.clone(), crate::check_kinds::login(u))).collect(),
    }
}

/// Every difference in words.
pub fn differences(expected: Option<&Live>, got: Option<&Live>) -> Vec<String> {
    let (mut expected, mut got) = match (expected, got) {
        (None, None) => return Vec::new(),
        (Some(expected), Some(got)) => (expected.clone(), got.clone()),
        (expected, got) => return vec![format!("a tenant is expected: {}, is there: {}", expected.is_some(), got.is_some())],
    };
    crate::check_kinds::align(&mut expected, &mut got);
    let (expected, got) = (&expected, &got);
    let mut all = Vec::new();
    let mut same = |what: String, one: String, other: String| {
        if one != other {
            all.push(format!("{what}: expected {one}\n      got {other}"));
        }
    };
    same("policy".into(), format!("{:?}", expected.policy), format!("{:?}", got.policy));
    let domains = expected.domains.keys().chain(got.domains.keys()).collect::<std::collections::BTreeSet<_>>();
    for name in domains {
        same(name.clone(), format!("{:?}", expected.domains.get(name)), format!("{:?}", got.domains.get(name)));
    }
    same("sending domains".into(), format!("{:?}", expected.sending), format!("{:?}", got.sending));
    same("SMTP users".into(), format!("{:#?}", expected.logins), format!("{:#?}", got.logins));
    let users = expected.users.keys().chain(got.users.keys()).collect::<std::collections::BTreeSet<_>>();
    for address in users {
        let (one, mut other) = (expected.users.get(address), got.users.get(address).cloned());
        if let (Some(one), Some(other)) = (one, &mut other)
            && one.origin.is_none()
            && matches!(other.origin, Some(Origin::Manual | Origin::Import))
        {
            // made by us: one by one or in bulk, at whatever moment
            (other.origin, other.created) = (None, one.created);
        }
        same(address.clone(), format!("{one:?}"), format!("{other:?}"));
    }
    all
}

/// The bytes of a plan without what may differ between two ways of writing the same wish: where it is written (file, line,
/// column, the name of a list), how many pages were read, and what approvals say.
pub fn bytes(plan: &Plan) -> String {
    let mut plan = plan.clone();
    plan.report.requests = 0;
    // an approval lies beside one of the two
    plan.report.approved.clear();
    plan.report.not_approved.clear();
    for step in &mut plan.steps {
        step.at = None;
        if let Cause::WholeList { list } = &mut step.why {
            list.clear();
        }
    }
    plan.report.differs.iter_mut().for_each(|d| d.at = None);
    serde_json::to_string(&plan).expect("a plan is JSON")
}

/// Where two texts differ first, with what stands around.
pub fn first_difference(one: &str, other: &str) -> Option<String> {
    if one == other {
        return None;
    }
    let at = one.bytes().zip(other.bytes()).position(|(a, b)| a != b).unwrap_or(one.len().min(other.len()));
    let around = |text: &str| String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(80)..text.len().min(at + 60)]).into_owned();
    Some(format!("byte {at}: …{}… | …{}…", around(one), around(other)))
}

/// Steps that no approval lifts, in words.
pub fn blocked(plan: &Plan) -> Vec<String> {
    let reason = |v: &Verdict| match v {
        Verdict::Blocked(reason) => Some(reason.to_string()),
        Verdict::Go | Verdict::Waiting(_) | Verdict::Gated { .. } => None,
    };
    plan.steps.iter().filter_map(|s| Some(format!("{} {}: {}", s.action.word(), s.key, reason(&plan.verdict(s.id))?))).collect()
}

/// A plan in a few lines.
pub fn brief(plan: &Plan) -> String {
    let line = |s: &mailwright::plan::Step| {
        let verdict: String = format!("{:?}", plan.verdict(s.id)).chars().take(60).collect();
        let changes: Vec<String> =
            s.changes.iter().map(|c| format!("{}={}", c.field, c.after.as_ref().map_or("-".into(), ToString::to_string))).collect();
        format!("    {} {} [{}] {:?} {}\n", s.action.word(), s.key, changes.join(" "), s.why, verdict)
    };
    plan.steps.iter().map(line).collect()
}
