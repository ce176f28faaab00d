//! Destinations in canonical form: `host:port`, an IPv6 address in brackets.

use crate::base::DomainName;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The canonical form: host in lower case, port without leading zeroes; `None` where it is no destination.
#[must_use]
pub fn destination(text: &str) -> Option<String> {
    let (host, port) = text.rsplit_once(':')?;
    let port: u16 = port.parse().ok()?;
    if let Some(inner) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        return inner.parse::<Ipv6Addr>().ok().map(|ip| format!("[{ip}]:{port}"));
    }
    if let Ok(ip) = host.parse::<Ipv4Addr>() {
        return Some(format!("{ip}:{port}"));
    }
    DomainName::parse(host).ok().map(|name| format!("{name}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_are_canonical() {
        assert_eq!(destination("MX.Acme.Example:25").as_deref(), Some("mx.acme.example:25"));
        assert_eq!(destination("10.0.0.1:25").as_deref(), Some("10.0.0.1:25"));
        assert_eq!(destination("[0:0::1]:25").as_deref(), Some("[::1]:25"));
        assert_eq!(destination("mx.acme.example"), None);
    }
}
