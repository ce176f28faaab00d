//! The parts of tenants and domains: password policy, directory, discovery, continuity; and the way to the outbound
//! kinds, which are handed to a person where the driver does not mint them.
//!
//! A part lives and dies with its owner; it is never deleted, only switched off by its own attributes (S2.2).

use crate::base::DomainName;
use crate::base::span::Span;
use crate::model::{Authority, Field, Key, Kind, LiveHead, Reason, Support, Value};
use crate::plan::build::changes::{Compared, is_missing};
use crate::plan::build::continuity::{self, plan_continuity};
use crate::plan::build::draft::{Draft, Phase, Work};
use crate::plan::build::ground::Ground;
use crate::plan::build::outbound;
use crate::plan::build::tenant::Footing;
use crate::plan::build::{directory, discovery};
use crate::plan::{Action, Cause, Change, LeftAlone, Precondition, Risk, Stage, StepId};
use crate::resolve::desired::DeclaredAttrs;

/// Plans every declared head but the tenant and its domains. Returns the step of the password policy, if there is one. The
/// two footings are those on the provider of inbound and of outbound mail.
pub(super) fn plan_parts(ground: &Ground<'_>, work: &mut Work, [inbound, outbound]: [&Footing; 2]) -> Option<StepId> {
    let mut declared: Vec<(Key, Span, DeclaredAttrs)> = Vec::new();
    ground.heads().visit(&mut |key, span, attrs| declared.push((key, span, attrs)));
    let mut policy = None;
    for (key, span, attrs) in declared.into_iter().filter(|(k, ..)| k.kind != Kind::Domain) {
        if ground.is_ignored(&key) || has_no_owner(ground, &key) {
            *work.report.left_alone.entry(LeftAlone::Ignored).or_default() += 1;
            continue;
        }
        let is_outbound = matches!(key.kind, Kind::SendingDomain | Kind::SmtpUser);
        let footing = if is_outbound { outbound } else { inbound };
        if *footing == Footing::None {
            continue;
        }
        let step = plan_part(ground, work, footing, &key, span, attrs);
        policy = policy.or(step.filter(|_| key.kind == Kind::PasswordPolicy));
    }
    policy
}

/// Whether the domain of a part is ignored and not there, so that there is nothing to set it on.
fn has_no_owner(ground: &Ground<'_>, key: &Key) -> bool {
    let domain = matches!(key.kind, Kind::Directory | Kind::Discovery | Kind::Continuity).then(|| owner(key)).flatten();
    domain.is_some_and(|d| ground.domain_absent(&d) && ground.is_ignored(&ground.key(Kind::Domain, d.as_str())))
}

/// Sending domains come before SMTP users in the order in which heads are visited, so a login finds its domain's step.
fn plan_outbound(ground: &Ground<'_>, work: &mut Work, footing: &Footing, key: &Key, span: Span) {
    match ground.heads().smtp_users.get(&key.name).filter(|_| key.kind == Kind::SmtpUser) {
        Some(user) => outbound::plan_smtp_user(ground, work, footing, user),
        None => outbound::plan_sending_domain(ground, work, footing, &DomainName::canonical(&key.name), span),
    }
}

/// The domain that a part belongs to.
fn owner(key: &Key) -> Option<DomainName> {
    let name = key.domain()?.split('/').next()?;
    Some(DomainName::canonical(name))
}

fn plan_part(ground: &Ground<'_>, work: &mut Work, footing: &Footing, key: &Key, span: Span, mut attrs: DeclaredAttrs) -> Option<StepId> {
    let domain = owner(key);
    let authority = ground.heads_authority(domain.as_ref());
    match ground.kind(key.kind).support {
        Support::HandOff { text } => {
            hand_off_whole(ground, work, key, span, &text, attrs, authority);
            return None;
        }
        Support::Managed | Support::Readable if matches!(key.kind, Kind::SendingDomain | Kind::SmtpUser) => {
            plan_outbound(ground, work, footing, key, span);
            return None;
        }
        // wave four refused it, or what is written is off
        Support::Absent { .. } => return None,
        Support::Managed | Support::Readable => {}
    }
    let live = ground.live(key.kind, &key.name);
    if key.kind == Kind::Continuity {
        continuity::tell(ground, work, key);
    }
    let whole = live.is_some() || ground.is_whole(key.kind, domain.as_ref()) || domain.as_ref().is_some_and(|d| ground.domain_absent(d));
    if !whole {
        return None;
    }
    let declared = told(ground, work, key, domain.as_ref(), live, &mut attrs);
    let read = live.map(|l| move |f: Field| l.attrs.get(&f).cloned());
    let mut compared = ground.compare(declared, read.as_ref().map(|r| r as &dyn Fn(Field) -> Option<Value>), authority);
    if live.is_none() && authority == Authority::Observe {
        work.report.differs.push(is_missing(key, ground.at(span)));
        return None;
    }
    work.report.differs.extend(compared.difference(key, ground.at(span)));
    push_hand_offs(ground, work, key, span, &mut compared);
    if let (Kind::Directory, Some(_)) = (key.kind, live) {
        directory::with_password(&mut compared.changes, &attrs);
    }
    if compared.changes.is_empty() {
        return None;
    }
    if key.kind == Kind::Continuity {
        let made = plan_continuity(ground, work, key, span, &mut compared);
        let first = work.drafts.len() - made.len();
        let birth = domain.as_ref().and_then(|d| work.births().get(d.as_str()).copied());
        for draft in &mut work.drafts[first..] {
            if let Some(birth) = birth {
                draft.after(birth, Stage::Visible, "a domain before what belongs to it");
            }
        }
        return None;
    }
    let mut draft = part_step(ground, key, compared.changes);
    draft.step.at = ground.at(span);
    if let Some(domain) = &domain {
        judged(ground, work, &mut draft, live, domain);
    }
    if let Footing::Created(tenant) = footing {
        draft.after(*tenant, Stage::Visible, "a tenant before what is in it");
    }
    if let Some(birth) = domain.as_ref().and_then(|d| work.births().get(d.as_str()).copied()) {
        draft.after(birth, Stage::Visible, "a domain before what belongs to it");
    }
    Some(work.push(draft))
}

