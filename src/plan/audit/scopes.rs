//! No write into what was not read completely, nor into what depends on it (S1.4).

use crate::base::DomainName;
use crate::model::{Field, Kind, Seen};
use crate::plan::audit::auditing::Case;
use crate::plan::audit::bug::Bug;
use crate::plan::audit::order::names;
use crate::plan::step::{Action, Step};

pub(super) fn nothing_is_written_into_the_unknown(c: &Case<'_>) -> Result<(), Bug> {
    // a hand-off writes nothing: a person does it
    for step in c.open().filter(|s| s.action != Action::HandOff) {
        if let Some(scope) = unknown(c, step) {
            return Err(Bug::of("scope", step, &format!("{scope} not read completely")));
        }
    }
    Ok(())
}

/// The first scope that the step needs and that is not whole, in words.
fn unknown(c: &Case<'_>, step: &Step) -> Option<&'static str> {
    if matches!(c.o.tenant, Seen::Unknown(_)) {
        return Some("the tenants were");
    }
    if is_part(c, |kind, _| matches!(kind, Kind::Tenant | Kind::Domain | Kind::PasswordPolicy)) {
        return Some("tenant settings or the list of domains were");
    }
    let domain = step.key.domain().map(|d| d.split('/').next().unwrap_or(d));
    let users_of_all = step.key.kind == Kind::User && adds_address(step);
    if users_of_all && is_part(c, |kind, _| kind == Kind::User) {
        return Some("users of another domain of the tenant were");
    }
    let judged_by_users = match step.key.kind {
        Kind::User | Kind::Continuity => true,
        Kind::Domain => step.action != Action::Create && step.changes.iter().any(|ch| ch.field == Field::DomainRelayCheck),
        Kind::Tenant | Kind::PasswordPolicy | Kind::Directory | Kind::Discovery | Kind::SendingDomain | Kind::SmtpUser => false,
    };
    if judged_by_users && !users_are_known(c, domain.unwrap_or_default()) {
        return Some("its domain's users were");
    }
    if is_part(c, |kind, of| kind == step.key.kind && of.is_none_or(|d| Some(d.as_str()) == domain)) {
        return Some("its own listing was");
    }
    let needs_logins = step.key.kind == Kind::SendingDomain && step.action == Action::Delete;
    (needs_logins && is_part(c, |kind, _| kind == Kind::SmtpUser)).then_some("the SMTP users were")
}

fn adds_address(step: &Step) -> bool {
    let before = names(step, false);
    names(step, true).iter().any(|a| !before.contains(a)) || step.action == Action::Move
}

fn is_part(c: &Case<'_>, which: impl Fn(Kind, Option<&DomainName>) -> bool) -> bool {
    c.o.scopes.iter().any(|(s, done)| !done.is_whole() && which(s.kind, s.domain.as_ref()))
}

/// The users of a domain are known where their listing is whole, or where the domain is only now created.
fn users_are_known(c: &Case<'_>, domain: &str) -> bool {
    let of = |d: Option<&DomainName>| d.is_none_or(|d| d.as_str() == domain);
    let listed = c.o.scopes.iter().any(|(s, done)| s.kind == Kind::User && of(s.domain.as_ref()) && done.is_whole());
    let created = c.plan.steps.iter().any(|s| s.action == Action::Create && s.key.kind == Kind::Domain && s.key.name == domain);
    let part = is_part(c, |kind, d| kind == Kind::User && of(d));
    (listed || created) && !part
}
