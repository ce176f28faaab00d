//! The users of a tenant: fates, names, steps, and the edges between them.

use crate::base::address::domain_part;
use crate::model::{Authority, Field, Kind, LiveHead, Reason, Support, Value};
use crate::plan::build::changes::is_missing;
use crate::plan::build::draft::{Draft, Work, texts};
use crate::plan::build::ground::Ground;
use crate::plan::build::names::{Link, Pass, settle_names, takes};
use crate::plan::build::password;
use crate::plan::build::people::{Fate, People, Person};
use crate::plan::build::renames::pair_renames;
use crate::plan::build::tombstones::decide_undeclared;
use crate::plan::build::user_create::create_user;
use crate::plan::build::user_delete::delete_user;
use crate::plan::build::user_move::move_names;
use crate::plan::build::user_rename::rename_user;
use crate::plan::build::user_update::update_user;
use crate::plan::build::wants::decide_aliases;
use crate::plan::{Facts, LeftAlone, Precondition, Stage, StepId, Verdict};
use std::collections::BTreeMap;

/// The steps of each person, for edges.
#[derive(Debug, Default)]
pub(super) struct Steps {
    pub create: BTreeMap<String, StepId>,
    pub rename: BTreeMap<String, StepId>,
    pub update: BTreeMap<String, StepId>,
    /// Changes that come after the renames of others.
    pub late_update: BTreeMap<String, StepId>,
    pub delete: BTreeMap<String, StepId>,
}

/// Plans all users. `policy`: the step of the password policy.
pub(super) fn plan_users<'a>(ground: &Ground<'a>, work: &mut Work, policy: Option<StepId>) -> People<'a> {
    let mut people = People::gather(ground);
    pair_renames(ground, work, &mut people);
    decide_undeclared(ground, work, &mut people);
    decide_aliases(ground, work, &mut people);
    let births = work.births();
    // what is blocked does not come to be; its domain's reason stands beside it
    let blocked = |id: &StepId| work.drafts.iter().any(|d| d.step.id == *id && matches!(d.verdict, Verdict::Blocked(_)));
    let born: BTreeMap<String, StepId> = births.iter().filter(|(_, id)| !blocked(id)).map(|(n, id)| (n.clone(), *id)).collect();
    // before names are settled: who cannot take a name must not make its holder let go
    for person in people.all.values_mut() {
        let homeless = takes(ground, person).into_iter().find(|name| !has_home(ground, &born, domain_part(name)));
        if let Some(name) = homeless {
            let domain = domain_part(&name);
            person.block(Some(Reason::Unsupported {
                text: format!("`{name}`: its domain {domain} is not there and not created by this plan"),
            }));
        }
    }
    refuse_alias_domains(ground, &mut people);
    let links = settle_names(ground, work, &mut people);
    let mut steps = Steps::default();
    let first = work.drafts.len();
    for person in people.all.values() {
        plan_person(ground, work, &mut steps, person);
    }
    move_names(ground, work, &people, &links, &steps);
    link(work, &links, &steps, first);
    for draft in &mut work.drafts[first..] {
        edges_to_heads(draft, &births, policy);
    }
    notes(ground, work, &people);
    people
}

/// Where a panel takes the addresses of an alias domain from its domain alone, nobody gets one of his own there.
fn refuse_alias_domains(ground: &Ground<'_>, people: &mut People<'_>) {
    if ground.can(Kind::User).is_none_or(|c| c.names_in_alias_domains) {
        return;
    }
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    for head in ground.live_domains() {
        all.extend(texts(head.attrs.get(&Field::DomainAliasDomains)).into_iter().map(|alias| (alias, head.key.name.clone())));
    }
    for (name, domain) in &ground.heads().domains {
        all.extend(domain.alias_domains.iter().flat_map(|set| &set.value).map(|alias| (alias.to_string(), name.to_string())));
    }
    for person in people.all.values_mut() {
        let taken = takes(ground, person).into_iter().find_map(|name| Some((all.get(domain_part(&name))?, name)));
        if let Some((of, name)) = taken {
            let text = format!("`{name}` lies in an alias domain, whose addresses are those of {of} on this panel: write it with {of}");
            person.block(Some(Reason::Unsupported { text }));
        }
    }
}

