//! From plans, approvals and a yes to what may go (S7.2, S8).
//!
//! Invariant: only here is an [`crate::plan::ApprovedPlan`] made, and it names every step that stays, with the reason.
//! Nothing goes by half: a step whose predecessor or address taker stays, stays. Deliberately absent: signatures; the
//! approver is a claim.

pub mod approving;
pub mod cover;
pub mod cut;
pub mod fleet;
pub mod noted;
pub mod text;
pub mod validity;

pub use approving::approve;
pub use noted::note_approvals;
pub use text::approval_for;
