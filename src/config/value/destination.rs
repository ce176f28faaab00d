//! Where mail is delivered: `host:port`, canonical, the port always written.

use super::Refused;
use super::scalar::Text;
use crate::base::DomainName;
use crate::config::rules;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use std::net::{IpAddr, Ipv6Addr};

/// The port of mail delivery (RFC 5321).
const SMTP_PORT: u16 = 25;

/// A destination in canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination(pub String);

impl Text for Destination {
    fn take(text: &str) -> Result<Self, Refused> {
        parse(text).map_err(|title| {
            let bare = text.trim().trim_start_matches("smtp://").trim_end_matches('/');
            let instead = parse(bare).ok().filter(|_| bare != text).map(|d| d.0);
            Refused { rule: &rules::DESTINATION, title, fix: "write a host and a port, such as mx.acme.example:25".into(), instead }
        })
    }
}

fn parse(text: &str) -> Result<Destination, String> {
    if text.is_empty() {
        return Err("the destination is empty".into());
    }
    let (host, port) = split(text);
    let port = match port {
        None => SMTP_PORT,
        Some(port) => port.parse::<u16>().ok().filter(|p| *p > 0).ok_or("the port is not a number from 1 to 65535".to_owned())?,
    };
    Ok(Destination(format!("{}:{port}", host_name(host)?)))
}

/// Host and port; the colons of an IPv6 address count only outside `[ ]`.
fn split(text: &str) -> (&str, Option<&str>) {
    if let Some(rest) = text.strip_prefix('[')
        && let Some((host, after)) = rest.split_once(']')
    {
        return (host, after.strip_prefix(':').or((!after.is_empty()).then_some(after)));
    }
    if text.parse::<Ipv6Addr>().is_ok() {
        return (text, None);
    }
    text.rsplit_once(':').map_or((text, None), |(host, port)| (host, Some(port)))
}

fn host_name(host: &str) -> Result<String, String> {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => Ok(ip.to_string()),
        Ok(IpAddr::V6(ip)) => Ok(format!("[{ip}]")),
        Err(_) => DomainName::parse(host).map(|d| d.to_string()).map_err(|error| error.to_string()),
    }
}
super::scalar::text_scalars!(Destination);

impl<'de> serde::Deserialize<'de> for Destination {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(d)?;
        parse(&text).map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Destination {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Destination".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_always_written() {
        for (text, want) in [
            ("mx.acme.example", "mx.acme.example:25"),
            ("MX.Acme.example:2525", "mx.acme.example:2525"),
            ("192.0.2.1", "192.0.2.1:25"),
            ("2001:db8::1", "[2001:db8::1]:25"),
            ("[2001:db8::1]:26", "[2001:db8::1]:26"),
        ] {
            assert_eq!(parse(text), Ok(Destination(want.into())), "{text}");
        }
        for text in [
            "",
            "mx.acme.example:0",
            "mx.acme.example:70000",
            "mx.acme.example:",
            "host",
            "a b.example",
            "[::1]x",
            "smtp://mx.acme.example",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(Destination::take("smtp://mx.acme.example/").unwrap_err().instead.as_deref(), Some("mx.acme.example:25"));
    }
}
