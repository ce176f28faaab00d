//! A delete has a cause and is read again; an alias does not go by itself (S2.2, S3.2, S4.2, S9.2).

use crate::base::DomainName;
use crate::model::{Authority, Kind};
use crate::plan::audit::auditing::Case;
use crate::plan::audit::bug::Bug;
use crate::plan::audit::order::names;
use crate::plan::step::{Action, Cause, Step};
use std::collections::BTreeSet;

pub(super) fn a_delete_has_a_cause(c: &Case<'_>) -> Result<(), Bug> {
    for step in c.plan.steps.iter().filter(|s| s.action == Action::Delete) {
        let name = &step.key.name;
        let good = match &step.why {
            Cause::WholeList { .. } => {
                step.key.kind == Kind::User
                    && domain(step).is_some_and(|d| c.d.heads.users_authority(&d) == Authority::AddDeleteOld)
                    && c.d.users.find(name).is_none_or(|used| used.alias)
            }
            Cause::Removed { .. } => c.d.heads.removed.iter().any(|t| t.kind == step.key.kind && t.name.value == *name),
            Cause::Renamed { .. } => c.d.heads.renamed.iter().any(|r| r.from.value.as_str() == name),
            Cause::Declared | Cause::Default | Cause::Moved { .. } | Cause::Overdue => false,
        };
        if !good {
            return Err(Bug::of("cause", step, "nothing that is declared asks for it"));
        }
    }
    Ok(())
}

/// Before every delete the object is read again, and its incarnation is known where the panel has one.
pub(super) fn a_delete_is_read_again(c: &Case<'_>) -> Result<(), Bug> {
    for step in c.open().filter(|s| s.action == Action::Delete) {
        let has_ids = c.caps.get(&step.provider).is_some_and(|caps| caps.kind(step.key.kind).incarnation);
        if !step.only_if.reread || (has_ids && step.only_if.incarnation.is_none()) {
            return Err(Bug::of("precondition", step, "it would not see a namesake"));
        }
    }
    Ok(())
}

/// An alias goes under `add-delete-old`, by a rename, or because another object takes it.
pub(super) fn an_alias_goes_with_a_cause(c: &Case<'_>) -> Result<(), Bug> {
    let taken: BTreeSet<&str> = c.plan.steps.iter().flat_map(|s| &names(s, true) - &names(s, false)).collect();
    // a step that is blocked says what was wished, and does nothing
    for step in c.open().filter(|s| matches!(s.action, Action::Update | Action::Move)) {
        let authority = domain(step).map(|d| c.d.heads.aliases_authority(&d));
        let gone = &names(step, false) - &names(step, true);
        let by_itself = gone.iter().any(|a| !taken.contains(a));
        if by_itself && authority != Some(Authority::AddDeleteOld) && !matches!(step.why, Cause::Renamed { .. }) {
            return Err(Bug::of("alias", step, "an alias would go that the files may only add to"));
        }
    }
    Ok(())
}

fn domain(step: &Step) -> Option<DomainName> {
    step.key.domain().and_then(|d| DomainName::parse(d).ok())
}
