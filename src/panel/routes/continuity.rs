//! `/v1/tenants/{tenant}/domains/{domain}/continuity`, and the test endpoints that make the destination fail.

use super::router::Outcome;
use super::test_aid::allowed;
use crate::base::address::domain_part;
use crate::panel::answer::Answer;
use crate::panel::auth::Reader;
use crate::panel::change::{About, Change};
use crate::panel::check;
use crate::panel::extract::{At, Body};
use crate::panel::open::Shared;
use crate::panel::stop::Stop;
use crate::panel::store::{continuity, continuity_mails, domain_names, user_names};
use crate::wire::{Continuity, ContinuityMail, ContinuityMailDone, ContinuityPatch, DestinationAnswers, TermBuy};
use axum::extract::State;
use axum::http::HeaderMap;

/// Continuity of a domain: switch, term, readiness of its users, fail-over, archive and redelivery.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/domains/{domain}/continuity", tag = "continuity",
    responses((status = 200, description = "Continuity", body = Continuity), (status = 304, description = "Unchanged")))]
pub(super) async fn show(
    State(app): State<Shared>,
    reader: Reader,
    headers: HeaderMap,
    At((tenant, domain)): At<(String, String)>,
) -> Outcome {
    let mut view = reader.domain(&app, &tenant, &domain).await?;
    let live = continuity::one(&mut view, &domain, app.clock.now()).await?;
    Answer::ok(&live)?.version(live.version).unless_known(&headers)
}

/// Switches it on or off for all users of the domain.
#[utoipa::path(patch, path = "/v1/tenants/{tenant}/domains/{domain}/continuity", tag = "continuity", request_body = ContinuityPatch,
    responses((status = 200, description = "Changed", body = Continuity)))]
pub(super) async fn patch(
    State(app): State<Shared>,
    change: Change,
    At((tenant, domain)): At<(String, String)>,
    body: Body<ContinuityPatch>,
) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), body.digest).await?;
    continuity::patch(&mut w, &tenant, &domain, &body.value).await?;
    let now = w.now;
    let live = continuity::one(w.db(), &domain, now).await?;
    w.finish(Answer::ok(&live)?.version(live.version)).await
}

/// Buys a term. It costs money and cannot be given back.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/domains/{domain}/continuity/terms", tag = "continuity", request_body = TermBuy,
    responses((status = 200, description = "Bought, now or before", body = Continuity)))]
pub(super) async fn buy(
    State(app): State<Shared>,
    change: Change,
    At((tenant, domain)): At<(String, String)>,
    body: Body<TermBuy>,
) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), body.digest).await?;
    continuity::buy(&mut w, &tenant, &domain, &body.value).await?;
    let now = w.now;
    let live = continuity::one(w.db(), &domain, now).await?;
    w.finish(Answer::ok(&live)?.version(live.version)).await
}

/// The destination of a domain begins to answer 4xx, or works again.
#[utoipa::path(post, path = "/v1/test/destination", tag = "test", request_body = DestinationAnswers,
    responses((status = 200, description = "Continuity", body = Continuity)))]
pub(super) async fn destination(State(app): State<Shared>, change: Change, body: Body<DestinationAnswers>) -> Outcome {
    allowed(&app)?;
    let name = check::domain("domain", &body.value.domain)?;
    let mut w = change.begin(&app, About::Panel, body.digest).await?;
    let domain = domain_names::owner(w.db(), &name).await?.ok_or_else(|| Stop::invalid("domain: none of the panel's"))?;
    continuity::destination(&mut w, &domain, body.value.temporary_error).await?;
    let now = w.now;
    let live = continuity::one(w.db(), &domain, now).await?;
    w.finish(Answer::ok(&live)?.version(live.version)).await
}

/// A mail comes, is sent, is deleted in webmail or released from the archive.
#[utoipa::path(post, path = "/v1/test/continuity-mail", tag = "test", request_body = ContinuityMail,
    responses((status = 200, description = "What became of it", body = ContinuityMailDone)))]
pub(super) async fn mail(State(app): State<Shared>, change: Change, body: Body<ContinuityMail>) -> Outcome {
    allowed(&app)?;
    let address = check::address("address", &body.value.address)?;
    let mut w = change.begin(&app, About::Panel, body.digest).await?;
    let now = w.now;
    let domain = domain_names::owner(w.db(), domain_part(address.as_str())).await?;
    let domain = domain.ok_or_else(|| Stop::invalid("address: its domain is none of the panel's"))?;
    let live = continuity::one(w.db(), &domain, now).await?;
    let user = user_names::owners(w.db(), &[address.as_str()]).await?.remove(address.as_str());
    let done = continuity_mails::happen(w.db(), &live, user.as_deref(), body.value.event, now).await?;
    w.finish(Answer::ok(&done)?).await
}
