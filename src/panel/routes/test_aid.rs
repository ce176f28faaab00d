//! `/v1/test/…`: what tests need of a panel. 404 unless the panel was started with test endpoints.

use super::router::Outcome;
use crate::base::Secret;
use crate::panel::answer::Answer;
use crate::panel::auth::Reader;
use crate::panel::change::{About, Change};
use crate::panel::check;
use crate::panel::extract::{At, Body};
use crate::panel::jobs;
use crate::panel::limits::{MAILS, TOKEN_SECONDS};
use crate::panel::mint;
use crate::panel::open::{App, Shared};
use crate::panel::stop::Stop;
use crate::panel::store::{directories, mail, smtp_users, test_users, users};
use crate::wire::{ClockNow, ClockSet, Directory, DirectoryConsent, MailSeen, SmtpLogin, SmtpLoginAnswer, TestUser, User};
use axum::extract::State;
use std::time::Duration;

pub(super) fn allowed(app: &App) -> Result<(), Stop> {
    if app.options.test_endpoints { Ok(()) } else { Err(Stop::not_found("path; this panel has no test endpoints")) }
}

/// The panel's clock.
#[utoipa::path(get, path = "/v1/test/clock", tag = "test", responses((status = 200, description = "The clock", body = ClockNow),
    (status = 404, description = "No test endpoints")))]
pub(super) async fn clock(State(app): State<Shared>, _reader: Reader) -> Outcome {
    allowed(&app)?;
    Answer::ok(&ClockNow { now: app.clock.now() })
}

/// Sets or advances the panel's clock, where it can be set, and runs every job that became due by that.
#[utoipa::path(post, path = "/v1/test/clock", tag = "test", request_body = ClockSet,
    responses((status = 200, description = "The clock", body = ClockNow)))]
pub(super) async fn set_clock(State(app): State<Shared>, change: Change, body: Body<ClockSet>) -> Outcome {
    allowed(&app)?;
    change.must_be_for_all()?;
    let clock = app.clock.settable().ok_or_else(|| Stop::not_found("clock that can be set; this panel runs on real time"))?;
    match (body.value.now, body.value.advance_seconds) {
        (Some(now), None) => clock.set(now),
        (None, Some(seconds)) if seconds <= TOKEN_SECONDS => {
            clock.advance(Duration::from_secs(seconds));
        }
        _ => return Err(Stop::invalid(format!("exactly one of now and advance_seconds (at most {TOKEN_SECONDS})"))),
    }
    jobs::run_due(&app).await?;
    Answer::ok(&ClockNow { now: app.clock.now() })
}

/// Feeds mails that the filter saw.
#[utoipa::path(post, path = "/v1/test/mail", tag = "test", request_body = MailSeen, responses((status = 204, description = "Counted")))]
pub(super) async fn mail(State(app): State<Shared>, change: Change, body: Body<MailSeen>) -> Outcome {
    allowed(&app)?;
    let seen = body.value;
    let recipient = check::address("recipient", &seen.recipient)?;
    if !(1..=MAILS).contains(&seen.count) {
        return Err(Stop::invalid(format!("count: 1 to {MAILS}")));
    }
    let mut w = change.begin(&app, About::Panel, body.digest).await?;
    let at = seen.at.unwrap_or(w.now);
    let tenant = mail::add(w.db(), seen.tenant.as_deref(), recipient.as_str(), at, seen.count, seen.verdict).await?;
    w.about(&tenant);
    w.finish(Answer::gone()).await
}

/// Makes a user of any origin, or brings one to these values. No lease holds it back: directories do not ask either.
#[utoipa::path(post, path = "/v1/test/users", tag = "test", request_body = TestUser,
    responses((status = 200, description = "The user", body = User)))]
pub(super) async fn user(State(app): State<Shared>, change: Change, body: Body<TestUser>) -> Outcome {
    allowed(&app)?;
    let mut w = change.begin(&app, About::Panel, body.digest).await?;
    let (domain, id) = test_users::put(&mut w, &body.value).await?;
    let now = w.now;
    let user = users::one(w.db(), &domain, &id, now).await?;
    w.finish(Answer::ok(&user)?.version(user.version)).await
}

/// Gives or takes back the consent that a directory of source `entra` waits for, as an administrator does in a browser.
#[utoipa::path(post, path = "/v1/test/directories/{directory}/consent", tag = "test", request_body = DirectoryConsent,
    responses((status = 200, description = "The directory", body = Directory)))]
pub(super) async fn consent(State(app): State<Shared>, change: Change, At(id): At<String>, body: Body<DirectoryConsent>) -> Outcome {
    allowed(&app)?;
    let mut w = change.begin(&app, About::Panel, body.digest).await?;
    let directory = directories::consent(&mut w, &id, body.value.consent).await?;
    w.finish(Answer::ok(&directory)?.version(directory.version)).await
}

/// Signs in as an application would, and says whether it is let in. A success counts as connection unless it only asks.
#[utoipa::path(post, path = "/v1/test/smtp-login", tag = "test", request_body = SmtpLogin,
    responses((status = 200, description = "Whether it is let in", body = SmtpLoginAnswer)))]
pub(super) async fn smtp_login(State(app): State<Shared>, change: Change, body: Body<SmtpLogin>) -> Outcome {
    allowed(&app)?;
    change.must_be_for_all()?;
    let SmtpLogin { username, password, ask_only } = body.value;
    let refused = |why: &str| Answer::ok(&SmtpLoginAnswer { accepted: false, may_send: false, answer: format!("535 {why}") });
    let login = smtp_users::login(&mut *app.readers.acquire().await?, &username).await?;
    let Some(login) = login else { return refused("authentication failed") };
    if !mint::is_password(Secret::new(password), login.hash.clone()).await {
        return refused("authentication failed");
    }
    if !login.enabled {
        return refused(&format!("the sending domain {} was deleted; sending is refused", login.sending_domain));
    }
    let let_in =
        Answer::ok(&SmtpLoginAnswer { accepted: true, may_send: login.verified, answer: "235 authentication succeeded".to_owned() });
    if ask_only {
        return let_in;
    }
    let mut w = change.begin(&app, About::Panel, body.digest).await?;
    if !smtp_users::connected(&mut w, &login, &username).await? {
        return refused("authentication failed");
    }
    w.finish(let_in?).await
}
