//! `/v1/tenants/{tenant}/domains/{domain}/imports`.

use super::query::PageQuery;
use super::router::Outcome;
use crate::panel::answer::Answer;
use crate::panel::auth::Reader;
use crate::panel::change::{About, Change};
use crate::panel::extract::{Ask, At, Body};
use crate::panel::open::Shared;
use crate::panel::store::imports;
use crate::panel::store::user_changes::Home;
use crate::wire::{BulkUser, ImportCreate, ImportJob, Page};
use axum::extract::State;

/// Import jobs of a domain, oldest first. Those that ended more than 30 days ago may be gone.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/domains/{domain}/imports", tag = "imports", params(PageQuery),
    responses((status = 200, description = "A page of jobs", body = Page<ImportJob>)))]
pub(super) async fn list(
    State(app): State<Shared>,
    reader: Reader,
    At((tenant, domain)): At<(String, String)>,
    Ask(ask): Ask<PageQuery>,
) -> Outcome {
    let want = ask.want(format!("imports {domain}"))?;
    let mut view = reader.domain(&app, &tenant, &domain).await?;
    Answer::ok(&imports::list(&mut view, &domain, &want).await?)
}

/// One import job.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/domains/{domain}/imports/{import}", tag = "imports",
    responses((status = 200, description = "The job", body = ImportJob)))]
pub(super) async fn show(State(app): State<Shared>, reader: Reader, At((tenant, domain, id)): At<(String, String, String)>) -> Outcome {
    let mut view = reader.domain(&app, &tenant, &domain).await?;
    Answer::ok(&imports::one(&mut view, &domain, &id).await?)
}

/// The rows of an import job, in the order sent: what is on its way.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/domains/{domain}/imports/{import}/rows", tag = "imports", params(PageQuery),
    responses((status = 200, description = "A page of rows", body = Page<BulkUser>)))]
pub(super) async fn rows(
    State(app): State<Shared>,
    reader: Reader,
    At((tenant, domain, id)): At<(String, String, String)>,
    Ask(ask): Ask<PageQuery>,
) -> Outcome {
    let want = ask.want(format!("import rows {id}"))?;
    let mut view = reader.domain(&app, &tenant, &domain).await?;
    Answer::ok(&imports::rows(&mut view, &domain, &id, &want).await?)
}

/// Takes a list that acts 30 to 60 minutes later: `add`, or `add-delete-old`. One job of a domain at a time.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/domains/{domain}/imports", tag = "imports", request_body = ImportCreate,
    responses((status = 202, description = "Taken", body = ImportJob)))]
pub(super) async fn create(
    State(app): State<Shared>,
    change: Change,
    At((tenant, domain)): At<(String, String)>,
    body: Body<ImportCreate>,
) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), body.digest).await?;
    let job = imports::create(&mut w, Home { tenant: &tenant, domain: &domain }, body.value).await?;
    let at = format!("/v1/tenants/{tenant}/domains/{domain}/imports/{}", job.id);
    w.finish(Answer::accepted(&job, at)?).await
}
