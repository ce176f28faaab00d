//! No write into what was not read completely, nor into what depends on it (S1.4).

use crate::base::DomainName;
use crate::model::{Field, Kind, Seen};
use crate::plan::audit::auditing::Case;
use crate::plan::audit::bug::Bug;
use crate::plan::audit::order::names;
use crate::plan::step::{Action, Step};
use std::collections::BTreeSet;

pub(super) fn nothing_is_written_into_the_unknown(c: &Case<'_>) -> Result<(), Bug> {
    let known = Known::of(c);
    // a hand-off writes nothing: a person does it
    for step in c.open().filter(|s| s.action != Action::HandOff) {
        if let Some(scope) = unknown(c, &known, step) {
            return Err(Bug::of("scope", step, &format!("{scope} not read completely")));
        }
    }
    Ok(())
}

/// What was read and what was not, gathered once for all steps.
struct Known<'a> {
    /// Listings that are not whole.
    parts: Vec<(Kind, Option<&'a DomainName>)>,
    /// Domains whose users were listed; `None`: of the whole tenant.
    listed: BTreeSet<Option<&'a str>>,
    /// Domains that the plan creates.
    created: BTreeSet<&'a str>,
}

impl<'a> Known<'a> {
    fn of(c: &Case<'a>) -> Self {
        let scopes = || c.o.scopes.iter().map(|(s, done)| (s.kind, s.domain.as_ref(), done.is_whole()));
        let listed = scopes().filter(|(kind, _, whole)| *kind == Kind::User && *whole).map(|(_, domain, _)| domain.map(DomainName::as_str));
        let created = c.plan.steps.iter().filter(|s| s.action == Action::Create && s.key.kind == Kind::Domain);
        Self {
            parts: scopes().filter(|(.., whole)| !whole).map(|(kind, domain, _)| (kind, domain)).collect(),
            listed: listed.collect(),
            created: created.map(|s| s.key.name.as_str()).collect(),
        }
    }
    fn is_part(&self, which: impl Fn(Kind, Option<&DomainName>) -> bool) -> bool {
        self.parts.iter().any(|(kind, domain)| which(*kind, *domain))
    }
    /// The users of a domain are known where their listing is whole, or where the domain is only now created.
    fn are_users_known(&self, domain: &str) -> bool {
        let listed = self.listed.contains(&None) || self.listed.contains(&Some(domain));
        let part = self.is_part(|kind, d| kind == Kind::User && d.is_none_or(|d| d.as_str() == domain));
        (listed || self.created.contains(domain)) && !part
    }
}

/// The first scope that the step needs and that is not whole, in words.
fn unknown(c: &Case<'_>, known: &Known<'_>, step: &Step) -> Option<&'static str> {
    if matches!(c.o.tenant, Seen::Unknown(_)) {
        return Some("the tenants were");
    }
    if known.is_part(|kind, _| matches!(kind, Kind::Tenant | Kind::Domain | Kind::PasswordPolicy)) {
        return Some("tenant settings or the list of domains were");
    }
    let domain = step.key.domain().map(|d| d.split('/').next().unwrap_or(d));
    let users_of_all = step.key.kind == Kind::User && adds_address(step);
    if users_of_all && known.is_part(|kind, _| kind == Kind::User) {
        return Some("users of another domain of the tenant were");
    }
    let judged_by_users = match step.key.kind {
        Kind::User | Kind::Continuity => true,
        Kind::Domain => step.action != Action::Create && step.changes.iter().any(|ch| ch.field == Field::DomainRelayCheck),
        Kind::Tenant | Kind::PasswordPolicy | Kind::Directory | Kind::Discovery | Kind::SendingDomain | Kind::SmtpUser => false,
    };
    if judged_by_users && !known.are_users_known(domain.unwrap_or_default()) {
        return Some("its domain's users were");
    }
    if known.is_part(|kind, of| kind == step.key.kind && of.is_none_or(|d| Some(d.as_str()) == domain)) {
        return Some("its own listing was");
    }
    let needs_logins = step.key.kind == Kind::SendingDomain && step.action == Action::Delete;
    (needs_logins && known.is_part(|kind, _| kind == Kind::SmtpUser)).then_some("the SMTP users were")
}

fn adds_address(step: &Step) -> bool {
    let before = names(step, false);
    names(step, true).iter().any(|a| !before.contains(a)) || step.action == Action::Move
}
