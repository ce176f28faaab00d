//! Passwords: what a policy asks of one, and argon2id at rest. Hashing runs beside the server's own threads.
//!
//! Deliberately absent: any text that holds a password, in answers as in logs.

use crate::base::digest::sha256;
use crate::base::{Digest, printable::is_invisible};
use crate::panel::answer::json;
use crate::panel::limits::PASSWORD_CHARS;
use crate::panel::stop::Stop;
use crate::wire::{Clear, Code, PasswordPolicy, Problem};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use serde::Serialize;

/// Refuses what can be no password under any policy, before time is spent on hashing it.
fn must_be_one(password: &Clear) -> Result<(), Stop> {
    let text = &password.0;
    if text.is_empty() || text.chars().count() > PASSWORD_CHARS || text.chars().any(is_invisible) {
        return Err(Stop::invalid(format!("password: 1 to {PASSWORD_CHARS} characters, none that cannot be seen")));
    }
    Ok(())
}

/// What the password lacks under a policy, in words; nothing where it fulfils it.
pub(crate) fn lacks(policy: &PasswordPolicy, password: &Clear) -> Vec<String> {
    let text = &password.0;
    let mut lacks = Vec::new();
    if text.chars().count() < policy.min_length as usize {
        lacks.push(format!("at least {} characters", policy.min_length));
    }
    let special = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
    let classes = [
        (policy.upper, text.chars().any(char::is_uppercase), "an upper-case letter"),
        (policy.lower, text.chars().any(char::is_lowercase), "a lower-case letter"),
        (policy.digit, text.chars().any(|c| c.is_ascii_digit()), "a digit"),
        (policy.special, text.chars().any(special), "a special character"),
    ];
    lacks.extend(classes.into_iter().filter(|(asked, has, _)| *asked && !has).map(|(.., name)| name.to_owned()));
    lacks
}

/// Refuses a password that does not fulfil the policy; the refusal names what is missing, never the password.
pub(crate) fn must_fulfil(policy: &PasswordPolicy, address: &str, password: &Clear) -> Result<(), Stop> {
    let lacks = lacks(policy, password);
    if lacks.is_empty() {
        return Ok(());
    }
    Err(Problem::new(Code::PasswordPolicy, format!("the password of {address} lacks: {}", lacks.join(", "))).into())
}

/// The text at rest.
pub(crate) async fn hash(password: &Clear) -> Result<String, Stop> {
    must_be_one(password)?;
    let password = password.clone();
    let made = tokio::task::spawn_blocking(move || Argon2::default().hash_password(password.0.as_bytes()).map(|hash| hash.to_string()));
    match made.await {
        Ok(Ok(hash)) => Ok(hash),
        Ok(Err(error)) => Err(internal(&error)),
        Err(error) => Err(internal(&error)),
    }
}

/// Whether a password is the one at rest.
pub(crate) async fn fits(hash: String, password: &Clear) -> Result<bool, Stop> {
    let password = password.clone();
    let checked = tokio::task::spawn_blocking(move || {
        PasswordHash::new(&hash).is_ok_and(|hash| Argon2::default().verify_password(password.0.as_bytes(), &hash).is_ok())
    });
    checked.await.map_err(|error| internal(&error))
}

fn internal(error: &dyn std::fmt::Display) -> Stop {
    tracing::error!(%error, "a password could not be hashed");
    Problem::new(Code::Internal, "a password could not be hashed; the panel's log says why").into()
}

/// The digest of a request whose passwords were blanked: a plain digest of one could be tried out offline. So the same
/// key with another password is taken for the same request.
pub(crate) fn blind_digest<T: Serialize>(blanked: &T) -> Result<Digest, Stop> {
    Ok(sha256(json(blanked)?.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_names_what_is_missing() {
        let policy = PasswordPolicy { min_length: 10, upper: true, lower: true, digit: true, special: true, version: 1 };
        let of = |text: &str| lacks(&policy, &Clear(text.into())).join(", ");
        assert_eq!(of("Abcdef-123"), "");
        assert_eq!(of("Äbcdëf-123"), "", "letters of every alphabet count");
        assert_eq!(of("abcdefghij"), "an upper-case letter, a digit, a special character");
        assert_eq!(of("A-1"), "at least 10 characters, a lower-case letter");
    }

    #[tokio::test]
    async fn only_the_password_itself_fits() {
        let stored = hash(&Clear("Correct-Horse-7".into())).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$") && !stored.contains("Horse"));
        assert!(fits(stored.clone(), &Clear("Correct-Horse-7".into())).await.unwrap());
        assert!(!fits(stored, &Clear("correct-horse-7".into())).await.unwrap());
        assert!(hash(&Clear(String::new())).await.is_err() && hash(&Clear("x".repeat(257))).await.is_err());
    }
}
