//! Sinks: files inside the workspace, and memory for tests (S10.3).
//!
//! A file is written beside its place with mode 0600, flushed, renamed over it, and its folder flushed; so it holds the
//! old credential or the new one, whole. It must be ignored by git where there is a repository. Deliberately absent:
//! reading a password out; a caller may only ask whether it is the one in hand.

use crate::base::{Secret, SecretRef};
use crate::model::{Credential, Fault, Sink, SinkState};
use crate::port::Sinks;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The largest file that is taken for a credential, in bytes.
const SINK_BYTES: u64 = 64 * 1024;

/// The text of a sink. Without `Debug`, so that it is not printed by accident.
#[derive(Serialize, Deserialize)]
struct Held {
    username: String,
    password: String,
}

/// Files below the workspace.
#[derive(Debug, Clone)]
pub struct FileSinks {
    root: PathBuf,
}

impl FileSinks {
    /// Below this folder, which is absolute and without links.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The file of a sink, if it may be one: inside the workspace, plain or not there, and ignored by git. Its folder need not
    /// be there yet.
    fn path(&self, sink: &Sink) -> Result<PathBuf, String> {
        let path = self.place(sink)?;
        if let SecretRef::File(name) = &sink.place {
            ignored(&self.root, name)?;
        }
        Ok(path)
    }

    /// The file of a sink inside the workspace.
    fn place(&self, sink: &Sink) -> Result<PathBuf, String> {
        let SecretRef::File(name) = &sink.place else {
            return Err("an environment variable cannot keep a credential: write credential = { file = \"…\" }".into());
        };
        if name.is_empty() || !Path::new(name).components().all(|c| matches!(c, Component::Normal(_))) {
            return Err(format!("{name} is not a path inside the workspace"));
        }
        let path = self.root.join(name);
        let there = path.ancestors().skip(1).find_map(|folder| folder.canonicalize().ok());
        if !there.is_some_and(|real| real.starts_with(&self.root)) {
            return Err(format!("{name} leads out of the workspace"));
        }
        match path.symlink_metadata() {
            Ok(found) if !found.is_file() => return Err(format!("{name} is there and is no plain file")),
            Ok(_) | Err(_) => {}
        }
        Ok(path)
    }

    fn writable(&self, sink: &Sink) -> Result<PathBuf, Fault> {
        self.path(sink).map_err(|why| fault(sink, why))
    }
}

fn fault(sink: &Sink, why: impl std::fmt::Display) -> Fault {
    Fault::Local { text: format!("the sink {} cannot be used: {why}", sink.place) }
}

/// Refuses a file that git would take into a commit.
#[cfg(feature = "git")]
fn ignored(root: &Path, name: &str) -> Result<(), String> {
    let Ok(repository) = git2::Repository::discover(root) else { return Ok(()) };
    let inside = repository.workdir().and_then(|top| top.canonicalize().ok());
    let path = root.join(name);
    let Some(relative) = inside.as_deref().and_then(|top| path.strip_prefix(top).ok()) else { return Ok(()) };
    let tracked = repository.index().is_ok_and(|index| index.get_path(relative, 0).is_some());
    match repository.is_path_ignored(relative) {
        Ok(true) if !tracked => Ok(()),
        Ok(_) if tracked => Err(format!("{name} is in git: take it out, and change the credential")),
        Ok(_) => Err(format!("{name} is not ignored by git: add it to .gitignore")),
        Err(error) => Err(format!("git cannot tell whether {name} is ignored: {}", error.message())),
    }
}

/// Without git in this build nobody can tell, and a credential in a commit cannot be taken back.
#[cfg(not(feature = "git"))]
fn ignored(root: &Path, name: &str) -> Result<(), String> {
    match root.ancestors().find(|folder| folder.join(".git").exists()) {
        None => Ok(()),
        Some(_) => Err(format!("this build cannot tell whether git ignores {name}: it needs the feature `git`")),
    }
}

/// What a file holds; `None`: it is not there or empty.
fn read(path: &Path) -> Result<Option<Held>, String> {
    let text = match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Ok(found) if found.len() > SINK_BYTES => return Err("the file is too large for a credential".into()),
        Ok(_) | Err(_) => std::fs::read_to_string(path).map_err(|error| error.to_string())?,
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    // the parser's own message may quote the text
    serde_json::from_str(&text).map(Some).map_err(|_| "the file is there and holds something else".into())
}

