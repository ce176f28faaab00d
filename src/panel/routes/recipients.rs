//! `GET /v1/tenants/{tenant}/domains/{domain}/recipients`.

use super::query::PageQuery;
use super::router::Outcome;
use crate::panel::answer::Answer;
use crate::panel::auth::Reader;
use crate::panel::extract::{Ask, At};
use crate::panel::open::Shared;
use crate::panel::store::mail;
use crate::wire::{Page, Recipient};
use axum::extract::State;

/// Addresses of a domain and its alias domains that got mail in the last 30 days, by address.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/domains/{domain}/recipients", tag = "evidence", params(PageQuery),
    responses((status = 200, description = "A page of recipients", body = Page<Recipient>)))]
pub(super) async fn list(
    State(app): State<Shared>,
    reader: Reader,
    At((tenant, domain)): At<(String, String)>,
    Ask(ask): Ask<PageQuery>,
) -> Outcome {
    let want = ask.want(format!("recipients {domain}"))?;
    let mut view = reader.domain(&app, &tenant, &domain).await?;
    Answer::ok(&mail::recipients(&mut view, &domain, app.clock.now(), &want).await?)
}
