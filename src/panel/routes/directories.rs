//! `/v1/tenants/{tenant}/domains/{domain}/directories`.

use super::query::PageQuery;
use super::router::Outcome;
use crate::base::digest::sha256;
use crate::panel::answer::Answer;
use crate::panel::auth::Reader;
use crate::panel::change::{About, Change};
use crate::panel::extract::{Ask, At, Body};
use crate::panel::open::Shared;
use crate::panel::store::directories;
use crate::panel::store::user_changes::Home;
use crate::wire::{Directory, DirectoryCreate, DirectoryPatch, DirectorySettings, DirectoryTested, Page};
use axum::extract::State;
use axum::http::HeaderMap;

type Ids = (String, String, String);

fn path(tenant: &str, domain: &str, id: &str) -> String {
    format!("/v1/tenants/{tenant}/domains/{domain}/directories/{id}")
}

/// Directories of a domain by name.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/domains/{domain}/directories", tag = "directories", params(PageQuery),
    responses((status = 200, description = "A page of directories", body = Page<Directory>)))]
pub(super) async fn list(
    State(app): State<Shared>,
    reader: Reader,
    At((tenant, domain)): At<(String, String)>,
    Ask(ask): Ask<PageQuery>,
) -> Outcome {
    let want = ask.want(format!("directories {domain}"))?;
    let mut view = reader.domain(&app, &tenant, &domain).await?;
    Answer::ok(&directories::list(&mut view, &domain, &want).await?)
}

/// One directory.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/domains/{domain}/directories/{directory}", tag = "directories",
    responses((status = 200, description = "The directory", body = Directory), (status = 304, description = "Unchanged")))]
pub(super) async fn show(State(app): State<Shared>, reader: Reader, headers: HeaderMap, At((tenant, domain, id)): At<Ids>) -> Outcome {
    let mut view = reader.tenant(&app, &tenant).await?;
    let directory = directories::one(&mut view, Home { tenant: &tenant, domain: &domain }, &id).await?;
    Answer::ok(&directory)?.version(directory.version).unless_known(&headers)
}

/// Makes a directory; it is read at its next hour.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/domains/{domain}/directories", tag = "directories", request_body = DirectoryCreate,
    responses((status = 201, description = "Made", body = Directory)))]
pub(super) async fn create(
    State(app): State<Shared>,
    change: Change,
    At((tenant, domain)): At<(String, String)>,
    body: Body<DirectoryCreate>,
) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), body.digest).await?;
    let directory = directories::create(&mut w, Home { tenant: &tenant, domain: &domain }, &body.value).await?;
    w.finish(Answer::created(&directory, path(&tenant, &domain, &directory.id))?.version(directory.version)).await
}

/// Changes the fields that are given. Another host, port, TLS mode or bind name needs the password again.
#[utoipa::path(patch, path = "/v1/tenants/{tenant}/domains/{domain}/directories/{directory}", tag = "directories",
    request_body = DirectoryPatch, responses((status = 200, description = "Changed", body = Directory)))]
pub(super) async fn patch(
    State(app): State<Shared>,
    change: Change,
    At((tenant, domain, id)): At<Ids>,
    body: Body<DirectoryPatch>,
) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), body.digest).await?;
    let directory = directories::patch(&mut w, Home { tenant: &tenant, domain: &domain }, &id, &body.value).await?;
    w.finish(Answer::ok(&directory)?.version(directory.version)).await
}

/// Removes a directory; its users stay, as the panel's own.
#[utoipa::path(delete, path = "/v1/tenants/{tenant}/domains/{domain}/directories/{directory}", tag = "directories",
    responses((status = 204, description = "Removed")))]
pub(super) async fn delete(State(app): State<Shared>, change: Change, At((tenant, domain, id)): At<Ids>) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), sha256(b"")).await?;
    directories::delete(&mut w, Home { tenant: &tenant, domain: &domain }, &id).await?;
    w.finish(Answer::gone()).await
}

/// Asks the directory with these settings over its own, counts, names the addresses that would stop, and changes nothing; a
/// token that may read is enough. Each page asks anew: what does not stay the same between two of them has changed.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/domains/{domain}/directories/{directory}/test", tag = "directories",
    params(PageQuery), request_body = DirectorySettings, responses((status = 200, description = "What came of it", body = DirectoryTested),
    (status = 404, description = "No such directory")))]
pub(super) async fn test(
    State(app): State<Shared>,
    reader: Reader,
    At((tenant, domain, id)): At<Ids>,
    Ask(ask): Ask<PageQuery>,
    body: Body<DirectorySettings>,
) -> Outcome {
    let want = ask.want(format!("stopping {id}"))?;
    let view = reader.tenant(&app, &tenant).await?;
    let home = Home { tenant: &tenant, domain: &domain };
    let tested = crate::panel::directory::test(&app, view, home, &id, &body.value, &want).await?;
    Answer::ok(&tested)
}
