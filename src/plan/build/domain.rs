//! Domains: created with all that is declared, changed attribute by attribute, never deleted by silence (S9.1).

use crate::base::DomainName;
use crate::model::{Authority, Domain, Field, Kind, Reason, RelayCheck, Support, Value};
use crate::plan::build::alias_domains::Name;
use crate::plan::build::changes::is_missing;
use crate::plan::build::domain_update::update_domain;
use crate::plan::build::draft::{Draft, Phase, Work, texts};
use crate::plan::build::ground::Ground;
use crate::plan::build::parts::{instructions, push_hand_offs};
use crate::plan::build::tenant::Footing;
use crate::plan::{Action, Change, LeftAlone, Risk, Stage};
use std::collections::BTreeSet;

/// Plans every declared domain, and says what is live and not declared.
pub(super) fn plan_domains(ground: &Ground<'_>, work: &mut Work, footing: &Footing) {
    for (name, domain) in &ground.heads().domains {
        let key = ground.key(Kind::Domain, name.as_str());
        if ground.is_ignored(&key) {
            *work.report.left_alone.entry(LeftAlone::Ignored).or_default() += 1;
        } else if let Support::HandOff { text } = ground.kind(Kind::Domain).support {
            let changes: Vec<Change> =
                declared(domain).into_iter().map(|(f, v)| Change { field: f, before: None, after: Some(v) }).collect();
            let send = instructions(&key, &changes);
            work.push(ground.hand_off(key, changes, &text, send));
        } else if ground.live_domain(name).is_some() {
            update_domain(ground, work, name, domain);
        } else if ground.domain_absent(name) {
            create(ground, work, footing, name, domain);
        }
    }
    undeclared(ground, work);
    link_names(ground, work);
}

/// What is declared of a domain.
pub(super) fn declared(domain: &Domain) -> Vec<(Field, Value)> {
    let mut all = Vec::new();
    domain.visit(&mut |field, value, _| all.push((field, value)));
    all
}

fn create(ground: &Ground<'_>, work: &mut Work, footing: &Footing, name: &DomainName, domain: &Domain) {
    let key = ground.key(Kind::Domain, name.as_str());
    if ground.heads_authority(Some(name)) == Authority::Observe {
        work.report.differs.push(is_missing(&key, ground.at(domain.at)));
        return;
    }
    let mut all = declared(domain);
    let written = |all: &[(Field, Value)], field| all.iter().any(|(f, _)| *f == field);
    // the model's defaults for what is not written, printed like the rest (S2.1)
    if !written(&all, Field::DomainRelayCheck) {
        all.push((Field::DomainRelayCheck, Value::text(RelayCheck::Smtp.word())));
    }
    if !written(&all, Field::DomainAliasDomains) {
        all.push((Field::DomainAliasDomains, Value::Set(BTreeSet::new())));
    }
    let hosted = all.contains(&(Field::DomainRelayCheck, Value::text(RelayCheck::ControlPanel.word())));
    let needs_destination = !(hosted && ground.can(Kind::Domain).is_some_and(|c| c.hosts_mailboxes));
    let mut compared = ground.compare(all, None, Authority::Add);
    push_hand_offs(ground, work, &key, domain.at, &mut compared);
    let aliases = texts(compared.changes.iter().find(|c| c.field == Field::DomainAliasDomains).and_then(|c| c.after.as_ref()));
    let mut draft = ground.draft(Action::Create, key, None, compared.changes, Phase::Domains);
    draft.step.risk = Risk::R1;
    draft.step.only_if.absent = true;
    draft.step.at = ground.at(domain.at);
    draft.adds = aliases;
    draft.adds.insert(name.to_string());
    if let Footing::Created(tenant) = footing {
        draft.after(*tenant, Stage::Visible, "a tenant before what is in it");
    }
    if domain.destination.is_none() && needs_destination {
        draft.block(Some(Reason::Unsupported {
            text: "a new domain needs a `destination`: there is no default for where mail goes".into(),
        }));
    }
    if !ground.kind(Kind::Domain).create {
        draft.block(Some(Reason::Unsupported { text: "this panel cannot create domains".into() }));
    }
    if let Some(window) = ground.window(Kind::User) {
        draft.note(format!(
            "the MX must not point here before the users act: at the latest {} minutes after they are accepted",
            window.latest_seconds.div_ceil(60)
        ));
    }
    work.push(draft);
}

/// A live domain that no file names is not managed, and that is said (S9.1).
fn undeclared(ground: &Ground<'_>, work: &mut Work) {
    for head in ground.live_domains() {
        let removed = ground.heads().removed.iter().any(|r| r.kind == Kind::Domain && r.name.value == head.key.name);
        if removed || ground.heads().domains.keys().any(|n| n.as_str() == head.key.name) {
            continue;
        }
        let why = if ground.is_ignored(&head.key) { LeftAlone::Ignored } else { LeftAlone::Undeclared };
        *work.report.left_alone.entry(why).or_default() += 1;
        work.report.undeclared.insert(head.key.to_string());
        if why == LeftAlone::Undeclared {
            work.note(Some(head.key.clone()), "it is live and not declared: not managed");
        }
    }
}

/// Names that a step takes: free, freed by another step first, or held (S4.5).
fn link_names(ground: &Ground<'_>, work: &mut Work) {
    for taker in 0..work.drafts.len() {
        if work.drafts[taker].step.key.kind != Kind::Domain {
            continue;
        }
        let own = work.drafts[taker].step.key.name.clone();
        for name in work.drafts[taker].adds.clone() {
            match ground.domain_name(&name, &own) {
                Name::Free => {}
                Name::Held(reason) => work.drafts[taker].block(Some(reason)),
                Name::FreedBy(holder) if takes(work, &holder, &own) => {
                    work.drafts[taker].block(Some(Reason::Swap { one: own.clone(), other: holder }));
                }
                Name::FreedBy(holder) => {
                    let frees = |d: &&Draft| d.step.key.name == holder && d.drops.contains(&name);
                    let id = work.drafts.iter().filter(|d| d.step.key.kind == Kind::Domain).find(frees).map(|d| d.step.id);
                    if let Some(id) = id {
                        work.drafts[taker].after(id, Stage::Accepted, "a name is freed before it is taken");
                        work.drafts[taker].note(format!("`{name}` moves from {holder}: between the two calls mail to it is not taken"));
                    }
                }
            }
        }
    }
}

/// Whether a step of domain `taker` takes a name that a step of domain `giver` frees.
fn takes(work: &Work, taker: &str, giver: &str) -> bool {
    let is = |d: &Draft, name: &str| d.step.key.kind == Kind::Domain && d.step.key.name == name;
    let frees = || work.drafts.iter().filter(|d| is(d, giver));
    work.drafts.iter().filter(|d| is(d, taker)).any(|d| frees().any(|f| !d.adds.is_disjoint(&f.drops)))
}
