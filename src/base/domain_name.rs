//! Domain names in one canonical form: lower-case A-labels without a trailing dot (IDNA, RFC 5891; S4.1).
//!
//! Refused: names without a dot, IP addresses, labels over 63 octets, what strict IDNA refuses, and labels that mix
//! scripts (UTS #39), because two names that look the same must not be two customers.

use std::fmt;
use std::net::IpAddr;
use unicode_security::restriction_level::{RestrictionLevel, RestrictionLevelDetection};

/// Why a domain name was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DomainError {
    /// Nothing was written.
    #[error("the domain name is empty")]
    Empty,
    /// A control, zero-width or bidi character; IDNA would drop some of them silently.
    #[error("the domain name contains the invisible character U+{0:04X}")]
    Invisible(u32),
    /// No dot: a host of the local network at best.
    #[error("`{0}` has no dot: a mail domain has at least two labels, such as acme.example")]
    SingleLabel(String),
    /// An IP address.
    #[error("`{0}` is an IP address, not a domain name")]
    IpAddress(String),
    /// Strict IDNA refuses it (length, hyphens, characters).
    #[error("`{0}` is not a valid domain name (IDNA: labels of letters, digits and inner hyphens, 63 octets each, 253 in all)")]
    Idna(String),
    /// A label mixes scripts, for instance Latin with one Cyrillic letter.
    #[error("`{0}` mixes scripts in one label; it can be confused with another name ({1})")]
    Confusable(String, String),
}

/// A domain name as A-label, for example `xn--mller-kva.example`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct DomainName(String);

impl DomainName {
    /// Checks a name as a person writes it (U-label or A-label, any case, one trailing dot) and makes it canonical.
    ///
    /// # Errors
    /// [`DomainError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, DomainError> {
        let mut out = String::new();
        canonical_domain(text, &mut out)?;
        Ok(Self(out))
    }

    /// The A-label form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form for people: U-labels, where they can be shown; equal to the A-label form for ASCII names.
    #[must_use]
    pub fn to_unicode(&self) -> String {
        idna::domain_to_unicode(&self.0).0
    }

    /// Wraps a name that is known to be canonical, because it was cut from a canonical address.
    pub(crate) fn canonical(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for DomainName {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Appends the canonical form of `text` to `out`. The ASCII case costs one pass and no allocation.
///
/// # Errors
/// [`DomainError`]; `out` may then hold a part.
pub fn canonical_domain(text: &str, out: &mut String) -> Result<(), DomainError> {
    let start = out.len();
    if plain_ascii(text, out) {
        return Ok(());
    }
    out.truncate(start);
    let cut = text.strip_suffix('.').unwrap_or(text);
    if cut.is_empty() {
        return Err(DomainError::Empty);
    }
    if let Some(c) = cut.chars().find(|&c| crate::base::printable::is_invisible(c)) {
        return Err(DomainError::Invisible(u32::from(c)));
    }
    if cut.parse::<IpAddr>().is_ok() {
        return Err(DomainError::IpAddress(cut.to_owned()));
    }
    let ascii = idna::domain_to_ascii_strict(cut).map_err(|_| DomainError::Idna(cut.to_owned()))?;
    if ascii.parse::<IpAddr>().is_ok() {
        return Err(DomainError::IpAddress(ascii));
    }
    if !ascii.contains('.') {
        return Err(DomainError::SingleLabel(ascii));
    }
    let (unicode, _) = idna::domain_to_unicode(&ascii);
    for label in unicode.split('.') {
        if !label.is_ascii() && label.detect_restriction_level() > RestrictionLevel::HighlyRestrictive {
            return Err(DomainError::Confusable(unicode.clone(), ascii));
        }
    }
    out.push_str(&ascii);
    Ok(())
}

/// The fast path: plain ASCII labels without `xn--` and without a label that could be an IPv4 part.
fn plain_ascii(text: &str, out: &mut String) -> bool {
    let bytes = text.as_bytes();
    if bytes.is_empty() || bytes.len() > 253 || !bytes.contains(&b'.') {
        return false;
    }
    let labels_fine = bytes.split(|&c| c == b'.').all(|label| {
        let inner = |c: &u8| matches!(c, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-');
        let hyphens = label.len() > 3 && label[2] == b'-' && label[3] == b'-';
        !label.is_empty() && label.len() <= 63 && label[0] != b'-' && label[label.len() - 1] != b'-' && !hyphens && label.iter().all(inner)
    });
    let last = bytes.rsplit(|&c| c == b'.').next().unwrap_or(&[]);
    if !labels_fine || last.iter().all(u8::is_ascii_digit) || last.starts_with(b"0x") || last.starts_with(b"0X") {
        return false;
    }
    let start = out.len();
    out.push_str(text);
    out[start..].make_ascii_lowercase();
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_canonical_form() {
        for (text, want) in [
            ("Acme.Example", "acme.example"),
            ("acme.example.", "acme.example"),
            ("MÜLLER.example", "xn--mller-kva.example"),
            ("xn--mller-kva.example", "xn--mller-kva.example"),
        ] {
            let got = DomainName::parse(text).unwrap();
            assert_eq!(got.as_str(), want);
            assert_eq!(DomainName::parse(got.as_str()).unwrap(), got);
        }
    }

    #[test]
    fn bad_names_are_refused() {
        for text in ["", ".", "a..b", "-a.example", "a_b.example", "10.0.0.1", "localhost", "аcme.example", "xn--a.example"] {
            assert!(DomainName::parse(text).is_err(), "{text}");
        }
    }
}
