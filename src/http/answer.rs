//! A successful answer.

use crate::http::trouble::unusable;
use crate::model::Fault;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

/// An answer with a status of success, its body read and known to be called JSON (or empty).
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status, 200 to 299.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// Whether the panel said that nothing changed since this client read it (304), and the body is that of then (S1.5).
    pub unchanged: bool,
    pub(super) headers: HeaderMap,
    pub(super) once: bool,
}

impl Answer {
    /// A header's text; `None` where it is missing or not ASCII.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }
    /// The body as a value.
    ///
    /// # Errors
    /// A body that is not that value: [`Fault::Retry`] after a read, [`Fault::OutcomeUnknown`] after a write.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        // serde's messages name keys and types, and quote unknown words only; never whole bodies
        serde_json::from_slice(&self.body).map_err(|error| {
            let text = crate::base::printable::printable_short(&error.to_string(), crate::base::limits::PANEL_TEXT_CHARS);
            unusable(self.once, text)
        })
    }
}
