//! The kinds beside users and domains as the panel in memory holds them, in the words of the case, for [`crate::check`].

use crate::files::text;
use crate::world::{Live, LiveDomain};
use crate::world_kinds::{Attrs, FRESH, LiveAccess, LiveContinuity, LiveDirectory, LiveDiscovery, LiveLogin, LiveSending, Term};
use jiff::Timestamp;
use mailwright::drivers::memory::{MemoryAccess, MemoryDirectory, MemoryDomain, MemorySendingDomain, MemorySmtpUser};
use mailwright::model::{Field, Value};
use std::collections::BTreeMap;

pub fn sending(domain: &MemorySendingDomain) -> LiveSending {
    LiveSending { created: domain.created_at }
}

pub fn login(user: &MemorySmtpUser) -> LiveLogin {
    LiveLogin {
        domain: user.sending_domain.clone(),
        label: user.label.clone(),
        token: user.token.clone(),
        enabled: user.enabled,
        last: user.last_connection_at,
        set: user.password_set_at,
        created: user.created_at,
    }
}

pub fn access(access: Option<&MemoryAccess>) -> LiveAccess {
    access.map_or_else(LiveAccess::default, |a| LiveAccess {
        label: a.password_label.clone(),
        changed: a.password_changed_at,
        mails: a.mails_sent,
    })
}

fn switch(attrs: &BTreeMap<Field, Value>, field: Field) -> bool {
    attrs.get(&field) == Some(&Value::Switch(true))
}

fn word(attrs: &BTreeMap<Field, Value>, field: Field) -> &str {
    match attrs.get(&field) {
        Some(Value::Text(text)) => text,
        None => "",
        other => panic!("{field} is {other:?}"),
    }
}

pub fn term(text: &str) -> Option<Term> {
    let (months, from) = text.split_once(" months from ")?;
    Some((months.parse().expect("months"), from.parse().expect("a day")))
}

/// Adds the parts of a domain.
pub fn parts(domain: &MemoryDomain, into: LiveDomain) -> LiveDomain {
    let (of, found) = (&domain.continuity, &domain.discovery);
    let continuity = LiveContinuity {
        enabled: switch(&of.attrs, Field::ContinuityEnabled),
        outgoing: switch(&of.attrs, Field::ContinuityOutgoing),
        term: term(word(&of.attrs, Field::ContinuityTerm)),
        taking_over: of.taking_over,
    };
    let until = Some(word(&found.attrs, Field::DiscoveryUntil)).filter(|t| !t.is_empty());
    let discovery =
        LiveDiscovery { enabled: switch(&found.attrs, Field::DiscoveryEnabled), until: until.map(|t| t.parse().expect("a day")) };
    let label = |name: &str| name.split_once('/').map_or("default", |(_, label)| label).to_owned();
    let directories = domain.directories.values().map(|d| (label(&d.name), directory(d))).collect();
    LiveDomain { continuity, discovery, directories, ..into }
}

fn directory(found: &MemoryDirectory) -> LiveDirectory {
    let attrs = found.attrs.iter().map(|(field, value)| (field.name(), as_text(value))).collect::<Attrs>();
    LiveDirectory { attrs, users: found.users, answer: None, consent: found.consent }
}

/// A value as it is written in TOML; a token as it is.
pub fn as_text(value: &Value) -> String {
    match value {
        Value::Text(value) => text(value),
        Value::Number(n) => n.to_string(),
        Value::Switch(on) => on.to_string(),
        Value::Token(token) => token.clone(),
        Value::List(_) | Value::Set(_) => panic!("no value of a directory: {value:?}"),
    }
}

fn moment(expected: Timestamp, got: &mut Timestamp) {
    if expected == FRESH && *got >= crate::generate::start() {
        *got = FRESH;
    }
}

/// Makes moments of the run the same in both, and gives minted logins the key that is expected: they can be known by domain
/// and label only.
pub fn align(expected: &mut Live, got: &mut Live) {
    for (name, sending) in &mut got.sending {
        expected.sending.get(name).iter().for_each(|e| moment(e.created, &mut sending.created));
    }
    let minted: Vec<String> = expected.logins.keys().filter(|k| k.starts_with("new:")).cloned().collect();
    for key in minted {
        let wanted = &expected.logins[&key];
        let is = |(name, l): &(&String, &LiveLogin)| {
            !expected.logins.contains_key(*name) && (&l.domain, &l.label) == (&wanted.domain, &wanted.label)
        };
        let found = got.logins.iter().find(is).map(|(name, _)| name.clone());
        if let Some(login) = found.and_then(|name| got.logins.remove(&name)) {
            got.logins.insert(key, login);
        }
    }
    for (name, login) in &mut got.logins {
        if let Some(e) = expected.logins.get(name) {
            moment(e.set, &mut login.set);
            moment(e.created, &mut login.created);
        }
    }
    for (address, user) in &mut got.users {
        if let (Some(e), Some(changed)) = (expected.users.get(address).and_then(|u| u.access.changed), &mut user.access.changed) {
            moment(e, changed);
        }
    }
    // what a directory would answer is nothing that the panel holds
    for live in [expected, got] {
        live.domains.values_mut().flat_map(|d| d.directories.values_mut()).for_each(|d| d.answer = None);
    }
}

/// What is live now, with what its directories would answer as before.
pub fn with_answers(mut live: Live, before: Option<&Live>) -> Live {
    for (name, domain) in &mut live.domains {
        for (label, directory) in &mut domain.directories {
            let was = before.and_then(|b| b.domains.get(name)).and_then(|d| d.directories.get(label));
            // one that was made by a run answers with what it has
            directory.answer = was.map_or(Some(directory.users), |w| w.answer);
        }
    }
    live
}
