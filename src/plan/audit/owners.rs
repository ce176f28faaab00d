//! Authority, ignores, and users that are not ours (S3, S17.2).

use crate::base::DomainName;
use crate::model::{Authority, Field, Key, Kind, Origin, Value};
use crate::plan::audit::auditing::Case;
use crate::plan::audit::bug::Bug;
use crate::plan::pattern::matches;
use crate::plan::step::{Action, Step};

/// Under `observe` a difference is reported, never a step (S3.1).
pub(super) fn authority_is_kept(c: &Case<'_>) -> Result<(), Bug> {
    match c.plan.steps.iter().find(|s| authorities(c, s).contains(&Authority::Observe)) {
        Some(step) => Err(Bug::of("observe", step, "its authority is observe")),
        None => Ok(()),
    }
}

/// The authorities that a step needs: aliases of a user that is there have a word of their own (S3.2).
fn authorities(c: &Case<'_>, step: &Step) -> Vec<Authority> {
    let domain = step.key.domain().and_then(|d| DomainName::parse(d.split('/').next().unwrap_or(d)).ok());
    let (Kind::User, Some(domain)) = (step.key.kind, &domain) else {
        return vec![c.d.heads.heads_authority(domain.as_ref())];
    };
    let (of_user, of_aliases) = (c.d.heads.users_authority(domain), c.d.heads.aliases_authority(domain));
    match step.action {
        Action::Move => {
            let giver = step.moved_from().and_then(Key::domain).and_then(|d| DomainName::parse(d).ok());
            vec![of_aliases, giver.map_or(Authority::Add, |d| c.d.heads.aliases_authority(&d))]
        }
        Action::Update => step.changes.iter().map(|change| if change.field == Field::UserAliases { of_aliases } else { of_user }).collect(),
        Action::Create | Action::Rename | Action::Delete | Action::Mint | Action::Reset | Action::Block | Action::Buy | Action::HandOff => {
            vec![of_user]
        }
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
        let giver = step.moved_from().map(|k| k.name.as_str());
        for name in [Some(step.key.name.as_str()), giver].into_iter().flatten() {
            is_ours(c, step, name)?;
        }
    }
    Ok(())
}

/// Whether the user of this name, as it stands when the step goes, is ours to change.
fn is_ours(c: &Case<'_>, step: &Step, name: &str) -> Result<(), Bug> {
    let by = |action: Action| c.plan.steps.iter().find(move |s| s.action == action && s.key.kind == Kind::User && s.key.name == name);
    let observed = |name: &str| c.o.kept.binary_search_by(|k| k.live.address.as_ref().cmp(name)).ok().map(|n| &c.o.kept[n].live);
    let before = by(Action::Rename).and_then(Step::renamed_from).unwrap_or(name);
    let Some(live) = observed(before) else {
        // one that this plan creates is ours
        return by(Action::Create).map_or_else(|| Err(Bug::of("owner", step, "nothing is known of the live user")), |_| Ok(()));
    };
    match live.origin {
        Origin::Directory | Origin::Office365 => Err(Bug::of("owner", step, "it is the directory's")),
        // of a move the giver may live in another domain than the taker
        Origin::Unknown if !is_without_directory(c, crate::base::address::domain_part(before)) => {
            Err(Bug::of("owner", step, "its origin is unknown and there may be a directory"))
        }
        Origin::Unknown | Origin::Manual | Origin::Import | Origin::Smtp | Origin::Discovery => Ok(()),
    }
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
