//! Reading an answer's body with a limit.
//!
//! The client asks for no compression and takes none, so the bytes counted here are the bytes that are parsed: there is
//! nothing that could swell.

use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE};

/// Why a body could not be read.
#[derive(Debug)]
pub(super) enum BodyError {
    /// The connection broke or a deadline passed.
    Broken(reqwest::Error),
    /// It is larger than the limit.
    TooLarge,
    /// It is encoded in a way that was not asked for.
    Encoded(String),
}

/// Reads a body of at most `most` bytes.
pub(super) async fn read(mut response: Response, most: usize) -> Result<Vec<u8>, BodyError> {
    if let Some(encoding) = response.headers().get(CONTENT_ENCODING).filter(|e| !e.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(BodyError::Encoded(String::from_utf8_lossy(encoding.as_bytes()).into_owned()));
    }
    let said = response.content_length().map_or(0, |n| usize::try_from(n).unwrap_or(usize::MAX));
    if said > most {
        return Err(BodyError::TooLarge);
    }
    let mut body = Vec::with_capacity(said);
    while let Some(piece) = response.chunk().await.map_err(BodyError::Broken)? {
        if body.len() + piece.len() > most {
            return Err(BodyError::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// The media type of an answer in lower case, without parameters; empty where there is none.
pub(super) fn media(response: &Response) -> String {
    let text = response.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a media type is JSON.
pub(super) fn is_json(media: &str) -> bool {
    media == "application/json" || (media.starts_with("application/") && media.ends_with("+json"))
}
