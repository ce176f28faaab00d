//! `/v1/tenants/{tenant}/smtp-users`.

use super::query::UsernameQuery;
use super::router::Outcome;
use crate::base::Secret;
use crate::base::digest::sha256;
use crate::panel::answer::{Answer, json};
use crate::panel::auth::Reader;
use crate::panel::change::{About, Change};
use crate::panel::extract::{Ask, At, Body};
use crate::panel::mint;
use crate::panel::open::Shared;
use crate::panel::stop::Stop;
use crate::panel::store::smtp_users;
use crate::wire::{Page, SmtpUser, SmtpUserCreate, SmtpUserMinted, SmtpUserPatch, SmtpUserReset};
use axum::extract::State;
use axum::http::HeaderMap;

/// SMTP users of a tenant by user name, those that are switched off among them. A list of one by `username` carries its
/// `ETag`.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/smtp-users", tag = "outbound", params(UsernameQuery),
    responses((status = 200, description = "A page of SMTP users", body = Page<SmtpUser>), (status = 304, description = "Unchanged")))]
pub(super) async fn list(
    State(app): State<Shared>,
    reader: Reader,
    headers: HeaderMap,
    At(tenant): At<String>,
    Ask(ask): Ask<UsernameQuery>,
) -> Outcome {
    let want = ask.want(format!("smtp-users {tenant}"))?;
    let mut view = reader.tenant(&app, &tenant).await?;
    let page = smtp_users::list(&mut view, &tenant, ask.username.as_deref(), &want).await?;
    Answer::list(&page, ask.username.as_deref(), |user| user.version, &headers)
}

/// One SMTP user.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/smtp-users/{smtp_user}", tag = "outbound",
    responses((status = 200, description = "The SMTP user", body = SmtpUser), (status = 304, description = "Unchanged")))]
pub(super) async fn show(State(app): State<Shared>, reader: Reader, headers: HeaderMap, At((tenant, id)): At<(String, String)>) -> Outcome {
    let mut view = reader.tenant(&app, &tenant).await?;
    let user = smtp_users::one(&mut view, &tenant, &id).await?;
    Answer::ok(&user)?.version(user.version).unless_known(&headers)
}

/// Mints user name and password. The password is in this answer and nowhere else; a replayed answer does not show it.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/smtp-users", tag = "outbound", request_body = SmtpUserCreate,
    responses((status = 201, description = "Minted", body = SmtpUserMinted)))]
pub(super) async fn create(State(app): State<Shared>, change: Change, At(tenant): At<String>, body: Body<SmtpUserCreate>) -> Outcome {
    change.may(&tenant)?;
    // hashed before the write begins, because that takes a while and there is one writer
    let (password, hash) = mint::password().await?;
    let mut w = change.begin(&app, About::Tenant(&tenant), body.digest).await?;
    let user = smtp_users::create(&mut w, &tenant, &body.value, &hash).await?;
    let (version, at) = (user.version, format!("/v1/tenants/{tenant}/smtp-users/{}", user.id));
    let answer = once(user, Some(&password))?;
    w.finish(Answer { status: axum::http::StatusCode::CREATED, location: Some(at), ..answer.version(version) }).await
}

/// Changes the fields that are given.
#[utoipa::path(patch, path = "/v1/tenants/{tenant}/smtp-users/{smtp_user}", tag = "outbound", request_body = SmtpUserPatch,
    responses((status = 200, description = "Changed", body = SmtpUser)))]
pub(super) async fn patch(
    State(app): State<Shared>,
    change: Change,
    At((tenant, id)): At<(String, String)>,
    body: Body<SmtpUserPatch>,
) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), body.digest).await?;
    let user = smtp_users::patch(&mut w, &tenant, &id, &body.value).await?;
    w.finish(Answer::ok(&user)?.version(user.version)).await
}

/// Puts a new password in the place of the present one, which ends at once. The new one is in this answer and nowhere
/// else, and not even there with `discard`.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/smtp-users/{smtp_user}/reset", tag = "outbound", request_body = SmtpUserReset,
    responses((status = 200, description = "Reset", body = SmtpUserMinted)))]
pub(super) async fn reset(
    State(app): State<Shared>,
    change: Change,
    At((tenant, id)): At<(String, String)>,
    body: Body<SmtpUserReset>,
) -> Outcome {
    change.may(&tenant)?;
    let (password, hash) = mint::password().await?;
    let mut w = change.begin(&app, About::Tenant(&tenant), body.digest).await?;
    let user = smtp_users::reset(&mut w, &tenant, &id, &body.value.token, &hash).await?;
    let version = user.version;
    w.finish(once(user, Some(&password).filter(|_| !body.value.discard))?.version(version)).await
}

/// Deletes an SMTP user: its credentials stop working at once, and its user name is never given again.
#[utoipa::path(delete, path = "/v1/tenants/{tenant}/smtp-users/{smtp_user}", tag = "outbound",
    responses((status = 204, description = "Deleted")))]
pub(super) async fn delete(State(app): State<Shared>, change: Change, At((tenant, id)): At<(String, String)>) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), sha256(b"")).await?;
    smtp_users::delete(&mut w, &tenant, &id).await?;
    w.finish(Answer::gone()).await
}

/// An answer that shows the password, and what is stored of it, which does not.
fn once(user: SmtpUser, password: Option<&Secret>) -> Result<Answer, Stop> {
    let shown = SmtpUserMinted { smtp_user: user, password: password.map(|p| p.expose().to_owned()) };
    let kept = SmtpUserMinted { smtp_user: shown.smtp_user.clone(), password: None };
    Ok(Answer { stored: Some(json(&kept)?), ..Answer::ok(&shown)? })
}
