//! Floor 5: the one place that drives both the planner and a driver: load, observe, plan, approve, execute, verify.
//!
//! Invariant: no writer exists before approval (S5.6). Deliberately absent: decisions about business; they are the
//! planner's.

pub mod apply;
pub mod clock;
pub mod execute;
pub mod import;
pub mod load;
pub mod observe;
pub mod positions;
pub mod provider;
pub mod route;
pub mod rows;
pub mod setup;
pub mod told;
mod trails;
pub mod undo;
pub mod validate;

pub use positions::excerpts;
pub use setup::{Connect, Engine, FolderMemory, Memories, Offline, Setup, fresh};
pub use told::{Applied, Ask, Imported, Planned, Progress, TenantApplied, Trouble, Unwatched, Wish};
