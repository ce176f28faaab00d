//! One struct per TOML table: the only description of the format. Readers, schemas and later custom resources come from it.
//!
//! Invariant: a key that is not a field here is refused, a field here is read; field docs are the editor's help. Deliberately
//! absent: meaning across values (`lower`), and reading `[[users]]`, which the row decoders do from the same keys.

pub mod approvals_file;
pub mod domain;
pub mod outbound;
pub mod provider;
pub mod tenant_file;
pub mod tombstone;
pub mod user;
pub mod workspace_file;

pub use approvals_file::{ApprovalTable, ApprovalsFile};
pub use domain::{ContinuityTable, DirectoryTable, DiscoveryTable, DomainTable, DomainUsersTable, TermTable};
pub use outbound::{SendingDomainTable, SmtpUserTable};
pub use provider::ProviderChoice;
pub use tenant_file::{DefaultsTable, PasswordPolicyTable, RemoteTable, TenantFile, TenantTable};
pub use tombstone::{RemovedTable, RenamedTable};
pub use user::{PasswordTable, UserTable};
pub use workspace_file::{DeleteBudgetTable, GuardsTable, IgnoreTable, MemoryTable, ProviderTable, WorkspaceFile};
