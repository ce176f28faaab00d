//! Directories: what a change of their selection would do, as far as the panel can ask the directory (S7.3, S16.1).
//!
//! A directory's answer that failed, is empty, or is below its floor is unknown, and nothing rests on it. What the panel
//! cannot ask is said to be not judged, and an approval must name that.

use crate::base::{DomainName, Timestamp};
use crate::model::directory::Source;
use crate::model::{
    Authority, DirectoryAnswer, DirectoryFacts, DirectoryStops, Evidence, Field, Kind, LiveFacts, LiveHead, Reason, RelayCheck, Value,
};
use crate::plan::build::domain_update::relay_check_after;
use crate::plan::build::draft::{Draft, Work};
use crate::plan::build::ground::Ground;
use crate::plan::{Action, BillableCause, BillableChange, Change, Risk, Stage, Until, Verdict};
use crate::resolve::desired::DeclaredAttrs;

/// What a change of it makes another server of it: the password must be given again.
const SERVER: [Field; 4] = [Field::DirectoryHost, Field::DirectoryPort, Field::DirectoryTls, Field::DirectoryBindDn];

/// The facts of a live directory.
pub(super) fn facts(live: &LiveHead) -> Option<&DirectoryFacts> {
    if let LiveFacts::Directory(facts) = &live.facts { Some(facts) } else { None }
}

/// Attributes that decide which users a directory gives (S7.3).
fn selects(change: &Change) -> bool {
    matches!(
        change.field,
        Field::DirectoryEnabled
            | Field::DirectorySource
            | Field::DirectoryHost
            | Field::DirectoryPort
            | Field::DirectoryBindDn
            | Field::DirectorySearchBase
            | Field::DirectoryFilter
    )
}

/// The model's defaults of a directory that comes to be, printed like the rest (S2.1).
pub(super) fn defaults(declared: &DeclaredAttrs) -> Vec<(Field, Value)> {
    let port = declared.get(&Field::DirectoryPort).map(|(v, _)| v);
    let tls = declared.get(&Field::DirectoryTls).map(|(v, _)| v);
    let ldaps = tls == Some(&Value::text("ldaps")) || (tls.is_none() && port == Some(&Value::Number(636)));
    let all = [
        (Field::DirectoryEnabled, Value::Switch(true)),
        (Field::DirectorySource, Value::text(Source::Ldap.word())),
        (Field::DirectoryPort, Value::Number(if ldaps { 636 } else { 389 })),
        (Field::DirectoryTls, Value::text(if ldaps { "ldaps" } else { "none" })),
    ];
    all.into_iter().filter(|(field, _)| !declared.contains_key(field)).collect()
}

/// Another server needs the password again: it is sent, and the plan says so.
pub(super) fn with_password(changes: &mut Vec<Change>, declared: &DeclaredAttrs) {
    let server = changes.iter().any(|c| SERVER.contains(&c.field));
    let sent = changes.iter().any(|c| c.field == Field::DirectoryBindPassword);
    if let (true, false, Some((token, _))) = (server, sent, declared.get(&Field::DirectoryBindPassword)) {
        changes.push(Change { field: Field::DirectoryBindPassword, before: None, after: Some(token.clone()) });
    }
}