/// The new text of a sink before it takes its place. Its name is always the same, so that what a killed run left is found
/// by the next one, which takes it away: it may hold a credential that the panel has replaced since.
fn new_name(path: &Path) -> PathBuf {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".{name}.mailwright-new"))
}

/// Writes the new text with mode 0600, flushed. A link in its place is removed, never followed.
fn beside(path: &Path, bytes: &[u8]) -> std::io::Result<PathBuf> {
    let new = new_name(path);
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(new)
}

/// Makes the folder of a sink, for its owner only.
fn folder_of(path: &Path) -> std::io::Result<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder)?;
    Ok(folder)
}

impl Sinks for FileSinks {
    fn probe(&self, sink: &Sink) -> SinkState {
        match self.path(sink).and_then(|path| read(&path)) {
            Ok(None) => SinkState::Empty,
            Ok(Some(held)) => SinkState::Holds { username: held.username },
            Err(text) => SinkState::Refused { text },
        }
    }

    fn clear(&self, sink: &Sink) -> Result<bool, Fault> {
        let Ok(path) = self.place(sink) else { return Ok(false) };
        match std::fs::remove_file(new_name(&path)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(fault(sink, error)),
        }
    }

    fn prove(&self, sink: &Sink) -> Result<(), Fault> {
        let path = self.writable(sink)?;
        folder_of(&path).map_err(|e| fault(sink, e))?;
        beside(&path, b"{}\n").and_then(std::fs::remove_file).map_err(|e| fault(sink, e))
    }

    fn store(&self, sink: &Sink, credential: &Credential) -> Result<(), Fault> {
        let path = self.writable(sink)?;
        let folder = folder_of(&path).map_err(|e| fault(sink, e))?;
        let held = Held { username: credential.username.clone(), password: credential.password.expose().to_owned() };
        let mut text = serde_json::to_string_pretty(&held).map_err(|_| fault(sink, "it cannot be written as JSON"))?;
        text.push('\n');
        let new = beside(&path, text.as_bytes()).map_err(|e| fault(sink, e))?;
        std::fs::rename(&new, &path).map_err(|e| fault(sink, e))?;
        std::fs::File::open(&folder).and_then(|f| f.sync_all()).map_err(|e| fault(sink, e))
    }

    fn holds(&self, sink: &Sink, credential: &Credential) -> Result<bool, Fault> {
        let held = read(&self.writable(sink)?).map_err(|why| fault(sink, why))?;
        Ok(held.is_some_and(|h| Credential { username: h.username, password: Secret::new(h.password) } == *credential))
    }
}

/// Sinks in memory: for tests and simulations.
#[derive(Debug, Default)]
pub struct MemorySinks {
    held: Mutex<BTreeMap<SecretRef, Credential>>,
    /// Places that cannot be written.
    broken: Mutex<std::collections::BTreeSet<SecretRef>>,
}

impl MemorySinks {
    /// What a place holds.
    #[must_use]
    pub fn held(&self, place: &SecretRef) -> Option<Credential> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).get(place).cloned()
    }
    /// From now on a place cannot be written.
    pub fn break_place(&self, place: &SecretRef) {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).insert(place.clone());
    }
}

