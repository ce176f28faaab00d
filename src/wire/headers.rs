//! Names of the HTTP headers that carry meaning in the panel's API.
//!
//! Standard ones (`ETag`, `If-Match`, `If-None-Match`, `Retry-After`, `Authorization`) are not repeated here.

/// A client's id for one mutating call: 1..=200 visible ASCII characters. A repeat is answered from what was stored.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// `true` on an answer that was replayed from a stored one.
pub const IDEMPOTENT_REPLAY: &str = "idempotent-replay";
/// The fencing token of the tenant's lease, a decimal integer.
pub const FENCING_TOKEN: &str = "fencing-token";
/// The media type of every refusal (RFC 9457).
pub const PROBLEM_JSON: &str = "application/problem+json";
