//! Memory in a folder (`.mailwright/` or `[memory] path`): journal, who we are; versioned, locked, kill-safe (S11).
//!
//! Losing it may leave work undone; it never does work twice (S11.2). The lock protects the folder only (S12.1).

use crate::base::Timestamp;
use crate::model::entry::{Entry, EntryKind};
use crate::model::{Existed, Fault, Key, Kind, PasswordProof, PasswordTold, Remembered, Seq, StepOutcome};
use crate::port::Memory;
use crate::store::journal::{self, Journal};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The version of the folder's layout (S20).
const VERSION: u32 = 1;
/// How long deletions are recalled for budgets, in hours: the rolling 24 h and a margin for clocks.
const RECALL_HOURS: i64 = 72;
/// How long it is recalled what a panel took, in hours: a lost job is looked at for a week.
const RECALL_ACCEPTED_HOURS: i64 = 10 * 24;

fn fault(path: &Path, what: impl std::fmt::Display) -> Fault {
    Fault::Local { text: format!("memory {}: {what}", path.display()) }
}

/// A memory folder. Opened for reading it may be absent; opened for writing it is created and locked.
pub struct MemoryFolder {
    folder: PathBuf,
    journal: Option<Journal>,
    lock: Option<File>,
}

impl MemoryFolder {
    /// For `plan`, `drift`, `diff`: nothing is written, no lock is taken.
    #[must_use]
    pub fn read_only(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), journal: None, lock: None }
    }

    /// For `apply`: creates the folder (0700), locks it and opens the journal. `holder` is a fresh id, used only where
    /// the folder has none yet.
    ///
    /// # Errors
    /// [`Fault::Local`]: not writable, held by another process, or of a newer version.
    pub fn writable(folder: &Path, holder: &str) -> Result<Self, Fault> {
        fs::create_dir_all(folder).map_err(|e| fault(folder, e))?;
        private(folder);
        let lock_path = folder.join("lock");
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&lock_path).map_err(|e| fault(&lock_path, e))?;
        if lock.try_lock().is_err() {
            return Err(fault(folder, "another mailwright is writing with this memory; wait for it to end"));
        }
        check_version(folder)?;
        if !folder.join("version").exists() {
            replace(&folder.join("version"), &VERSION.to_string())?;
        }
        if !folder.join("holder").exists() {
            replace(&folder.join("holder"), holder)?;
        }
        let journal = Journal::open(&folder.join("journal"))?;
        sync_folder(folder)?;
        Ok(Self { folder: folder.to_owned(), journal: Some(journal), lock: Some(lock) })
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether this process holds the lock.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.lock.is_some()
    }
}

impl Memory for MemoryFolder {
    fn recall(&self) -> Result<Remembered, Fault> {
        check_version(&self.folder)?;
        let mut remembered = Remembered { exists: self.folder.join("version").exists(), ..Remembered::default() };
        if let Ok(holder) = fs::read_to_string(self.folder.join("holder")) {
            holder.trim().clone_into(&mut remembered.holder);
        }
        journal::read(&self.folder.join("journal"), &mut |entry| learn(&mut remembered, entry))?;
        if let Some(last) = remembered.deletions.iter().map(|(at, _)| *at).max() {
            let horizon = last.checked_sub(jiff::SignedDuration::from_hours(RECALL_HOURS)).unwrap_or(Timestamp::UNIX_EPOCH);
            remembered.deletions.retain(|(at, _)| *at >= horizon);
        }
        if let Some(last) = remembered.accepted.values().flatten().max().copied() {
            let horizon = last.checked_sub(jiff::SignedDuration::from_hours(RECALL_ACCEPTED_HOURS)).unwrap_or(Timestamp::UNIX_EPOCH);
            remembered.accepted.values_mut().for_each(|all| all.retain(|until| *until >= horizon));
            remembered.accepted.retain(|_, all| !all.is_empty());
        }
        Ok(remembered)
    }

    fn append(&mut self, entries: &[Entry]) -> Result<Seq, Fault> {
        match &mut self.journal {
            Some(journal) => journal.append(entries),
            None => Err(fault(&self.folder, "was opened for reading")),
        }
    }
}

/// A memory that keeps nothing, for `apply` against simulations.
#[derive(Debug, Default)]
pub struct NoMemory {
    /// What was appended.
    pub entries: Vec<Entry>,
    /// What it tells.
    pub remembered: Remembered,
}

impl Memory for NoMemory {
    fn recall(&self) -> Result<Remembered, Fault> {
        let mut remembered = self.remembered.clone();
        self.entries.iter().cloned().for_each(|e| learn(&mut remembered, e));
        Ok(remembered)
    }
    fn append(&mut self, entries: &[Entry]) -> Result<Seq, Fault> {
        self.entries.extend_from_slice(entries);
        Ok(self.entries.len() as u64)
    }
}

