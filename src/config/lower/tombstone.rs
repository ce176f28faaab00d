//! `[[removed]]` and `[[renamed]]` lowered (S9.2, S4.4).

use super::Lowering;
use super::lowering::{number, placed};
use crate::base::span::Spanned;
use crate::base::{Span, TenantName};
use crate::config::declared::{Removed, Renamed, TombstoneList};
use crate::config::raw::{RemovedTable, RenamedTable};
use crate::config::rules;
use crate::config::value::{At, Day, FilePath};
use crate::model::Kind;

/// What a `[[removed]]` table is: one object, or a list of users.
pub enum Tombstone {
    /// One object.
    One(Box<Removed>),
    /// A list.
    List(At<FilePath>, TombstoneList),
}

/// The keys of which a table has exactly one.
const OBJECTS: &str = "user, smtp_user, sending_domain, domain, tenant, users_from";

/// A tombstone; `None` after a finding.
pub fn removed(raw: RemovedTable, tenant: &TenantName, lowering: &mut Lowering<'_>) -> Option<Tombstone> {
    let named = named(&raw);
    let users_from = raw.users_from.clone();
    if named.len() + usize::from(users_from.is_some()) != 1 {
        shape(&raw, &named, lowering);
        return None;
    }
    let day = |day: Option<At<Day>>| day.map(|d| d.map(|d| d.0).placed());
    let (since, on) = (day(raw.since.clone())?, day(raw.on.clone()));
    if let Some(on) = on.as_ref().filter(|on| on.value < since.value) {
        let finding = rules::DAY_ORDER.finding("`on` is before `since`").at(on.span, "the deed").also(since.span, "the decision");
        lowering.push(finding.fix("write a day not before `since`, or remove `on`: then it goes at once"));
    }
    let kind = named.first().map(|(kind, _)| *kind);
    lone_keys(&raw, kind, lowering);
    let reason = raw.reason.map(|r| r.value);
    if let Some(path) = users_from {
        return Some(Tombstone::List(path, TombstoneList { since, on, reason }));
    }
    let (kind, name) = named.into_iter().next()?;
    if kind == Kind::Tenant && name.value != tenant.as_str() {
        let finding = rules::REMOVED_SHAPE.finding(format!("a file of {tenant} removes another tenant")).at(name.span, "another tenant");
        lowering.push(finding.replace("name this tenant, or move the table to the other one's file", name.span, format!("\"{tenant}\"")));
    }
    Some(Tombstone::One(Box::new(Removed {
        at: raw.at,
        kind,
        name,
        since,
        on,
        remove_after_days: number(raw.remove_after).map(|n| n.value),
        reason,
        username: raw.username.map(|u| u.value),
        incarnation: raw.incarnation.map(|i| i.value),
        keep_address: placed(raw.keep_address),
    })))
}

fn named(raw: &RemovedTable) -> Vec<(Kind, Spanned<String>)> {
    fn text<T: ToString>(kind: Kind, value: &Option<At<T>>) -> Option<(Kind, Spanned<String>)> {
        value.as_ref().map(|v| (kind, Spanned::new(v.value.to_string(), v.span)))
    }
    let all = [
        text(Kind::User, &raw.user),
        text(Kind::SmtpUser, &raw.smtp_user),
        text(Kind::SendingDomain, &raw.sending_domain),
        text(Kind::Domain, &raw.domain),
        text(Kind::Tenant, &raw.tenant),
    ];
    all.into_iter().flatten().collect()
}

fn shape(raw: &RemovedTable, named: &[(Kind, Spanned<String>)], lowering: &mut Lowering<'_>) {
    let mut places: Vec<Span> = named.iter().map(|(_, name)| name.span).chain(raw.users_from.as_ref().map(|p| p.span)).collect();
    places.sort();
    if places.is_empty() && raw.refused {
        return; // the object's key was refused or misspelt, and that is said already
    }
    let title = if places.is_empty() { "this table removes nothing" } else { "this table removes several objects" };
    let mut finding = rules::REMOVED_SHAPE.finding(title).at(raw.at, format!("exactly one of {OBJECTS}"));
    for place in places {
        finding = finding.also(place, "named here");
    }
    lowering.push(finding.fix("write one `[[removed]]` table for each object"));
}

/// Keys that mean nothing for the object that is named.
fn lone_keys(raw: &RemovedTable, kind: Option<Kind>, lowering: &mut Lowering<'_>) {
    let mut lone = |key: &str, span: Option<Span>, belongs: &str| {
        if let Some(span) = span {
            let finding = rules::LONE_KEY.finding(format!("`{key}` belongs to {belongs}")).at(span, "has no effect here");
            lowering.push(finding.fix("remove it"));
        }
    };
    if kind != Some(Kind::SmtpUser) {
        lone("username", raw.username.as_ref().map(|v| v.span), "an SMTP user");
        lone("remove_after", raw.remove_after.as_ref().map(|v| v.span), "an SMTP user");
    }
    if kind != Some(Kind::User) {
        lone("keep_address", raw.keep_address.as_ref().map(|v| v.span), "one user");
    }
    if kind.is_none() {
        lone("incarnation", raw.incarnation.as_ref().map(|v| v.span), "one object");
    }
}

/// A rename; `None` where an address was refused or missing.
#[must_use]
pub fn renamed(raw: RenamedTable) -> Option<Renamed> {
    let keep_old = raw.keep_old.is_none_or(|keep| keep.value);
    Some(Renamed { at: raw.at, from: raw.from?.placed(), to: raw.to?.placed(), keep_old })
}
