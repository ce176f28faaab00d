//! `/v1/tenants/{tenant}/password-policy`.

use super::router::Outcome;
use crate::panel::answer::Answer;
use crate::panel::auth::Reader;
use crate::panel::change::{About, Change};
use crate::panel::extract::{At, Body};
use crate::panel::open::Shared;
use crate::panel::store::policies;
use crate::wire::{PasswordPolicy, PasswordPolicyPut};
use axum::extract::State;
use axum::http::HeaderMap;

/// The policy of a tenant.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/password-policy", tag = "password policies",
    responses((status = 200, description = "The policy", body = PasswordPolicy), (status = 304, description = "Unchanged")))]
pub(super) async fn show(State(app): State<Shared>, reader: Reader, headers: HeaderMap, At(tenant): At<String>) -> Outcome {
    let mut view = reader.tenant(&app, &tenant).await?;
    let policy = policies::one(&mut view, &tenant).await?;
    Answer::ok(&policy)?.version(policy.version).unless_known(&headers)
}

/// Replaces the policy of a tenant.
#[utoipa::path(put, path = "/v1/tenants/{tenant}/password-policy", tag = "password policies", request_body = PasswordPolicyPut,
    responses((status = 200, description = "Replaced", body = PasswordPolicy)))]
pub(super) async fn put(State(app): State<Shared>, change: Change, At(tenant): At<String>, body: Body<PasswordPolicyPut>) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), body.digest).await?;
    policies::put(&mut w, &tenant, &body.value).await?;
    let policy = policies::one(w.db(), &tenant).await?;
    w.finish(Answer::ok(&policy)?.version(policy.version)).await
}
