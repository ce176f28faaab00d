//! What the plan says of all that it leaves alone (S3.5).

use crate::base::DomainName;
use crate::model::{Authority, Kind, Origin, Seen};
use crate::plan::LeftAlone;
use crate::plan::build::draft::Work;
use crate::plan::build::ground::Ground;
use crate::plan::build::people::{Fate, People};

/// Counts, undeclared names, and what is incomplete.
pub(super) fn fill(ground: &Ground<'_>, work: &mut Work, people: &People<'_>) {
    let observed = ground.observed;
    work.report.requests = observed.requests;
    work.report.tally = observed.tally.clone();
    work.report.undeclared.extend(observed.undeclared.iter().cloned());
    for (scope, why) in observed.incomplete() {
        work.report.incomplete.push((scope.to_string(), why.to_vec()));
    }
    if let (Some(reason), false) = (ground.tenant_unknown(), matches!(observed.tenant, Seen::Unknown(_))) {
        never_asked(work, reason);
    }
    for domain in ground.heads().domains.keys() {
        let asked = observed.scopes.keys().any(|s| s.kind == Kind::User && (s.domain.is_none() || s.domain.as_ref() == Some(domain)));
        if let (Some(reason), false) = (ground.users_unknown(domain), asked) {
            never_asked(work, reason);
        }
    }
    for domain in observed.tally.keys() {
        count(ground, work, people, domain);
    }
    work.report.left_alone.retain(|_, n| *n > 0);
}

/// A scope that the plan needs and that nobody asked for is as unknown as one that failed.
fn never_asked(work: &mut Work, reason: crate::model::Reason) {
    if let crate::model::Reason::DependsOn { scope } = &reason
        && !work.report.incomplete.iter().any(|(s, _)| s == scope)
    {
        work.report.incomplete.push((scope.clone(), vec![crate::model::Reason::NoProof]));
    }
}

/// Undeclared users of one domain, by why they are left alone.
fn count(ground: &Ground<'_>, work: &mut Work, people: &People<'_>, domain: &DomainName) {
    let tally = ground.observed.tally[domain];
    let here = || people.all.values().filter(|p| &p.domain == domain);
    let owned = here()
        .filter(|p| p.is_declared() && p.live.is_some_and(|l| matches!(l.origin, Origin::Directory | Origin::Office365)))
        .count() as u64;
    let directory = tally.directory.saturating_sub(owned);
    let unknown = tally.undeclared.saturating_sub(tally.undeclared_own).saturating_sub(directory);
    let undeclared = || here().filter(|p| !p.is_declared());
    let judged = undeclared().filter(|p| matches!(p.fate, Fate::DeleteOld | Fate::Replaced(_) | Fate::Tombstone(_)));
    let ignored = undeclared().filter(|p| matches!(p.fate, Fate::LeftAlone(LeftAlone::Ignored))).count() as u64;
    let (gone_own, gone_unknown) = judged.fold((0, 0), |(own, unknown), p| match p.live.map(|l| l.origin) {
        Some(Origin::Unknown) => (own, unknown + 1),
        _ => (own + 1, unknown),
    });
    let renamed = renamed_away(people, domain);
    let why = match ground.users_authority(domain) {
        Authority::Observe => LeftAlone::Observed,
        Authority::Add | Authority::AddDeleteOld => LeftAlone::Undeclared,
    };
    let own = tally.undeclared_own.saturating_sub(gone_own).saturating_sub(ignored).saturating_sub(renamed);
    let mut add = |why: LeftAlone, n: u64| *work.report.left_alone.entry(why).or_default() += n;
    add(LeftAlone::Directory, directory);
    add(LeftAlone::Ignored, ignored);
    add(why, own);
    let foreign = ground.foreign(Origin::Unknown, domain).is_some();
    add(if foreign { LeftAlone::UnknownOrigin } else { why }, unknown.saturating_sub(gone_unknown));
}

/// Live users that are not declared only because a rename leads them to a declared address.
fn renamed_away(people: &People<'_>, domain: &DomainName) -> u64 {
    let from_here = people.all.values().filter(|p| match &p.fate {
        Fate::Rename(renamed) => &renamed.from.value.domain() == domain && !people.all.contains_key(renamed.from.value.as_str()),
        Fate::Create | Fate::Keep | Fate::DeleteOld | Fate::Replaced(_) | Fate::Tombstone(_) | Fate::LeftAlone(_) | Fate::Unknown => false,
    });
    from_here.count() as u64
}
