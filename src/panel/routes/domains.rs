//! `/v1/tenants/{tenant}/domains`.

use super::query::NameQuery;
use super::router::Outcome;
use crate::base::digest::sha256;
use crate::panel::answer::Answer;
use crate::panel::auth::Reader;
use crate::panel::change::{About, Change};
use crate::panel::extract::{Ask, At, Body};
use crate::panel::open::Shared;
use crate::panel::store::domains;
use crate::wire::{Domain, DomainCreate, DomainPatch, Page};
use axum::extract::State;
use axum::http::HeaderMap;

/// Domains of a tenant by name. A list of one by `name` carries its `ETag`.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/domains", tag = "domains", params(NameQuery),
    responses((status = 200, description = "A page of domains", body = Page<Domain>), (status = 304, description = "Unchanged")))]
pub(super) async fn list(
    State(app): State<Shared>,
    reader: Reader,
    headers: HeaderMap,
    At(tenant): At<String>,
    Ask(ask): Ask<NameQuery>,
) -> Outcome {
    let want = ask.want(format!("domains {tenant}"))?;
    let mut view = reader.tenant(&app, &tenant).await?;
    let page = domains::list(&mut view, &app, &tenant, ask.name.as_deref(), &want).await?;
    Answer::list(&page, ask.name.as_deref(), |domain| domain.version, &headers)
}

/// One domain.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/domains/{domain}", tag = "domains",
    responses((status = 200, description = "The domain", body = Domain), (status = 304, description = "Unchanged")))]
pub(super) async fn show(State(app): State<Shared>, reader: Reader, headers: HeaderMap, At((tenant, id)): At<(String, String)>) -> Outcome {
    let mut view = reader.tenant(&app, &tenant).await?;
    let domain = domains::one(&mut view, &app, &tenant, &id).await?;
    Answer::ok(&domain)?.version(domain.version).unless_known(&headers)
}

/// Makes a domain.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/domains", tag = "domains", request_body = DomainCreate,
    responses((status = 201, description = "Made", body = Domain)))]
pub(super) async fn create(State(app): State<Shared>, change: Change, At(tenant): At<String>, body: Body<DomainCreate>) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), body.digest).await?;
    let domain = domains::create(&mut w, &tenant, &body.value).await?;
    w.finish(Answer::created(&domain, format!("/v1/tenants/{tenant}/domains/{}", domain.id))?.version(domain.version)).await
}

/// Changes the fields that are given.
#[utoipa::path(patch, path = "/v1/tenants/{tenant}/domains/{domain}", tag = "domains", request_body = DomainPatch,
    responses((status = 200, description = "Changed", body = Domain)))]
pub(super) async fn patch(
    State(app): State<Shared>,
    change: Change,
    At((tenant, id)): At<(String, String)>,
    body: Body<DomainPatch>,
) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), body.digest).await?;
    let domain = domains::patch(&mut w, &app, &tenant, &id, &body.value).await?;
    w.finish(Answer::ok(&domain)?.version(domain.version)).await
}

/// Deletes a domain without users.
#[utoipa::path(delete, path = "/v1/tenants/{tenant}/domains/{domain}", tag = "domains", responses((status = 204, description = "Deleted")))]
pub(super) async fn delete(State(app): State<Shared>, change: Change, At((tenant, id)): At<(String, String)>) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), sha256(b"")).await?;
    domains::delete(&mut w, &app, &tenant, &id).await?;
    w.finish(Answer::gone()).await
}
