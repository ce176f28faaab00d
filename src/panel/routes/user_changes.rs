//! `/v1/tenants/{tenant}/domains/{domain}/users`: writing, one by one.

use super::router::Outcome;
use crate::base::Digest;
use crate::base::digest::sha256;
use crate::panel::answer::Answer;
use crate::panel::change::{About, Change, Write};
use crate::panel::extract::{At, Body};
use crate::panel::open::Shared;
use crate::panel::passwords;
use crate::panel::stop::Stop;
use crate::panel::store::user_changes::{self, Home};
use crate::panel::store::{access, policies, users};
use crate::wire::{Clear, Origin, User, UserCreate, UserPatch, UserRename};
use axum::extract::State;

/// The digest of a request without its password.
fn blind(request: &UserCreate) -> Result<Digest, Stop> {
    let mut blanked = request.clone();
    if let Some(set) = &mut blanked.password {
        set.password = Clear::default();
    }
    passwords::blind_digest(&blanked)
}

async fn read_back(w: &mut Write, domain: &str, id: &str) -> Result<User, Stop> {
    let now = w.now;
    users::one(w.db(), domain, id, now).await
}

/// Makes a user of origin `manual`, with a password, or with a request-password mail, or with neither.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/domains/{domain}/users", tag = "users", request_body = UserCreate,
    responses((status = 201, description = "Made", body = User)))]
pub(super) async fn create(
    State(app): State<Shared>,
    change: Change,
    At((tenant, domain)): At<(String, String)>,
    body: Body<UserCreate>,
) -> Outcome {
    let request = &body.value;
    if request.invite && request.password.is_some() {
        return Err(Stop::invalid("invite: not together with a password"));
    }
    let (digest, password) = match &request.password {
        None => (body.digest, None),
        Some(set) => (blind(request)?, Some(access::hashed(set).await?)),
    };
    let mut w = change.begin(&app, About::Tenant(&tenant), digest).await?;
    let home = Home { tenant: &tenant, domain: &domain };
    let id = user_changes::create(&mut w, home, request, Origin::Manual).await?;
    if password.is_some() || request.invite {
        let user = read_back(&mut w, &domain, &id).await?;
        if let Some(password) = &password {
            let policy = policies::one(w.db(), &tenant).await?;
            access::set(&mut w, &policy, &user, password).await?;
        } else {
            access::invite(&mut w, &user).await?;
        }
    }
    let user = read_back(&mut w, &domain, &id).await?;
    w.finish(Answer::created(&user, format!("/v1/tenants/{tenant}/domains/{domain}/users/{id}"))?.version(user.version)).await
}

/// Changes the fields that are given; `aliases` is the whole set.
#[utoipa::path(patch, path = "/v1/tenants/{tenant}/domains/{domain}/users/{user}", tag = "users", request_body = UserPatch,
    responses((status = 200, description = "Changed", body = User)))]
pub(super) async fn patch(
    State(app): State<Shared>,
    change: Change,
    At((tenant, domain, id)): At<(String, String, String)>,
    body: Body<UserPatch>,
) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), body.digest).await?;
    user_changes::patch(&mut w, Home { tenant: &tenant, domain: &domain }, &id, &body.value).await?;
    let user = read_back(&mut w, &domain, &id).await?;
    w.finish(Answer::ok(&user)?.version(user.version)).await
}

/// Gives a user another address in its domain; its id stays.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/domains/{domain}/users/{user}/rename", tag = "users", request_body = UserRename,
    responses((status = 200, description = "Renamed", body = User)))]
pub(super) async fn rename(
    State(app): State<Shared>,
    change: Change,
    At((tenant, domain, id)): At<(String, String, String)>,
    body: Body<UserRename>,
) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), body.digest).await?;
    user_changes::rename(&mut w, Home { tenant: &tenant, domain: &domain }, &id, &body.value).await?;
    let user = read_back(&mut w, &domain, &id).await?;
    w.finish(Answer::ok(&user)?.version(user.version)).await
}

/// Deletes a user and all its names.
#[utoipa::path(delete, path = "/v1/tenants/{tenant}/domains/{domain}/users/{user}", tag = "users",
    responses((status = 204, description = "Deleted")))]
pub(super) async fn delete(State(app): State<Shared>, change: Change, At((tenant, domain, id)): At<(String, String, String)>) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), sha256(b"")).await?;
    user_changes::delete(&mut w, Home { tenant: &tenant, domain: &domain }, &id).await?;
    w.finish(Answer::gone()).await
}