/// Says what a live part says of itself, and gives what is declared as it is meant today, defaults included.
fn told(
    ground: &Ground<'_>,
    work: &mut Work,
    key: &Key,
    domain: Option<&DomainName>,
    live: Option<&LiveHead>,
    attrs: &mut DeclaredAttrs,
) -> Vec<(Field, Value)> {
    let mut by_default = Vec::new();
    match (key.kind, domain) {
        (Kind::Directory, Some(domain)) => match live {
            Some(live) => directory::tell(ground, work, live, domain),
            None => by_default = directory::defaults(attrs),
        },
        (Kind::Discovery, Some(domain)) => {
            discovery::meant(ground, work, domain, live, attrs);
            discovery::tell(ground, work, domain, live);
        }
        (_, _) => {}
    }
    attrs.iter().map(|(field, (value, _))| (*field, value.clone())).chain(by_default).collect()
}

/// What is particular to the step of a directory or a discovery; a part of what was not read completely is not written.
fn judged(ground: &Ground<'_>, work: &mut Work, draft: &mut Draft, live: Option<&LiveHead>, domain: &DomainName) {
    let kind = draft.step.key.kind;
    if kind == Kind::Directory {
        directory::judge(ground, work, draft, live, domain);
        secrets(ground, draft, domain);
    } else if kind == Kind::Discovery {
        discovery::judge(ground, draft, live, domain);
    }
    if live.is_some() && !ground.is_whole(kind, Some(domain)) {
        draft.block(Some(Reason::DependsOn { scope: format!("{kind}s of {domain}") }));
    }
}

/// The step that creates or changes a part.
fn part_step(ground: &Ground<'_>, key: &Key, changes: Vec<Change>) -> Draft {
    let live = ground.live(key.kind, &key.name);
    // a policy comes to be with its tenant: there is nothing to create, only to set
    let action = if live.is_none() && key.kind != Kind::PasswordPolicy { Action::Create } else { Action::Update };
    let phase = if key.kind == Kind::PasswordPolicy { Phase::Ground } else { Phase::Switches };
    let mut draft = ground.draft(action, key.clone(), live.and_then(|l| l.incarnation.as_deref()), changes, phase);
    draft.step.only_if = Precondition {
        version: live.and_then(|l| l.version.clone()),
        incarnation: live.and_then(|l| l.incarnation.clone()),
        absent: action == Action::Create,
        ..Precondition::default()
    };
    draft.step.facts.created_at = live.and_then(|l| l.created_at);
    if action == Action::Create {
        draft.step.risk = Risk::R1;
    }
    if action == Action::Create && !ground.kind(key.kind).create {
        draft.block(Some(Reason::Unsupported { text: format!("this panel cannot create a {}", key.kind) }));
    }
    draft
}

/// Where the bind password of a step is to be had.
fn secrets(ground: &Ground<'_>, draft: &mut Draft, domain: &DomainName) {
    let label = draft.step.key.name.split_once('/').map_or("default", |(_, label)| label);
    let declared = ground.heads().domains.get(domain).and_then(|d| d.directories.get(label)).and_then(|d| d.bind_password.as_ref());
    let sent = draft.step.changes.iter().any(|c| c.field == Field::DirectoryBindPassword);
    if let (true, Some(password)) = (sent, declared) {
        draft.step.secrets.insert(Field::DirectoryBindPassword, password.value.from.clone());
    }
}

fn hand_off_whole(ground: &Ground<'_>, work: &mut Work, key: &Key, span: Span, text: &str, attrs: DeclaredAttrs, authority: Authority) {
    if authority == Authority::Observe {
        *work.report.left_alone.entry(LeftAlone::Observed).or_default() += 1;
        return;
    }
    let changes = attrs.into_iter().map(|(field, (value, _))| Change { field, before: None, after: Some(value) }).collect();
    push_hand_off(ground, work, key, span, text, changes);
}

/// Steps for a person for the attributes that the panel cannot take.
pub(super) fn push_hand_offs(ground: &Ground<'_>, work: &mut Work, key: &Key, span: Span, compared: &mut Compared) {
    let all = std::mem::take(&mut compared.hand_off);
    let text = all.keys().cloned().collect::<Vec<_>>().join("; ");
    let changes: Vec<Change> = all.into_values().flatten().collect();
    if !changes.is_empty() {
        push_hand_off(ground, work, key, span, &text, changes);
    }
}

fn push_hand_off(ground: &Ground<'_>, work: &mut Work, key: &Key, span: Span, text: &str, changes: Vec<Change>) {
    let mut draft = ground.hand_off(key.clone(), changes.clone(), text, instructions(key, &changes));
    draft.step.at = ground.at(span);
    draft.step.why = Cause::Declared;
    if key.kind == Kind::Continuity {
        draft.block(owner(key).and_then(|d| ground.users_unknown(&d)));
    }
    work.push(draft);
}

/// What a person is to set, in one line.
pub(super) fn instructions(key: &Key, changes: &[Change]) -> String {
    let set: Vec<String> =
        changes.iter().map(|c| format!("{} = {}", c.field.name(), c.after.as_ref().map_or(String::new(), ToString::to_string))).collect();
    if set.is_empty() { format!("create {key}") } else { format!("set on {key}: {}", set.join(", ")) }
}
