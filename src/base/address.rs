//! Mail addresses in one canonical form (S4.1).
//!
//! The local part is an ASCII dot-atom (RFC 5321 4.1.2) and is written in lower case: RFC 5321 leaves its case to the
//! receiving host, every panel that we know ignores it, and two users who differ only in case would be one mailbox.
//! The domain is an A-label. Refused: display names, quotes, comments, control and invisible characters, a `?` in the
//! local part (a lost letter of an export, S21), and anything that the panels' SMTP side could read in two ways.

use crate::base::domain_name::{DomainError, DomainName, canonical_domain};
use crate::base::limits::{ADDRESS_BYTES, LOCAL_PART_BYTES};
use std::fmt;

/// Why an address was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing was written.
    #[error("the address is empty")]
    Empty,
    /// No `@`.
    #[error("the address has no `@`")]
    NoAt,
    /// More than one `@`.
    #[error("the address has more than one `@`")]
    ManyAt,
    /// Nothing before the `@`.
    #[error("the part before `@` is empty")]
    NoLocalPart,
    /// The local part or the whole is too long.
    #[error("the address is too long: at most {LOCAL_PART_BYTES} octets before `@`, {ADDRESS_BYTES} in all (RFC 5321)")]
    TooLong,
    /// A display name or angle brackets.
    #[error("write the bare address, without a display name or angle brackets")]
    DisplayName,
    /// White space inside.
    #[error("the address contains white space")]
    Space,
    /// A control, zero-width or bidi character; it cannot be seen, so it is named by code point.
    #[error("the address contains the invisible character U+{0:04X}")]
    Invisible(u32),
    /// A letter outside ASCII before the `@`.
    #[error("`{0}` (U+{code:04X}) is not allowed before `@`: the panels accept ASCII local parts only", code = u32::from(*.0))]
    NotAscii(char),
    /// A `?` that most likely was another letter before an export lost it.
    #[error("`?` stands before `@`: usually a letter that an export could not write")]
    LostLetter,
    /// Another character outside the dot-atom.
    #[error("`{0}` is not allowed before `@`")]
    Character(char),
    /// A dot at an end, or two together.
    #[error("the part before `@` has a dot at an end or two dots together")]
    Dots,
    /// The domain is wrong.
    #[error(transparent)]
    Domain(#[from] DomainError),
}

/// A canonical mail address: lower-case local part, `@`, A-label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Address(String);

