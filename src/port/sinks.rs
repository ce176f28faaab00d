//! The port to the places where one-time credentials are kept. What it stored is durable when it returns.

use crate::model::{Credential, Fault, Sink, SinkState};

/// Sinks (S10.3). Deliberately absent: handing a password out; what is read back is compared in here.
pub trait Sinks: Send + Sync {
    /// What a sink holds, and whether it could be used. Writes nothing, and never tells a password.
    fn probe(&self, sink: &Sink) -> SinkState;
    /// Takes away what a run that was killed left beside it; it may hold a credential. `true`: something was there. Only
    /// while nobody else writes (S12.1).
    ///
    /// # Errors
    /// [`Fault::Local`].
    fn clear(&self, sink: &Sink) -> Result<bool, Fault>;
    /// Proves that it can be written, by writing beside it.
    ///
    /// # Errors
    /// [`Fault::Local`] with the remedy.
    fn prove(&self, sink: &Sink) -> Result<(), Fault>;
    /// Puts a credential into it, durably, in the place of what it held.
    ///
    /// # Errors
    /// [`Fault::Local`]; never the password.
    fn store(&self, sink: &Sink, credential: &Credential) -> Result<(), Fault>;
    /// Whether it holds this very credential, read anew.
    ///
    /// # Errors
    /// [`Fault::Local`].
    fn holds(&self, sink: &Sink, credential: &Credential) -> Result<bool, Fault>;
}
