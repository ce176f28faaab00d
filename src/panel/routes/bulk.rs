//! `POST …/users/bulk`.

use super::router::Outcome;
use crate::panel::answer::Answer;
use crate::panel::change::{About, Change};
use crate::panel::extract::{At, Body};
use crate::panel::open::Shared;
use crate::panel::store::bulk;
use crate::panel::store::user_changes::Home;
use crate::wire::{BulkAnswer, BulkRequest};
use axum::extract::State;

/// Takes a whole list in one transaction: `add`, or `add-delete-old`.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/domains/{domain}/users/bulk", tag = "users", request_body = BulkRequest,
    responses((status = 200, description = "Taken", body = BulkAnswer)))]
pub(super) async fn run(
    State(app): State<Shared>,
    change: Change,
    At((tenant, domain)): At<(String, String)>,
    body: Body<BulkRequest>,
) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), body.digest).await?;
    let answer = bulk::run(&mut w, Home { tenant: &tenant, domain: &domain }, body.value).await?;
    w.finish(Answer::ok(&answer)?).await
}
