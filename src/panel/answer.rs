//! Answers that are no refusals: JSON, `ETag` and 304.

use crate::panel::stop::Stop;
use crate::wire::headers::IDEMPOTENT_REPLAY;
use crate::wire::{Code, Page, Problem};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A whole answer as data, so that it can be stored and replayed.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// JSON; none for 204 and 304.
    pub(crate) body: Option<String>,
    /// What is stored instead of `body`, where that holds a secret.
    pub(crate) stored: Option<String>,
    /// Becomes the `ETag`.
    pub(crate) version: Option<u64>,
    pub(crate) location: Option<String>,
    pub(crate) replayed: bool,
}

impl Answer {
    /// 200 with a body.
    pub(crate) fn ok<T: Serialize>(value: &T) -> Result<Self, Stop> {
        Ok(Self { status: StatusCode::OK, body: Some(json(value)?), stored: None, version: None, location: None, replayed: false })
    }
    /// 201 with a body and its path.
    pub(crate) fn created<T: Serialize>(value: &T, location: String) -> Result<Self, Stop> {
        Ok(Self { status: StatusCode::CREATED, location: Some(location), ..Self::ok(value)? })
    }
    /// 202 with a body and the path where its outcome will stand.
    pub(crate) fn accepted<T: Serialize>(value: &T, location: String) -> Result<Self, Stop> {
        Ok(Self { status: StatusCode::ACCEPTED, location: Some(location), ..Self::ok(value)? })
    }
    /// 204.
    pub(crate) fn gone() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: None, stored: None, version: None, location: None, replayed: false }
    }
    /// With an `ETag`.
    pub(crate) fn version(self, version: u64) -> Self {
        Self { version: Some(version), ..self }
    }
    /// 200 with a page of a list; one that was narrowed to a name and has one item is as good as that item, with its `ETag`.
    pub(crate) fn list<T: Serialize>(
        page: &Page<T>,
        only: Option<&str>,
        version: impl Fn(&T) -> u64,
        headers: &HeaderMap,
    ) -> Result<Self, Stop> {
        let answer = Self::ok(page)?;
        match (only, page.items.as_slice()) {
            (Some(_), [one]) => answer.version(version(one)).unless_known(headers),
            _ => Ok(answer),
        }
    }
    /// 304 instead, where `If-None-Match` names this version.
    pub(crate) fn unless_known(self, headers: &HeaderMap) -> Result<Self, Stop> {
        let known = match (tags(headers, header::IF_NONE_MATCH)?, self.version) {
            (Some(tags), Some(version)) => tags.matches(version),
            _ => false,
        };
        Ok(if known { Self { status: StatusCode::NOT_MODIFIED, body: None, ..self } } else { self })
    }
}

/// JSON text of an answer.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, Stop> {
    serde_json::to_string(value).map_err(|error| {
        tracing::error!(%error, "an answer could not be written");
        Problem::new(Code::Internal, "the answer could not be written").into()
    })
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        let headers = response.headers_mut();
        if let Some(version) = self.version
            && let Ok(tag) = HeaderValue::from_str(&format!("\"v{version}\""))
        {
            headers.insert(header::ETAG, tag);
        }
        if let Some(location) = self.location.and_then(|l| HeaderValue::from_str(&l).ok()) {
            headers.insert(header::LOCATION, location);
        }
        if self.replayed {
            headers.insert(IDEMPOTENT_REPLAY, HeaderValue::from_static("true"));
        }
        if let Some(body) = self.body {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *response.body_mut() = body.into();
        }
        response
    }
}

/// The entity tags of an `If-Match` or `If-None-Match`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tags {
    Any,
    Versions(Vec<u64>),
}

impl Tags {
    pub(crate) fn matches(&self, version: u64) -> bool {
        match self {
            Tags::Any => true,
            Tags::Versions(versions) => versions.contains(&version),
        }
    }
}

/// Reads entity tags. A well-formed tag that is not ours matches nothing; what is no tag is refused.
/// A weak tag counts for `If-None-Match` only (RFC 9110 13.1).
pub(crate) fn tags(headers: &HeaderMap, name: header::HeaderName) -> Result<Option<Tags>, Stop> {
    let mut versions = None;
    for value in headers.get_all(&name) {
        let text = value.to_str().map_err(|_| Stop::bad(format!("{name} is not ASCII")))?.trim();
        if text == "*" {
            return Ok(Some(Tags::Any));
        }
        let list = versions.get_or_insert_with(Vec::new);
        for tag in text.split(',').map(str::trim) {
            let (weak, strong) = tag.strip_prefix("W/").map_or((false, tag), |t| (true, t));
            let inner = strong.strip_prefix('"').and_then(|t| t.strip_suffix('"')).filter(|t| !t.contains('"'));
            let inner = inner.ok_or_else(|| Stop::bad(format!("{name}: an entity tag stands in double quotes, such as \"v3\"")))?;
            if (!weak || name == header::IF_NONE_MATCH)
                && let Some(version) = inner.strip_prefix('v').and_then(|v| v.parse().ok())
            {
                list.push(version);
            }
        }
    }
    Ok(versions.map(Tags::Versions))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: header::HeaderName, text: &str) -> Result<Option<Tags>, Stop> {
        let mut headers = HeaderMap::new();
        headers.insert(&name, HeaderValue::from_str(text).unwrap());
        tags(&headers, name)
    }

    #[test]
    fn tags_are_read_as_rfc_9110_says() {
        let some = |v: &[u64]| Some(Tags::Versions(v.to_vec()));
        assert_eq!(of(header::IF_MATCH, "\"v3\", W/\"v4\", \"x\"").unwrap(), some(&[3]));
        assert_eq!(of(header::IF_NONE_MATCH, "W/\"v4\"").unwrap(), some(&[4]));
        assert_eq!(of(header::IF_MATCH, "*").unwrap(), Some(Tags::Any));
        assert!(of(header::IF_MATCH, "v3").is_err());
        assert!(of(header::IF_MATCH, "\"").is_err());
        assert_eq!(tags(&HeaderMap::new(), header::IF_MATCH).unwrap(), None);
    }
}
