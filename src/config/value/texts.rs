//! Texts with a form of their own: labels, provider URLs, allow-list patterns, ignore patterns, digests.

use super::scalar::{Refused, Text, text_scalars};
use crate::base::printable::{is_invisible, printable_short};
use crate::base::{Digest, RuleDoc};
use crate::config::path::join;
use crate::config::rules;
use crate::model::Kind;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use std::net::IpAddr;

/// Longest label in bytes; selectors and file names hold it.
const LABEL_BYTES: usize = 128;

/// The name of a thing in our files that is not a tenant or provider: SMTP users, directories.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label(pub String);

/// The URL of a provider: `https://…`, `http://` on loopback, or `embedded:PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderUrl(pub String);

/// `env:PATTERN` or `file:PATTERN` with `*` as wildcard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedSecret(pub String);

/// `kind/name` with `*` as wildcard in the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnorePattern(pub String);

/// 64 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DigestText(pub Digest);

impl std::fmt::Display for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn refused(rule: &'static RuleDoc, title: impl Into<String>, fix: &str) -> Refused {
    Refused { rule, title: title.into(), fix: fix.to_owned(), instead: None }
}

impl Text for Label {
    fn take(text: &str) -> Result<Self, Refused> {
        let good = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.' | b'@' | b'+');
        if !text.is_empty() && text.len() <= LABEL_BYTES && text.bytes().all(good) {
            return Ok(Self(text.to_owned()));
        }
        let near: String = text.trim().chars().map(|c| if c.is_whitespace() { '-' } else { c }).collect();
        let instead = Label::take_plain(&near);
        Err(Refused { instead, ..refused(&rules::NAME, "a name has ASCII letters, digits and `-_.@+` only", "choose a plain name") })
    }
}

impl Label {
    fn take_plain(near: &str) -> Option<String> {
        let good =
            !near.is_empty() && near.len() <= LABEL_BYTES && near.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_.@+".contains(&c));
        good.then(|| near.to_owned())
    }
}

impl Text for ProviderUrl {
    fn take(text: &str) -> Result<Self, Refused> {
        let help = "write https://HOST/PATH, http:// on loopback, or embedded:PATH";
        if let Some(path) = text.strip_prefix("embedded:") {
            return match join(crate::config::assemble::roles::WORKSPACE_FILE, path) {
                Ok(_) => Ok(Self(text.to_owned())),
                Err(error) => Err(refused(&rules::PATH, error.to_string(), error.remedy())),
            };
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            let instead = (text.contains('.') && !text.contains([' ', ':'])).then(|| format!("https://{text}"));
            return Err(Refused { instead, ..refused(&rules::URL, "the URL has no scheme", help) });
        };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if host.contains('@') {
            return Err(refused(
                &rules::URL,
                "the URL holds user information; credentials are references",
                "write `token = { env = \"NAME\" }`",
            ));
        }
        if host.is_empty() || text.contains(|c: char| c.is_whitespace() || is_invisible(c) || c == '?' || c == '#') {
            return Err(refused(&rules::URL, "the URL needs a host and a path, without spaces, query or fragment", help));
        }
        match scheme {
            "https" => Ok(Self(text.to_owned())),
            "http" if is_loopback(host) => Ok(Self(text.to_owned())),
            "http" => {
                let instead = Some(format!("https://{rest}"));
                Err(Refused { instead, ..refused(&rules::URL, "the token would travel in clear text", "write https://") })
            }
            other => Err(refused(&rules::URL, format!("`{}` is not a scheme of panels", printable_short(other, 20)), help)),
        }
    }
}

fn is_loopback(host: &str) -> bool {
    let port = |tail: &str| tail.is_empty() || tail.strip_prefix(':').is_some_and(|p| p.parse::<u16>().is_ok());
    if let Some((ip, tail)) = host.strip_prefix('[').and_then(|h| h.split_once(']')) {
        return port(tail) && ip.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    }
    let (name, tail) = host.find(':').map_or((host, ""), |at| host.split_at(at));
    port(tail) && (name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()))
}

impl Text for AllowedSecret {
    fn take(text: &str) -> Result<Self, Refused> {
        let good = ["env:", "file:"].iter().any(|p| text.strip_prefix(p).is_some_and(|rest| !rest.is_empty()));
        let fix = "write env:PATTERN or file:PATTERN, with * as wildcard";
        if good { Ok(Self(text.to_owned())) } else { Err(refused(&rules::PATTERN, "this pattern allows nothing", fix)) }
    }
}

impl Text for IgnorePattern {
    fn take(text: &str) -> Result<Self, Refused> {
        let kinds: Vec<&'static str> = Kind::ALL.iter().map(|k| k.word()).collect();
        let fix = "write KIND/NAME, such as user/*@old.example";
        let Some((kind, name)) = text.split_once('/') else {
            return Err(refused(&rules::PATTERN, "the pattern has no `/`", fix));
        };
        if name.is_empty() {
            return Err(refused(&rules::PATTERN, "the pattern has no name after `/`; `*` means all", fix));
        }
        if Kind::parse(kind).is_none() {
            let near = crate::base::nearest::nearest(kind, kinds.iter().copied());
            let title =
                format!("`{}` is not a kind; kinds are {}", printable_short(kind, 40), crate::config::reading::unknown::listed(&kinds));
            return Err(Refused { instead: near.map(|n| format!("{n}/{name}")), ..refused(&rules::PATTERN, title, fix) });
        }
        Ok(Self(text.to_owned()))
    }
}

impl Text for DigestText {
    fn take(text: &str) -> Result<Self, Refused> {
        let fix = "let `mailwright approve PLANFILE` write it";
        Digest::parse(text).map(Self).ok_or_else(|| refused(&rules::APPROVAL, "this is not a whole digest of 64 hex digits", fix))
    }
}

text_scalars!(Label, ProviderUrl, AllowedSecret, IgnorePattern, DigestText);

macro_rules! plain_texts {
    ($($ty:ident: $pattern:expr),* $(,)?) => { $(
        impl<'de> serde::Deserialize<'de> for $ty {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(d)?;
                Self::take(&text).map_err(|refused| serde::de::Error::custom(refused.title))
            }
        }
        impl JsonSchema for $ty {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($ty).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    )* };
}
plain_texts!(
    Label: "^[A-Za-z0-9._@+-]{1,128}$",
    ProviderUrl: "^(https://|http://|embedded:).+",
    AllowedSecret: "^(env|file):.+",
    IgnorePattern: "^[a-z-]+/.+",
    DigestText: "^[0-9a-fA-F]{64}$",
);
