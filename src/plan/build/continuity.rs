//! Continuity of a domain (S15): its term is bought only around its first day, it is switched on when its users are ready or
//! somebody has looked, and what is off later is drift and never a step.

use crate::base::span::Span;
use crate::base::{DomainName, Timestamp};
use crate::model::continuity::Term;
use crate::model::{Evidence, Field, Key, Kind, LiveFacts, LiveHead, Reason, Value};
use crate::plan::build::changes::Compared;
use crate::plan::build::draft::{Draft, Phase, Work};
use crate::plan::build::ground::Ground;
use crate::plan::build::people::People;
use crate::plan::build::readiness::{self, unready};
use crate::plan::{Action, Change, Difference, Precondition, Risk, Stage, StepId, Until, Verdict};
use jiff::{ToSpan, civil::Date, tz::TimeZone};

/// A term is bought from so many days before its first day to so many after it.
const DAYS_AROUND: i32 = 14;

/// The steps of a compared continuity: the purchase first, then the switch.
pub(super) fn plan_continuity(ground: &Ground<'_>, work: &mut Work, key: &Key, span: Span, compared: &mut Compared) -> Vec<StepId> {
    let changes = std::mem::take(&mut compared.changes);
    let (term, switch): (Vec<Change>, Vec<Change>) = changes.into_iter().partition(|c| c.field == Field::ContinuityTerm);
    let declared = declared_term(ground, key);
    let around = declared.map(|term| around(term.from, ground.now));
    let (late, mut kept): (Vec<Change>, Vec<Change>) = switch.into_iter().partition(|c| is_on(c) && around == Some(Around::After));
    let late_term = if around == Some(Around::After) { term.clone() } else { Vec::new() };
    overdue(ground, work, key, span, declared, late.into_iter().chain(late_term).collect());
    let mut made = Vec::new();
    let bought = match (term.is_empty(), around) {
        (false, Some(around @ (Around::Before(_) | Around::Within))) => {
            let draft = buy(ground, key, term, around);
            made.push(push(ground, work, draft, span));
            made.first().copied()
        }
        (_, _) => None,
    };
    // without a term that is bought or on its way nothing can be switched on
    if around == Some(Around::After) && !term_is_live(ground, key) {
        kept.retain(|c| !is_on(c));
    }
    if !kept.is_empty() {
        let on = kept.iter().any(is_on);
        let mut draft = switched(ground, key, kept);
        if let Some(bought) = bought.filter(|_| on) {
            draft.after(bought, Stage::Accepted, "a term is bought before continuity is switched on");
        }
        made.push(push(ground, work, draft, span));
    }
    made
}

fn push(ground: &Ground<'_>, work: &mut Work, mut draft: Draft, span: Span) -> StepId {
    draft.step.at = ground.at(span);
    work.push(draft)
}

/// Where today stands to a first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Around {
    /// Too early: from then on it can be bought.
    Before(Timestamp),
    Within,
    After,
}

fn around(from: Date, now: Timestamp) -> Around {
    let today = now.to_zoned(TimeZone::UTC).date();
    let (first, last) = (from.saturating_sub(DAYS_AROUND.days()), from.saturating_add(DAYS_AROUND.days()));
    if today < first {
        Around::Before(first.to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |at| at.timestamp()))
    } else if today <= last {
        Around::Within
    } else {
        Around::After
    }
}

fn declared_term(ground: &Ground<'_>, key: &Key) -> Option<Term> {
    let domain = ground.heads().domains.get(&DomainName::canonical(&key.name))?;
    Some(domain.continuity.as_ref()?.term.as_ref()?.value)
}

fn term_is_live(ground: &Ground<'_>, key: &Key) -> bool {
    ground.live(Kind::Continuity, &key.name).is_some_and(|live| live.attrs.contains_key(&Field::ContinuityTerm))
}

fn is_on(change: &Change) -> bool {
    change.field == Field::ContinuityEnabled && change.after == Some(Value::Switch(true))
}

/// What is off after its time: drift, never a step.
fn overdue(ground: &Ground<'_>, work: &mut Work, key: &Key, span: Span, term: Option<Term>, changes: Vec<Change>) {
    let (Some(term), false) = (term, changes.is_empty()) else {
        return;
    };
    let fields = changes.into_iter().map(|c| (c.field, c.before, c.after)).collect();
    let why = format!(
        "its term began on {}, more than {DAYS_AROUND} days ago: continuity does not act backwards, and what is off now was switched off \
         or never bought; write a new term",
        term.from
    );
    work.report.differs.push(Difference { key: key.clone(), fields, why, at: ground.at(span) });
}

/// The purchase: R4, named with its first day, and never early.
fn buy(ground: &Ground<'_>, key: &Key, changes: Vec<Change>, around: Around) -> Draft {
    let text = changes.first().and_then(|c| c.after.as_ref()).map_or(String::new(), ToString::to_string);
    let mut draft = step(ground, key, Action::Buy, changes);
    draft.step.risk = Risk::R4;
    draft.step.always_approved = true;
    draft.step.evidence.push((Evidence::Term, format!("{text}: it costs money until its end, and cannot be given back")));
    draft.block(ground.users_unknown(&DomainName::canonical(&key.name)));
    if let (Around::Before(at), Verdict::Go) = (around, &draft.verdict) {
        draft.verdict = Verdict::Waiting(Until::Moment { at });
    }
    draft
}

