//! Tombstones of sending domains and SMTP users: active → blocked → removed (S9.3, S9.4).

use crate::base::Timestamp;
use crate::config::Removed;
use crate::model::{Evidence, Field, Key, Kind, LastConnection, LiveFacts, LiveHead, Reason};
use crate::plan::build::draft::{Draft, Phase, Work};
use crate::plan::build::ground::{CLOCKS_APART, Ground};
use crate::plan::build::outbound::credentials::{password, said};
use crate::plan::build::outbound::identity::{Found, find_removed, login, logins, text};
use crate::plan::build::outbound::smtp_users::precondition;
use crate::plan::build::tombstones::{is_vague, matches, not_before};
use crate::plan::{Action, Cause, Precondition, Risk, Stage, Until, Verdict};
use jiff::SignedDuration;

/// Days between block and deletion, where the tombstone says nothing: as long as the last-connection guard.
const REMOVE_AFTER_DAYS: u32 = 30;

fn days(n: u64) -> SignedDuration {
    SignedDuration::from_hours(i64::try_from(n).unwrap_or(i64::MAX / 24).saturating_mul(24))
}
/// What the panel says of a login, by our clock.
fn ours(ground: &Ground<'_>, at: Timestamp) -> Timestamp {
    ground.by_our_clock(Kind::SmtpUser, at)
}
fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// What a removal step has from its tombstone.
fn removal(ground: &Ground<'_>, removed: &Removed, live: &LiveHead, mut draft: Draft) -> Draft {
    draft.step.why = Cause::Removed { since: removed.since.value.to_string(), reason: removed.reason.clone() };
    draft.step.at = ground.at(removed.at);
    draft.step.facts.created_at = live.created_at;
    let vague = is_vague(removed, live.created_at, live.incarnation.as_deref());
    // a block is counted (S7.3) and can be taken back by a reset; what is deleted does not come back
    draft.step.always_approved = vague || draft.step.action == Action::Delete;
    if vague {
        draft.note("the panel tells neither when it was created nor which it is: look whether it is the one that is meant");
    }
    draft
}

/// Plans the tombstone of an SMTP user.
pub(in crate::plan::build) fn remove_smtp_user(ground: &Ground<'_>, work: &mut Work, removed: &Removed, key: Key) {
    match find_removed(ground, removed) {
        Found::One(live) if matches(removed, live.created_at, live.incarnation.as_deref()) => one(ground, work, removed, key, live),
        Found::One(live) => {
            let text = format!("the login {} was created after {}: the tombstone is not for it", live.key.name, removed.since.value);
            work.warn(Some(key), text);
        }
        Found::Many(reason) => {
            let mut draft = ground.draft(Action::Delete, key, None, Vec::new(), Phase::Removes);
            draft.step.risk = Risk::R4;
            draft.step.only_if.reread = true;
            draft.step.why = Cause::Removed { since: removed.since.value.to_string(), reason: removed.reason.clone() };
            draft.step.at = ground.at(removed.at);
            draft.block(Some(reason));
            work.push(draft);
        }
        Found::None { .. } if ground.is_whole(Kind::SmtpUser, None) => {
            let text = match &removed.username {
                Some(_) => "it is removed: this tombstone is fulfilled and can go".to_owned(),
                None => format!("no login has the label `{}`: this tombstone is fulfilled and can go", removed.name.value),
            };
            work.note(Some(key), text);
        }
        Found::None { .. } => {}
    }
}

fn one(ground: &Ground<'_>, work: &mut Work, removed: &Removed, key: Key, live: &LiveHead) {
    let token = format!("blocked:{}", removed.since.value);
    let told = login(live);
    let mut draft =
        if told.enabled && told.token != token { block(ground, removed, key, live, &token) } else { delete(ground, removed, key, live) };
    if let (Some(at), Verdict::Go) = (not_before(removed, ground.now), &draft.verdict) {
        draft.verdict = Verdict::Waiting(Until::Moment { at });
    }
    work.push(draft);
}

