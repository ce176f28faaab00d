//! `/v1/tenants/{tenant}/lease`.

use super::router::Outcome;
use crate::base::digest::sha256;
use crate::panel::answer::Answer;
use crate::panel::change::{About, Change};
use crate::panel::check;
use crate::panel::extract::{At, Body};
use crate::panel::limits::{HOLDER_CHARS, LEASE_SECONDS};
use crate::panel::open::Shared;
use crate::panel::stop::Stop;
use crate::panel::store::leases;
use crate::wire::{Lease, LeaseRenew, LeaseTake};
use axum::extract::State;

fn ttl(seconds: u64) -> Result<u64, Stop> {
    if (1..=LEASE_SECONDS).contains(&seconds) { Ok(seconds) } else { Err(Stop::invalid(format!("ttl_seconds: 1 to {LEASE_SECONDS}"))) }
}

/// Takes the lease of a tenant's one writer. The same holder takes its own lease over at once, with a higher token.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/lease", tag = "leases", request_body = LeaseTake,
    responses((status = 200, description = "Taken", body = Lease)))]
pub(super) async fn take(State(app): State<Shared>, change: Change, At(tenant): At<String>, body: Body<LeaseTake>) -> Outcome {
    check::label("holder", &body.value.holder, HOLDER_CHARS)?;
    let ttl = ttl(body.value.ttl_seconds)?;
    let mut w = change.begin(&app, About::LeaseOf(&tenant), body.digest).await?;
    let lease = leases::take(w.db(), &tenant, &body.value.holder, ttl).await?;
    w.finish(Answer::ok(&lease)?).await
}

/// Renews a lease that still runs.
#[utoipa::path(put, path = "/v1/tenants/{tenant}/lease", tag = "leases", request_body = LeaseRenew,
    responses((status = 200, description = "Renewed", body = Lease)))]
pub(super) async fn renew(State(app): State<Shared>, change: Change, At(tenant): At<String>, body: Body<LeaseRenew>) -> Outcome {
    let ttl = ttl(body.value.ttl_seconds)?;
    let mut w = change.begin(&app, About::LeaseOf(&tenant), body.digest).await?;
    let lease = leases::renew(w.db(), &tenant, body.value.fencing_token, ttl).await?;
    w.finish(Answer::ok(&lease)?).await
}

/// Ends the lease of the `Fencing-Token`.
#[utoipa::path(delete, path = "/v1/tenants/{tenant}/lease", tag = "leases", responses((status = 204, description = "Ended")))]
pub(super) async fn release(State(app): State<Shared>, change: Change, At(tenant): At<String>) -> Outcome {
    let token = change.fencing_token().ok_or_else(|| Stop::bad("send the header Fencing-Token"))?;
    let mut w = change.begin(&app, About::LeaseOf(&tenant), sha256(b"")).await?;
    leases::release(w.db(), &tenant, token).await?;
    w.finish(Answer::gone()).await
}
