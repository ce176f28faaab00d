//! Credentials of logins that are there: held, recovered after a crash, reset on request, or named as missing (S10.4, S10.5).

use crate::model::{Field, Kind, LastConnection, LiveHead, SinkState, SmtpUser, Value};
use crate::plan::build::draft::{Draft, Phase, Work};
use crate::plan::build::ground::Ground;
use crate::plan::build::outbound::identity::login;
use crate::plan::build::outbound::smtp_users::{into_sink, mint_id, precondition};
use crate::plan::step::operation_tag;
use crate::plan::{Action, Change, Risk};

/// The token of a password that was minted with its user.
const INITIAL: &str = "initial";
/// The token of a password that a person had reset.
const RESET: &str = "reset";

/// What is said and done about the credential of a login that is there.
pub(super) fn credential(ground: &Ground<'_>, work: &mut Work, user: &SmtpUser, live: &LiveHead) {
    let key = ground.key(Kind::SmtpUser, &user.name);
    let username = &live.key.name;
    let remedy = format!("to have a new password: mailwright credential reset {key} (the present one ends at once)");
    match ground.rows.sinks.get(&user.name) {
        None => {}
        Some(SinkState::Holds { username: held }) if held == username => {}
        Some(SinkState::Holds { username: held }) => {
            work.warn(Some(key), format!("credential not held here: the sink holds that of {held}, the login is {username}; {remedy}"));
        }
        Some(SinkState::Refused { text }) => work.warn(Some(key), format!("credential not held here: {text}")),
        Some(SinkState::Empty) if is_ours(ground, user, live) => recover(ground, work, user, live),
        Some(SinkState::Empty) => work.warn(Some(key), format!("credential not held here; {remedy}")),
    }
}

/// Whether the login was made by a mint of this very declaration whose password reached nobody: our operation tag, the
/// first password, never connected, and a sink that would hold it if anybody did. A sink on one machine may be empty
/// because another machine holds the credential; there only our own open intent is proof enough.
fn is_ours(ground: &Ground<'_>, user: &SmtpUser, live: &LiveHead) -> bool {
    let mint = mint_id(ground, user);
    let told = login(live);
    let made = told.operation_tag == Some(operation_tag(mint).as_str());
    let unused = told.last_connection == LastConnection::Never && told.token == INITIAL;
    made && unused && (user.durable || ground.remembered.open.contains_key(&mint) || failed_to_keep(ground, mint))
}

/// Whether memory tells that this mint took effect and its credential could not be kept.
fn failed_to_keep(ground: &Ground<'_>, mint: crate::plan::StepId) -> bool {
    ground.remembered.unkept.contains(&mint)
}

/// After a crash between the panel's answer and the sink: a conditional reset, into the sink.
fn recover(ground: &Ground<'_>, work: &mut Work, user: &SmtpUser, live: &LiveHead) {
    let mut draft = reset(ground, user, live, INITIAL);
    draft.step.risk = Risk::R2;
    draft.note("it was minted by an earlier run that ended before its password was kept; nobody has ever signed in with it");
    work.push(draft);
}

/// `mailwright credential reset`: a person wants a new password.
pub(super) fn reset_asked(ground: &Ground<'_>, work: &mut Work, user: &SmtpUser, live: &LiveHead) {
    let mut draft = reset(ground, user, live, RESET);
    draft.step.risk = Risk::R3;
    draft.step.counted.insert(user.name.clone());
    draft.note(format!("the present password of {} ends at once; {}", live.key.name, said(login(live).last_connection)));
    work.push(draft);
}

fn reset(ground: &Ground<'_>, user: &SmtpUser, live: &LiveHead, token: &str) -> Draft {
    let key = ground.key(Kind::SmtpUser, &user.name);
    let change = password(live, token);
    let mut draft = ground.draft(Action::Reset, key, live.incarnation.as_deref(), vec![change], Phase::Switches);
    draft.step.only_if = precondition(live);
    draft.step.at = ground.at(user.at);
    draft.step.facts.created_at = live.created_at;
    into_sink(ground, &mut draft, user);
    draft
}

/// Another password, by token.
pub(super) fn password(live: &LiveHead, token: &str) -> Change {
    let before = Some(Value::Token(login(live).token.to_owned()));
    Change { field: Field::SmtpUserPassword, before, after: Some(Value::Token(token.to_owned())) }
}

/// When a login last signed in, in words.
pub(super) fn said(last: LastConnection) -> String {
    match last {
        LastConnection::Unknown => "the panel does not tell when it last signed in".into(),
        LastConnection::Never => "it never signed in".into(),
        LastConnection::At(at) => format!("it last signed in at {}", at.strftime("%Y-%m-%d %H:%M UTC")),
    }
}
