//! One view for all outputs: what text, JSON and markdown print comes from here, so that they cannot disagree.
//!
//! Invariant: every text in a view was made harmless (`base::printable`) and is one line. The present moment is an
//! argument. Deliberately absent: widths, colours, escaping for a certain output.

pub mod applied;
pub mod drift;
pub mod driver;
pub mod finding;
pub mod matrix;
pub mod moment;
pub mod run;
pub mod step;
pub mod tenant;
pub mod words;

pub use applied::{AppliedGiven, AppliedStep, AppliedTenant, AppliedView, Applying, Left, Verified, applied};
pub use drift::{DriftItem, DriftTenant, DriftView, drift, drift_exit};
pub use driver::{DriverView, KindView, OperationView, ServiceView, SupportView, driver};
pub use finding::{FindingView, FixView, PlaceView, findings};
pub use run::{Given, RunView, TroubleView, run};
pub use step::{AttributeView, EvidenceView, Held, StepView, step};
pub use tenant::{BillableView, Counts, DifferenceView, MailView, NotKnown, NoteView, Observation, PaceView, StopView, TenantView, tenant};
