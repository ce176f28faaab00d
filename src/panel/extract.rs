//! Extractors whose every refusal is problem+json.

use crate::base::Digest;
use crate::base::digest::sha256;
use crate::panel::stop::Stop;
use crate::wire::{Code, Problem};
use axum::body::Bytes;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

/// The parts of the path.
#[derive(FromRequestParts)]
#[from_request(via(Path), rejection(Stop))]
pub(crate) struct At<T>(pub(crate) T);

/// The query.
#[derive(FromRequestParts)]
#[from_request(via(Query), rejection(Stop))]
pub(crate) struct Ask<T>(pub(crate) T);

impl From<PathRejection> for Stop {
    fn from(rejection: PathRejection) -> Self {
        Stop::bad(rejection.body_text())
    }
}
impl From<QueryRejection> for Stop {
    fn from(rejection: QueryRejection) -> Self {
        Stop::bad(rejection.body_text())
    }
}

/// A JSON body and the digest of its bytes, by which a repeated call is recognised.
pub(crate) struct Body<T> {
    pub(crate) value: T,
    pub(crate) digest: Digest,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Stop;

    async fn from_request(request: Request, parts: &S) -> Result<Self, Stop> {
        if !is_json(request.headers()) {
            return Err(Problem::new(Code::NotJson, "send the header `Content-Type: application/json`").into());
        }
        let bytes = Bytes::from_request(request, parts).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::new(Code::TooLarge, "the body is larger than this path takes")
            } else {
                Problem::new(Code::BadRequest, "the body ended early")
            }
        })?;
        let value = serde_json::from_slice(&bytes).map_err(|error| {
            if error.is_data() { Stop::invalid(error.to_string()) } else { Stop::bad(format!("the body is not JSON: {error}")) }
        })?;
        Ok(Self { value, digest: sha256(&bytes) })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let text = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let media = text.split(';').next().unwrap_or_default().trim();
    media.eq_ignore_ascii_case("application/json")
}
