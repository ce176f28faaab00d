//! The port to secrets: a reference goes in, a value comes out, and no message ever holds the value.

use crate::base::{Secret, SecretRef};
use crate::model::Fault;

/// Secrets by reference (S10.1).
pub trait Secrets: Send + Sync {
    /// The secret.
    ///
    /// # Errors
    /// [`Fault::Local`] naming the reference, never the value.
    fn get(&self, what: &SecretRef) -> Result<Secret, Fault>;
}
