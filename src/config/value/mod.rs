//! The kinds of value that the format knows: each reads itself, checks itself and describes itself for the schema.
//!
//! Invariant: what was read is canonical (addresses, domains, destinations) and in range; the text as written is not kept.
//! Deliberately absent: tables, which `raw` describes.

pub mod at;
pub mod destination;
pub mod file_path;
pub mod list;
pub mod map;
pub mod marker;
pub mod number;
pub mod scalar;
pub mod secret;
pub mod texts;
pub mod time;
pub mod words;

pub use at::At;
pub use destination::Destination;
pub use file_path::FilePath;
pub use list::{List, OneOrMany};
pub use map::Map;
pub use marker::Marker;
pub use number::Int;
pub use scalar::{Refused, Scalar};
pub use secret::{KeptSecretTable, SecretTable, SinkTable};
pub use texts::{AllowedSecret, DigestText, IgnorePattern, Label, ProviderUrl};
pub use time::{Day, Moment};
