//! Tombstones of everything but users (S9.2): domains go with approval, the rest is handed to a person as yet.

use crate::base::DomainName;
use crate::config::Removed;
use crate::model::{Authority, Evidence, Field, Key, Kind, LiveHead, Reason};
use crate::plan::build::continuity::users_stay;
use crate::plan::build::draft::{Draft, Phase, Work, texts};
use crate::plan::build::ground::Ground;
use crate::plan::build::outbound;
use crate::plan::build::tombstones::{is_vague, matches, not_before};
use crate::plan::{Action, Cause, Difference, LeftAlone, Precondition, Risk, Until, Verdict};

/// Plans the tombstones of domains, sending domains, SMTP users and tenants.
pub(super) fn plan_removed(ground: &Ground<'_>, work: &mut Work) {
    for removed in ground.heads().removed.iter().filter(|r| r.kind != Kind::User) {
        let key = ground.key(removed.kind, &removed.name.value);
        let first = work.drafts.len();
        if ground.is_ignored(&key) {
            *work.report.left_alone.entry(LeftAlone::Ignored).or_default() += 1;
        } else if removed.kind == Kind::Domain {
            domain(ground, work, removed, key);
        } else if is_deleted(ground, removed.kind) && removed.kind == Kind::SmtpUser {
            outbound::remove_smtp_user(ground, work, removed, key);
        } else if is_deleted(ground, removed.kind) && removed.kind == Kind::SendingDomain {
            outbound::remove_sending_domain(ground, work, removed, key);
        } else {
            by_hand(ground, work, removed, key);
        }
        let domain = (removed.kind == Kind::Domain).then(|| DomainName::canonical(&removed.name.value));
        if ground.heads_authority(domain.as_ref()) == Authority::Observe {
            observe(work, first);
        }
    }
    outbound::link_removals(ground, work);
}

/// Under `observe` a removal is a difference and never a step (S3.1).
fn observe(work: &mut Work, first: usize) {
    let differs = work.drafts.split_off(first).into_iter().map(|draft| Difference {
        key: draft.step.key,
        fields: Vec::new(),
        why: "it is to be removed and still there; under `observe` nothing is removed".into(),
        at: draft.step.at,
    });
    work.report.differs.extend(differs);
}

/// Whether the driver deletes objects of a kind itself.
fn is_deleted(ground: &Ground<'_>, kind: Kind) -> bool {
    let kind = ground.kind(kind);
    kind.delete && matches!(kind.support, crate::model::Support::Managed)
}

fn domain(ground: &Ground<'_>, work: &mut Work, removed: &Removed, key: Key) {
    let name = DomainName::canonical(&removed.name.value);
    let Some(live) = ground.live_domain(&name) else {
        if ground.domain_absent(&name) {
            work.note(Some(key), "it is removed: this tombstone is fulfilled and can go");
        }
        return;
    };
    if !matches(removed, live.created_at, live.incarnation.as_deref()) {
        work.warn(Some(key), format!("a domain created after {} has this name; the tombstone is not for it", removed.since.value));
        return;
    }
    if !ground.kind(Kind::Domain).delete {
        by_hand(ground, work, removed, key);
        return;
    }
    let mut draft = delete_domain(ground, live, removed);
    if let Some(at) = not_before(removed, ground.now) {
        draft.verdict = Verdict::Waiting(Until::Moment { at });
    }
    work.push(draft);
}

/// All that is in a domain goes with it and cannot be brought back: R4, and approved whatever the budget says (S7.5).
fn delete_domain(ground: &Ground<'_>, live: &LiveHead, removed: &Removed) -> Draft {
    let mut draft = ground.draft(Action::Delete, live.key.clone(), live.incarnation.as_deref(), Vec::new(), Phase::LastRemoves);
    draft.step.risk = Risk::R4;
    draft.step.always_approved = true;
    draft.step.why = cause(removed);
    draft.step.at = ground.at(removed.at);
    draft.step.facts.created_at = live.created_at;
    draft.step.facts.was = live.attrs.clone();
    draft.step.only_if =
        Precondition { version: live.version.clone(), incarnation: live.incarnation.clone(), reread: true, ..Precondition::default() };
    draft.drops = texts(live.attrs.get(&Field::DomainAliasDomains));
    draft.drops.insert(live.key.name.clone());
    draft.step.stops = draft.drops.iter().map(|d| format!("*@{d}")).collect();
    draft.step.counted = draft.step.stops.clone();
    let domain = DomainName::canonical(&live.key.name);
    match ground.observed.tally.get(&domain).filter(|_| ground.observed.is_whole(Kind::User, Some(&domain))) {
        Some(t) => draft.step.evidence.push((Evidence::Cascade, format!("{} users with {} addresses go with it", t.live, t.addresses))),
        None => draft
            .step
            .evidence
            .push((Evidence::Cascade, "all its users, aliases and mail history go with it; they were not counted".into())),
    }
    draft.block(users_stay(ground, &domain));
    if is_vague(removed, live.created_at, live.incarnation.as_deref()) {
        draft.note("the panel tells neither when it was created nor which it is: look whether it is the one that is meant");
    }
    draft
}

fn by_hand(ground: &Ground<'_>, work: &mut Work, removed: &Removed, key: Key) {
    let support = ground.kind(removed.kind).support;
    if let crate::model::Support::Absent { text } = &support {
        work.note(Some(key), format!("its tombstone does nothing: {text}"));
        return;
    }
    let text = match support {
        crate::model::Support::HandOff { text } => text,
        crate::model::Support::Managed | crate::model::Support::Readable | crate::model::Support::Absent { .. } => {
            format!("removing a {} is done by a person as yet", removed.kind)
        }
    };
    let mut send = format!("delete {key}");
    if let Some(username) = &removed.username {
        send.push_str(&format!(" (user name {username})"));
    }
    let mut draft = ground.hand_off(key, Vec::new(), &text, send);
    draft.step.risk = Risk::R3;
    draft.step.why = cause(removed);
    draft.step.at = ground.at(removed.at);
    draft.note("take the tombstone away when it is done: this panel does not show it");
    if let Some(at) = not_before(removed, ground.now) {
        draft.verdict = Verdict::Waiting(Until::Moment { at });
    }
    if removed.kind == Kind::SendingDomain {
        let unread = ground.observed.incomplete().find(|(s, _)| s.kind == Kind::SmtpUser);
        draft.block(unread.map(|(s, _)| Reason::DependsOn { scope: s.to_string() }));
    }
    work.push(draft);
}

fn cause(removed: &Removed) -> Cause {
    Cause::Removed { since: removed.since.value.to_string(), reason: removed.reason.clone() }
}
