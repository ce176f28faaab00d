//! Why a handler stops early: a refusal, or a stored answer that is replayed.
//!
//! Every refusal leaves as problem+json (RFC 9457). What the database says is logged and never shown.

use crate::panel::answer::Answer;
use crate::wire::headers::PROBLEM_JSON;
use crate::wire::{Code, Problem};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A refusal, or the stored answer of an earlier call.
#[derive(Debug)]
pub(crate) enum Stop {
    Refused(Box<Problem>),
    Replay(Box<Answer>),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        let busy = match &error {
            sqlx::Error::PoolTimedOut => true,
            // primary codes 5 BUSY and 6 LOCKED, also in their extended forms
            sqlx::Error::Database(e) => e.code().and_then(|c| c.parse::<u32>().ok()).is_some_and(|c| matches!(c & 0xff, 5 | 6)),
            _ => false,
        };
        if busy {
            return Problem::new(Code::Busy, "the database is busy; nothing was written").into();
        }
        tracing::error!(%error, "the panel's database failed");
        Problem::new(Code::Internal, "the panel's database failed; its log says how").into()
    }
}

impl Stop {
    /// What is wrong, for callers inside the process.
    pub(crate) fn detail(self) -> String {
        match self {
            Stop::Refused(problem) => problem.detail,
            Stop::Replay(_) => "an earlier call was repeated".to_owned(),
        }
    }
    /// No such object.
    pub(crate) fn not_found(what: &str) -> Self {
        Problem::new(Code::NotFound, format!("there is no such {what}")).into()
    }
    /// A value that is refused.
    pub(crate) fn invalid(detail: impl Into<String>) -> Self {
        Problem::new(Code::Invalid, detail).into()
    }
    /// A request that cannot be read.
    pub(crate) fn bad(detail: impl Into<String>) -> Self {
        Problem::new(Code::BadRequest, detail).into()
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        match self {
            Stop::Refused(problem) => refusal(&problem),
            Stop::Replay(answer) => answer.into_response(),
        }
    }
}

fn refusal(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_vec(problem).unwrap_or_default();
    let mut response = (status, [(header::CONTENT_TYPE, PROBLEM_JSON)], body).into_response();
    if problem.code == Code::Unauthorized {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"mailwright panel\""));
    }
    if problem.code == Code::Busy {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}