/// The switch. Off stops protection, so it is approved; on asks for its users, when these are planned.
fn switched(ground: &Ground<'_>, key: &Key, changes: Vec<Change>) -> Draft {
    // of a domain that comes to be in this plan it is off anyway
    let off = changes.iter().any(|c| c.field == Field::ContinuityEnabled && c.before.is_some() && c.after == Some(Value::Switch(false)));
    let on = changes.iter().any(is_on);
    let mut draft = step(ground, key, Action::Update, changes);
    if off {
        draft.at_least(Risk::R3);
        draft.step.always_approved = true;
        draft.note("mail is no longer taken over when the destination fails; the term goes on");
        draft.block(failing_over(ground, &DomainName::canonical(&key.name)));
    }
    if let (true, Some(LiveFacts::Continuity(facts))) = (on, ground.live(Kind::Continuity, &key.name).map(|l| &l.facts))
        && let Some(since) = facts.failing_since
    {
        draft.note(format!("the destination fails since {since}: continuity does not act backwards, this failure is not taken over"));
    }
    draft.block(ground.users_unknown(&DomainName::canonical(&key.name)));
    draft
}

fn step(ground: &Ground<'_>, key: &Key, action: Action, changes: Vec<Change>) -> Draft {
    let live: Option<&LiveHead> = ground.live(Kind::Continuity, &key.name);
    let mut draft = ground.draft(action, key.clone(), live.and_then(|l| l.incarnation.as_deref()), changes, Phase::Switches);
    draft.step.only_if = Precondition {
        version: live.and_then(|l| l.version.clone()),
        incarnation: live.and_then(|l| l.incarnation.clone()),
        ..Precondition::default()
    };
    draft
}

/// Why continuity of a domain may not be touched: its mail is being taken over (S15).
fn failing_over(ground: &Ground<'_>, domain: &DomainName) -> Option<Reason> {
    let live = ground.live_domain(domain)?;
    let failing = matches!(live.facts, LiveFacts::Domain { failing_over: true, .. });
    failing.then(|| Reason::Unsupported {
        text: format!("continuity is taking mail of {domain} over: its users stay until the destination is back"),
    })
}

/// Why nobody of a domain may be deleted: the tenant is frozen, or mail is being taken over (S15).
pub(super) fn users_stay(ground: &Ground<'_>, domain: &DomainName) -> Option<Reason> {
    let frozen = ground.observed.tenant.present().is_some_and(|t| t.frozen);
    let text = || format!("the tenant {} is frozen on its panel: its users stay until it is thawed there", ground.tenant());
    if frozen { Some(Reason::Unsupported { text: text() }) } else { failing_over(ground, domain) }
}

/// Users first, and readiness of all of them as evidence: after the users were planned.
pub(super) fn link_continuity(ground: &Ground<'_>, work: &mut Work, people: &People<'_>) {
    let on = |d: &Draft| d.step.key.kind == Kind::Continuity && d.step.action == Action::Update && d.step.changes.iter().any(is_on);
    let switches: Vec<usize> = (0..work.drafts.len()).filter(|i| on(&work.drafts[*i])).collect();
    for switch in switches {
        let domain = DomainName::canonical(&work.drafts[switch].step.key.name);
        let readies = |d: &&Draft| {
            let acts = matches!(d.step.action, Action::Create | Action::Update | Action::Move | Action::Rename);
            d.step.key.kind == Kind::User && acts && d.step.key.domain() == Some(domain.as_str())
        };
        let before: Vec<StepId> = work.drafts.iter().filter(readies).filter(|d| d.phase < Phase::Switches).map(|d| d.step.id).collect();
        let unready = unready(ground, work, people, &domain);
        let lacking = readiness::lacking(work, people, &domain);
        let draft = &mut work.drafts[switch];
        for id in before {
            draft.after(id, Stage::Visible, "users are ready before continuity is switched on");
        }
        if !ground.can(Kind::User).is_some_and(|c| c.tells_access) {
            let text = format!("not judged: whether the users of {domain} can sign in; this panel does not tell");
            draft.step.evidence.push((Evidence::Unjudged, text));
        } else if unready > 0 {
            let noun = if unready == 1 { "user" } else { "users" };
            let text = format!("{unready} {noun} of {domain} could not sign in: not active, or without a password that the panel knows");
            draft.step.evidence.push((Evidence::Unready, text));
        }
        draft.step.evidence.extend(lacking.map(|text| (Evidence::Unready, text)));
    }
}

/// What the panel says of a failure and of the mails that it keeps, whatever is planned.
pub(super) fn tell(ground: &Ground<'_>, work: &mut Work, key: &Key) {
    let Some(LiveFacts::Continuity(facts)) = ground.live(Kind::Continuity, &key.name).map(|l| l.facts.clone()) else {
        return;
    };
    if let Some(since) = facts.failing_since {
        let taken = if facts.taking_over { "mail is taken over" } else { "nothing is taken over: continuity did not act when it began" };
        work.warn(Some(key.clone()), format!("the destination fails since {since}; {taken}"));
    }
    if facts.pending > 0 {
        work.note(Some(key.clone()), format!("{} mails wait for redelivery until the destination is back", facts.pending));
    }
    if facts.archived > 0 {
        work.note(Some(key.clone()), format!("{} mails in the archive of {} days", facts.archived, facts.archive_days));
    }
}
