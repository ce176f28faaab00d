//! Seeds of the kinds beside users and domains, and what a person does at the panel, for [`crate::rig`].

use crate::world::{Case, Live, LiveDomain};
use crate::world_kinds::{Attrs, LiveAccess, sink_of};
use mailwright::base::{Secret, SecretRef};
use mailwright::drivers::memory::{
    MemoryAccess, MemoryContinuity, MemoryDirectory, MemoryDiscovery, MemoryPanel, MemorySendingDomain, MemorySmtpUser, MemoryTenant,
};
use mailwright::model::{Credential, DirectoryAnswer, DirectoryStops, Field, Kind, Sink, Value};
use mailwright::port::Sinks;
use mailwright::store::MemorySinks;
use std::collections::BTreeMap;

pub fn access(access: &LiveAccess) -> Option<MemoryAccess> {
    (*access != LiveAccess::default()).then(|| MemoryAccess {
        password_changed_at: access.changed,
        password_label: access.label.clone(),
        mails_sent: access.mails,
    })
}

/// The value of a key as it is written in TOML.
fn value(field: Field, text: &str) -> Value {
    match (field, text) {
        (Field::DirectoryBindPassword, token) => Value::Token(token.to_owned()),
        (_, "true") => Value::Switch(true),
        (_, "false") => Value::Switch(false),
        (_, text) => text.parse().map_or_else(|_| Value::text(text.trim_matches('"')), Value::Number),
    }
}

fn attrs(attrs: &Attrs) -> BTreeMap<Field, Value> {
    Field::of(Kind::Directory).filter_map(|f| Some((f, value(f, attrs.get(f.name())?)))).collect()
}

/// The parts of domains, sending domains and logins of a tenant.
pub fn seed(panel: &MemoryPanel, tenant: &str, live: &Live) {
    panel.meddle(tenant, |t| {
        for (name, domain) in &live.domains {
            seed_parts(t, name, domain);
        }
        for (n, (name, sending)) in live.sending.iter().enumerate() {
            let id = format!("seeded-s{n}");
            let (cnames, verified) = (vec![(format!("{id}.{name}"), format!("{id}.relay.example"))], n % 2 == 0);
            let domain = MemorySendingDomain { id, name: name.clone(), cnames, verified, version: 1, created_at: sending.created };
            t.sending_domains.insert(name.clone(), domain);
        }
        for (username, login) in &live.logins {
            let user = MemorySmtpUser {
                id: format!("seeded-{username}"),
                username: username.clone(),
                sending_domain: login.domain.clone(),
                label: login.label.clone(),
                password: 1,
                token: login.token.clone(),
                operation_tag: None,
                enabled: login.enabled,
                last_connection_at: login.last,
                password_set_at: login.set,
                version: 1,
                created_at: login.created,
            };
            t.smtp_users.insert(username.clone(), user);
        }
    });
    for (name, domain) in &live.domains {
        for (label, directory) in &domain.directories {
            let (count, users) = (directory.answer, directory.users);
            let answer = count.map_or_else(
                || DirectoryAnswer::Failed("no answer".into()),
                |count| DirectoryAnswer::Answered { count, gone: users.saturating_sub(count), users, stops: DirectoryStops::default() },
            );
            panel.seed_directory(tenant, &key(name, label), users, Some(answer));
        }
    }
}

fn key(domain: &str, label: &str) -> String {
    if label == "default" { domain.to_owned() } else { format!("{domain}/{label}") }
}

fn seed_parts(tenant: &mut MemoryTenant, name: &str, live: &LiveDomain) {
    let Some(domain) = tenant.domains.get_mut(name) else { return };
    let c = &live.continuity;
    let switches = [(Field::ContinuityEnabled, Value::Switch(c.enabled)), (Field::ContinuityOutgoing, Value::Switch(c.outgoing))];
    let term = c.term.map(|(months, from)| (Field::ContinuityTerm, Value::text(format!("{months} months from {from}"))));
    domain.continuity = MemoryContinuity { version: 1, attrs: switches.into_iter().chain(term).collect(), taking_over: c.taking_over };
    let until = live.discovery.until.map(|day| day.to_string()).unwrap_or_default();
    let found = [(Field::DiscoveryEnabled, Value::Switch(live.discovery.enabled)), (Field::DiscoveryUntil, Value::text(until))];
    domain.discovery = MemoryDiscovery { version: 1, attrs: found.into() };
    for (label, directory) in &live.directories {
        let key = key(name, label);
        let made = MemoryDirectory {
            id: format!("seeded-{key}"),
            name: key.clone(),
            version: 1,
            attrs: attrs(&directory.attrs),
            created_at: crate::generate::start(),
            users: directory.users,
            synced_at: None,
            consent: directory.consent,
        };
        domain.directories.insert(key, made);
    }
}

/// What sinks hold before anything is done.
pub fn seed_sinks(sinks: &MemorySinks, case: &Case) {
    for (name, login) in &case.want.outbound.logins {
        if let Some(username) = &login.held {
            let password = Secret::new(format!("password 1 of {username}"));
            let credential = Credential { username: username.clone(), password };
            sinks.store(&place(name), &credential).expect("memory takes it");
        }
    }
}

pub fn place(name: &str) -> Sink {
    Sink { place: SecretRef::File(sink_of(name)), durable: false }
}

/// What waits for a person (S6.5) of all that the files name and may change: records of sending domains, and consents.
pub fn waits_for_a_person(panel: &MemoryPanel, case: &Case) -> usize {
    let Some(tenant) = crate::check::tenant(panel, "acme") else { return 0 };
    let want = &case.want;
    let named = |name: &String| want.outbound.sending.contains(name) && want.heads_act(None) && !want.ignores("sending-domain", name);
    let records = tenant.sending_domains.values().filter(|d| !d.verified && named(&d.name)).count();
    let asks = |d: &&MemoryDirectory| {
        let (domain, label) = d.name.split_once('/').unwrap_or((&d.name, "default"));
        let wanted = want.domains.get(domain).is_some_and(|w| w.directories.contains_key(label)) && want.heads_act(Some(domain));
        let is = |field, value: Value| d.attrs.get(&field) == Some(&value);
        let on = is(Field::DirectoryEnabled, Value::Switch(true)) && is(Field::DirectorySource, Value::text("entra"));
        wanted && on && !d.consent && !want.ignores("directory", &d.name)
    };
    records + tenant.domains.values().flat_map(|d| d.directories.values()).filter(asks).count()
}

/// Whoever keeps the DNS zone publishes the records, and an administrator consents.
pub fn person(panel: &MemoryPanel) {
    let Some(tenant) = crate::check::tenant(panel, "acme") else { return };
    panel.meddle(&tenant.id, |t| {
        t.sending_domains.values_mut().for_each(|d| d.verified = true);
        t.domains.values_mut().flat_map(|d| d.directories.values_mut()).for_each(|d| d.consent = true);
    });
}
