//! What must be live when a state is reached: what its text declares, and what it says beside that. Read from the text as
//! plain TOML, not by the program under test.

use crate::exam::picture::{Attrs, PASSWORD, Picture};
use mailwright::model::{Capabilities, Field, Kind, Support};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// Kinds of which nothing may be live that is not expected.
const EXACT: [Kind; 5] = [Kind::Domain, Kind::User, Kind::Directory, Kind::SendingDomain, Kind::SmtpUser];
/// Attributes whose order means nothing.
const SETS: [&str; 2] = ["alias_domains", "aliases"];

/// The picture that a text asks for. What the panel does not manage is not in it.
pub fn declared(text: &str, caps: &Capabilities) -> Picture {
    let root: Json = toml::from_str(text).expect("a state is TOML");
    let mut all = Picture::new();
    for (name, domain) in tables(&root, "domains") {
        let name = ascii(name);
        all.insert(format!("domain/{name}"), attrs(Kind::Domain, domain));
        for (part, kind) in [("directory", Kind::Directory), ("discovery", Kind::Discovery), ("continuity", Kind::Continuity)] {
            all.extend(domain.get(part).map(|table| (format!("{kind}/{name}"), attrs(kind, table))));
        }
        for (label, table) in tables(domain, "directories") {
            all.insert(format!("directory/{name}/{label}"), attrs(Kind::Directory, table));
        }
    }
    for user in root.get("users").and_then(Json::as_array).into_iter().flatten() {
        let address = address(user["address"].as_str().expect("an address"));
        let mut attrs = attrs(Kind::User, user);
        if let Some(password) = user.get(PASSWORD).filter(|p| p.is_object()) {
            attrs.insert(PASSWORD.into(), password.get("rotate").cloned().unwrap_or(json!("initial")));
        }
        all.insert(format!("user/{address}"), attrs);
    }
    if let Some(policy) = root.get("password_policy") {
        all.insert("password-policy".into(), attrs(Kind::PasswordPolicy, policy));
    }
    for (name, _) in tables(&root, "sending_domains") {
        all.insert(format!("sending-domain/{}", ascii(name)), Attrs::new());
    }
    for (name, user) in tables(&root, "smtp_users") {
        let label = user.get("label").and_then(Json::as_str).unwrap_or(name);
        all.insert(format!("smtp-user/{label}"), attrs(Kind::SmtpUser, user));
    }
    only_managed(all, caps)
}

fn tables<'a>(of: &'a Json, key: &str) -> Vec<(&'a String, &'a Json)> {
    of.get(key).and_then(Json::as_object).into_iter().flatten().collect()
}

fn ascii(name: &str) -> String {
    idna::domain_to_ascii(name).expect("a domain")
}

fn address(text: &str) -> String {
    let (local, domain) = text.rsplit_once('@').expect("an address");
    format!("{}@{}", local.to_lowercase(), ascii(domain))
}

/// The keys of a table that are attributes of the kind and no secrets.
fn attrs(kind: Kind, table: &Json) -> Attrs {
    let fields = Field::of(kind).filter(|field| !field.is_secret());
    fields.filter_map(|field| Some((field.name().to_owned(), value(field, table.get(field.name())?)))).collect()
}

fn value(field: Field, written: &Json) -> Json {
    match (field, written) {
        (Field::DomainDestination, Json::String(one)) => json!([one]),
        (Field::ContinuityTerm, term) => {
            json!(format!("{} months from {}", term["months"], day(&term["from"]).as_str().unwrap_or_default()))
        }
        (Field::DiscoveryUntil, at) => day(at),
        (_, Json::Array(all)) if SETS.contains(&field.name()) => {
            let texts = all.iter().filter_map(Json::as_str);
            json!(texts.map(|t| if t.contains('@') { address(t) } else { ascii(t) }).collect::<BTreeSet<_>>())
        }
        (_, other) => other.clone(),
    }
}

/// A day of TOML, which serde wraps.
fn day(written: &Json) -> Json {
    written.as_object().and_then(|wrapped| wrapped.values().next()).unwrap_or(written).clone()
}

/// Whether a difference in the attribute becomes a step, so that live must be as it is written.
pub fn is_managed(caps: &Capabilities, kind: Kind, name: &str) -> bool {
    Field::of(kind).filter(|field| field.name() == name).all(|field| caps.support(field) == Support::Managed)
}

/// The kind that a key of a picture begins with.
pub fn kind_of(key: &str) -> Kind {
    Kind::parse(key.split('/').next().unwrap_or_default()).unwrap_or_else(|| panic!("`{key}` begins with no kind"))
}

fn only_managed(mut all: Picture, caps: &Capabilities) -> Picture {
    all.retain(|key, _| caps.kind(kind_of(key)).support == Support::Managed);
    for (key, attrs) in &mut all {
        let kind = kind_of(key);
        attrs.retain(|name, _| is_managed(caps, kind, name));
    }
    all
}

/// Every difference between what is expected and what is live, in words.
pub fn differences(expected: &Picture, live: &Picture) -> Vec<String> {
    let mut all = Vec::new();
    for (key, attrs) in expected {
        let Some(have) = live.get(key) else {
            all.push(format!("{key} is not there"));
            continue;
        };
        for (name, value) in attrs {
            match have.get(name) {
                Some(is) if is == value => {}
                // a panel need not tell what a password is called
                None if name == PASSWORD => {}
                is => all.push(format!("{key} {name}: expected {value}, is {}", is.map_or("not told".to_owned(), Json::to_string))),
            }
        }
    }
    let more = live.keys().filter(|key| EXACT.contains(&kind_of(key)) && !expected.contains_key(*key));
    all.extend(more.map(|key| format!("{key} is there, and nobody said so")));
    all
}

/// Where two looks at the same panel tell different things.
pub fn contradictions(reader: &Picture, witness: &Picture) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let exact = |picture: &Picture| picture.keys().filter(|key| EXACT.contains(&kind_of(key))).cloned().collect::<BTreeSet<_>>();
    all.extend(exact(reader).symmetric_difference(&exact(witness)).map(|key| format!("{key} is seen by one only")));
    for (key, attrs) in reader {
        let other = witness.get(key).into_iter().flatten();
        let differs = other.filter(|(name, value)| attrs.get(*name).is_some_and(|mine| mine != *value));
        all.extend(differs.map(|(name, value)| format!("{key} {name}: the driver reads {}, the witness {value}", attrs[name])));
    }
    all
}
