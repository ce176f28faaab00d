//! A workspace put together from the texts of its files, without reading any.
//!
//! Invariant: trouble in one tenant's files is that tenant's finding; `mailwright.toml` and approvals concern all.
//! Deliberately absent: listing and reading files (engine), rows, checks across objects (resolve).

pub mod entry;
pub mod listing;
pub mod part;
pub mod roles;

pub use entry::{TenantText, assemble};
pub use listing::{missing_list, unused_csv};
pub use part::{TenantPart, approvals, tenant_file, workspace};
pub use roles::{Role, role};
