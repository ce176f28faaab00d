//! The allow-list of secret references (S19.1), and what a reference may look like.
//!
//! Deliberately absent: looking a secret up. A reference that is no proper name is never echoed, because it may be the
//! secret itself.

use crate::base::SecretRef;

/// Which secret references tenant files may use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AllowedSecrets {
    /// None: what a resolver starts with, so that forgetting the policy is loud.
    #[default]
    Nothing,
    /// The policy names no patterns: any.
    Anything,
    /// `env:PATTERN` and `file:PATTERN`, with `*` for any text.
    Patterns(Vec<String>),
}

impl AllowedSecrets {
    /// From `mailwright.toml`: no list allows any reference, an empty list none.
    #[must_use]
    pub fn from_policy(patterns: Option<&[String]>) -> Self {
        patterns.map_or(Self::Anything, |all| Self::Patterns(all.to_vec()))
    }
    /// Whether a reference may be used.
    #[must_use]
    pub fn allow(&self, reference: &SecretRef) -> bool {
        let (scheme, name) = match reference {
            SecretRef::Env(name) => ("env:", name),
            SecretRef::File(path) => ("file:", path),
        };
        match self {
            Self::Nothing => false,
            Self::Anything => true,
            Self::Patterns(all) => all.iter().filter_map(|p| p.strip_prefix(scheme)).any(|p| matches(p, name)),
        }
    }
}

/// Whether a text can be the name of an environment variable (POSIX: letters, digits, `_`, no digit first).
#[must_use]
pub fn is_env_name(text: &str) -> bool {
    let letter = |c: u8| c.is_ascii_alphabetic() || c == b'_';
    text.bytes().next().is_some_and(letter) && text.bytes().all(|c| letter(c) || c.is_ascii_digit())
}

/// Whether `*`-wildcards match the whole text. Linear in the text for each `*`.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut left) = text.strip_prefix(head) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or("");
    for part in parts {
        let Some(at) = left.find(part) else {
            return false;
        };
        left = &left[at + part.len()..];
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_bind_scheme_and_whole_text() {
        let allowed = AllowedSecrets::from_policy(Some(&["env:ACME_*".into(), "file:secrets/*.txt".into()]));
        assert!(allowed.allow(&SecretRef::Env("ACME_BIND".into())));
        assert!(!allowed.allow(&SecretRef::Env("MY_ACME_BIND".into())));
        assert!(!allowed.allow(&SecretRef::File("ACME_BIND".into())));
        assert!(allowed.allow(&SecretRef::File("secrets/crm.txt".into())));
        assert!(!allowed.allow(&SecretRef::File("secrets/crm.txt.bak".into())));
        assert!(AllowedSecrets::from_policy(None).allow(&SecretRef::Env("X".into())));
        assert!(!AllowedSecrets::from_policy(Some(&[])).allow(&SecretRef::Env("X".into())));
        assert!(!AllowedSecrets::default().allow(&SecretRef::Env("X".into())));
    }

    #[test]
    fn wildcards_do_not_overlap() {
        assert!(matches("a*b*c", "axxbyyc") && matches("*", "") && matches("a*a", "aa"));
        assert!(!matches("a*a", "a") && !matches("ab*bc", "abc"));
    }

    #[test]
    fn a_password_is_no_env_name() {
        assert!(is_env_name("JANE_PW") && is_env_name("_x1"));
        assert!(!is_env_name("hunter2!") && !is_env_name("1X") && !is_env_name(""));
    }
}
