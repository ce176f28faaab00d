//! A declared SMTP user: found, compared, or minted into its sink (S4.1, S4.6, S10).

use crate::base::DomainName;
use crate::model::{Authority, Field, Kind, LiveHead, Reason, SinkState, SmtpUser, Value};
use crate::plan::build::changes::is_missing;
use crate::plan::build::draft::{Draft, Phase, Work};
use crate::plan::build::ground::Ground;
use crate::plan::build::outbound::credentials::{credential, reset_asked};
use crate::plan::build::outbound::identity::{Found, find_declared, login, text};
use crate::plan::build::outbound::sending_domains::words;
use crate::plan::build::tenant::Footing;
use crate::plan::{Action, Change, Difference, LeftAlone, Precondition, Risk, Stage};

/// Plans one declared SMTP user.
pub(in crate::plan::build) fn plan_smtp_user(ground: &Ground<'_>, work: &mut Work, footing: &Footing, user: &SmtpUser) {
    let key = ground.key(Kind::SmtpUser, &user.name);
    if ground.is_ignored(&key) {
        *work.report.left_alone.entry(LeftAlone::Ignored).or_default() += 1;
        return;
    }
    // a listing that is not whole may lack the very login that is meant
    if !ground.is_whole(Kind::SmtpUser, None) {
        return;
    }
    let observes = ground.heads_authority(None) == Authority::Observe;
    match find_declared(ground, user) {
        Found::One(live) => found(ground, work, user, live, observes),
        Found::None { .. } if observes => work.report.differs.push(is_missing(&key, ground.at(user.at))),
        Found::None { switched_off } => {
            let mut draft = mint(ground, work, footing, user);
            earlier(ground, &mut draft, user, switched_off);
            work.push(draft);
        }
        // a difference that nobody can name is still only said
        Found::Many(reason) if observes => work.warn(Some(key), reason.to_string()),
        Found::Many(reason) => {
            let mut draft = mint(ground, work, footing, user);
            draft.block(Some(reason));
            work.push(draft);
        }
    }
}

/// What a mint sets: the label by which it is found again, and its sending domain.
fn minted(user: &SmtpUser) -> Vec<Change> {
    let change = |field, value| Change { field, before: None, after: Some(Value::text(value)) };
    let domain = user.domain.iter().map(|d| change(Field::SmtpUserDomain, d.value.as_str()));
    domain.chain([change(Field::SmtpUserLabel, user.known_as())]).collect()
}

/// The digest of the mint of this declaration: what its operation tag is made of.
pub(super) fn mint_id(ground: &Ground<'_>, user: &SmtpUser) -> crate::plan::StepId {
    let key = ground.key(Kind::SmtpUser, &user.name);
    let mut changes = minted(user);
    changes.sort_by_key(|c| c.field);
    crate::plan::Step::digest(ground.origin(Kind::SmtpUser), &key, None, Action::Mint, &changes)
}

fn mint(ground: &Ground<'_>, work: &Work, footing: &Footing, user: &SmtpUser) -> Draft {
    let key = ground.key(Kind::SmtpUser, &user.name);
    let mut draft = ground.draft(Action::Mint, key, None, minted(user), Phase::Adds);
    draft.step.risk = Risk::R1;
    draft.step.only_if.absent = true;
    draft.step.at = ground.at(user.at);
    if let Footing::Created(tenant) = footing {
        draft.after(*tenant, Stage::Visible, "a tenant before what is in it");
    }
    match &user.domain {
        Some(domain) => home(ground, work, &mut draft, &domain.value),
        None => draft.block(Some(Reason::Unsupported { text: "a new SMTP user needs a sending domain: write `domain`".into() })),
    }
    if !ground.kind(Kind::SmtpUser).create {
        draft.block(Some(Reason::Unsupported { text: "this panel cannot mint SMTP users".into() }));
    }
    into_sink(ground, &mut draft, user);
    draft
}

/// The sending domain first.
fn home(ground: &Ground<'_>, work: &Work, draft: &mut Draft, domain: &DomainName) {
    let birth =
        |d: &&Draft| d.step.key.kind == Kind::SendingDomain && d.step.key.name == domain.as_str() && d.step.action == Action::Create;
    if let Some(birth) = work.drafts.iter().find(birth).map(|d| d.step.id) {
        draft.after(birth, Stage::Visible, "a sending domain before its SMTP users");
    } else if ground.live(Kind::SendingDomain, domain.as_str()).is_none() {
        draft.block(Some(Reason::DependsOn { scope: format!("sending domain {domain}") }));
    }
}

