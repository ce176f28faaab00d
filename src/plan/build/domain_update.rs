//! Changes of a live domain: one step for each concern, because each has its own edges, risk and approval.
//!
//! Alias domains that come; destination; relay check; alias domains that go. So an unknown list of users blocks the
//! relay check and nothing else (S1.4), and an approval of one is not an approval of another.

use crate::base::DomainName;
use crate::model::{Authority, Domain, Field, Kind, LiveHead, RelayCheck, Value};
use crate::plan::build::directory::hold_relay_check;
use crate::plan::build::domain::declared;
use crate::plan::build::draft::{Draft, Phase, Work, texts};
use crate::plan::build::forecast::forecast;
use crate::plan::build::ground::Ground;
use crate::plan::build::growth::{self, Maker};
use crate::plan::build::parts::push_hand_offs;
use crate::plan::{Action, Change, Precondition, Risk, Stage};

/// Plans the changes of a domain that is live.
pub(super) fn update_domain(ground: &Ground<'_>, work: &mut Work, name: &DomainName, domain: &Domain) {
    let Some(live) = ground.live_domain(name) else {
        return;
    };
    let authority = ground.heads_authority(Some(name));
    let read = |field: Field| live.attrs.get(&field).cloned();
    let mut compared = ground.compare(declared(domain), Some(&read), authority);
    work.report.differs.extend(compared.difference(&live.key, ground.at(domain.at)));
    push_hand_offs(ground, work, &live.key, domain.at, &mut compared);
    let mut drafts: Vec<Draft> = Vec::new();
    for change in compared.changes {
        match change.field {
            Field::DomainAliasDomains => alias_domains(ground, &mut drafts, live, &change),
            Field::DomainRelayCheck => drafts.push(relay_check(ground, live, name, change)),
            _ => drafts.push(destination(ground, live, name, change)),
        }
    }
    drafts.sort_by_key(|d| d.phase);
    for (i, draft) in drafts.iter_mut().enumerate() {
        draft.step.at = ground.at(domain.at);
        // the first write of the plan changes the version; the incarnation still guards the others
        if i > 0 {
            draft.step.only_if.version = None;
        }
    }
    let of_aliases = |d: &Draft| d.step.changes.iter().any(|c| c.field == Field::DomainAliasDomains);
    let comes = drafts.iter().find(|d| of_aliases(d) && d.phase == Phase::Domains).map(|d| d.step.id);
    for draft in drafts.iter_mut().filter(|d| of_aliases(d) && d.phase == Phase::LastRemoves) {
        // what goes is said of the list as it is then: where the other step is blocked, this one waits
        if let Some(comes) = comes {
            draft.after(comes, Stage::Accepted, "alias domains come before alias domains go");
        }
    }
    work.drafts.append(&mut drafts);
}

fn step(ground: &Ground<'_>, live: &LiveHead, changes: Vec<Change>, phase: Phase) -> Draft {
    let mut draft = ground.draft(Action::Update, live.key.clone(), live.incarnation.as_deref(), changes, phase);
    draft.step.only_if = Precondition { version: live.version.clone(), incarnation: live.incarnation.clone(), ..Precondition::default() };
    draft.step.facts.created_at = live.created_at;
    draft
}

/// Alias domains that come are one step, those that go another: R3, always approved (S2.2).
fn alias_domains(ground: &Ground<'_>, drafts: &mut Vec<Draft>, live: &LiveHead, change: &Change) {
    let (before, after) = (texts(change.before.as_ref()), texts(change.after.as_ref()));
    let both: std::collections::BTreeSet<String> = before.union(&after).cloned().collect();
    let side = |from: &std::collections::BTreeSet<String>, to: &std::collections::BTreeSet<String>| {
        vec![Change { field: Field::DomainAliasDomains, before: Some(Value::Set(from.clone())), after: Some(Value::Set(to.clone())) }]
    };
    if both != before {
        let mut draft = step(ground, live, side(&before, &both), Phase::Domains);
        draft.adds = both.difference(&before).cloned().collect();
        drafts.push(draft);
    }
    if both != after {
        let mut draft = step(ground, live, side(&both, &after), Phase::LastRemoves);
        draft.drops = both.difference(&after).cloned().collect();
        draft.step.stops = draft.drops.iter().map(|d| format!("*@{d}")).collect();
        draft.step.counted = draft.step.stops.clone();
        draft.step.risk = Risk::R3;
        draft.step.always_approved = true;
        drafts.push(draft);
    }
}

fn destination(ground: &Ground<'_>, live: &LiveHead, name: &DomainName, change: Change) -> Draft {
    let mut draft = step(ground, live, vec![change], Phase::Switches);
    draft.step.risk = Risk::R3;
    draft.step.always_approved = has_users(ground, name);
    draft
}

fn relay_check(ground: &Ground<'_>, live: &LiveHead, name: &DomainName, change: Change) -> Draft {
    let to = change.after.clone();
    let mut draft = step(ground, live, vec![change], Phase::Switches);
    draft.step.risk = Risk::R3;
    draft.step.always_approved = has_users(ground, name);
    draft.block(ground.users_unknown(name));
    if to == Some(Value::text(RelayCheck::ControlPanel.word())) {
        forecast(ground, &mut draft, name);
        hold_relay_check(ground, &mut draft, name);
    } else if to == Some(Value::text(RelayCheck::Smtp.word())) {
        growth::judge(ground, &mut draft, name, Maker::Nightly);
    } else {
        draft.note("not judged: which addresses the directory knows");
    }
    draft
}

/// Whether a domain has users (S7.3): live ones, or declared ones that will be there; unknown counts as yes.
pub(super) fn has_users(ground: &Ground<'_>, name: &DomainName) -> bool {
    let live = ground.observed.tally.get(name).is_some_and(|t| t.live > 0);
    let declared = ground.desired.users.per_domain.get(name.as_str()).is_some_and(|n| *n > 0);
    live || declared || !ground.users_whole(name)
}

/// The relay check that a domain will have after the plan, as far as it is known.
pub(super) fn relay_check_after(ground: &Ground<'_>, name: &DomainName) -> Option<RelayCheck> {
    let declared = ground.heads().domains.get(name).and_then(|d| d.relay_check.as_ref()).map(|r| r.value);
    let observed = ground.heads_authority(Some(name)) == Authority::Observe;
    let live = ground.live(Kind::Domain, name.as_str()).and_then(|h| h.attrs.get(&Field::DomainRelayCheck));
    let live = live.and_then(|v| match v {
        Value::Text(word) => RelayCheck::parse(word),
        Value::Switch(_) | Value::Number(_) | Value::List(_) | Value::Set(_) | Value::Token(_) => None,
    });
    if observed { live } else { declared.or(live) }
}

/// Before an alias domain goes, the addresses in it are taken from their users.
pub(super) fn link_drops(work: &mut Work) {
    let goes: Vec<usize> = (0..work.drafts.len()).filter(|i| work.drafts[*i].phase == Phase::LastRemoves).collect();
    for i in goes {
        let names = work.drafts[i].drops.clone();
        let inside = |d: &&Draft| d.drops.iter().any(|a| names.contains(crate::base::address::domain_part(a)));
        let users: Vec<_> = work.drafts.iter().filter(|d| d.step.key.kind == Kind::User).filter(inside).map(|d| d.step.id).collect();
        for user in users {
            work.drafts[i].after(user, Stage::Accepted, "addresses go before their domain");
        }
    }
}