/// The first stage: a password that nobody knows. It can be taken back by another reset.
fn block(ground: &Ground<'_>, removed: &Removed, key: Key, live: &LiveHead, token: &str) -> Draft {
    let draft = ground.draft(Action::Block, key, live.incarnation.as_deref(), vec![password(live, token)], Phase::Removes);
    let mut draft = removal(ground, removed, live, draft);
    draft.step.risk = Risk::R3;
    draft.step.counted.insert(removed.name.value.clone());
    draft.step.only_if = precondition(live);
    let last = login(live).last_connection;
    draft.note(format!("{}: {}", live.key.name, said(last)));
    if let LastConnection::At(at) = last
        && later(ours(ground, at), days(ground.policy.guards.last_connection_days)) > ground.now
    {
        draft.note("an application uses it and will fail at once; find it first");
    }
    let grace = removed.remove_after_days.unwrap_or(REMOVE_AFTER_DAYS);
    draft.note(format!("it is deleted {grace} days after the block, with an approval of its own; until then a reset brings it back"));
    draft
}

/// The last stage: no user name comes back.
fn delete(ground: &Ground<'_>, removed: &Removed, key: Key, live: &LiveHead) -> Draft {
    let guard = days(ground.policy.guards.last_connection_days);
    let draft = ground.draft(Action::Delete, key, live.incarnation.as_deref(), Vec::new(), Phase::Removes);
    let mut draft = removal(ground, removed, live, draft);
    let told = login(live);
    draft.step.risk = Risk::R4;
    draft.step.counted.insert(removed.name.value.clone());
    // the panel tells connections by its own clock, so it is asked by that
    let quiet_since = ground.by_panel_clock(Kind::SmtpUser, ground.now).checked_sub(guard).ok();
    draft.step.only_if = Precondition { reread: true, quiet_since, ..precondition(live) };
    draft.note(format!("{}: {}", live.key.name, said(told.last_connection)));
    draft.note("a new login would have another user name and password: every application would have to be configured again");
    let grace = days(u64::from(removed.remove_after_days.unwrap_or(REMOVE_AFTER_DAYS)));
    // one that was switched off with its domain cannot sign in; there is no block to wait for
    let blocked = told.password_set_at.filter(|_| told.enabled).map(|at| later(ours(ground, at), grace));
    if told.enabled && told.password_set_at.is_none() {
        draft.block(Some(Reason::Unsupported { text: "the panel does not tell when it was blocked".into() }));
    }
    let quiet = match told.last_connection {
        LastConnection::Never => None,
        LastConnection::At(at) if ours(ground, at) > later(ground.now, CLOCKS_APART) => {
            draft.block(Some(Reason::Unsupported {
                text: format!("the panel says that it signed in at {at}, which is to come: a clock is wrong"),
            }));
            None
        }
        LastConnection::At(at) => Some(later(ours(ground, at), guard)),
        LastConnection::Unknown => {
            draft.block(Some(Reason::Unsupported { text: "the panel does not tell when it last signed in".into() }));
            None
        }
    };
    if let Some(at) = blocked.max(quiet).filter(|at| *at > ground.now && draft.verdict == Verdict::Go) {
        draft.verdict = Verdict::Waiting(Until::Moment { at });
    }
    draft
}

/// Plans the tombstone of a sending domain.
pub(in crate::plan::build) fn remove_sending_domain(ground: &Ground<'_>, work: &mut Work, removed: &Removed, key: Key) {
    let Some(live) = ground.live(Kind::SendingDomain, &removed.name.value) else {
        if ground.is_whole(Kind::SendingDomain, None) {
            work.note(Some(key), "it is removed: this tombstone is fulfilled and can go");
        }
        return;
    };
    if !matches(removed, live.created_at, live.incarnation.as_deref()) {
        let text = format!("a sending domain created after {} has this name; the tombstone is not for it", removed.since.value);
        work.warn(Some(key), text);
        return;
    }
    let draft = ground.draft(Action::Delete, key, live.incarnation.as_deref(), Vec::new(), Phase::LastRemoves);
    let mut draft = removal(ground, removed, live, draft);
    draft.step.risk = Risk::R4;
    draft.step.counted.insert(live.key.name.clone());
    draft.step.only_if = Precondition { reread: true, ..precondition(live) };
    draft.step.evidence.push((Evidence::Cascade, cascade(ground, live)));
    draft.note("if it is made again, the panel mints other CNAME records; its history is kept");
    if let Some(at) = not_before(removed, ground.now) {
        draft.verdict = Verdict::Waiting(Until::Moment { at });
    }
    let unread = ground.observed.incomplete().find(|(s, _)| s.kind == Kind::SmtpUser);
    draft.block(unread.map(|(s, _)| Reason::DependsOn { scope: s.to_string() }));
    work.push(draft);
}

