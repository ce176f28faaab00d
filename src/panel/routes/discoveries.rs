//! `/v1/tenants/{tenant}/domains/{domain}/discovery`, and the catch-all probe.

use super::router::Outcome;
use crate::base::digest::sha256;
use crate::panel::answer::Answer;
use crate::panel::auth::{Reader, View};
use crate::panel::callout;
use crate::panel::change::{About, Change};
use crate::panel::extract::{At, Body};
use crate::panel::open::{App, Shared};
use crate::panel::stop::Stop;
use crate::panel::store::user_changes::Home;
use crate::panel::store::{discoveries, domains};
use crate::wire::{CatchAllProbe, Code, Discovery, DiscoveryPut, ProbeOutcome, Problem};
use axum::extract::State;
use axum::http::HeaderMap;

/// The discovery of a domain.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/domains/{domain}/discovery", tag = "discovery",
    responses((status = 200, description = "The discovery", body = Discovery), (status = 304, description = "Unchanged")))]
pub(super) async fn show(
    State(app): State<Shared>,
    reader: Reader,
    headers: HeaderMap,
    At((tenant, domain)): At<(String, String)>,
) -> Outcome {
    let mut view = reader.tenant(&app, &tenant).await?;
    let discovery = discoveries::one(&mut view, Home { tenant: &tenant, domain: &domain }).await?;
    Answer::ok(&discovery)?.version(discovery.version).unless_known(&headers)
}

/// Switches it on, with its last day, or off.
#[utoipa::path(put, path = "/v1/tenants/{tenant}/domains/{domain}/discovery", tag = "discovery", request_body = DiscoveryPut,
    responses((status = 200, description = "Switched", body = Discovery)))]
pub(super) async fn put(
    State(app): State<Shared>,
    change: Change,
    At((tenant, domain)): At<(String, String)>,
    body: Body<DiscoveryPut>,
) -> Outcome {
    let home = Home { tenant: &tenant, domain: &domain };
    let mut w = change.begin(&app, About::Tenant(&tenant), body.digest).await?;
    discoveries::put(&mut w, home, &body.value).await?;
    let discovery = discoveries::one(w.db(), home).await?;
    w.finish(Answer::ok(&discovery)?.version(discovery.version)).await
}

/// Asks the destinations over SMTP whether they take an address that nobody has. No message is sent and nothing is kept: a
/// token that may read is enough.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/domains/{domain}/catch-all-probe", tag = "discovery",
    responses((status = 200, description = "What they say", body = CatchAllProbe)))]
pub(super) async fn ask(State(app): State<Shared>, reader: Reader, At((tenant, domain)): At<(String, String)>) -> Outcome {
    let view = reader.tenant(&app, &tenant).await?;
    Answer::ok(&asked(&app, view, &tenant, &domain).await?)
}

/// Asks the destinations over SMTP whether they take an address that nobody has, and keeps what they say. No message is
/// sent.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/domains/{domain}/catch-all-probe", tag = "discovery",
    responses((status = 200, description = "What they say", body = Discovery)))]
pub(super) async fn probe(State(app): State<Shared>, change: Change, At((tenant, domain)): At<(String, String)>) -> Outcome {
    change.may(&tenant)?;
    let view = app.readers.begin().await?;
    let CatchAllProbe { outcome, said, .. } = asked(&app, view, &tenant, &domain).await?;
    let home = Home { tenant: &tenant, domain: &domain };
    let mut w = change.begin(&app, About::Tenant(&tenant), sha256(b"")).await?;
    discoveries::probed(&mut w, home, outcome, &said).await?;
    let discovery = discoveries::one(w.db(), home).await?;
    w.finish(Answer::ok(&discovery)?.version(discovery.version)).await
}

/// Asks; the database is not held meanwhile.
async fn asked(app: &App, mut view: View, tenant: &str, domain: &str) -> Result<CatchAllProbe, Stop> {
    let found = domains::one(&mut view, app, tenant, domain).await?;
    drop(view);
    let (outcome, said) = match callout::ask(&found.destinations, &nobody(&found.name)?).await {
        callout::Answer::Taken { by } => (ProbeOutcome::CatchAll, format!("{by} takes it")),
        callout::Answer::Refused { by, said } => (ProbeOutcome::Selective, format!("{by} refuses it: {said}")),
        callout::Answer::Later { why } => (ProbeOutcome::Unknown, why),
    };
    Ok(CatchAllProbe { at: app.clock.now(), outcome, said })
}

/// An address that nobody has.
fn nobody(domain: &str) -> Result<String, Stop> {
    let mut bytes = [0u8; 8];
    getrandom::fill(&mut bytes).map_err(|_| Problem::new(Code::Internal, "the system gives no random bytes"))?;
    let random: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    Ok(format!("probe-{random}@{domain}"))
}