/// Whether addresses can lie in a domain: it is live, or an alias domain of a live one, or made by this plan.
fn has_home(ground: &Ground<'_>, births: &BTreeMap<String, StepId>, domain: &str) -> bool {
    let is_live = |head: &LiveHead| head.key.name == domain || texts(head.attrs.get(&Field::DomainAliasDomains)).contains(domain);
    births.contains_key(domain) || ground.live_domains().any(is_live) || !ground.is_whole(Kind::Domain, None)
}

fn plan_person(ground: &Ground<'_>, work: &mut Work, steps: &mut Steps, person: &Person<'_>) {
    let ignored = person.is_declared() && ground.is_ignored(&person.key);
    let observed = ground.users_authority(&person.domain) == Authority::Observe;
    let user = ground.kind(Kind::User).support;
    match &person.fate {
        _ if ignored => *work.report.left_alone.entry(LeftAlone::Ignored).or_default() += 1,
        Fate::Create if observed => work.report.differs.push(is_missing(&person.key, person.row.map(|r| r.at.clone()))),
        Fate::Create if user == Support::Readable => work.report.differs.push(is_missing(&person.key, person.row.map(|r| r.at.clone()))),
        Fate::Create => create_user(ground, work, steps, person),
        Fate::Keep => update_user(ground, work, steps, person),
        Fate::Rename(renamed) => rename_user(ground, work, steps, person, renamed),
        Fate::DeleteOld | Fate::Replaced(_) | Fate::Tombstone(_) => delete_user(ground, work, steps, person),
        Fate::LeftAlone(why) if person.is_declared() => left_alone(work, person, *why),
        Fate::LeftAlone(_) | Fate::Unknown => {}
    }
}

/// A declared user that is not ours to change: counted, and said (S3.3).
pub(super) fn left_alone(work: &mut Work, person: &Person<'_>, why: LeftAlone) {
    let (why, text) = match why {
        LeftAlone::Directory | LeftAlone::DeclaredButOwned => (LeftAlone::DeclaredButOwned, "left alone: directory-owned"),
        LeftAlone::UnknownOrigin => (LeftAlone::UnknownOrigin, "left alone: nobody can tell whether a directory owns it"),
        LeftAlone::Undeclared | LeftAlone::Observed | LeftAlone::Ignored => (why, "left alone"),
    };
    *work.report.left_alone.entry(why).or_default() += 1;
    work.warn(Some(person.key.clone()), text);
}

/// Edges that names make: freed before they are taken, and one object in one order.
fn link(work: &mut Work, links: &[Link], steps: &Steps, first: usize) {
    let mut wanted: BTreeMap<StepId, Vec<(StepId, &str)>> = BTreeMap::new();
    let mut edge = |step: Option<&StepId>, before: Option<&StepId>, why: &'static str| {
        if let (Some(step), Some(before)) = (step, before) {
            wanted.entry(*step).or_default().push((*before, why));
        }
    };
    for (address, update) in &steps.update {
        edge(Some(update), steps.rename.get(address), "a user is renamed before it is changed");
    }
    for link in links {
        let frees = match link.pass {
            Pass::Move | Pass::LateMove => continue,
            Pass::Free => steps.update.get(&link.holder),
            Pass::Delete => steps.delete.get(&link.holder),
            Pass::Rename => steps.rename.get(&link.holder),
        };
        let late = steps.late_update.get(&link.taker).filter(|_| link.pass == Pass::Rename);
        let early = [steps.create.get(&link.taker), steps.rename.get(&link.taker), steps.update.get(&link.taker)];
        for taker in early.into_iter().filter(|_| late.is_none()).chain([late]) {
            edge(taker, frees, "an address is freed before it is taken");
        }
    }
    for draft in &mut work.drafts[first..] {
        for (before, why) in wanted.remove(&draft.step.id).unwrap_or_default() {
            draft.after(before, Stage::Accepted, why);
        }
    }
}

