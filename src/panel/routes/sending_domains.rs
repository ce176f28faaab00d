//! `/v1/tenants/{tenant}/sending-domains` and `/v1/tenants/{tenant}/sending-history`.

use super::query::{HistoryQuery, NameQuery};
use super::router::Outcome;
use crate::base::digest::sha256;
use crate::panel::answer::Answer;
use crate::panel::auth::Reader;
use crate::panel::change::{About, Change};
use crate::panel::extract::{Ask, At, Body};
use crate::panel::open::Shared;
use crate::panel::resolver;
use crate::panel::store::{sending_domains, sending_events};
use crate::wire::{Page, SendingCheck, SendingDomain, SendingDomainCreate, SendingEvent};
use axum::extract::State;
use axum::http::HeaderMap;

/// Sending domains of a tenant by name. A list of one by `name` carries its `ETag`.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/sending-domains", tag = "outbound", params(NameQuery),
    responses((status = 200, description = "A page of sending domains", body = Page<SendingDomain>), (status = 304, description = "Unchanged")))]
pub(super) async fn list(
    State(app): State<Shared>,
    reader: Reader,
    headers: HeaderMap,
    At(tenant): At<String>,
    Ask(ask): Ask<NameQuery>,
) -> Outcome {
    let want = ask.want(format!("sending-domains {tenant}"))?;
    let mut view = reader.tenant(&app, &tenant).await?;
    let page = sending_domains::list(&mut view, &tenant, ask.name.as_deref(), &want).await?;
    Answer::list(&page, ask.name.as_deref(), |domain| domain.version, &headers)
}

/// One sending domain.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/sending-domains/{sending_domain}", tag = "outbound",
    responses((status = 200, description = "The sending domain", body = SendingDomain), (status = 304, description = "Unchanged")))]
pub(super) async fn show(State(app): State<Shared>, reader: Reader, headers: HeaderMap, At((tenant, id)): At<(String, String)>) -> Outcome {
    let mut view = reader.tenant(&app, &tenant).await?;
    let domain = sending_domains::one(&mut view, &tenant, &id).await?;
    Answer::ok(&domain)?.version(domain.version).unless_known(&headers)
}

/// Makes a sending domain. Its records are minted anew each time, also for a name that was there before.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/sending-domains", tag = "outbound", request_body = SendingDomainCreate,
    responses((status = 201, description = "Made", body = SendingDomain)))]
pub(super) async fn create(State(app): State<Shared>, change: Change, At(tenant): At<String>, body: Body<SendingDomainCreate>) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), body.digest).await?;
    let domain = sending_domains::create(&mut w, &tenant, &body.value).await?;
    w.finish(Answer::created(&domain, format!("/v1/tenants/{tenant}/sending-domains/{}", domain.id))?.version(domain.version)).await
}

/// Looks the records up in the DNS, and says which are not as they must be.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/sending-domains/{sending_domain}/verify", tag = "outbound",
    responses((status = 200, description = "Looked up", body = SendingCheck)))]
pub(super) async fn verify(State(app): State<Shared>, change: Change, At((tenant, id)): At<(String, String)>) -> Outcome {
    change.may(&tenant)?;
    // the DNS is asked before the write begins: it may take seconds, and there is one writer
    let before = sending_domains::one(&mut *app.readers.acquire().await?, &tenant, &id).await?;
    let wrong = resolver::wrong(app.options.resolver, &before.cnames).await?;
    let mut w = change.begin(&app, About::Tenant(&tenant), sha256(b"")).await?;
    let domain = sending_domains::checked(&mut w, &tenant, &before, wrong.is_empty()).await?;
    let version = domain.version;
    w.finish(Answer::ok(&SendingCheck { sending_domain: domain, wrong })?.version(version)).await
}

/// Deletes a sending domain: its SMTP users are switched off at once and for good, its history stays.
#[utoipa::path(delete, path = "/v1/tenants/{tenant}/sending-domains/{sending_domain}", tag = "outbound",
    responses((status = 204, description = "Deleted")))]
pub(super) async fn delete(State(app): State<Shared>, change: Change, At((tenant, id)): At<(String, String)>) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), sha256(b"")).await?;
    sending_domains::delete(&mut w, &tenant, &id).await?;
    w.finish(Answer::gone()).await
}

/// What happened to sending domains and SMTP users, oldest first; also of those that are gone.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/sending-history", tag = "outbound", params(HistoryQuery),
    responses((status = 200, description = "A page of entries", body = Page<SendingEvent>)))]
pub(super) async fn history(State(app): State<Shared>, reader: Reader, At(tenant): At<String>, Ask(ask): Ask<HistoryQuery>) -> Outcome {
    let want = ask.want(format!("sending-history {tenant}"))?;
    let mut view = reader.tenant(&app, &tenant).await?;
    Answer::ok(&sending_events::list(&mut view, &tenant, ask.sending_domain.as_deref(), &want).await?)
}
