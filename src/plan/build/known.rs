//! What is known completely, and what may not be written because something else is not (S1.4).

use crate::base::DomainName;
use crate::model::{Kind, Reason, Seen, Support};
use crate::plan::build::ground::Ground;

impl Ground<'_> {
    /// The panel that keeps objects of a kind has no such tenant: then nothing of them is live, and that is proof enough.
    fn tenant_absent(&self, kind: Kind) -> bool {
        let elsewhere = self.observed.outbound.as_ref().filter(|_| self.heads().provider(kind) != self.heads().provider(Kind::Tenant));
        matches!(elsewhere.unwrap_or(&self.observed.tenant), Seen::Absent(_))
    }
    pub(super) fn is_whole(&self, kind: Kind, domain: Option<&DomainName>) -> bool {
        self.tenant_absent(kind) || self.observed.is_whole(kind, domain)
    }
    /// Whether it is proven that the panel has no such domain.
    pub(super) fn domain_absent(&self, domain: &DomainName) -> bool {
        self.live_domain(domain).is_none() && self.is_whole(Kind::Domain, None)
    }
    /// Whether the users of a domain are known completely: read to the end, or there is no such domain.
    pub(super) fn users_whole(&self, domain: &DomainName) -> bool {
        self.domain_absent(domain) || self.is_whole(Kind::User, Some(domain)) || self.is_whole(Kind::User, None)
    }
    /// The first declared domain whose users are not known completely: it blocks creates, alias adds and moves in the
    /// whole tenant, because nobody can tell whether an address is free (S1.4).
    pub(super) fn unknown_users(&self) -> Option<Reason> {
        let declared = self.heads().domains.keys().find(|d| !self.users_whole(d)).map(|d| format!("users of {d}"));
        let read = self.observed.incomplete().find(|(s, _)| s.kind == Kind::User && s.tenant.is_some()).map(|(s, _)| s.to_string());
        declared.or(read).map(|scope| Reason::DependsOn { scope })
    }
    /// Why the users of one domain may not be written at all.
    pub(super) fn users_unknown(&self, domain: &DomainName) -> Option<Reason> {
        (!self.users_whole(domain)).then(|| Reason::DependsOn { scope: format!("users of {domain}") })
    }
    /// Why nothing of the tenant may be written: its settings or its list of domains are not known (S1.4).
    pub(super) fn tenant_unknown(&self) -> Option<Reason> {
        let heads = self.heads();
        let needs_domains =
            !heads.domains.is_empty() || !self.desired.users.is_empty() || heads.removed.iter().any(|r| r.kind == Kind::Domain);
        if needs_domains && !self.is_whole(Kind::Domain, None) {
            return Some(Reason::DependsOn { scope: format!("domains of {}", self.tenant()) });
        }
        let reads_policy = matches!(self.kind(Kind::PasswordPolicy).support, Support::Managed | Support::Readable);
        let asked = self.observed.scopes.keys().any(|s| s.kind == Kind::PasswordPolicy);
        if (asked || (reads_policy && heads.password_policy.is_some())) && !self.is_whole(Kind::PasswordPolicy, None) {
            return Some(Reason::DependsOn { scope: "password policy".into() });
        }
        None
    }
    /// Whether it is proven that a domain has no directory, so that users of unknown origin are ours (S3.3).
    pub(super) fn no_directory(&self, domain: &DomainName) -> bool {
        if self.heads().domains.get(domain).is_some_and(|d| !d.directories.is_empty()) {
            return false;
        }
        let of_domain = |name: &str| name == domain.as_str() || name.strip_prefix(domain.as_str()).is_some_and(|r| r.starts_with('/'));
        let live = self.observed.heads.keys().any(|k| k.kind == Kind::Directory && of_domain(&k.name));
        // a service that was never booked is absent, not unknown (S1.2)
        let absent = matches!(self.kind(Kind::Directory).support, Support::Absent { .. });
        !live && (absent || self.is_whole(Kind::Directory, Some(domain)))
    }
}