/// What goes with a sending domain, from what is live (S9.4): records, and logins by name, undeclared ones among them.
fn cascade(ground: &Ground<'_>, live: &LiveHead) -> String {
    let mut lines = Vec::new();
    if let LiveFacts::SendingDomain { cnames, .. } = &live.facts {
        let names: Vec<&str> = cnames.iter().map(|(name, _)| name.as_str()).collect();
        lines.push(format!("{} CNAME records die: {}", names.len(), names.join(", ")));
    }
    let heads = ground.heads();
    let mut users: Vec<String> = Vec::new();
    for user in logins(ground).filter(|h| text(h, Field::SmtpUserDomain) == live.key.name && login(h).enabled) {
        let label = text(user, Field::SmtpUserLabel);
        let is = |name: Option<&str>, known_as: &str| name.map_or(known_as == label, |n| n == user.key.name);
        let declared = heads.smtp_users.values().any(|u| is(u.username.as_ref().map(|n| n.value.as_str()), u.known_as()));
        let removed = heads.removed.iter().any(|r| r.kind == Kind::SmtpUser && is(r.username.as_deref(), &r.name.value));
        let how = if removed {
            "removed"
        } else if declared {
            "declared"
        } else {
            "undeclared"
        };
        users.push(format!("{} ({label}, {how}, {})", user.key.name, said(login(user).last_connection)));
    }
    match users.as_slice() {
        [] => lines.push("no SMTP user is switched off with it".into()),
        all => {
            lines.push(format!("{} SMTP users are switched off at once and for good:", all.len()));
            lines.extend(all.iter().cloned());
        }
    }
    lines.join("\n")
}

/// How long after its block the login of a tombstone goes.
fn grace_of(ground: &Ground<'_>, name: &str) -> SignedDuration {
    let removed = ground.heads().removed.iter().find(|r| r.kind == Kind::SmtpUser && r.name.value == name);
    days(u64::from(removed.and_then(|r| r.remove_after_days).unwrap_or(REMOVE_AFTER_DAYS)))
}

/// SMTP users go before their sending domain (S6.4): one that is blocked now is still there until its grace is over, and what
/// switches it off for good would take the way back from it.
pub(in crate::plan::build) fn link_removals(ground: &Ground<'_>, work: &mut Work) {
    let goes = |d: &Draft, kind| d.step.key.kind == kind && matches!(d.step.action, Action::Delete | Action::Block);
    for at in (0..work.drafts.len()).filter(|i| goes(&work.drafts[*i], Kind::SendingDomain)).collect::<Vec<_>>() {
        let domain = work.drafts[at].step.key.name.clone();
        let inside = |d: &&Draft| {
            let live = logins(ground).find(|h| h.incarnation.is_some() && h.incarnation == d.step.only_if.incarnation);
            goes(d, Kind::SmtpUser) && live.is_some_and(|h| text(h, Field::SmtpUserDomain) == domain)
        };
        let first = work.drafts.iter().filter(inside).map(|d| (grace_of(ground, &d.step.key.name), d.step.id, d.step.action));
        // in an order that does not depend on how the tombstones are written: the longest grace is what it waits for
        let mut first: Vec<_> = first.collect();
        first.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let why = "SMTP users go before their sending domain";
        for (grace, id, action) in first {
            let draft = &mut work.drafts[at];
            draft.after(id, Stage::Visible, why);
            if action == Action::Block && draft.verdict == Verdict::Go {
                draft.verdict = Verdict::Waiting(Until::Edge { step: id, why: why.into(), at: Some(later(ground.now, grace)) });
            }
        }
    }
}
