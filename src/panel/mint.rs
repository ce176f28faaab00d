//! What the panel mints for outbound relay: labels, user names, passwords; and the hashes that it keeps of passwords.
//!
//! A password is shown once and kept as argon2id only. Hashing takes tens of milliseconds of a core, so it runs beside
//! the server's threads.

use crate::base::Secret;
use crate::panel::stop::Stop;
use crate::wire::{Code, Problem};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

/// Letters of labels and user names: no letter looks like a digit. 32, so that a byte's low bits choose evenly.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Letters of passwords; every configuration file takes them unquoted. 64, for the same reason.
const PASSWORD_LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Characters of a password: 32 of 64 letters, 192 bits.
const PASSWORD_CHARS: usize = 32;
/// Characters of a user name after its prefix: 80 bits, so that nobody guesses one.
const USERNAME_CHARS: usize = 16;

fn random<const N: usize>(letters: &[u8; N], length: usize) -> Result<String, Stop> {
    let mut bytes = vec![0u8; length];
    getrandom::fill(&mut bytes).map_err(|_| Stop::from(Problem::new(Code::Internal, "the system gives no random bytes")))?;
    Ok(bytes.iter().map(|b| char::from(letters[usize::from(*b) % N])).collect())
}

/// A random DNS label.
pub(crate) fn label(length: usize) -> Result<String, Stop> {
    random(LETTERS, length)
}

/// A random user name.
pub(crate) fn username() -> Result<String, Stop> {
    Ok(format!("smtp-{}", random(LETTERS, USERNAME_CHARS)?))
}

/// A new password and what is kept of it.
pub(crate) async fn password() -> Result<(Secret, String), Stop> {
    let secret = Secret::new(random(PASSWORD_LETTERS, PASSWORD_CHARS)?);
    let hash = hash(secret.clone()).await?;
    Ok((secret, hash))
}

async fn hash(secret: Secret) -> Result<String, Stop> {
    let internal = || Stop::from(Problem::new(Code::Internal, "the password could not be hashed"));
    let hashed =
        tokio::task::spawn_blocking(move || Argon2::default().hash_password(secret.expose().as_bytes()).map(|hash| hash.to_string()).ok());
    hashed.await.ok().flatten().ok_or_else(internal)
}

/// Whether the password is the one of the hash.
pub(crate) async fn is_password(secret: Secret, hash: String) -> bool {
    let verified = tokio::task::spawn_blocking(move || {
        let Ok(hash) = PasswordHash::new(&hash) else { return false };
        Argon2::default().verify_password(secret.expose().as_bytes(), &hash).is_ok()
    });
    verified.await.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_kept_as_argon2id_only() {
        let (secret, hash) = password().await.unwrap();
        assert!(hash.starts_with("$argon2id$") && !hash.contains(secret.expose()));
        assert_eq!(secret.expose().len(), PASSWORD_CHARS);
        assert!(is_password(secret, hash.clone()).await);
        assert!(!is_password(Secret::new("another".into()), hash).await);
    }

    #[test]
    fn what_is_minted_differs() {
        let (a, b) = (username().unwrap(), username().unwrap());
        assert!(a != b && a.starts_with("smtp-") && a.len() == 21);
    }
}