/// Where the credential goes: without a sink that can be used nothing is minted (S10.3).
pub(super) fn into_sink(ground: &Ground<'_>, draft: &mut Draft, user: &SmtpUser) {
    draft.step.sink = user.sink();
    if let Some(sink) = &draft.step.sink {
        draft.step.notes.push(format!("the credential is shown once and kept in {}", sink.place));
    }
    if draft.step.sink.is_none() {
        let text = "the password is shown once: write where it is kept, credential = { file = \"…\" }";
        draft.block(Some(Reason::Unsupported { text: text.into() }));
    }
    if let Some(SinkState::Refused { text }) = ground.rows.sinks.get(&user.name) {
        draft.block(Some(Reason::Local { text: text.clone() }));
    }
}

/// An earlier existence makes a mint a re-mint: R4 (S4.6).
fn earlier(ground: &Ground<'_>, draft: &mut Draft, user: &SmtpUser, switched_off: bool) {
    let mut why = Vec::new();
    if let Some(username) = &user.username {
        why.push(format!("`username` names {}, which is not there", username.value));
    }
    if let Some(was) = ground.remembered.outbound.get(&draft.step.key) {
        why.push(words(*was).to_owned());
    }
    if let Some(SinkState::Holds { username }) = ground.rows.sinks.get(&user.name) {
        why.push(format!("the sink holds the credential of {username}, which will be replaced"));
    }
    if switched_off {
        why.push("a login of this label was switched off with its sending domain, for good".to_owned());
    }
    if why.is_empty() {
        return;
    }
    draft.step.risk = Risk::R4;
    draft.note(format!("it existed before: {}", why.join("; ")));
    draft.note("user name and password will be new: every application that uses it must be configured again");
}

/// A login that is there: compared, its credential looked after.
fn found(ground: &Ground<'_>, work: &mut Work, user: &SmtpUser, live: &LiveHead, observes: bool) {
    let key = ground.key(Kind::SmtpUser, &user.name);
    if !login(live).enabled {
        let text = format!(
            "{} was switched off with its sending domain, and nothing switches it on again: remove it by a [[removed]] table with \
             `username`, and take `username` out of its declaration to have a new one",
            live.key.name
        );
        work.warn(Some(key), text);
        return;
    }
    let mut fields = Vec::new();
    let declared = [
        (Field::SmtpUserDomain, user.domain.as_ref().map(|d| d.value.as_str())),
        (Field::SmtpUserUsername, user.username.as_ref().map(|u| u.value.as_str())),
    ];
    for (field, wanted) in declared {
        if let Some(wanted) = wanted.filter(|w| *w != text(live, field)) {
            fields.push((field, live.attrs.get(&field).cloned(), Some(Value::text(wanted))));
        }
    }
    if !fields.is_empty() {
        let why = "the panel mints the user name for one sending domain, once: neither can be changed".to_owned();
        work.report.differs.push(Difference { key: key.clone(), fields, why, at: ground.at(user.at) });
    }
    label(ground, work, user, live, observes);
    if observes {
        return;
    }
    if ground.rows.asked.contains(&key) {
        reset_asked(ground, work, user, live);
    } else {
        credential(ground, work, user, live);
    }
}

/// The label, where it is declared.
fn label(ground: &Ground<'_>, work: &mut Work, user: &SmtpUser, live: &LiveHead, observes: bool) {
    let key = ground.key(Kind::SmtpUser, &user.name);
    let is = text(live, Field::SmtpUserLabel);
    let Some(wanted) = user.label.as_ref().map(|l| l.value.as_str()).filter(|w| *w != is) else { return };
    if observes {
        let fields = vec![(Field::SmtpUserLabel, Some(Value::text(is)), Some(Value::text(wanted)))];
        let why = "under `observe` differences are reported, never changed".to_owned();
        work.report.differs.push(Difference { key, fields, why, at: ground.at(user.at) });
        return;
    }
    let changes = vec![Change { field: Field::SmtpUserLabel, before: Some(Value::text(is)), after: Some(Value::text(wanted)) }];
    let mut draft = ground.draft(Action::Update, key, live.incarnation.as_deref(), changes, Phase::Switches);
    draft.step.only_if = precondition(live);
    draft.step.at = ground.at(user.at);
    work.push(draft);
}

/// The login as it was seen.
pub(super) fn precondition(live: &LiveHead) -> Precondition {
    Precondition { version: live.version.clone(), incarnation: live.incarnation.clone(), ..Precondition::default() }
}
