//! What is live and not declared, or was declared once: not managed, and that is said (S9.1).

use crate::model::{Existed, Field, Kind, LiveHead};
use crate::plan::build::draft::Work;
use crate::plan::build::ground::Ground;
use crate::plan::build::outbound::identity::{Found, find_declared, find_removed, login, text};
use std::collections::BTreeSet;

/// Names what no file names.
pub(in crate::plan::build) fn say_undeclared(ground: &Ground<'_>, work: &mut Work) {
    let heads = ground.heads();
    let meant: BTreeSet<&str> = meant(ground);
    for head in ground.observed.heads.values().filter(|h| matches!(h.key.kind, Kind::SendingDomain | Kind::SmtpUser)) {
        let name = head.key.name.as_str();
        let known = match head.key.kind {
            Kind::SmtpUser => meant.contains(name),
            _ => heads.sending_domains.keys().any(|d| d.as_str() == name) || is_removed(ground, Kind::SendingDomain, name),
        };
        if known || ground.is_ignored(&head.key) {
            continue;
        }
        work.report.undeclared.insert(head.key.to_string());
        work.note(Some(head.key.clone()), format!("it is live and not declared: not managed{}", what(head)));
    }
    for (key, was) in ground.remembered.outbound.iter().filter(|(k, _)| k.tenant == *ground.tenant()) {
        let declared = match key.kind {
            Kind::SmtpUser => heads.smtp_users.contains_key(&key.name),
            _ => heads.sending_domains.keys().any(|d| d.as_str() == key.name),
        };
        if *was == Existed::Made && !declared && !is_removed(ground, key.kind, &key.name) && !ground.is_ignored(key) {
            work.note(Some(key.clone()), "an earlier run made it, and no file names it now: not managed, and left as it is");
        }
    }
}

fn is_removed(ground: &Ground<'_>, kind: Kind, name: &str) -> bool {
    ground.heads().removed.iter().any(|r| r.kind == kind && r.name.value == name)
}

/// User names of the logins that declarations and tombstones mean.
fn meant<'a>(ground: &Ground<'a>) -> BTreeSet<&'a str> {
    let heads = ground.heads();
    let declared = heads.smtp_users.values().map(|u| find_declared(ground, u));
    let removed = heads.removed.iter().filter(|r| r.kind == Kind::SmtpUser).map(|r| find_removed(ground, r));
    let found = declared.chain(removed).filter_map(|found| match found {
        Found::One(live) => Some(live.key.name.as_str()),
        Found::None { .. } | Found::Many(_) => None,
    });
    found.collect()
}

fn what(head: &LiveHead) -> String {
    match head.key.kind {
        Kind::SmtpUser => {
            let off = if login(head).enabled { "" } else { ", switched off with its sending domain" };
            format!(" (label `{}`, {}{off})", text(head, Field::SmtpUserLabel), text(head, Field::SmtpUserDomain))
        }
        _ => String::new(),
    }
}
