//! `/v1/tenants/{tenant}/domains/{domain}/users`: reading.

use super::query::AddressQuery;
use super::router::Outcome;
use crate::panel::answer::Answer;
use crate::panel::auth::Reader;
use crate::panel::extract::{Ask, At};
use crate::panel::open::Shared;
use crate::panel::store::users;
use crate::wire::{Fingerprint, Page, User};
use axum::extract::State;
use axum::http::HeaderMap;

/// Users of a domain by address, with the fingerprint of the whole list. A list of one by `address` carries its `ETag`
/// and no fingerprint.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/domains/{domain}/users", tag = "users", params(AddressQuery),
    responses((status = 200, description = "A page of users", body = Page<User>), (status = 304, description = "Unchanged")))]
pub(super) async fn list(
    State(app): State<Shared>,
    reader: Reader,
    headers: HeaderMap,
    At((tenant, domain)): At<(String, String)>,
    Ask(ask): Ask<AddressQuery>,
) -> Outcome {
    let want = ask.want(format!("users {domain}"))?;
    let mut view = reader.domain(&app, &tenant, &domain).await?;
    let page = users::list(&mut view, &app, &tenant, &domain, ask.address.as_deref(), &want).await?;
    Answer::list(&page, ask.address.as_deref(), |user| user.version, &headers)
}

/// The fingerprint of a domain's list of users, for the precondition of a bulk call.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/domains/{domain}/users/fingerprint", tag = "users",
    responses((status = 200, description = "The fingerprint", body = Fingerprint)))]
pub(super) async fn fingerprint(State(app): State<Shared>, reader: Reader, At((tenant, domain)): At<(String, String)>) -> Outcome {
    let mut view = reader.domain(&app, &tenant, &domain).await?;
    Answer::ok(&users::fingerprint(&mut view, &app, &tenant, &domain).await?)
}

/// One user.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/domains/{domain}/users/{user}", tag = "users",
    responses((status = 200, description = "The user", body = User), (status = 304, description = "Unchanged")))]
pub(super) async fn show(
    State(app): State<Shared>,
    reader: Reader,
    headers: HeaderMap,
    At((tenant, domain, id)): At<(String, String, String)>,
) -> Outcome {
    let mut view = reader.domain(&app, &tenant, &domain).await?;
    let user = users::one(&mut view, &domain, &id, app.clock.now()).await?;
    Answer::ok(&user)?.version(user.version).unless_known(&headers)
}
