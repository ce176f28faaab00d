//! What values the panel takes. Each check gives the canonical form, or a refusal that names the field.

use crate::base::printable::is_invisible;
use crate::base::{Address, DomainName};
use crate::panel::limits::{ALIAS_DOMAINS, DESTINATIONS, LABEL_CHARS, PERSON_NAME_CHARS};
use crate::panel::stop::Stop;
use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A name of a tenant, token or holder: 1..=`most` visible characters without space at an end.
pub(crate) fn label(field: &str, text: &str, most: usize) -> Result<(), Stop> {
    if text.is_empty() || text.chars().count() > most {
        return Err(Stop::invalid(format!("{field}: 1 to {most} characters")));
    }
    if text.trim() != text || text.chars().any(is_invisible) {
        return Err(Stop::invalid(format!("{field}: no space at an end, no characters that cannot be seen")));
    }
    Ok(())
}

/// A name of a tenant or token.
pub(crate) fn name(field: &str, text: &str) -> Result<(), Stop> {
    label(field, text, LABEL_CHARS)
}

/// Whether a first or last name can be kept.
pub(crate) fn is_person_name(text: &str) -> bool {
    text.chars().count() <= PERSON_NAME_CHARS && !text.chars().any(is_invisible)
}

/// A first or last name; may be empty.
pub(crate) fn person_name(field: &str, text: &str) -> Result<(), Stop> {
    if is_person_name(text) {
        return Ok(());
    }
    Err(Stop::invalid(format!("{field}: at most {PERSON_NAME_CHARS} characters, none that cannot be seen")))
}

/// A mail address.
pub(crate) fn address(field: &str, text: &str) -> Result<Address, Stop> {
    Address::parse(text).map_err(|error| Stop::invalid(format!("{field}: {error}")))
}

/// A set of aliases, sorted, none given twice.
pub(crate) fn aliases(texts: &[String]) -> Result<BTreeSet<String>, Stop> {
    let most = crate::base::limits::USER_ALIASES;
    if texts.len() > most {
        return Err(Stop::invalid(format!("aliases: at most {most}")));
    }
    let mut set = BTreeSet::new();
    for text in texts {
        let alias = address("aliases", text)?;
        if !set.insert(alias.as_str().to_owned()) {
            return Err(Stop::invalid(format!("aliases: {alias} is given twice")));
        }
    }
    Ok(set)
}

/// A domain name as A-label.
pub(crate) fn domain(field: &str, text: &str) -> Result<String, Stop> {
    DomainName::parse(text).map(|d| d.as_str().to_owned()).map_err(|error| Stop::invalid(format!("{field}: {error}")))
}

/// The alias domains of `of`, sorted, none given twice, not the domain itself.
pub(crate) fn alias_domains(of: &str, texts: &[String]) -> Result<BTreeSet<String>, Stop> {
    if texts.len() > ALIAS_DOMAINS {
        return Err(Stop::invalid(format!("alias_domains: at most {ALIAS_DOMAINS}")));
    }
    let mut set = BTreeSet::new();
    for text in texts {
        let name = domain("alias_domains", text)?;
        if name == of || !set.insert(name.clone()) {
            return Err(Stop::invalid(format!("alias_domains: {name} is given twice, or is the domain itself")));
        }
    }
    Ok(set)
}

/// Destinations in order, canonical, none given twice.
pub(crate) fn destinations(texts: &[String]) -> Result<Vec<String>, Stop> {
    if texts.is_empty() || texts.len() > DESTINATIONS {
        return Err(Stop::invalid(format!("destinations: 1 to {DESTINATIONS}")));
    }
    let mut list: Vec<String> = Vec::with_capacity(texts.len());
    for text in texts {
        let one = destination(text).ok_or_else(|| Stop::invalid(format!("destinations: {text:?} is not host:port")))?;
        if list.contains(&one) {
            return Err(Stop::invalid(format!("destinations: {one} is given twice")));
        }
        list.push(one);
    }
    Ok(list)
}

/// `host:port` with an A-label, an IPv4 address or an IPv6 address in brackets.
fn destination(text: &str) -> Option<String> {
    let (host, port) = text.rsplit_once(':')?;
    if port.is_empty() || !port.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let port: u16 = port.parse().ok().filter(|p| *p > 0)?;
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
    fn destinations_are_host_and_port() {
        assert_eq!(destination("MX.Acme.Example:025").as_deref(), Some("mx.acme.example:25"));
        assert_eq!(destination("[::1]:25").as_deref(), Some("[::1]:25"));
        assert_eq!(destination("10.0.0.1:25").as_deref(), Some("10.0.0.1:25"));
        for bad in ["mx.acme.example", "mx.acme.example:0", "mx.acme.example:65536", "::1:25", ":25", "mx.acme.example:+25", "mx:25"] {
            assert_eq!(destination(bad), None, "{bad}");
        }
        assert!(destinations(&[]).is_err());
        assert!(destinations(&["mx.acme.example:25".into(), "MX.acme.example:25".into()]).is_err());
    }

    #[test]
    fn sets_have_no_doubles() {
        assert!(aliases(&["a@x.example".into(), "A@x.example".into()]).is_err());
        assert!(alias_domains("x.example", &["X.example".into()]).is_err());
        assert!(label("name", " x", 9).is_err() && label("name", "x\u{200b}", 9).is_err() && label("name", "", 9).is_err());
        assert!(label("name", "Acme Müller", 100).is_ok());
    }
}
