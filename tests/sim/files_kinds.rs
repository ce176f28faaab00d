//! The tables of the outbound kinds and of the parts of domains, for [`crate::files`].

use crate::files::text;
use crate::world::{Want, WantDomain};
use crate::world_kinds::{Attrs, Grave, WantPassword, sink_of};
use std::fmt::Write as _;

/// Lines of keys that are written.
fn lines(out: &mut String, all: &[(&str, Option<String>)]) {
    for (key, value) in all {
        value.iter().for_each(|v| writeln!(out, "{key} = {v}").expect("memory"));
    }
}

/// Sending domains, SMTP users and their tombstones. `up` leads from the file to the top of the workspace.
pub fn outbound(want: &Want, up: &str) -> Vec<String> {
    let out = &want.outbound;
    let mut tables: Vec<String> = out.sending.iter().map(|name| format!("[sending_domains.{}]\n", text(name))).collect();
    for (name, login) in &out.logins {
        let mut table = format!("[smtp_users.{name}]\n");
        let durable = if login.durable { ", durable = true" } else { "" };
        let credential = login.credential.then(|| format!("{{ file = {}{durable} }}", text(&format!("{up}{}", sink_of(name)))));
        let of = |value: &Option<String>| value.as_ref().map(|v| text(v));
        lines(
            &mut table,
            &[("domain", of(&login.domain)), ("label", of(&login.label)), ("username", of(&login.username)), ("credential", credential)],
        );
        tables.push(table);
    }
    for removed in &out.removed {
        let mut table = "[[removed]]\n".to_owned();
        let (kind, name, username) = match &removed.what {
            Grave::Sending(name) => ("sending_domain", name, None),
            Grave::Login(name, username) => ("smtp_user", name, username.as_ref()),
        };
        let since = Some(removed.since.to_string());
        let (on, after) = (removed.on.map(|on| on.to_string()), removed.remove_after.map(|n| n.to_string()));
        let username = username.map(|u| text(u));
        lines(&mut table, &[(kind, Some(text(name))), ("since", since), ("on", on), ("remove_after", after), ("username", username)]);
        tables.push(table);
    }
    tables
}

/// Continuity, discovery and directories of a domain.
pub fn parts(name: &str, domain: &WantDomain) -> String {
    let mut out = String::new();
    let head = |table: &str| format!("[domains.{}.{table}]\n", text(name));
    if let Some(c) = &domain.continuity {
        out += &head("continuity");
        let term = c.term.map(|(months, from)| format!("{{ months = {months}, from = {from} }}"));
        let (enabled, outgoing) = (c.enabled.map(|v| v.to_string()), c.outgoing.map(|v| v.to_string()));
        lines(&mut out, &[("enabled", enabled), ("outgoing_via_own_server", outgoing), ("term", term)]);
    }
    if let Some(d) = &domain.discovery {
        out += &head("discovery");
        lines(&mut out, &[("enabled", d.enabled.map(|v| v.to_string())), ("until", d.until.map(|v| v.to_string()))]);
    }
    for (label, attrs) in &domain.directories {
        out += &if label == "default" { head("directory") } else { head(&format!("directories.{label}")) };
        out += &directory(attrs);
    }
    out
}

fn directory(attrs: &Attrs) -> String {
    let mut out = String::new();
    for (key, value) in attrs {
        let value = match (*key, value.as_str()) {
            ("bind_password", "initial") => "{ env = \"BIND\" }".to_owned(),
            ("bind_password", rotate) => format!("{{ env = \"BIND\", rotate = {} }}", text(rotate)),
            (_, value) => value.to_owned(),
        };
        writeln!(out, "{key} = {value}").expect("memory");
    }
    out
}

/// A password as it is written in a table.
pub fn password(password: &WantPassword) -> String {
    match password {
        WantPassword::Invite => "\"invite\"".to_owned(),
        WantPassword::Set(None) => "{ env = \"PW\" }".to_owned(),
        WantPassword::Set(Some(rotate)) => format!("{{ env = \"PW\", rotate = {} }}", text(rotate)),
    }
}
