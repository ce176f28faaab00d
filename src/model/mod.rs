//! Floor 1: plain data of the domain: kinds, fields, values, the declared heads, users, what a panel can do, what was
//! observed, remembered, answered.
//!
//! Invariant: [`field::Field`] names every attribute once; compare, print, capability, risk, render, plan file, import
//! and exam go through it. Deliberately absent: rules, decisions, I/O.

pub mod answer;
pub mod approval;
pub mod capability;
pub mod continuity;
pub mod credential;
pub mod directory;
pub mod directory_facts;
pub mod discovery;
pub mod domain;
pub mod entry;
pub mod fault;
pub mod field;
pub mod import_job;
pub mod key;
pub mod observed;
pub mod password_policy;
pub mod policy;
pub mod rate;
pub mod reason;
pub mod remembered;
pub mod sending_domain;
pub mod smtp_user;
pub mod tenant;
pub mod timetable;
pub mod user;
pub mod value;
pub mod window;

pub use answer::{Answer, Lease, Look, Looked, OpId, StepOutcome};
pub use approval::{Approval, Approvals, Evidence};
pub use capability::{
    BulkRule, Capabilities, KindSupport, Offer, Operation, PageRule, ProofRule, Support, Tenancy, UsersBy, no_objection, users_anywhere,
};
pub use continuity::Continuity;
pub use credential::{Credential, LastConnection, Sink, SinkState};
pub use directory::Directory;
pub use directory_facts::{CatchAllProbe, DirectoryAnswer, DirectoryFacts, DirectoryStops, DiscoveryFacts};
pub use discovery::Discovery;
pub use domain::{Authority, Domain, RelayCheck};
pub use entry::{Entry, EntryKind, PasswordTold, Seq};
pub use fault::Fault;
pub use field::{Field, FieldMask};
pub use import_job::{JobRow, JobStage, LiveJob};
pub use key::{Key, Kind};
pub use observed::{
    Completeness, ContinuityFacts, Kept, LiveAccess, LiveFacts, LiveHead, LiveTenant, LiveUser, Object, Observed, Proof, RowId, Scope,
    Seen, Tally,
};
pub use password_policy::PasswordPolicy;
pub use policy::{Guards, Policy};
pub use rate::{Allowance, Rate};
pub use reason::Reason;
pub use remembered::{Existed, PasswordProof, Remembered};
pub use sending_domain::SendingDomain;
pub use smtp_user::SmtpUser;
pub use tenant::Tenant;
pub use timetable::{ImportRule, Nightly, Timetable};
pub use user::{Origin, Password, User, UserKind, UserStatus};
pub use value::Value;
pub use window::Window;
