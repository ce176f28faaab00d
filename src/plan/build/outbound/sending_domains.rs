//! A declared sending domain: made, and its records handed to a person until the panel has found them (S6.5).

use crate::base::DomainName;
use crate::base::span::Span;
use crate::model::{Authority, Existed, Key, Kind, LiveFacts, LiveHead, Reason};
use crate::plan::build::changes::is_missing;
use crate::plan::build::draft::{Phase, Work};
use crate::plan::build::ground::Ground;
use crate::plan::build::tenant::Footing;
use crate::plan::{Action, LeftAlone, Risk, Stage};

/// Plans one declared sending domain.
pub(in crate::plan::build) fn plan_sending_domain(ground: &Ground<'_>, work: &mut Work, footing: &Footing, name: &DomainName, at: Span) {
    let key = ground.key(Kind::SendingDomain, name.as_str());
    if ground.is_ignored(&key) {
        *work.report.left_alone.entry(LeftAlone::Ignored).or_default() += 1;
        return;
    }
    let observes = ground.heads_authority(None) == Authority::Observe;
    match ground.live(Kind::SendingDomain, name.as_str()) {
        Some(_) if observes => {}
        Some(live) => {
            if let LiveFacts::SendingDomain { cnames, verified: false } = &live.facts {
                records(ground, work, &key, at, live, cnames);
            }
        }
        None if !ground.is_whole(Kind::SendingDomain, None) => {}
        None if observes => work.report.differs.push(is_missing(&key, ground.at(at))),
        None => create(ground, work, footing, key, at),
    }
}

fn create(ground: &Ground<'_>, work: &mut Work, footing: &Footing, key: Key, at: Span) {
    let again = ground.remembered.outbound.get(&key).copied();
    let mut draft = ground.draft(Action::Create, key, None, Vec::new(), Phase::Domains);
    draft.step.risk = if again.is_some() { Risk::R4 } else { Risk::R1 };
    draft.step.only_if.absent = true;
    draft.step.at = ground.at(at);
    if let Footing::Created(tenant) = footing {
        draft.after(*tenant, Stage::Visible, "a tenant before what is in it");
    }
    match again {
        Some(was) => {
            draft.note(format!("it existed before ({}): this mints other CNAME records", words(was)));
            draft.note("the records in your DNS zone are dead; publish the new ones before anything is sent");
        }
        None => draft.note("the panel mints CNAME records with it; the next plan shows them, and a person publishes them"),
    }
    if !ground.kind(Kind::SendingDomain).create {
        draft.block(Some(Reason::Unsupported { text: "this panel cannot create sending domains".into() }));
    }
    work.push(draft);
}

/// How an earlier existence came to its end, as far as memory tells.
pub(super) fn words(was: Existed) -> &'static str {
    match was {
        Existed::Made => "an earlier run made it, and somebody else deleted it",
        Existed::Deleted => "an earlier run deleted it",
    }
}

/// The records that a person must publish; the step stays until the panel has found them.
fn records(ground: &Ground<'_>, work: &mut Work, key: &Key, at: Span, live: &LiveHead, cnames: &[(String, String)]) {
    let send = "publish these records in the DNS; each `apply` has the panel look for them".to_owned();
    let who = "whoever keeps the DNS zone; before that nothing is sent";
    let mut draft = ground.hand_off_of(key.clone(), live.incarnation.as_deref(), Vec::new(), who, send);
    draft.waits_since(live.created_at.map(|at| ground.by_our_clock(Kind::SendingDomain, at)));
    draft.step.at = ground.at(at);
    draft.step.notes.extend(cnames.iter().map(|(name, target)| format!("{name}. CNAME {target}.")));
    work.push(draft);
}
