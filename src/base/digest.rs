//! Digests: SHA-256 over a length-prefixed encoding for what is stored or shown, and keyed 128-bit prints for rows.
//!
//! The encoding is the only thing that plan ids depend on (S20); its version is written first. Prints never leave the
//! process and use a key of the run, so that nobody can write two rows with one print.

use sha2::Digest as _;
use siphasher::sip128::{Hasher128, SipHasher13};
use std::fmt;
use std::hash::Hasher;

/// Version of the encoding under every step digest and plan id.
pub const ENCODING: u32 = 1;

/// 256 bits, printed as hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The first eight hex digits, for people (S5.2).
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string()[..8].to_owned()
    }
    /// Reads 64 hex digits.
    #[must_use]
    pub fn parse(hex: &str) -> Option<Self> {
        if hex.len() != 64 || !hex.is_ascii() {
            return None;
        }
        let mut out = [0u8; 32];
        for (i, byte) in out.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).ok()?;
        }
        Some(Self(out))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}
impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> serde::Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a digest has 64 hex digits"))
    }
}

/// Writes values into SHA-256 so that no two different sequences give the same bytes.
pub struct Encoder(sha2::Sha256);

impl Encoder {
    /// Starts with the encoding version and a domain-separating label.
    #[must_use]
    pub fn new(label: &str) -> Self {
        let mut encoder = Self(sha2::Sha256::new());
        encoder.number(u64::from(ENCODING)).text(label);
        encoder
    }
    /// A text: its length, then its bytes.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }
    /// Bytes: their length, then they.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }
    /// A number in eight bytes.
    pub fn number(&mut self, number: u64) -> &mut Self {
        self.0.update(number.to_le_bytes());
        self
    }
    /// The digest.
    #[must_use]
    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

/// SHA-256 of plain bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Digest {
    Digest(sha2::Sha256::digest(bytes).into())
}

/// The key of this run's prints: an argument, random in production, fixed in tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrintKey(pub u64, pub u64);

impl PrintKey {
    /// A 128-bit keyed print of `bytes` under a `tag` (the field), so that equal texts of two fields differ.
    #[must_use]
    pub fn print(self, tag: u8, bytes: &[u8]) -> u128 {
        let mut hasher = SipHasher13::new_with_keys(self.0, self.1);
        hasher.write_u8(tag);
        hasher.write(bytes);
        hasher.finish128().as_u128()
    }
    /// A 64-bit keyed hash of a name.
    #[must_use]
    pub fn name(self, bytes: &[u8]) -> u64 {
        let mut hasher = siphasher::sip::SipHasher13::new_with_keys(self.1, self.0);
        hasher.write(bytes);
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_print_and_parse() {
        let mut e = Encoder::new("test");
        e.text("a").text("bc");
        let one = e.finish();
        let mut e = Encoder::new("test");
        e.text("ab").text("c");
        assert_ne!(one, e.finish());
        assert_eq!(Digest::parse(&one.to_string()), Some(one));
        assert_eq!(one.short().len(), 8);
    }

    #[test]
    fn prints_depend_on_key_and_tag() {
        let key = PrintKey(1, 2);
        assert_ne!(key.print(1, b"x"), key.print(2, b"x"));
        assert_ne!(key.print(1, b"x"), PrintKey(1, 3).print(1, b"x"));
    }
}