impl Address {
    /// Checks an address and makes it canonical.
    ///
    /// # Errors
    /// [`AddressError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let mut out = String::with_capacity(text.len());
        canonical_address(text, &mut out)?;
        Ok(Self(out))
    }
    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The part before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        &self.0[..self.at()]
    }
    /// The domain.
    #[must_use]
    pub fn domain(&self) -> DomainName {
        DomainName::canonical(&self.0[self.at() + 1..])
    }
    fn at(&self) -> usize {
        self.0.rfind('@').unwrap_or(0)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Address {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// The domain part of a canonical address; the whole text where there is no `@`.
#[must_use]
pub fn domain_part(canonical: &str) -> &str {
    canonical.rfind('@').map_or(canonical, |at| &canonical[at + 1..])
}

/// The domain that was read last: lists are mostly of one domain, which is then judged once.
#[derive(Debug, Clone, Default)]
pub struct LastDomain {
    written: String,
    canonical: String,
}

/// Appends the canonical form of `text` to `out`. A plain ASCII address costs one pass and no allocation.
///
/// # Errors
/// [`AddressError`]; `out` may then hold a part.
pub fn canonical_address(text: &str, out: &mut String) -> Result<(), AddressError> {
    canonical_address_after(text, out, &mut LastDomain::default()).map(drop)
}

/// As [`canonical_address`], with the domain of the address before; returns where the domain begins in `out`.
///
/// # Errors
/// [`AddressError`]; `out` may then hold a part.
pub fn canonical_address_after(text: &str, out: &mut String, last: &mut LastDomain) -> Result<usize, AddressError> {
    let bytes = text.as_bytes();
    let Some(at) = memchr::memchr(b'@', bytes) else {
        return Err(complain(text));
    };
    let local = &bytes[..at];
    let plain = |c: &u8| matches!(c, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'+' | b'.');
    let rare = |c: &u8| {
        plain(c) || matches!(c, b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'/' | b'=' | b'^' | b'`' | b'{' | b'|' | b'}' | b'~')
    };
    let fits = !local.is_empty() && local.len() <= LOCAL_PART_BYTES && bytes.len() <= ADDRESS_BYTES;
    let letters = local.iter().all(plain) || local.iter().all(rare);
    if !fits || !letters || dots(local) {
        return Err(complain(text));
    }
    let start = out.len();
    out.push_str(&text[..=at]);
    out[start..].make_ascii_lowercase();
    let domain = out.len();
    let written = &text[at + 1..];
    if written.is_empty() || written != last.written {
        if memchr::memchr(b'@', written.as_bytes()).is_some() {
            return Err(complain(text));
        }
        if let Err(error) = canonical_domain(written, out) {
            return Err(invisible(text).unwrap_or(AddressError::Domain(error)));
        }
        last.written.replace_range(.., written);
        last.canonical.replace_range(.., &out[domain..]);
    } else {
        out.push_str(&last.canonical);
    }
    if out.len() - start > ADDRESS_BYTES { Err(AddressError::TooLong) } else { Ok(domain) }
}

fn dots(local: &[u8]) -> bool {
    local.first() == Some(&b'.') || local.last() == Some(&b'.') || local.windows(2).any(|w| w == b"..")
}

/// Finds the best reason for an address that the fast path refused.
fn complain(text: &str) -> AddressError {
    if text.is_empty() {
        return AddressError::Empty;
    }
    if let Some(error) = invisible(text) {
        return error;
    }
    if text.contains(['<', '>', '"', '(', ')']) {
        return AddressError::DisplayName;
    }
    if text.contains(char::is_whitespace) {
        return AddressError::Space;
    }
    let Some((local, rest)) = text.split_once('@') else {
        return AddressError::NoAt;
    };
    if rest.contains('@') {
        return AddressError::ManyAt;
    }
    if local.is_empty() {
        return AddressError::NoLocalPart;
    }
    if local.len() > LOCAL_PART_BYTES || text.len() > ADDRESS_BYTES {
        return AddressError::TooLong;
    }
    if local.contains('?') {
        return AddressError::LostLetter;
    }
    if let Some(c) = local.chars().find(|c| !c.is_ascii()) {
        return AddressError::NotAscii(c);
    }
    if dots(local.as_bytes()) {
        return AddressError::Dots;
    }
    let c = local.chars().find(|c| !c.is_ascii_alphanumeric() && !"!#$%&'*+-/=^_`{|}~.".contains(*c));
    AddressError::Character(c.unwrap_or('@'))
}

fn invisible(text: &str) -> Option<AddressError> {
    text.chars().find(|&c| crate::base::printable::is_invisible(c)).map(|c| AddressError::Invisible(u32::from(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_is_idempotent() {
        for text in ["Jane@Acme.Example", "o'neil+tag@müller.example", "a.b-c_d@x.example."] {
            let once = Address::parse(text).unwrap();
            assert_eq!(Address::parse(once.as_str()).unwrap(), once);
        }
        assert_eq!(Address::parse("Jane@Acme.Example").unwrap().as_str(), "jane@acme.example");
    }

    #[test]
    fn the_last_domain_changes_nothing() {
        let mut last = LastDomain::default();
        let texts = [
            "a@Acme.Example",
            "B@Acme.Example",
            "c@acme.example",
            "d@m\u{fc}ller.example",
            "e@m\u{fc}ller.example",
            "f@",
            "g@bad",
            "h@x@y.example",
        ];
        for text in texts.iter().chain(&texts) {
            let (mut one, mut other) = (String::new(), String::new());
            let got = canonical_address_after(text, &mut one, &mut last);
            let want = canonical_address(text, &mut other);
            assert_eq!(got.clone().map(drop), want, "{text}");
            if let Ok(domain) = got {
                assert_eq!((one.as_str(), &one[domain..]), (other.as_str(), domain_part(&other)));
            }
        }
    }

    #[test]
    fn the_reason_is_named() {
        use AddressError as E;
        assert_eq!(Address::parse(""), Err(E::Empty));
        assert_eq!(Address::parse("jane"), Err(E::NoAt));
        assert_eq!(Address::parse("a@b@c.example"), Err(E::ManyAt));
        assert_eq!(Address::parse("@c.example"), Err(E::NoLocalPart));
        assert_eq!(Address::parse("Jane <jane@x.example>"), Err(E::DisplayName));
        assert_eq!(Address::parse("j ane@x.example"), Err(E::Space));
        assert_eq!(Address::parse("jane@x.example\u{200b}"), Err(E::Invisible(0x200b)));
        assert_eq!(Address::parse("аdmin@x.example"), Err(E::NotAscii('а')));
        assert_eq!(Address::parse("m?ller@x.example"), Err(E::LostLetter));
        assert_eq!(Address::parse("a..b@x.example"), Err(E::Dots));
        assert_eq!(Address::parse(&format!("{}@x.example", "a".repeat(65))), Err(E::TooLong));
        assert!(matches!(Address::parse("jane@10.0.0.1"), Err(E::Domain(DomainError::IpAddress(_)))));
        assert!(matches!(Address::parse("jane@localhost"), Err(E::Domain(DomainError::SingleLabel(_)))));
    }
}
