//! Canonical forms, checked cheaply where they are canonical already, which they nearly always are.

use crate::base::address::canonical_address;
use crate::base::limits::{ADDRESS_BYTES, LOCAL_PART_BYTES};
use std::borrow::Cow;

/// Domains seen so far on a page that are canonical; a page has few, so a list is searched faster than a map.
const REMEMBERED: usize = 8;

/// Checks addresses of one page.
#[derive(Debug, Default)]
pub(super) struct Canon {
    domains: Vec<String>,
}

impl Canon {
    /// The canonical form: borrowed where it is so already. `Err` gives back what is no address.
    pub(super) fn address<'a>(&mut self, text: Cow<'a, str>) -> Result<Cow<'a, str>, Cow<'a, str>> {
        if self.is_canonical(&text) {
            return Ok(text);
        }
        let mut out = String::new();
        if canonical_address(&text, &mut out).is_err() {
            return Err(text);
        }
        if let Some((_, domain)) = out.split_once('@')
            && self.domains.len() < REMEMBERED
            && !self.domains.iter().any(|d| d == domain)
        {
            self.domains.push(domain.to_owned());
        }
        Ok(if out == *text { text } else { Cow::Owned(out) })
    }

    /// Whether it is canonical for sure: a plain local part in lower case and a domain that was found canonical before.
    fn is_canonical(&self, text: &str) -> bool {
        let Some(at) = memchr::memchr(b'@', text.as_bytes()) else { return false };
        let (local, domain) = (&text.as_bytes()[..at], &text[at + 1..]);
        if local.is_empty() || local.len() > LOCAL_PART_BYTES || text.len() > ADDRESS_BYTES {
            return false;
        }
        let mut before = b'.';
        for &c in local {
            let letter = matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'+');
            if !(letter || (c == b'.' && before != b'.')) {
                return false;
            }
            before = c;
        }
        before != b'.' && self.domains.iter().any(|d| d == domain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Address;

    #[test]
    fn the_fast_answer_is_the_slow_answer() {
        let domains = ["acme.example", "ACME.example", "xn--mller-kva.example", "müller.example", "a_b.example", "acme.example."];
        let locals =
            ["jane", "Jane", "j.d", ".j", "j.", "j..d", "o'neil", "a b", "", "ü", "a@b", "x+y-z_1", &"l".repeat(65), &"l".repeat(64)];
        let mut canon = Canon::default();
        for round in 0..2 {
            for domain in domains {
                for local in locals {
                    let text = format!("{local}@{domain}");
                    let want = Address::parse(&text).ok().map(|a| a.as_str().to_owned());
                    let got = canon.address(Cow::Borrowed(&text)).ok();
                    assert_eq!(got.as_deref(), want.as_deref(), "{text} in round {round}");
                    let borrowed = matches!(got, Some(Cow::Borrowed(_)));
                    assert_eq!(borrowed, want.as_deref() == Some(&text), "{text}");
                }
            }
        }
        assert!(canon.address(Cow::Borrowed("no at")).is_err());
    }
}
