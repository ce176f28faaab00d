//! The panel's HTTP API as plain data: what crosses the wire between `panel` and `drivers/panel`, one file per resource.
//!
//! Answers are read leniently (unknown keys are skipped, so that an older client can read a newer panel); requests are
//! read strictly (unknown keys are refused). Times are RFC 3339 in UTC, ids are opaque texts, absent means "not given".
//! `tests/data/wire/*.json` holds recorded answers that must parse and print byte-equal. Deliberately absent: any rule
//! about values; the panel judges them, and the driver judges the panel.

pub mod access;
pub mod audit;
pub mod bulk;
pub mod continuity;
pub mod directory;
pub mod discovery;
pub mod domain;
pub mod headers;
pub mod import_job;
pub mod lease;
pub mod moves;
pub mod operation;
pub mod page;
pub mod panel_info;
pub mod password_policy;
pub mod problem;
pub mod recipient;
pub mod sending_domain;
pub mod smtp_user;
pub mod tenant;
pub mod test_aid;
pub mod token;
pub mod user;
pub mod user_row;
pub mod verdict;

#[cfg(test)]
mod recorded;

pub use access::{Access, Clear, FollowInvite, PasswordSet, SignIn, SignedIn};
pub use audit::AuditEntry;
pub use bulk::{BulkAnswer, BulkMode, BulkRequest, BulkUser, IgnoreReason, Ignored};
pub use continuity::{
    Continuity, ContinuityMail, ContinuityMailDone, ContinuityMails, ContinuityPatch, ContinuityScope, DestinationAnswers, FailOver,
    MailEvent, Readiness, Term, TermBuy,
};
pub use directory::{
    BindPassword, Directory, DirectoryConsent, DirectoryCreate, DirectoryOutcome, DirectoryPatch, DirectorySchedule, DirectorySettings,
    DirectorySource, DirectoryStatus, DirectoryTested, DirectoryTls, StoppingAddress,
};
pub use discovery::{CatchAllProbe, Discovery, DiscoveryPut, ProbeOutcome};
pub use domain::{Domain, DomainCreate, DomainPatch, RelayCheck, UserTotals};
pub use import_job::{ImportCreate, ImportJob, ImportStatus};
pub use lease::{Lease, LeaseRenew, LeaseTake};
pub use moves::{AliasMove, AliasMoved};
pub use operation::Operation;
pub use page::Page;
pub use panel_info::PanelInfo;
pub use password_policy::{PasswordPolicy, PasswordPolicyPut};
pub use problem::{Code, Problem};
pub use recipient::{KnownAs, Recipient};
pub use sending_domain::{Cname, SendingCheck, SendingDomain, SendingDomainCreate, SendingEvent, WrongCname};
pub use smtp_user::{SmtpLogin, SmtpLoginAnswer, SmtpUser, SmtpUserCreate, SmtpUserMinted, SmtpUserPatch, SmtpUserReset};
pub use tenant::{Tenant, TenantCreate, TenantPatch};
pub use test_aid::{ClockNow, ClockSet, MailSeen, MailVerdict, TestUser};
pub use token::{Token, TokenCreate, TokenMinted, TokenScope};
pub use user::{Fingerprint, Kind, Origin, Status, User, UserCreate, UserPatch, UserRename};
pub use user_row::UserRow;
pub use verdict::RecipientVerdict;
