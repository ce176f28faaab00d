//! `GET /v1/panel`.

use super::router::Outcome;
use crate::panel::answer::Answer;
use crate::panel::auth::Reader;
use crate::panel::open::{App, Shared};
use crate::wire::PanelInfo;
use axum::extract::State;

const FEATURES: [&str; 13] = [
    "atomic-move",
    "audit",
    "bulk",
    "catch-all-probe",
    "continuity",
    "idempotency-key",
    "imports",
    "lease",
    "outbound",
    "password-policy",
    "recipient-verdict",
    "recipients",
    "rename",
];

/// The panel instance: its id is the origin of everything that it minted.
#[utoipa::path(get, path = "/v1/panel", tag = "panel", responses((status = 200, description = "The panel", body = PanelInfo)))]
pub(super) async fn show(State(app): State<Shared>, _reader: Reader) -> Outcome {
    let mut features: Vec<String> = FEATURES.iter().map(|&f| f.to_owned()).collect();
    if app.options.read_only {
        features.push("read-only".to_owned());
    }
    if app.options.test_endpoints {
        features.push("test-endpoints".to_owned());
    }
    features.sort();
    let version = env!("CARGO_PKG_VERSION").to_owned();
    Answer::ok(&PanelInfo { id: app.id.clone(), version, now: app.clock.now(), time_zone: zone_name(&app), features })
}

/// The zone's IANA name, where one was given that has one.
fn zone_name(app: &App) -> Option<String> {
    app.options.time_zone.as_ref().and_then(|zone| zone.iana_name()).map(str::to_owned)
}