/// What one entry adds to what is remembered.
fn learn(remembered: &mut Remembered, entry: Entry) {
    if let EntryKind::Started { waits, .. } = &entry.kind {
        wait(remembered, &entry, waits);
    }
    remembered.tenants.insert(entry.tenant);
    match entry.kind {
        EntryKind::Intent { op, steps, keys, action } => {
            for (step, key) in steps.iter().zip(keys) {
                // whoever has the address afterwards is another: a proof of his password it is not
                if key.kind == Kind::User && matches!(action.as_str(), "create" | "delete") {
                    remembered.passwords.remove(&key);
                }
                if matches!(key.kind, Kind::SendingDomain | Kind::SmtpUser) {
                    remembered.tried.insert(*step, (key, action.clone()));
                }
            }
            for step in steps {
                remembered.open.insert(step, op.clone());
            }
        }
        EntryKind::Receipt { op, outcomes, deleted, passwords } => {
            let unknown = |o: &StepOutcome| matches!(o, StepOutcome::Failed(Fault::OutcomeUnknown { .. }));
            for (step, outcome) in &outcomes {
                existed(remembered, step, outcome);
                accepted(remembered, *step, outcome);
                if !unknown(outcome) && remembered.open.get(step) == Some(&op) {
                    remembered.open.remove(step);
                }
            }
            passwords.into_iter().for_each(|told| password(remembered, told, entry.at));
            remembered.deletions.extend(deleted.into_iter().map(|key| (entry.at, key)));
        }
        EntryKind::Spent { step } => {
            remembered.spent.insert(step, entry.at);
        }
        EntryKind::Started { .. } | EntryKind::Backup { .. } | EntryKind::Ended { .. } => {}
    }
}

/// What a receipt says of a step that acts later: once more taken, or in effect by now.
fn accepted(remembered: &mut Remembered, step: crate::base::Digest, outcome: &StepOutcome) {
    match outcome {
        StepOutcome::Accepted { until, .. } => remembered.accepted.entry(step).or_default().push(*until),
        StepOutcome::Done | StepOutcome::AlreadyDone => drop(remembered.accepted.remove(&step)),
        StepOutcome::Ignored(_) | StepOutcome::Failed(_) => {}
    }
}

/// What waits for a person when a run begins; what waited before then keeps its day, what waits no more has none.
fn wait(remembered: &mut Remembered, entry: &Entry, waits: &[crate::base::Digest]) {
    let before = remembered.waits.remove(&entry.tenant).unwrap_or_default();
    let since = waits.iter().map(|step| (*step, before.get(step).copied().unwrap_or(entry.at)));
    remembered.waits.insert(entry.tenant.clone(), since.collect());
}

/// What a receipt says of a user's password (S10.2).
fn password(remembered: &mut Remembered, told: PasswordTold, at: Timestamp) {
    match told {
        PasswordTold::Set { key, token, incarnation } => {
            remembered.passwords.insert(key, PasswordProof { token, at, incarnation });
        }
        PasswordTold::Renamed { key, from } => {
            let before = Key { name: from, ..key.clone() };
            match remembered.passwords.remove(&before) {
                Some(proof) => drop(remembered.passwords.insert(key, proof)),
                None => drop(remembered.passwords.remove(&key)),
            }
        }
    }
}

/// What a receipt says of an outbound object: that it was made, or deleted (S4.6). What minted and could not keep its
/// credential made it, too.
fn existed(remembered: &mut Remembered, step: &crate::base::Digest, outcome: &StepOutcome) {
    let Some((key, action)) = remembered.tried.get(step) else { return };
    let took_effect = matches!(outcome, StepOutcome::Done | StepOutcome::AlreadyDone | StepOutcome::Failed(Fault::Local { .. }));
    let became = match action.as_str() {
        "create" | "mint" if took_effect => Existed::Made,
        "delete" if took_effect => Existed::Deleted,
        _ => return,
    };
    if action == "mint" && matches!(outcome, StepOutcome::Failed(_)) {
        remembered.unkept.insert(*step);
    }
    remembered.outbound.insert(key.clone(), became);
}

fn check_version(folder: &Path) -> Result<(), Fault> {
    let path = folder.join("version");
    let Ok(text) = fs::read_to_string(&path) else { return Ok(()) };
    match text.trim().parse::<u32>() {
        Ok(version) if version <= VERSION => Ok(()),
        Ok(version) => {
            Err(fault(folder, format!("was written by a newer release (version {version}, this one knows {VERSION}); update mailwright")))
        }
        Err(_) => Err(fault(&path, "is not a version")),
    }
}

/// Writes a small file atomically: new file, flush, rename, flush of the folder.
fn replace(path: &Path, text: &str) -> Result<(), Fault> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|e| fault(path, e))?;
    file.write_all(text.as_bytes()).map_err(|e| fault(path, e))?;
    file.as_file().sync_all().map_err(|e| fault(path, e))?;
    file.persist(path).map_err(|e| fault(path, e))?;
    sync_folder(folder)
}

