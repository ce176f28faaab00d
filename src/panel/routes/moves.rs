//! `POST /v1/tenants/{tenant}/moves`.

use super::router::Outcome;
use crate::panel::answer::Answer;
use crate::panel::change::{About, Change};
use crate::panel::extract::{At, Body};
use crate::panel::open::Shared;
use crate::panel::store::{user_changes, users};
use crate::wire::{AliasMove, AliasMoved};
use axum::extract::State;

/// Moves an alias from one user to another in one step.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/moves", tag = "users", request_body = AliasMove,
    responses((status = 200, description = "Moved", body = AliasMoved)))]
pub(super) async fn create(State(app): State<Shared>, change: Change, At(tenant): At<String>, body: Body<AliasMove>) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), body.digest).await?;
    let request = body.value;
    let (from_domain, to_domain) = user_changes::move_alias(&mut w, &tenant, &request).await?;
    let now = w.now;
    let from = users::one(w.db(), &from_domain, &request.from_user, now).await?;
    let to = users::one(w.db(), &to_domain, &request.to_user, now).await?;
    let address = crate::panel::check::address("address", &request.address)?.as_str().to_owned();
    w.finish(Answer::ok(&AliasMoved { address, from, to })?).await
}
