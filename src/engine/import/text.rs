//! The text of an imported tenant: TOML with every readable managed attribute, users inline or as CSV.
//!
//! Writing into a `String` cannot fail, so those results are dropped.

use crate::base::DomainName;
use crate::engine::import::gather::Gathered;
use crate::engine::import::heads::{attributes, outbound, part, unsayable};
use crate::model::{Capabilities, Field, Kind, LiveHead, LiveUser, Origin, Tenancy, Value};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// More users than this in a domain go into a CSV file beside the TOML.
const INLINE_USERS: usize = 20;

/// The files of a tenant and what they cannot express.
pub(super) struct Written {
    pub files: Vec<(String, String)>,
    pub not_expressed: Vec<String>,
}

/// Writes the files: `tenants/NAME.toml`, or `tenants/NAME/` with CSV lists where there are many users.
pub(super) fn write(name: &str, provider: &str, remote: &str, live: &Gathered, caps: &Capabilities) -> Written {
    let many = live.users.values().any(|users| users.len() > INLINE_USERS);
    let folder = if many { format!("tenants/{name}/") } else { "tenants/".to_owned() };
    let depth = if many { "../../" } else { "../" };
    let mut toml = format!("#:schema {depth}schemas/tenant.schema.json\nschema = \"mailwright/v1\"\n\n[tenant]\n");
    let _ = writeln!(toml, "name = {}\nprovider = {}", quoted(name), quoted(provider));
    if caps.tenancy == Tenancy::Tenants {
        let _ = writeln!(toml, "remote = {{ id = {} }}", quoted(remote));
    }
    let mut written = Written { files: Vec::new(), not_expressed: Vec::new() };
    let of = |kind: Kind| live.heads.iter().filter(move |h| h.key.kind == kind);
    for head in of(Kind::PasswordPolicy) {
        let _ = write!(toml, "\n[password_policy]\n{}", attributes(head, caps));
    }
    for head in of(Kind::Domain) {
        let _ = write!(toml, "\n[domains.{}]\n{}", quoted(&head.key.name), attributes(head, caps));
        written.not_expressed.extend(unsayable(head));
        let Ok(domain) = DomainName::parse(&head.key.name) else { continue };
        if live.users.get(&domain).is_some_and(|u| u.len() > INLINE_USERS) {
            let csv = format!("{domain}.csv");
            let _ = writeln!(toml, "\n[domains.{}.users]\nauthority = \"add\"\nfrom = {}", quoted(domain.as_str()), quoted(&csv));
        }
        let mine = |h: &&LiveHead| h.key.name.split('/').next() == Some(head.key.name.as_str());
        for kind in [Kind::Directory, Kind::Discovery, Kind::Continuity] {
            of(kind).filter(mine).for_each(|h| toml.push_str(&part(h, caps, &mut written.not_expressed)));
        }
    }
    toml.push_str(&outbound(&live.heads, caps, &mut written.not_expressed));
    let mut inline = String::new();
    for (domain, users) in &live.users {
        let ours = owned(users, domain, caps, &mut written.not_expressed);
        if users.len() > INLINE_USERS {
            written.files.push((format!("{folder}{domain}.csv"), csv(&ours)));
        } else {
            ours.iter().for_each(|user| inline.push_str(&table(user)));
        }
    }
    toml.push_str(&inline);
    let main = if many { format!("{folder}tenant.toml") } else { format!("{folder}{name}.toml") };
    written.files.insert(0, (main, toml));
    written
}

/// Users that files may declare; those of a directory belong to it (S3.3).
fn owned<'a>(
    users: &'a BTreeMap<String, LiveUser<'static>>,
    domain: &DomainName,
    caps: &Capabilities,
    not_expressed: &mut Vec<String>,
) -> Vec<&'a LiveUser<'static>> {
    let (users, others): (Vec<_>, Vec<_>) = users.values().partition(|u| {
        let kind = u.value(Field::UserKind);
        kind.is_none_or(|kind| (caps.objection)(Field::UserKind, None, &kind).is_none())
    });
    let told = others.iter().map(|u| format!("{} {}: this panel shows more of it than files can say", u.kind.word(), u.address));
    not_expressed.extend(told);
    let (ours, theirs): (Vec<_>, Vec<_>) = users.into_iter().partition(|u| !matches!(u.origin, Origin::Directory | Origin::Office365));
    if !theirs.is_empty() {
        let (noun, they) = if theirs.len() == 1 { ("user", "it stays with it") } else { ("users", "they stay with it") };
        not_expressed.push(format!("{} {noun} of {domain} that a directory owns: {they}", theirs.len()));
    }
    ours
}

/// A value as TOML.
pub(super) fn toml_value(value: &Value) -> String {
    let list = |all: &mut dyn Iterator<Item = &String>| format!("[{}]", all.map(|t| quoted(t)).collect::<Vec<_>>().join(", "));
    match value {
        Value::Text(t) | Value::Token(t) => quoted(t),
        Value::Switch(b) => b.to_string(),
        Value::Number(n) => n.to_string(),
        Value::List(v) => list(&mut v.iter()),
        Value::Set(v) => list(&mut v.iter()),
    }
}

/// A text as TOML.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A key as TOML: bare where it can be.
pub(super) fn key_text(text: &str) -> String {
    let bare = !text.is_empty() && text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_');
    if bare { text.to_owned() } else { quoted(text) }
}

fn table(user: &LiveUser<'_>) -> String {
    let mut out = format!("\n[[users]]\naddress = {}\n", quoted(&user.address));
    for (key, text) in [("first_name", &user.first_name), ("last_name", &user.last_name)] {
        if !text.is_empty() {
            let _ = writeln!(out, "{key} = {}", quoted(text));
        }
    }
    if let Some(Value::Set(aliases)) = user.value(Field::UserAliases)
        && !aliases.is_empty()
    {
        let _ = writeln!(out, "aliases = {}", toml_value(&Value::Set(aliases)));
    }
    let _ = writeln!(out, "kind = {}\nstatus = {}", quoted(user.kind.word()), quoted(user.status.word()));
    out
}

fn csv(users: &[&LiveUser<'_>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // writing into memory cannot fail
    drop(writer.write_record(["address", "first_name", "last_name", "aliases", "kind", "status"]));
    for user in users {
        let mut aliases: Vec<&str> = user.aliases.iter().map(AsRef::as_ref).collect();
        aliases.sort_unstable();
        let aliases = aliases.join(" ");
        let row = [&user.address, &user.first_name, &user.last_name, aliases.as_str(), user.kind.word(), user.status.word()];
        drop(writer.write_record(row));
    }
    String::from_utf8_lossy(&writer.into_inner().unwrap_or_default()).into_owned()
}