/// A domain before its users, the policy before anyone is activated (S6.4).
fn edges_to_heads(draft: &mut Draft, births: &BTreeMap<String, StepId>, policy: Option<StepId>) {
    let mut domains: Vec<&str> = draft.begins().map(domain_part).collect();
    domains.sort_unstable();
    domains.dedup();
    let found: Vec<StepId> = domains.into_iter().filter_map(|d| births.get(d).copied()).collect();
    for birth in found {
        draft.after(birth, Stage::Visible, "a domain before its users");
    }
    let secures = draft.step.changes.iter().any(|c| c.field == Field::UserPassword);
    if let (Some(policy), true) = (policy, secures && draft.step.action != crate::plan::Action::HandOff) {
        draft.after(policy, Stage::Visible, "the password policy before passwords are set");
    }
    let active = crate::model::Value::text(crate::model::UserStatus::Active.word());
    let activates = draft.step.changes.iter().any(|c| c.field == Field::UserStatus && c.after.as_ref() == Some(&active));
    if let (Some(policy), true) = (policy, activates && draft.step.action != crate::plan::Action::HandOff) {
        draft.after(policy, Stage::Visible, "the password policy before users are activated");
    }
}

/// What is known of a live user.
pub(super) fn facts(person: &Person<'_>) -> Facts {
    person.live.map_or_else(Facts::default, |live| Facts {
        origin: Some(live.origin),
        billable: Some(live.billable),
        mails_30d: live.mails_30d,
        last_mail_at: live.last_mail_at,
        created_at: live.created_at,
        aliases: Some(live.aliases.len() as u64),
        was: BTreeMap::new(),
    })
}

/// What a user that goes was.
pub(super) fn was(person: &Person<'_>) -> BTreeMap<Field, Value> {
    let all = [Field::UserFirstName, Field::UserLastName, Field::UserAliases, Field::UserKind, Field::UserStatus];
    all.into_iter().filter_map(|field| Some((field, person.live?.value(field)?))).collect()
}

/// What must hold for a live user to be changed.
pub(super) fn precondition(person: &Person<'_>) -> Precondition {
    let own = |c: &std::borrow::Cow<'static, str>| c.clone().into_owned();
    Precondition {
        version: person.live.and_then(|l| l.version.as_ref()).map(own),
        incarnation: person.live.and_then(|l| l.incarnation.as_ref()).map(own),

        ..Precondition::default()
    }
}

pub(super) fn incarnation<'p>(person: &'p Person<'_>) -> Option<&'p str> {
    person.live.and_then(|l| l.incarnation.as_deref())
}

/// Passwords that only a person can set are as silent as those of which nothing can be told.
fn hand_off_passwords(ground: &Ground<'_>, work: &mut Work) {
    if !matches!(ground.support(Field::UserPassword), Support::HandOff { .. } | Support::Readable) {
        return;
    }
    let table = &ground.desired.users;
    let absent = |row| ground.observed.missing.binary_search(&row).is_ok();
    let passwords = table.rows().filter(|row| table.mask(*row).has(Field::UserPassword) && !absent(*row)).count();
    if passwords > 0 {
        work.note(None, format!("passwords of {passwords} live users cannot be compared: left alone (S10.2)"));
    }
}

fn notes(ground: &Ground<'_>, work: &mut Work, people: &People<'_>) {
    if people.unknown > 0 {
        let text = format!(
            "{} declared users were not seen in lists that were not read completely: whether they are there is not known",
            people.unknown
        );
        work.warn(None, text);
    }
    for renamed in &people.renamed {
        work.note(
            Some(ground.key(Kind::User, renamed.to.value.as_str())),
            format!("the rename from {} is done and can go", renamed.from.value),
        );
    }
    password::notes(ground, work, people);
    hand_off_passwords(ground, work);
    for (domain, tally) in &ground.observed.tally {
        if tally.silent > 0 && ground.users_authority(domain) == Authority::AddDeleteOld {
            let text = format!("{} users of {domain} have values where their row is silent: they stay (S2.2)", tally.silent);
            work.note(Some(ground.key(Kind::Domain, domain.as_str())), text);
        }
    }
}
