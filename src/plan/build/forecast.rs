//! What would bounce when the relay check becomes `control-panel` (S13.2): named evidence with its source, or the words
//! "not judged", never a nought that nobody counted.

use crate::base::{DomainName, Timestamp};
use crate::model::{Evidence, Field, Kind, RelayCheck, Value};
use crate::plan::build::draft::{Draft, Work};
use crate::plan::build::ground::Ground;
use crate::plan::{Action, BillableCause, BillableChange, Stage};
use std::collections::BTreeMap;

/// Most addresses that a forecast names; the others are counted.
pub(super) const NAMED: usize = 20;

/// Adds the panel's own count of unknown recipients, where it was read.
pub(super) fn forecast(ground: &Ground<'_>, draft: &mut Draft, domain: &DomainName) {
    match ground.observed.recipients.get(domain) {
        Some(unknown) if unknown.is_empty() => draft.note("no address that gets mail today would bounce (panel's own count, 30 days)"),
        Some(unknown) => draft.step.evidence.push((Evidence::Rejects, text(unknown))),
        None => draft.step.evidence.push((
            Evidence::Unjudged,
            "not judged: which addresses that get mail today would bounce; this panel's counts were not read".into(),
        )),
    }
}

fn text(unknown: &BTreeMap<String, (u64, Option<Timestamp>)>) -> String {
    let mut all: Vec<(&String, u64, Option<Timestamp>)> = unknown.iter().map(|(a, (n, at))| (a, *n, *at)).collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let line = |(address, mails, last): &(&String, u64, Option<Timestamp>)| {
        let last = last.map_or(String::new(), |t| format!(", last {}", t.strftime("%Y-%m-%d %H:%M")));
        format!("{address} {mails} mails{last}, not declared")
    };
    let named: Vec<String> = all.iter().take(NAMED).map(line).collect();
    let more = all.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!("; and {more} more") };
    let count = all.len();
    format!("{count} addresses that get mail today would bounce (panel's own count, 30 days): {}{more}", named.join("; "))
}

/// Addresses that get mail and are no users: under relay check `smtp` each may become one (S16.4).
fn expect_growth(ground: &Ground<'_>, work: &mut Work) {
    let smtp = |d: &&Draft| {
        let to = Some(Value::text(RelayCheck::Smtp.word()));
        d.step.key.kind == Kind::Domain
            && d.step.changes.iter().any(|c| c.field == Field::DomainRelayCheck && c.before.is_some() && c.after == to)
    };
    let unknown = |d: &Draft| ground.observed.recipients.get(&DomainName::canonical(&d.step.key.name)).map_or(0, |all| all.len() as u64);
    let added: u64 = work.drafts.iter().filter(smtp).map(unknown).sum();
    if added > 0 {
        work.report.billable_expected.push(BillableChange { cause: BillableCause::MailTraffic, added, removed: 0 });
    }
}

/// `control-panel` needs its users effective (S6.4), and addresses that this plan takes away bounce as well.
pub(super) fn link_relay_checks(ground: &Ground<'_>, work: &mut Work) {
    expect_growth(ground, work);
    let switches: Vec<usize> = (0..work.drafts.len()).filter(|i| is_switch(&work.drafts[*i])).collect();
    for switch in switches {
        let domain = work.drafts[switch].step.key.name.clone();
        let suffix = format!("@{domain}");
        let mut edges = Vec::new();
        let mut going: BTreeMap<String, (u64, Option<Timestamp>)> = BTreeMap::new();
        for draft in work.drafts.iter().filter(|d| d.step.key.kind == Kind::User) {
            if draft.begins().any(|a| a.ends_with(&suffix)) {
                edges.push(draft.step.id);
            }
            let facts = &draft.step.facts;
            let named = draft.step.action == Action::Delete && draft.step.stops.contains(&draft.step.key.name);
            if named && draft.step.key.name.ends_with(&suffix) && facts.mails_30d.is_some_and(|n| n > 0) {
                going.insert(draft.step.key.name.clone(), (facts.mails_30d.unwrap_or(0), facts.last_mail_at));
            }
        }
        for id in edges {
            work.drafts[switch].after(id, Stage::Effective, "users act before the panel's list decides");
        }
        if let (Some(known), false) = (ground.observed.recipients.get(&DomainName::canonical(&domain)), going.is_empty()) {
            going.extend(known.iter().map(|(a, v)| (a.clone(), *v)));
            let draft = &mut work.drafts[switch];
            draft.step.notes.retain(|n| !n.starts_with("no address that gets mail"));
            draft.step.evidence.retain(|(e, _)| *e != Evidence::Rejects);
            draft.step.evidence.push((Evidence::Rejects, text(&going)));
        }
    }
}

pub(super) fn is_switch(draft: &Draft) -> bool {
    use crate::model::{Field, RelayCheck, Value};
    draft.step.action == Action::Update
        && draft
            .step
            .changes
            .iter()
            .any(|c| c.field == Field::DomainRelayCheck && c.after == Some(Value::text(RelayCheck::ControlPanel.word())))
}
