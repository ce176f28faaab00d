//! Floor 0: the alphabet of the house. Names, addresses, places, findings, digests, secrets, limits and the clock.
//!
//! Everything above may use it; it uses nothing of the house. It is pure: it reads no clock, no environment, no file,
//! no network and no randomness (a [`clock::Clock`] is a trait that others implement).

pub mod address;
pub mod clock;
pub mod destination;
pub mod digest;
pub mod domain_name;
pub mod exit_code;
pub mod finding;
pub mod limits;
pub mod names;
pub mod nearest;
pub mod printable;
pub mod rule_doc;
pub mod secret;
pub mod span;

pub use address::{Address, AddressError};
pub use clock::{BoxFuture, Clock, Timestamp};
pub use destination::destination;
pub use digest::{Digest, PrintKey};
pub use domain_name::{DomainError, DomainName};
pub use exit_code::ExitCode;
pub use finding::{Finding, Findings, Fix, Label, RuleId, Severity};
pub use names::{NameError, ProviderName, TenantName};
pub use rule_doc::RuleDoc;
pub use secret::{Secret, SecretRef};
pub use span::{FileId, Place, Span};
