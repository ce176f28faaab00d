//! `GET /v1/operations/{key}`.

use super::router::Outcome;
use crate::panel::answer::Answer;
use crate::panel::auth::Reader;
use crate::panel::extract::At;
use crate::panel::open::Shared;
use crate::panel::stop::Stop;
use crate::panel::store::operations;
use crate::wire::Operation;
use axum::extract::State;

/// The outcome of the call with this `Idempotency-Key`. 404 means that it took no effect in the last 24 hours.
#[utoipa::path(get, path = "/v1/operations/{key}", tag = "operations",
    responses((status = 200, description = "The outcome", body = Operation)))]
pub(super) async fn show(State(app): State<Shared>, reader: Reader, At(key): At<String>) -> Outcome {
    let mut view = app.readers.begin().await?;
    let (operation, tenant) = operations::one(&mut view, &key, app.clock.now()).await?;
    // a token of another tenant must not even learn that the key exists
    reader.0.may(tenant.as_deref()).map_err(|_| Stop::not_found("stored operation"))?;
    Answer::ok(&operation)
}
