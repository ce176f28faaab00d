//! Names that people give to tenants and providers.
//!
//! Lower-case letters, digits and hyphens, so that a name can be a file name, a DNS label and a Kubernetes name.

use crate::base::limits::NAME_BYTES;
use std::fmt;

/// Why a name was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing was written.
    #[error("a name must not be empty")]
    Empty,
    /// Longer than [`NAME_BYTES`].
    #[error("a name has at most {NAME_BYTES} characters")]
    TooLong,
    /// A character outside `a-z 0-9 -`, or a hyphen at an end.
    #[error("a name has lower-case letters, digits and inner hyphens only")]
    Character,
}

fn check(text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    if text.len() > NAME_BYTES {
        return Err(NameError::TooLong);
    }
    let good = text.bytes().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if !good || text.starts_with('-') || text.ends_with('-') {
        return Err(NameError::Character);
    }
    Ok(())
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Checks and takes a name.
            ///
            /// # Errors
            /// [`NameError`] says which rule was broken.
            pub fn parse(text: &str) -> Result<Self, NameError> {
                check(text)?;
                Ok(Self(text.to_owned()))
            }
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

name!(
    /// The name of a tenant (a customer) in files and on the command line.
    TenantName
);
name!(
    /// The name of a provider: a connection to a panel, from `mailwright.toml`.
    ProviderName
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        assert_eq!(TenantName::parse("acme-1").map(|n| n.to_string()), Ok("acme-1".into()));
        assert_eq!(TenantName::parse(""), Err(NameError::Empty));
        assert_eq!(TenantName::parse("Acme"), Err(NameError::Character));
        assert_eq!(TenantName::parse("-acme"), Err(NameError::Character));
        assert_eq!(TenantName::parse(&"a".repeat(64)), Err(NameError::TooLong));
    }
}
