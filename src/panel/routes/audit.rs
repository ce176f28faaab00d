//! `GET /v1/audit`.

use super::query::AuditQuery;
use super::router::Outcome;
use crate::panel::answer::Answer;
use crate::panel::auth::Reader;
use crate::panel::extract::Ask;
use crate::panel::open::Shared;
use crate::panel::store::audit;
use crate::wire::{AuditEntry, Page};
use axum::extract::State;

/// The audit trail, oldest first. A token of one tenant sees that tenant's entries only.
#[utoipa::path(get, path = "/v1/audit", tag = "audit", params(AuditQuery),
    responses((status = 200, description = "A page of entries", body = Page<AuditEntry>)))]
pub(super) async fn list(State(app): State<Shared>, reader: Reader, Ask(ask): Ask<AuditQuery>) -> Outcome {
    let tenant = ask.tenant.as_deref().or(reader.0.tenant.as_deref());
    if tenant.is_some() {
        reader.0.may(tenant)?;
    }
    let want = ask.want(format!("audit {}", tenant.unwrap_or_default()))?;
    let mut view = app.readers.begin().await?;
    Answer::ok(&audit::list(&mut view, tenant, &want).await?)
}
