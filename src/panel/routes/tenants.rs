//! `/v1/tenants`.

use super::query::NameQuery;
use super::router::Outcome;
use crate::base::digest::sha256;
use crate::panel::answer::Answer;
use crate::panel::auth::Reader;
use crate::panel::change::{About, Change};
use crate::panel::extract::{Ask, At, Body};
use crate::panel::open::Shared;
use crate::panel::store::tenants;
use crate::wire::{Page, Tenant, TenantCreate, TenantPatch};
use axum::extract::State;
use axum::http::HeaderMap;

/// Tenants by name. A list of one by `name` carries its `ETag`.
#[utoipa::path(get, path = "/v1/tenants", tag = "tenants", params(NameQuery),
    responses((status = 200, description = "A page of tenants", body = Page<Tenant>), (status = 304, description = "Unchanged")))]
pub(super) async fn list(State(app): State<Shared>, reader: Reader, headers: HeaderMap, Ask(ask): Ask<NameQuery>) -> Outcome {
    let want = ask.want("tenants")?;
    let mut view = app.readers.begin().await?;
    let page = tenants::list(&mut view, &app, reader.0.tenant.as_deref(), ask.name.as_deref(), &want).await?;
    Answer::list(&page, ask.name.as_deref(), |tenant| tenant.version, &headers)
}

/// One tenant.
#[utoipa::path(get, path = "/v1/tenants/{tenant}", tag = "tenants",
    responses((status = 200, description = "The tenant", body = Tenant), (status = 304, description = "Unchanged")))]
pub(super) async fn show(State(app): State<Shared>, reader: Reader, headers: HeaderMap, At(id): At<String>) -> Outcome {
    let mut view = reader.tenant(&app, &id).await?;
    let tenant = tenants::one(&mut view, &app, &id).await?;
    Answer::ok(&tenant)?.version(tenant.version).unless_known(&headers)
}

/// Makes a tenant; only tokens for all tenants may.
#[utoipa::path(post, path = "/v1/tenants", tag = "tenants", request_body = TenantCreate,
    responses((status = 201, description = "Made", body = Tenant)))]
pub(super) async fn create(State(app): State<Shared>, change: Change, body: Body<TenantCreate>) -> Outcome {
    let mut w = change.begin(&app, About::Panel, body.digest).await?;
    let tenant = tenants::create(&mut w, &body.value).await?;
    w.finish(Answer::created(&tenant, format!("/v1/tenants/{}", tenant.id))?.version(tenant.version)).await
}

/// Renames a tenant; tokens for all tenants may also freeze and thaw it.
#[utoipa::path(patch, path = "/v1/tenants/{tenant}", tag = "tenants", request_body = TenantPatch,
    responses((status = 200, description = "Changed", body = Tenant)))]
pub(super) async fn patch(State(app): State<Shared>, change: Change, At(id): At<String>, body: Body<TenantPatch>) -> Outcome {
    if body.value.frozen.is_some() {
        change.must_be_for_all()?;
    }
    let mut w = change.begin(&app, About::Tenant(&id), body.digest).await?;
    let tenant = tenants::patch(&mut w, &app, &id, &body.value).await?;
    w.finish(Answer::ok(&tenant)?.version(tenant.version)).await
}

/// Deletes a tenant without domains; only tokens for all tenants may.
#[utoipa::path(delete, path = "/v1/tenants/{tenant}", tag = "tenants", responses((status = 204, description = "Deleted")))]
pub(super) async fn delete(State(app): State<Shared>, change: Change, At(id): At<String>) -> Outcome {
    change.must_be_for_all()?;
    let mut w = change.begin(&app, About::Tenant(&id), sha256(b"")).await?;
    tenants::delete(&mut w, &app, &id).await?;
    w.finish(Answer::gone()).await
}