/// Judges the step of a directory: its risk, what is known of its answer, and what it does to people.
pub(super) fn judge(ground: &Ground<'_>, work: &mut Work, draft: &mut Draft, live: Option<&LiveHead>, domain: &DomainName) {
    let after = |field: Field| {
        let changed = draft.step.changes.iter().find(|c| c.field == field).and_then(|c| c.after.clone());
        changed.or_else(|| live.and_then(|l| l.attrs.get(&field).cloned()))
    };
    let on = after(Field::DirectoryEnabled) != Some(Value::Switch(false));
    let entra = after(Field::DirectorySource) == Some(Value::text(Source::Entra.word()));
    let least = after(Field::DirectoryMinUsers);
    let was_on = live.is_some_and(|l| l.attrs.get(&Field::DirectoryEnabled) == Some(&Value::Switch(true)));
    if (!on && !was_on) || !draft.step.changes.iter().any(selects) {
        return;
    }
    draft.at_least(Risk::R3);
    draft.step.always_approved = true;
    let facts = live.and_then(facts);
    if !on {
        switched_off(ground, draft, facts, domain);
        return;
    }
    if draft.step.action == Action::Create {
        draft.note("its users come when the panel reads it, by its schedule");
    }
    if entra && facts.is_none_or(|f| !f.consent) {
        draft.note("an administrator of the Entra tenant must consent before the first synchronisation");
    }
    match facts.and_then(|f| f.answer.as_ref()) {
        Some(DirectoryAnswer::Answered { count, gone, users, stops }) => {
            answered(work, draft, [*count, *gone, *users], stops, least.as_ref());
        }
        Some(DirectoryAnswer::Failed(text)) => unknown(work, draft, Reason::Directory { text: text.clone() }),
        Some(DirectoryAnswer::Unknown(reason)) => unknown(work, draft, reason.clone()),
        Some(DirectoryAnswer::NotAsked(text)) => unjudged(draft, text),
        None if draft.step.action == Action::Create => {
            unjudged(draft, "the panel can ask this directory once it has the bind password, which a plan never reads");
        }
        None => unjudged(draft, "this panel cannot ask a directory before its settings are changed"),
    }
}

fn switched_off(ground: &Ground<'_>, draft: &mut Draft, facts: Option<&DirectoryFacts>, domain: &DomainName) {
    let users = facts.map_or(0, |f| f.users);
    draft.note(format!("its {users} users stay on the panel as they are; nobody adds, changes or removes them any more"));
    if relay_check_after(ground, domain) == Some(RelayCheck::Ldap) {
        draft.note("the relay check of the domain is `ldap`: without a directory no recipient can be checked");
    }
}

/// `[count, gone, users]`: the answer, what it lacks of those of now, and those of now.
fn answered(work: &mut Work, draft: &mut Draft, [count, gone, users]: [u64; 3], stops: &DirectoryStops, least: Option<&Value>) {
    let least = match least {
        Some(Value::Number(n)) => u64::try_from(*n).unwrap_or(0),
        Some(Value::Text(_) | Value::Switch(_) | Value::List(_) | Value::Set(_) | Value::Token(_)) | None => 0,
    };
    let floor = if least > 0 { least } else { (users * 4).div_ceil(5).max(1) };
    if count < floor {
        let text =
            format!("it holds {count} users; {users} are kept and at least {floor} are expected, so the answer is taken for unknown");
        unknown(work, draft, Reason::Directory { text });
        return;
    }
    let (added, removed) = ((count + gone).saturating_sub(users), gone);
    if added + removed > 0 {
        work.report.billable_expected.push(BillableChange { cause: BillableCause::Directory, added, removed });
    }
    draft.note(format!("users of this directory: {users} → {count} (connection test by the panel, just now)"));
    if gone > 0 {
        let text = format!("{gone} of {users} users of this directory are not in its answer and go with the next synchronisation");
        draft.step.evidence.push((Evidence::Cascade, text));
    }
    stopping(draft, stops);
}

/// Addresses that the new selection ends are named like any others (S7.4), and each user counts once, by its address (S7.3).
fn stopping(draft: &mut Draft, stops: &DirectoryStops) {
    draft.step.stops = stops.named.keys().cloned().collect();
    draft.step.counted = stops.named.iter().filter(|(address, user)| address == user).map(|(address, _)| address.clone()).collect();
    let unnamed = stops.total.saturating_sub(stops.named.len() as u64);
    if unnamed > 0 {
        let text = format!("not judged: {unnamed} of the {} addresses that stop are not named by this panel", stops.total);
        draft.step.evidence.push((Evidence::Unjudged, text));
    } else if draft.step.evidence.is_empty() && stops.total > 0 {
        let text = format!("{} aliases of users of this directory stop with the next synchronisation", stops.total);
        draft.step.evidence.push((Evidence::Cascade, text));
    }
}

fn unknown(work: &mut Work, draft: &mut Draft, reason: Reason) {
    work.report.incomplete.push((format!("answer of {}", draft.step.key), vec![reason.clone()]));
    draft.block(Some(reason));
}

