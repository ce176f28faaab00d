//! Where calls go: a base URL that was checked once, and paths below it.
//!
//! Invariant: every URL made here has the scheme, host and port of the base, so that a credential cannot leave it.

use crate::model::Fault;
use reqwest::Url;
use std::net::IpAddr;

/// A checked base URL.
#[derive(Debug, Clone)]
pub(super) struct Target {
    base: Url,
    trailing_slash: bool,
}

fn refused(text: impl std::fmt::Display) -> Fault {
    Fault::Local { text: format!("the provider's url: {text}") }
}

impl Target {
    /// Checks a base URL. `trailing_slash`: every path below it ends with `/`.
    pub(super) fn parse(url: &str, trailing_slash: bool) -> Result<Self, Fault> {
        let base = Url::parse(url).map_err(|error| refused(format!("{error}; write it as https://panel.example/v1")))?;
        if base.cannot_be_a_base() || base.host().is_none() {
            return Err(refused("it names no host; write it as https://panel.example/v1"));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(refused("it holds a user name or password; use `token` instead"));
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err(refused("it has a query or fragment"));
        }
        match base.scheme() {
            "https" => Ok(Self { base, trailing_slash }),
            "http" if is_loopback(&base) => Ok(Self { base, trailing_slash }),
            "http" => Err(refused("plain http is taken on loopback only; write https")),
            other => Err(refused(format!("`{other}` is not taken; write https"))),
        }
    }
    /// Scheme, host and port.
    pub(super) fn origin(&self) -> String {
        self.base.origin().ascii_serialization()
    }
    /// A URL below the base; each part is one segment, whatever it holds.
    pub(super) fn join(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Url, Fault> {
        let mut url = self.base.clone();
        // `.` and `..` cannot be written as one segment: they would climb
        if path.iter().any(|part| part.is_empty() || *part == "." || *part == "..") {
            return Err(Fault::Local { text: "an empty id cannot be asked for".into() });
        }
        match url.path_segments_mut() {
            Ok(mut segments) => {
                segments.pop_if_empty().extend(path);
                if self.trailing_slash {
                    segments.push("");
                }
            }
            Err(()) => return Err(refused("it cannot have a path")),
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }
    /// The host of a redirect's target, relative to the base.
    pub(super) fn host_of(&self, location: &str) -> String {
        let host = self.base.join(location).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_else(|| "a place that cannot be read".into())
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_or_loopback() {
        for good in
            ["https://panel.example/v1", "http://127.0.0.1:8080/v1", "http://[::1]:1/v1/", "http://localhost/v1", "https://10.0.0.1"]
        {
            assert!(Target::parse(good, false).is_ok(), "{good}");
        }
        for bad in [
            "http://panel.example/v1",
            "http://127.0.0.1.evil.example/",
            "http://localhost.evil.example/",
            "ftp://panel.example",
            "https://user:pw@panel.example/",
            "https://panel.example/?a=b",
            "https://panel.example/#x",
            "panel.example",
            "embedded:panel.db",
            "data:text/plain,x",
        ] {
            let fault = Target::parse(bad, false).unwrap_err();
            assert!(matches!(&fault, Fault::Local { text } if !text.contains("pw")), "{bad}: {fault}");
        }
    }

    #[test]
    fn a_segment_stays_a_segment() {
        let target = Target::parse("https://panel.example/v1/", false).unwrap();
        let url = target.join(&["tenants", "a/b?c#d", "jörg@x"], &[("cursor", "1&2")]).unwrap();
        assert_eq!(url.as_str(), "https://panel.example/v1/tenants/a%2Fb%3Fc%23d/j%C3%B6rg@x?cursor=1%262");
        assert!(target.join(&["tenants", ".."], &[]).is_err() && target.join(&["tenants", ""], &[]).is_err());
        assert_eq!(target.host_of("https://evil.example/x?token=1"), "evil.example");
        assert_eq!(target.host_of("/login"), "panel.example");
        assert_eq!(target.origin(), "https://panel.example");
        let slashed = Target::parse("https://panel.example/api/v2", true).unwrap();
        let url = slashed.join(&["domains", "7"], &[("page", "2")]).unwrap();
        assert_eq!(url.as_str(), "https://panel.example/api/v2/domains/7/?page=2");
    }
}
