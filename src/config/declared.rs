//! What the files say, as typed heads and the places of rows. Never a row (DESIGN 4).

use crate::base::span::{Span, Spanned};
use crate::base::{Address, DomainName, ProviderName, SecretRef, TenantName};
use crate::model::user::{UserKind, UserStatus};
use crate::model::{Approvals, Authority, Domain, Kind, PasswordPolicy, Policy, RelayCheck, SendingDomain, SmtpUser, Tenant};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A whole workspace as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Declared {
    /// `mailwright.toml`.
    pub workspace: Workspace,
    /// The tenants, by name.
    pub tenants: BTreeMap<TenantName, DeclaredTenant>,
    /// `approvals/*.toml`.
    pub approvals: Approvals,
}

/// `mailwright.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Workspace {
    /// Connections to panels.
    pub providers: BTreeMap<ProviderName, Provider>,
    /// Connections that are written but refused, each with a finding of its own.
    pub refused_providers: BTreeSet<ProviderName>,
    /// What counts as written in every object (S2.3).
    pub defaults: Defaults,
    /// Guards and ignores.
    pub policy: Policy,
    /// `[memory] path`, relative to the workspace; default `.mailwright`.
    pub memory: Option<Spanned<String>>,
    /// Secret references that tenant files may use (S19.1): `env:PATTERN`, `file:PATTERN`; `None`: any.
    pub allowed_secrets: Option<Vec<String>>,
}

/// A connection to a panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its name.
    pub name: ProviderName,
    /// Its header.
    pub at: Span,
    /// The driver's name.
    pub driver: Spanned<String>,
    /// `https://…`, `http://127.0.0.1…`, or `embedded:PATH`.
    pub url: Spanned<String>,
    /// The token, by reference; not needed when embedded.
    pub token: Option<Spanned<SecretRef>>,
    /// A PEM file of certificate authorities, relative to the workspace.
    pub ca_file: Option<Spanned<String>>,
    /// Requests in flight at a time, 1 to 64.
    pub in_flight: Option<Spanned<u32>>,
    /// Requests in a minute that the installation allows to the token; 0: no limit. Not written: as the driver knows it.
    pub requests_per_minute: Option<Spanned<u32>>,
}

/// Defaults of a workspace or tenant; they count as written in every object that they reach.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Defaults {
    /// Authority.
    pub authority: Option<Spanned<Authority>>,
    /// Relay check of domains.
    pub relay_check: Option<Spanned<RelayCheck>>,
    /// Destination of domains.
    pub destination: Option<Spanned<Vec<String>>>,
    /// Kind of users.
    pub kind: Option<Spanned<UserKind>>,
    /// Status of users.
    pub status: Option<Spanned<UserStatus>>,
    /// The password policy of tenants.
    pub password_policy: Option<PasswordPolicy>,
}

/// A tenant's files together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredTenant {
    /// `[tenant]`.
    pub tenant: Tenant,
    /// `[defaults]` of the tenant.
    pub defaults: Defaults,
    /// `[password_policy]`.
    pub password_policy: Option<PasswordPolicy>,
    /// `[domains."…"]`.
    pub domains: BTreeMap<DomainName, Domain>,
    /// `[sending_domains."…"]`.
    pub sending_domains: BTreeMap<DomainName, SendingDomain>,
    /// `[smtp_users.…]`.
    pub smtp_users: BTreeMap<String, SmtpUser>,
    /// `[[removed]]`.
    pub removed: Vec<Removed>,
    /// `[[renamed]]`.
    pub renamed: Vec<Renamed>,
    /// Where its rows are: inline tables and named CSV files, in file order.
    pub lists: Vec<RowSource>,
}

/// A tombstone (S9.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// The table's header, or the row of a list.
    pub at: Span,
    /// What kind.
    pub kind: Kind,
    /// Canonical name.
    pub name: Spanned<String>,
    /// It matches nothing created after this day (UTC).
    pub since: Spanned<jiff::civil::Date>,
    /// Not before this day.
    pub on: Option<Spanned<jiff::civil::Date>>,
    /// Days between the proven block of an SMTP user and its deletion (S9.3).
    pub remove_after_days: Option<u32>,
    /// Why.
    pub reason: Option<String>,
    /// The minted user name of an SMTP user.
    pub username: Option<String>,
    /// The panel's id.
    pub incarnation: Option<String>,
    /// Hands the user's addresses to another user.
    pub keep_address: Option<Spanned<Address>>,
}

/// A declared rename (S4.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The table's header.
    pub at: Span,
    /// The address before.
    pub from: Spanned<Address>,
    /// The address after; it must be declared.
    pub to: Spanned<Address>,
    /// Whether the old address stays as alias; default true.
    pub keep_old: bool,
}

/// A list of rows: where it is and whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowSource {
    /// The file name relative to the workspace.
    pub file: String,
    /// TOML blocks or CSV.
    pub csv: bool,
    /// The stretches of `[[users]]` tables of a TOML file, in bytes; empty for CSV (the whole file).
    pub ranges: Vec<Range<u64>>,
    /// The domain that the list belongs to; `None`: rows go to the domain of their address.
    pub domain: Option<DomainName>,
    /// Where `from` or `users_from` names it; the file's head for inline users.
    pub named_at: Span,
    /// For a tombstone list (`[[removed]] users_from`): index into [`DeclaredTenant::removed`]'s template list.
    pub tombstone: Option<TombstoneList>,
}

/// What the rows of a `[[removed]] users_from` list have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TombstoneList {
    /// Since when.
    pub since: Spanned<jiff::civil::Date>,
    /// Not before.
    pub on: Option<Spanned<jiff::civil::Date>>,
    /// Why.
    pub reason: Option<String>,
}