fn sync_folder(folder: &Path) -> Result<(), Fault> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(|e| fault(folder, e))
}

#[cfg(unix)]
fn private(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    // best effort: a folder on a file system without modes is still usable; it holds no secret
    drop(fs::set_permissions(folder, fs::Permissions::from_mode(0o700)));
}
#[cfg(not(unix))]
fn private(_: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::TenantName;
    use crate::base::digest::sha256;
    use crate::model::{Key, OpId};

    fn entry(at: &str, kind: EntryKind) -> Entry {
        Entry { at: at.parse().unwrap(), run: "r".into(), tenant: TenantName::parse("acme").unwrap(), kind }
    }

    #[test]
    fn memory_tells_open_intents_and_recent_deletions() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join(".mailwright");
        assert!(!MemoryFolder::read_only(&folder).recall().unwrap().exists);
        let (a, b) = (sha256(b"a"), sha256(b"b"));
        let key = Key::new(&TenantName::parse("acme").unwrap(), Kind::User, "x@acme.example");
        {
            let mut memory = MemoryFolder::writable(&folder, "me").unwrap();
            assert!(MemoryFolder::writable(&folder, "you").is_err(), "locked");
            let intent =
                |step, op: &str| EntryKind::Intent { op: OpId(op.into()), steps: vec![step], keys: vec![], action: "delete".into() };
            memory.append(&[entry("2026-11-20T10:00:00Z", intent(a, "1")), entry("2026-11-20T10:00:01Z", intent(b, "2"))]).unwrap();
            let receipt = EntryKind::Receipt {
                op: OpId("1".into()),
                outcomes: vec![(a, StepOutcome::Done)],
                deleted: vec![key.clone()],
                passwords: Vec::new(),
            };
            memory.append(&[entry("2026-11-20T10:00:02Z", receipt)]).unwrap();
        }
        let told = MemoryFolder::writable(&folder, "other").unwrap().recall().unwrap();
        assert_eq!(told.holder, "me");
        assert_eq!(told.open, [(b, OpId("2".into()))].into());
        assert_eq!(told.deletions.len(), 1);
        assert!(told.exists && told.tenants.len() == 1);
    }

    #[test]
    fn what_a_panel_took_is_known_until_it_acts() {
        let mut memory = NoMemory::default();
        let (a, b) = (sha256(b"a"), sha256(b"b"));
        let mut receipt = |at: &str, step, outcome| {
            let kind = EntryKind::Receipt { op: OpId("1".into()), outcomes: vec![(step, outcome)], deleted: vec![], passwords: vec![] };
            memory.append(&[entry(at, kind)]).unwrap();
        };
        let until = |text: &str| text.parse::<Timestamp>().unwrap();
        let taken = |text: &str| StepOutcome::Accepted { until: until(text), text: String::new() };
        receipt("2026-11-20T10:00:00Z", a, taken("2026-11-20T11:00:00Z"));
        receipt("2026-11-20T10:00:00Z", b, taken("2026-11-20T11:00:00Z"));
        receipt("2026-11-20T12:00:00Z", a, taken("2026-11-20T13:00:00Z"));
        receipt("2026-11-20T12:00:00Z", b, StepOutcome::AlreadyDone);
        let told = memory.recall().unwrap().accepted;
        assert_eq!(told, [(a, vec![until("2026-11-20T11:00:00Z"), until("2026-11-20T13:00:00Z")])].into());
    }

    #[test]
    fn memory_tells_since_when_a_person_is_waited_for() {
        let (a, b) = (sha256(b"a"), sha256(b"b"));
        let started = |at: &str, waits: Vec<_>| entry(at, EntryKind::Started { plan: a, waits });
        let acme = TenantName::parse("acme").unwrap();
        let mut memory = NoMemory::default();
        memory.append(&[started("2026-11-01T00:00:00Z", vec![a]), started("2026-11-02T00:00:00Z", vec![a, b])]).unwrap();
        let waits = memory.recall().unwrap().waits.remove(&acme).unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(waits, [(a, at("2026-11-01T00:00:00Z")), (b, at("2026-11-02T00:00:00Z"))].into());
        memory.append(&[started("2026-11-03T00:00:00Z", vec![b]), started("2026-11-04T00:00:00Z", vec![a, b])]).unwrap();
        let waits = memory.recall().unwrap().waits.remove(&acme).unwrap();
        assert_eq!(waits, [(a, at("2026-11-04T00:00:00Z")), (b, at("2026-11-02T00:00:00Z"))].into(), "a wait that ended begins anew");
    }

    #[test]
    fn a_newer_memory_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("version"), "2").unwrap();
        assert!(MemoryFolder::read_only(dir.path()).recall().unwrap_err().to_string().contains("newer release"));
    }
}
