//! Secrets from the environment and from files below the workspace (S10.1). The value is never in a message.

use crate::base::{Secret, SecretRef};
use crate::model::Fault;
use crate::port::Secrets;
use std::path::{Component, Path, PathBuf};

/// Reads `{ env }` and `{ file }` references.
#[derive(Debug, Clone)]
pub struct EnvironmentSecrets {
    root: PathBuf,
}

impl EnvironmentSecrets {
    /// Files are looked for below this folder.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }
}

impl Secrets for EnvironmentSecrets {
    fn get(&self, what: &SecretRef) -> Result<Secret, Fault> {
        match what {
            SecretRef::Env(name) => match std::env::var(name) {
                Ok(value) if !value.is_empty() => Ok(Secret::new(value)),
                Ok(_) => Err(Fault::Local { text: format!("the environment variable {name} is empty") }),
                Err(_) => Err(Fault::Local { text: format!("the environment variable {name} is not set; export it and run again") }),
            },
            SecretRef::File(name) => {
                if !Path::new(name).components().all(|c| matches!(c, Component::Normal(_))) {
                    return Err(Fault::Local { text: format!("the secret file {name} is not a path inside the workspace") });
                }
                let path = self.root.join(name);
                let inside = path.canonicalize().is_ok_and(|real| real.starts_with(&self.root));
                let text = std::fs::read_to_string(&path).ok().filter(|_| inside);
                let text =
                    text.ok_or_else(|| Fault::Local { text: format!("the secret file {name} cannot be read inside the workspace") })?;
                let value = text.strip_suffix('\n').map_or(text.as_str(), |t| t.strip_suffix('\r').unwrap_or(t));
                Ok(Secret::new(value.to_owned()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_inside_only_and_one_newline_cut() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        std::fs::write(root.join("pw"), "s3cret\n").unwrap();
        let secrets = EnvironmentSecrets::new(root);
        assert_eq!(secrets.get(&SecretRef::File("pw".into())).unwrap().expose(), "s3cret");
        assert!(secrets.get(&SecretRef::File("../pw".into())).is_err());
        let error = secrets.get(&SecretRef::Env("MAILWRIGHT_NO_SUCH".into())).unwrap_err().to_string();
        assert!(error.contains("MAILWRIGHT_NO_SUCH is not set"), "{error}");
    }
}
