//! Which live login is meant: by user name, else by label; two candidates are an error (S4.1).

use crate::base::Timestamp;
use crate::config::Removed;
use crate::model::{Field, Kind, LastConnection, LiveFacts, LiveHead, Reason, SmtpUser, Value};
use crate::plan::build::ground::Ground;

/// What was found for a declared or removed SMTP user.
#[derive(Debug, Clone)]
pub(super) enum Found<'a> {
    /// One login.
    One(&'a LiveHead),
    /// None; and whether one of that label was switched off with its domain, which is an earlier existence (S4.6).
    None { switched_off: bool },
    /// Several.
    Many(Reason),
}

/// A text attribute of a live head.
pub(super) fn text(head: &LiveHead, field: Field) -> &str {
    match head.attrs.get(&field) {
        Some(Value::Text(text)) => text,
        Some(Value::Switch(_) | Value::Number(_) | Value::List(_) | Value::Set(_) | Value::Token(_)) | None => "",
    }
}

/// The live logins of the tenant, by user name.
pub(super) fn logins<'a>(ground: &Ground<'a>) -> impl Iterator<Item = &'a LiveHead> + use<'a> {
    ground.observed.heads.values().filter(|h| h.key.kind == Kind::SmtpUser)
}

/// What the panel says of a login beside its attributes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Login<'a> {
    pub enabled: bool,
    pub token: &'a str,
    pub operation_tag: Option<&'a str>,
    pub last_connection: LastConnection,
    pub password_set_at: Option<Timestamp>,
}

/// The facts of a login; a panel that tells nothing leaves everything unknown.
pub(super) fn login(head: &LiveHead) -> Login<'_> {
    let LiveFacts::SmtpUser { enabled, token, operation_tag, last_connection, password_set_at } = &head.facts else {
        return Login { enabled: true, token: "", operation_tag: None, last_connection: LastConnection::Unknown, password_set_at: None };
    };
    Login {
        enabled: *enabled,
        token,
        operation_tag: operation_tag.as_deref(),
        last_connection: *last_connection,
        password_set_at: *password_set_at,
    }
}

/// Why a label says too little: another line that names no user name of a live login means the login of that label too
/// (S4.1). `own` is the name of the line that asks.
pub(super) fn shared_label(ground: &Ground<'_>, own: &str, label: &str) -> Option<Reason> {
    let is_live = |name: &str| logins(ground).any(|h| h.key.name == name);
    let by_label = |u: &&SmtpUser| !u.username.as_ref().is_some_and(|n| is_live(&n.value));
    let declared = ground.heads().smtp_users.values().filter(by_label).map(|u| (u.name.as_str(), u.known_as()));
    let graves = ground.heads().removed.iter().filter(|r| r.kind == Kind::SmtpUser && r.username.is_none());
    let graves = graves.map(|r| (r.name.value.as_str(), r.name.value.as_str()));
    let other = declared.chain(graves).find(|(name, l)| *l == label && *name != own).map(|(name, _)| name)?;
    let text = format!("`{own}` and `{other}` both mean the login with the label `{label}`: write `username`, or other labels");
    Some(Reason::Ambiguous { text })
}

/// Finds the login that a tombstone means. One with a user name means that login and no other: once it is gone, the line is
/// fulfilled, whoever else has the label (S9.2).
pub(super) fn find_removed<'a>(ground: &Ground<'a>, removed: &Removed) -> Found<'a> {
    let name = removed.name.value.as_str();
    match removed.username.as_deref() {
        None => shared_label(ground, name, name).map_or_else(|| find(ground, None, name), Found::Many),
        Some(username) => logins(ground).find(|h| h.key.name == username).map_or(Found::None { switched_off: false }, Found::One),
    }
}

/// Finds the login that a declaration means (S4.1).
pub(super) fn find_declared<'a>(ground: &Ground<'a>, user: &SmtpUser) -> Found<'a> {
    let found = find(ground, user.username.as_ref().map(|n| n.value.as_str()), user.known_as());
    match found {
        Found::One(live) if user.username.as_ref().is_some_and(|n| n.value == live.key.name) => Found::One(live),
        Found::One(_) | Found::None { .. } | Found::Many(_) => shared_label(ground, &user.name, user.known_as()).map_or(found, Found::Many),
    }
}

/// Finds the login that is meant. Logins that another declaration names by user name are not candidates by label.
fn find<'a>(ground: &Ground<'a>, username: Option<&str>, label: &str) -> Found<'a> {
    if let Some(named) = username.and_then(|name| logins(ground).find(|h| h.key.name == name)) {
        return Found::One(named);
    }
    let claimed = |head: &LiveHead| {
        let declared = ground.heads().smtp_users.values().filter_map(|u| u.username.as_ref().map(|n| n.value.as_str()));
        let removed = ground.heads().removed.iter().filter_map(|r| r.username.as_deref());
        declared.chain(removed).any(|name| name == head.key.name)
    };
    let labelled = || logins(ground).filter(|h| text(h, Field::SmtpUserLabel) == label && !claimed(h));
    let alive: Vec<&LiveHead> = labelled().filter(|h| login(h).enabled).collect();
    match alive.as_slice() {
        [] => Found::None { switched_off: labelled().next().is_some() },
        [one] => Found::One(one),
        many => {
            let names: Vec<&str> = many.iter().map(|h| h.key.name.as_str()).collect();
            let text =
                format!("{} logins have the label `{label}`: {}; write `username` to say which is meant", many.len(), names.join(", "));
            Found::Many(Reason::Ambiguous { text })
        }
    }
}
