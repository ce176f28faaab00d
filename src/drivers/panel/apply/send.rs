//! One mutating call, with everything that makes it safe.

use crate::drivers::panel::api::whose;
use crate::drivers::panel::apply::writer::Writer;
use crate::http::{Call, Trouble};
use crate::model::{Fault, OpId};
use crate::plan::Step;
use crate::wire::{Code, headers};
use reqwest::Method;
use serde::de::DeserializeOwned;

/// A call that took effect.
#[derive(Debug)]
pub(super) struct Made {
    body: Vec<u8>,
    /// It took effect earlier, under the same key.
    pub(super) replayed: bool,
}

impl Made {
    /// The object that the call left. It took effect, so a body that cannot be read makes the outcome unknown, not failed.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_slice(&self.body).map_err(|error| Fault::OutcomeUnknown { text: format!("the panel's answer: {error}") })
    }
}

/// What is to be sent.
pub(super) struct Write<'a> {
    method: Method,
    path: &'a [&'a str],
    body: Option<Vec<u8>>,
    key: String,
    version: Option<String>,
}

/// The idempotency key of a step under an operation, and of its `part`th call where it needs several. The step's digest
/// is in it, so that a batch that is cut differently by a later run can use the same operation id.
pub(super) fn key(op: &OpId, step: &Step, part: usize) -> String {
    let digest = step.id.to_string();
    let part = if part == 0 { String::new() } else { format!(".{part}") };
    format!("{}.{}{part}", op.0, &digest[..32])
}

impl<'a> Write<'a> {
    /// A call under a key.
    pub(super) fn new(method: Method, path: &'a [&'a str], key: String) -> Self {
        Self { method, path, body: None, key, version: None }
    }
    /// With a JSON body.
    pub(super) fn json(mut self, body: &impl serde::Serialize) -> Result<Self, Fault> {
        let body = serde_json::to_vec(body).map_err(|error| Fault::Local { text: format!("the request cannot be written: {error}") })?;
        self.body = Some(body);
        Ok(self)
    }
    /// Only if the object has this version.
    pub(super) fn only_at(mut self, version: Option<String>) -> Self {
        self.version = version;
        self
    }
}

impl Writer {
    /// Makes a call. Where its outcome is unknown, the panel is asked what came of its key.
    pub(super) async fn send(&self, write: Write<'_>) -> Result<Made, Fault> {
        let mut call =
            Call::write(write.method, write.path).on_behalf_of(whose(write.path)).header(headers::IDEMPOTENCY_KEY, write.key.clone());
        if let Some(token) = self.known().fencing_token {
            call = call.header(headers::FENCING_TOKEN, token.to_string());
        }
        if let Some(version) = &write.version {
            call = call.header("if-match", format!("\"v{version}\""));
        }
        if let Some(body) = write.body {
            call = call.bytes(body);
        }
        match self.api.client.send(call).await {
            Ok(answer) => {
                let replayed = answer.header(headers::IDEMPOTENT_REPLAY) == Some("true");
                Ok(Made { body: answer.body, replayed })
            }
            Err(trouble) if is_open(&trouble) => self.look_back(&write.key, trouble).await,
            Err(trouble) => Err(trouble.fault),
        }
    }

    async fn look_back(&self, key: &str, trouble: Trouble) -> Result<Made, Fault> {
        match self.api.operation(key).await {
            Ok(Some(operation)) => {
                let body = operation.body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
                Ok(Made { body, replayed: true })
            }
            // not found: it may still be under way; not readable: we know as much as before
            Ok(None) | Err(_) => Err(trouble.fault),
        }
    }
}

/// Whether the call may have taken effect: nobody answered, or the key was used by an earlier form of the same step.
fn is_open(trouble: &Trouble) -> bool {
    matches!(trouble.fault, Fault::OutcomeUnknown { .. }) || trouble.code.as_deref() == Some(Code::KeyReused.as_str())
}