impl Sinks for MemorySinks {
    fn probe(&self, sink: &Sink) -> SinkState {
        self.held(&sink.place).map_or(SinkState::Empty, |c| SinkState::Holds { username: c.username })
    }
    fn clear(&self, _: &Sink) -> Result<bool, Fault> {
        Ok(false)
    }
    fn prove(&self, sink: &Sink) -> Result<(), Fault> {
        match self.broken.lock().unwrap_or_else(PoisonError::into_inner).contains(&sink.place) {
            true => Err(fault(sink, "it is broken")),
            false => Ok(()),
        }
    }
    fn store(&self, sink: &Sink, credential: &Credential) -> Result<(), Fault> {
        self.prove(sink)?;
        self.held.lock().unwrap_or_else(PoisonError::into_inner).insert(sink.place.clone(), credential.clone());
        Ok(())
    }
    fn holds(&self, sink: &Sink, credential: &Credential) -> Result<bool, Fault> {
        Ok(self.held(&sink.place).as_ref() == Some(credential))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sink(name: &str) -> Sink {
        Sink { place: SecretRef::File(name.into()), durable: false }
    }
    fn credential(password: &str) -> Credential {
        Credential { username: "smtp-x".into(), password: Secret::new(password.into()) }
    }
    fn sinks() -> (tempfile::TempDir, FileSinks) {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        (dir, FileSinks::new(root))
    }

    #[test]
    fn a_file_is_private_whole_and_replaced_at_once() {
        let (dir, sinks) = sinks();
        let crm = sink("secrets/crm.json");
        assert_eq!(sinks.probe(&crm), SinkState::Empty);
        assert!(!dir.path().join("secrets").exists(), "a probe writes nothing");
        sinks.prove(&crm).unwrap();
        assert_eq!(std::fs::read_dir(dir.path().join("secrets")).unwrap().count(), 0, "a proof leaves nothing behind");
        sinks.store(&crm, &credential("one")).unwrap();
        sinks.store(&crm, &credential("two")).unwrap();
        assert!(sinks.holds(&crm, &credential("two")).unwrap() && !sinks.holds(&crm, &credential("one")).unwrap());
        assert_eq!(sinks.probe(&crm), SinkState::Holds { username: "smtp-x".into() });
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |name: &str| std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode("secrets/crm.json"), mode("secrets")), (0o600, 0o700));
        }
    }

    #[test]
    fn places_outside_and_files_of_others_are_refused() {
        let (dir, sinks) = sinks();
        for name in ["../crm.json", "/tmp/crm.json", "", "a/../../b"] {
            assert!(matches!(sinks.probe(&sink(name)), SinkState::Refused { .. }), "{name}");
        }
        std::fs::write(dir.path().join("notes"), "hunter2 is the password").unwrap();
        let SinkState::Refused { text } = sinks.probe(&sink("notes")) else { panic!("something else is no credential") };
        assert!(!text.contains("hunter2"), "{text}");
        std::fs::create_dir(dir.path().join("folder")).unwrap();
        assert!(sinks.prove(&sink("folder")).is_err());
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/tmp", dir.path().join("out")).unwrap();
            assert!(sinks.prove(&sink("out/crm.json")).is_err());
        }
    }

    #[test]
    fn what_a_killed_run_left_is_overwritten() {
        let (dir, sinks) = sinks();
        let crm = sink("crm.json");
        std::fs::write(dir.path().join(".crm.json.mailwright-new"), "half").unwrap();
        sinks.store(&crm, &credential("one")).unwrap();
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_killed_run_left_is_taken_away() {
        let (dir, sinks) = sinks();
        let crm = sink("secrets/crm.json");
        assert!(!sinks.clear(&crm).unwrap(), "no folder, nothing to do");
        sinks.store(&crm, &credential("one")).unwrap();
        let left = dir.path().join("secrets/.crm.json.mailwright-new");
        std::fs::write(&left, "{ \"username\": \"smtp-x\", \"password\": \"two\" }").unwrap();
        assert!(sinks.clear(&crm).unwrap() && !left.exists() && !sinks.clear(&crm).unwrap());
        assert!(sinks.holds(&crm, &credential("one")).unwrap(), "what it holds stays");
        assert!(!sinks.clear(&sink("../crm.json")).unwrap(), "nothing outside is touched");
        assert!(!sinks.clear(&Sink { place: SecretRef::Env("X".into()), durable: false }).unwrap());
    }

    #[cfg(feature = "git")]
    #[test]
    fn git_must_ignore_it() {
        let (dir, sinks) = sinks();
        git2::Repository::init(dir.path()).unwrap();
        let error = sinks.prove(&sink("secrets/crm.json")).unwrap_err().to_string();
        assert!(error.contains("add it to .gitignore"), "{error}");
        std::fs::write(dir.path().join(".gitignore"), "secrets/\n").unwrap();
        sinks.prove(&sink("secrets/crm.json")).unwrap();
    }
}
