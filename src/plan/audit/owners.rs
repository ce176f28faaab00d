//! Authority, ignores, and users that are not ours (S3, S17.2).

use crate::base::DomainName;
use crate::model::{Authority, Field, Kind, Origin, Value};
use crate::plan::audit::auditing::Case;
use crate::plan::audit::bug::Bug;
use crate::plan::pattern::matches;
use crate::plan::step::{Action, Step};

/// Under `observe` a difference is reported, never a step (S3.1).
pub(super) fn authority_is_kept(c: &Case<'_>) -> Result<(), Bug> {
    match c.plan.steps.iter().find(|s| authority(c, s) == Authority::Observe) {
        Some(step) => Err(Bug::of("observe", step, "its authority is observe")),
        None => Ok(()),
    }
}

fn authority(c: &Case<'_>, step: &Step) -> Authority {
    let domain = step.key.domain().and_then(|d| DomainName::parse(d.split('/').next().unwrap_or(d)).ok());
    match (step.key.kind, domain) {
        (Kind::User, Some(domain)) => c.d.heads.users_authority(&domain),
        (_, domain) => c.d.heads.heads_authority(domain.as_ref()),
    }
}

pub(super) fn ignored_is_left_alone(c: &Case<'_>) -> Result<(), Bug> {
    let ignored = |s: &&Step| c.p.ignore.iter().any(|i| matches(&i.pattern, &s.key.to_string()));
    match c.plan.steps.iter().find(ignored) {
        Some(step) => Err(Bug::of("ignore", step, "it is ignored on purpose")),
        None => Ok(()),
    }
}

/// Users of the directory or of Office 365 are never deleted or edited by us; those of unknown origin only where the
/// directory was read, is not there and is not declared (S3.3).
pub(super) fn the_directorys_users_are_left_alone(c: &Case<'_>) -> Result<(), Bug> {
    let touches = |s: &&Step| s.key.kind == Kind::User && !matches!(s.action, Action::Create | Action::HandOff);
    for step in c.open().filter(touches) {
        let name = match &step.why {
            crate::plan::step::Cause::Renamed { from } if step.action == Action::Rename => from,
            _ => &step.key.name,
        };
        let live = c.o.kept.binary_search_by(|k| k.live.address.as_ref().cmp(name)).ok().map(|n| &c.o.kept[n].live);
        let Some(live) = live else { return Err(Bug::of("owner", step, "nothing is known of the live user")) };
        match live.origin {
            Origin::Directory | Origin::Office365 => return Err(Bug::of("owner", step, "it is the directory's")),
            Origin::Unknown if !is_without_directory(c, step.key.domain().unwrap_or_default()) => {
                return Err(Bug::of("owner", step, "its origin is unknown and there may be a directory"));
            }
            Origin::Unknown | Origin::Manual | Origin::Import | Origin::Smtp | Origin::Discovery => {}
        }
    }
    Ok(())
}

fn is_without_directory(c: &Case<'_>, domain: &str) -> bool {
    let of = |name: &str| name == domain || name.strip_prefix(domain).is_some_and(|rest| rest.starts_with('/'));
    let read =
        c.o.scopes
            .iter()
            .any(|(s, done)| s.kind == Kind::Directory && s.domain.as_ref().is_none_or(|d| d.as_str() == domain) && done.is_whole());
    let off = Some(&Value::Switch(false));
    let live = c.o.heads.values().any(|h| h.key.kind == Kind::Directory && of(&h.key.name) && h.attrs.get(&Field::DirectoryEnabled) != off);
    let declared = c.d.heads.domains.iter().any(|(name, d)| name.as_str() == domain && !d.directories.is_empty());
    read && !live && !declared
}
