//! What an object is and how it is found again: kind and canonical name within a tenant (S4.1).

use crate::base::TenantName;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The kinds of object that can be declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A customer.
    Tenant,
    /// The tenant's rules for passwords; its key name is empty.
    PasswordPolicy,
    /// An inbound mail domain; key name: A-label.
    Domain,
    /// A domain's directory; key name: the domain's.
    Directory,
    /// A domain's address discovery; key name: the domain's.
    Discovery,
    /// A domain's continuity; key name: the domain's.
    Continuity,
    /// A user; key name: canonical address.
    User,
    /// An outbound domain; key name: A-label.
    SendingDomain,
    /// A login for outbound relay; key name: the declared name.
    SmtpUser,
}

impl Kind {
    /// All kinds, in the order in which plans show them.
    pub const ALL: [Kind; 9] = [
        Kind::Tenant,
        Kind::PasswordPolicy,
        Kind::Domain,
        Kind::Directory,
        Kind::Discovery,
        Kind::Continuity,
        Kind::User,
        Kind::SendingDomain,
        Kind::SmtpUser,
    ];

    /// The word in output, selectors and files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Tenant => "tenant",
            Kind::PasswordPolicy => "password-policy",
            Kind::Domain => "domain",
            Kind::Directory => "directory",
            Kind::Discovery => "discovery",
            Kind::Continuity => "continuity",
            Kind::User => "user",
            Kind::SendingDomain => "sending-domain",
            Kind::SmtpUser => "smtp-user",
        }
    }

    /// Reads the word of [`Kind::word`].
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.word() == word)
    }

    /// Whether the object lives and dies with another (policy with tenant; directory, discovery, continuity with domain).
    #[must_use]
    pub fn is_part(self) -> bool {
        matches!(self, Kind::PasswordPolicy | Kind::Directory | Kind::Discovery | Kind::Continuity)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// An object of a tenant. Displays as `user/bob@acme.example`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Key {
    /// Whose it is.
    #[schemars(with = "String")]
    pub tenant: TenantName,
    /// What it is.
    pub kind: Kind,
    /// Its canonical name; the tenant's own name for [`Kind::Tenant`] and [`Kind::PasswordPolicy`].
    pub name: String,
}

impl Key {
    /// A key from its parts; `name` must be canonical.
    #[must_use]
    pub fn new(tenant: &TenantName, kind: Kind, name: impl Into<String>) -> Self {
        Self { tenant: tenant.clone(), kind, name: name.into() }
    }
    /// The key of the tenant itself.
    #[must_use]
    pub fn tenant(tenant: &TenantName) -> Self {
        Self::new(tenant, Kind::Tenant, tenant.as_str())
    }
    /// The key of the tenant's password policy.
    #[must_use]
    pub fn policy(tenant: &TenantName) -> Self {
        Self::new(tenant, Kind::PasswordPolicy, tenant.as_str())
    }
    /// The domain that the object belongs to: a user's, a domain's own, a part's owner.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        match self.kind {
            Kind::User => Some(crate::base::address::domain_part(&self.name)),
            Kind::Domain | Kind::Discovery | Kind::Continuity => Some(&self.name),
            // a directory that is not the only one has a name of its own behind the domain's
            Kind::Directory => self.name.split('/').next(),
            Kind::Tenant | Kind::PasswordPolicy | Kind::SendingDomain | Kind::SmtpUser => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}
