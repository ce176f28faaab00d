//! The port to a kind of panel: what it can do, and the way to its reader and its writer.

use crate::base::Findings;
use crate::model::{Capabilities, Fault};
use crate::plan::ApprovedPlan;
use crate::port::{Apply, Observe, Secrets};
use crate::resolve::Desired;
use std::sync::Arc;

/// A kind of panel.
pub trait Driver: Send + Sync {
    /// What it can do. Data, no call; `origin` may have been learnt by [`Driver::connect`].
    fn capabilities(&self) -> &Capabilities;
    /// What this panel says to what is desired (wave four). Pure, no call. The common part is done by the engine.
    fn audit(&self, desired: &Desired) -> Findings;
    /// The read port.
    ///
    /// # Errors
    /// [`Fault::Local`] where the token cannot be had.
    fn reader(&self, secrets: &dyn Secrets) -> Result<Box<dyn Observe>, Fault>;
    /// The write port, from an approved plan. It keeps the secrets: the values of a step are fetched when its call is made,
    /// by the references of [`crate::plan::Step::secrets`].
    ///
    /// # Errors
    /// [`Fault::Local`] where the token cannot be had.
    fn writer(&self, plan: &ApprovedPlan, secrets: Arc<dyn Secrets>) -> Result<Box<dyn Apply>, Fault>;
}