fn unjudged(draft: &mut Draft, why: &str) {
    draft.step.evidence.push((Evidence::Unjudged, format!("not judged: which users this directory gives ({why})")));
}

/// What a live directory says of itself, verbatim (S16.1); and the consent that it waits for (S6.5).
pub(super) fn tell(ground: &Ground<'_>, work: &mut Work, live: &LiveHead, domain: &DomainName) {
    let Some(facts) = facts(live) else { return };
    if live.attrs.get(&Field::DirectoryEnabled) != Some(&Value::Switch(true)) {
        return;
    }
    let key = || Some(live.key.clone());
    let entra = live.attrs.get(&Field::DirectorySource) == Some(&Value::text(Source::Entra.word()));
    if entra && !facts.consent && ground.heads_authority(Some(domain)) != Authority::Observe {
        let send = format!("sign in as an administrator of the Entra tenant and consent to {}", live.key);
        let mut draft = ground.hand_off(live.key.clone(), Vec::new(), "an administrator of the Entra tenant must consent", send);
        draft.waits_since(live.created_at.map(|at| ground.by_our_clock(Kind::Directory, at)));
        work.push(draft);
        return;
    }
    let success = facts.last_success_at.map(|at| format!("last synchronised {} with {} users", when(at), facts.last_count.unwrap_or(0)));
    match (&success, &facts.last_error) {
        (Some(success), None) => {
            let left = facts.last_notes.as_ref().map_or(String::new(), |n| format!("; left out: {n}"));
            work.note(key(), format!("{success}{left}"));
        }
        (success, Some(error)) => {
            let before = success.as_deref().unwrap_or("never synchronised");
            let tried = facts.last_run_at.map_or(String::new(), |at| format!(" at {}", when(at)));
            work.warn(key(), format!("the last synchronisation{tried} changed nothing: {error}; {before}"));
        }
        (None, None) => {
            let next = facts.next_run_at.map_or(String::new(), |at| format!("; the first one is due {}", when(at)));
            work.note(key(), format!("never synchronised yet{next}"));
        }
    }
}

fn when(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Relay check `control-panel` needs its users effective (S6.4): while a declared directory has never been synchronised,
/// the switch waits for its first run, or for the step that makes it.
pub(super) fn hold_relay_check(ground: &Ground<'_>, draft: &mut Draft, domain: &DomainName) {
    let declared = ground.heads().domains.get(domain).into_iter().flat_map(|d| &d.directories);
    let on = declared.filter(|(_, d)| d.enabled.as_ref().is_none_or(|e| e.value)).map(|(label, _)| label);
    for label in on {
        let suffix = if label == "default" { String::new() } else { format!("/{label}") };
        let Some(live) = ground.live(Kind::Directory, &format!("{domain}{suffix}")) else { continue };
        let Some(facts) = facts(live).filter(|f| f.last_success_at.is_none()) else { continue };
        draft.note(format!("{} has never been synchronised: the panel's list lacks its users", live.key));
        if let (Some(at), Verdict::Go) = (facts.next_run_at, &draft.verdict) {
            draft.verdict = Verdict::Waiting(Until::Moment { at });
        }
    }
}

/// A relay check that becomes `control-panel` comes after the directories that this plan makes.
pub(super) fn link_relay_checks(work: &mut Work) {
    let made: Vec<_> = work
        .drafts
        .iter()
        .filter(|d| d.step.key.kind == Kind::Directory && d.step.action == Action::Create)
        .map(|d| (d.step.id, d.step.key.domain().and_then(|n| n.split('/').next()).unwrap_or_default().to_owned()))
        .collect();
    let to = Some(Value::text(RelayCheck::ControlPanel.word()));
    for draft in work.drafts.iter_mut().filter(|d| d.step.key.kind == Kind::Domain && d.step.action == Action::Update) {
        if !draft.step.changes.iter().any(|c| c.field == Field::DomainRelayCheck && c.after == to) {
            continue;
        }
        for (step, domain) in &made {
            if *domain == draft.step.key.name {
                draft.after(*step, Stage::Effective, "the users of the directory act before the panel's list decides");
            }
        }
    }
}
