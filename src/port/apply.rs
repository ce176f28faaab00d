//! The port for writing to a panel. Deliberately absent: reading, and any way to come by a writer without a plan that was approved.

use crate::base::BoxFuture;
use crate::model::{Answer, Fault, Lease, Look, Looked, OpId};
use crate::plan::Batch;

/// Of a panel without leases and change marks: nobody is kept out, and the plan says so.
const NO_LEASE: Lease = Lease { fencing_token: None, change_mark: None };

/// Writing. Made from an approved plan only.
pub trait Apply: Send + Sync {
    /// Takes the lease of the tenant for a holder (S12.1); `Lease::fencing_token` is `None` where the panel has none.
    /// A driver whose panel has no lease writes none of these three.
    fn lease<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Lease, Fault>> {
        Box::pin(async { Ok(NO_LEASE) })
    }
    /// Renews it.
    fn renew(&self) -> BoxFuture<'_, Result<Lease, Fault>> {
        Box::pin(async { Ok(NO_LEASE) })
    }
    /// Gives it back.
    fn release(&self) -> BoxFuture<'_, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
    /// Carries out a batch under an operation id. One outcome for each step.
    fn apply<'a>(&'a self, batch: &'a Batch, op: &'a OpId) -> BoxFuture<'a, Result<Answer, Fault>>;
    /// Has the panel look again at what waits for a person (S6.5): it changes no attribute, and may be repeated.
    /// `None`: this panel does not look.
    fn look<'a>(&'a self, _: &'a Look) -> BoxFuture<'a, Result<Option<Looked>, Fault>> {
        Box::pin(async { Ok(None) })
    }
}
