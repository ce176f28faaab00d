//! Which live login is meant: by user name, else by label; two candidates are an error (S4.1).

use crate::base::Timestamp;
use crate::model::{Field, Kind, LastConnection, LiveFacts, LiveHead, Reason, Value};
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

/// Finds the login that a tombstone means: one that gives a user name means that login and no namesake by label.
pub(super) fn find_removed<'a>(ground: &Ground<'a>, username: Option<&str>, label: &str) -> Found<'a> {
    match username {
        Some(name) => logins(ground).find(|h| h.key.name == name).map_or(Found::None { switched_off: false }, Found::One),
        None => find(ground, None, label),
    }
}

/// Finds the login that is meant. Logins that another declaration names by user name are not candidates by label.
pub(super) fn find<'a>(ground: &Ground<'a>, username: Option<&str>, label: &str) -> Found<'a> {
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
